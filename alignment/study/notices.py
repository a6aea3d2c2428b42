"""What was left out or read in an unusual way, in sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.text.languages import Language

MAX_LISTED = 10  # of what was left out for one reason
SHOWN_SENTENCE_CHARACTERS = 80  # of a sentence that is named


def listed(items: list[str]) -> list[str]:
    """The first of many, and how many more there are."""
    more = len(items) - MAX_LISTED
    return items if more <= 0 else [*items[:MAX_LISTED], f"and {more:,} more"]


def read_in_part(*, several: bool) -> str:
    """What is said of a sentence, or of several, of which the encoder reads the beginning alone."""
    return f"read only in part, because {'they are' if several else 'it is'} longer than the encoder's limit"


def not_read(parts: Sequence[str]) -> str:
    """That parts of a sentence, one or more, are not in the encoder's vocabulary."""
    named = listed([f"'{part[:SHOWN_SENTENCE_CHARACTERS]}'" for part in parts])
    return f"{', '.join(named)} {'is' if len(named) == 1 else 'are'} not read"


def read_without(parts: Sequence[str], prompt: str) -> str:
    """What is to be known of a prompt with parts that the encoder does not know, in one sentence."""
    them = "it" if len(parts) == 1 else "them"
    return (
        f"{not_read(parts)} in '{prompt[:SHOWN_SENTENCE_CHARACTERS]}', because the text encoder does not know {them}."
    )


def in_another_language(language: Language, prompt: str) -> str:
    """What is to be known of a prompt in a language that the encoder was not trained on, in one sentence."""
    return (
        f"{prompt[:SHOWN_SENTENCE_CHARACTERS]!r} looks like {language.name}, which the text encoder was not trained "
        f"on, so that the answer is a guess; an encoder that reads it is {language.encoder}."
    )
