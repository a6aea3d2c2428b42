"""Capitalised and shortened texts."""


def capitalised(text: str) -> str:
    """Text with an upper-case first letter; unlike ``str.capitalize`` it leaves the rest as it is."""
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """Text cut to ``limit`` characters, with an ellipsis if it is longer.

    Examples
    --------
    >>> shortened("cat", 4), shortened("lighthouse", 4)
    ('cat', 'lig…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
