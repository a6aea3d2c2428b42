"""Parts shared by the steps of the lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from alignment.study import Study
from dashboard.components.charts import plotly_config
from dashboard.components.images import enlarged, picture_uri
from dashboard.pages import Page
from dashboard.state import cached_results
from dashboard.views.lesson.step_texts import StepTexts


@dataclass(frozen=True)
class StepResult:
    """Result of a step: the values of its text's placeholders, and a link that continues from its state."""

    page: Page
    link: Mapping[str, str | Sequence[str]]
    figures: Mapping[str, Any] = field(default_factory=dict)


StepFunction = Callable[[Study, StepTexts], StepResult]


def chart(figure: go.Figure, name: str, alt: str) -> None:
    """Show a chart without a toolbar, so that the step has only one control."""
    st.plotly_chart(figure, key=name, alt=alt, config=plotly_config(name) | {"displayModeBar": False})


def picture_of(study: Study, vector) -> str:
    """Picture of a point of class space, (1, d), without snap and with the noise of all steps, as a data URI."""
    return picture_uri(enlarged(cached_results.picture_of_point(study, vector)))
