"""Text that goes into Markdown."""

import re


def plain(text: str) -> str:
    """Text that Markdown shows letter by letter: every mark it could act on is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
