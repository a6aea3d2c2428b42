"""Escaping of text in Markdown."""

import re

# Streamlit makes links of addresses, icons and emoji of :names: and arrows of their ASCII art in the text that is left
# once escapes are resolved. Only a mark between two letters keeps them apart; a span of nothing neither shows nor is
# copied.
NOTHING = ":small[]"
APART = re.compile(
    r"(?=://|@[-\w]+\.)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+:)|(?<=[-<>=~])(?=[-<>=~])",
    re.IGNORECASE,
)
MARK = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Escape every part of a text that Markdown, or Streamlit beyond it, could interpret.

    Examples
    --------
    >>> print(plain("*a* www.b.org"))
    \\*a\\* www:small[]\\.b\\.org
    """
    return NOTHING.join(MARK.sub(r"\\\1", part) for part in APART.split(" ".join(text.split())))
