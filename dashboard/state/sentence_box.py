"""The box in which a sentence is typed."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.state.query_params import bound

TYPED_CHARACTERS = 5000  # more than encoders are given, so that what is too long is refused aloud


def sentence_box(box: Callable, label: str, default: str = "", *, key: str, **options) -> str:
    """A text input whose content is in the address, and is answered while it is typed."""
    return bound(box, label, default, max_chars=TYPED_CHARACTERS, key=key, live="50ms", **options)
