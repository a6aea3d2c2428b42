"""Notices for users about input that was left out or read in an unusual way."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.text.languages import Language
from alignment.wording import first_items

SHOWN_SENTENCE_CHARACTERS = 80  # of a quoted sentence


def read_in_part(*, several: bool) -> str:
    """Phrase for a sentence, or several, truncated by the encoder."""
    return f"read only in part, because {'they are' if several else 'it is'} longer than the encoder's limit"


def not_read(parts: Sequence[str]) -> str:
    """Phrase for the parts of a sentence that are not in the encoder's vocabulary."""
    named = first_items([f"'{part[:SHOWN_SENTENCE_CHARACTERS]}'" for part in parts])
    return f"{', '.join(named)} {'is' if len(named) == 1 else 'are'} not read"


def read_without(parts: Sequence[str], prompt: str) -> str:
    """Sentence about a prompt with parts that the encoder does not know."""
    them = "it" if len(parts) == 1 else "them"
    return (
        f"{not_read(parts)} in '{prompt[:SHOWN_SENTENCE_CHARACTERS]}', because the text encoder does not know {them}."
    )


def in_another_language(language: Language, prompt: str) -> str:
    """Sentence about a prompt in a language that the encoder was not trained on."""
    return (
        f"{prompt[:SHOWN_SENTENCE_CHARACTERS]!r} looks like {language.name}, which the text encoder was not trained "
        f"on, so that the answer is a guess; an encoder that reads it is {language.encoder}."
    )
