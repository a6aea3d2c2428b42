"""The box in which a sentence is typed."""

from __future__ import annotations

from collections.abc import Callable

from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state.query_params import bound

TYPED_CHARACTERS = MAX_PROMPT_CHARACTERS + 1  # so that what is longer is refused aloud, and the box counts to the limit


def sentence_box(box: Callable, label: str, default: str = "", *, key: str, **options) -> str:
    """A text input whose content is in the address, and is answered while it is typed."""
    return bound(box, label, default, max_chars=TYPED_CHARACTERS, key=key, live="50ms", **options)
