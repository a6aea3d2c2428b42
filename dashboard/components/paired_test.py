"""Result of a paired significance test in words."""

from alignment.study.runs.paired_tests import PairTest, result_in_words
from dashboard.components.markdown import plain


def verdict(test: PairTest, first: str, second: str) -> str:
    """Result of a test of the first against the second, as Markdown: which is better in bold, then by how much."""
    conclusion, _, rest = result_in_words(test, first, second).partition(": ")
    return f"**{plain(conclusion)}**: {plain(rest)}"
