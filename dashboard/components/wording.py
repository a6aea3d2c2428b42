"""Texts made to fit where they stand."""


def capitalised(text: str) -> str:
    """A text that begins a sentence; unlike ``str.capitalize`` it keeps names as they are."""
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """The beginning of a text that is longer than ``limit`` characters.

    Examples
    --------
    >>> shortened("cat", 4), shortened("lighthouse", 4)
    ('cat', 'lig…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
