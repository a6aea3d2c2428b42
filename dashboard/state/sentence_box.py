"""Text input for a sentence."""

from __future__ import annotations

from collections.abc import Callable

from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state.query_params import bound

# A text longer than a prompt may be gets an error message; one longer than this, which an address cannot hold, is not
# taken by the box.
TYPED_CHARACTERS = 5 * MAX_PROMPT_CHARACTERS


def sentence_box(box: Callable, label: str, default: str = "", *, key: str, **options) -> str:
    """Text input bound to a query parameter, without blanks around; the page reruns while the visitor types."""
    return bound(box, label, default, max_chars=TYPED_CHARACTERS, key=key, live="50ms", **options).strip()
