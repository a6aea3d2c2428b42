"""What was left out or read in an unusual way, in sentences for people."""

from __future__ import annotations

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


def in_another_language(language: Language, prompt: str) -> str:
    """What is to be known of a prompt in a language that the encoder was not trained on, in one sentence."""
    return (
        f"{prompt[:SHOWN_SENTENCE_CHARACTERS]!r} looks like {language.name}, which the text encoder was not trained "
        f"on, so that the answer is a guess; an encoder that reads it is {language.encoder}."
    )
