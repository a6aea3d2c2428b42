"""Escaping of text in Markdown."""

import re


def plain(text: str) -> str:
    """Escape every character of a text that Markdown could interpret."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
