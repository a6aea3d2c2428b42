"""Text input for a sentence."""

from __future__ import annotations

from collections.abc import Callable

from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state.query_params import bound

TYPED_CHARACTERS = MAX_PROMPT_CHARACTERS + 1  # a longer text gets an error message, and the box counts to the limit


def sentence_box(box: Callable, label: str, default: str = "", *, key: str, **options) -> str:
    """Text input bound to a query parameter; the page reruns while the visitor types."""
    return bound(box, label, default, max_chars=TYPED_CHARACTERS, key=key, live="50ms", **options)
