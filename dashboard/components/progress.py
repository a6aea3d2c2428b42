"""Progress of long work as a bar."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from alignment.progress import Progress, progress_text
from dashboard.components.markdown import plain


def bar_in(place: DeltaGenerator) -> Progress:
    """Progress callback that draws a bar in a place, such as ``st.empty()``, with the stage and the steps done."""
    return lambda stage, done, total: place.progress(done / total, plain(progress_text(stage, done, total)))
