"""What every step of the lesson is made of."""

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
from dashboard.state import studies
from dashboard.views.lesson.step_texts import StepTexts


@dataclass(frozen=True)
class StepResult:
    """What a step has put on the page: the figures of its text, and the page that goes on from its very state."""

    page: Page
    link: Mapping[str, str | Sequence[str]]
    figures: Mapping[str, Any] = field(default_factory=dict)


StepFunction = Callable[[Study, StepTexts], StepResult]


def chart(figure: go.Figure, name: str, alt: str) -> None:
    """A chart without a toolbar: the control beside it is the only one."""
    st.plotly_chart(figure, key=name, alt=alt, config=plotly_config(name) | {"displayModeBar": False})


def picture_of(study: Study, vector) -> str:
    """A point of class space, (1, d), as it is, drawn with the noise of all steps: a data address."""
    return picture_uri(enlarged(studies.picture_of_point(study, vector)))
