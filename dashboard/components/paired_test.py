"""A paired test in words."""

from alignment.study.runs.paired_tests import PairTest, in_words
from dashboard.components.markdown import plain


def verdict(test: PairTest, first: str, second: str, figure: str) -> str:
    """What a test says of the first and the second, as Markdown: which is better in bold, then by how much."""
    conclusion, _, rest = in_words(test, first, second, figure).partition(": ")
    return f"**{plain(conclusion)}**: {plain(rest)}"
