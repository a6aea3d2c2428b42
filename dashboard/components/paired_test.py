"""Result of a paired significance test in words."""

from alignment.study.runs.paired_tests import PairTest, in_words
from dashboard.components.markdown import plain


def verdict(test: PairTest, first: str, second: str, figure: str, *, ranks: bool) -> str:
    """Result of a test of the first against the second, as Markdown: which is better in bold, then by how much."""
    conclusion, _, rest = in_words(test, first, second, figure, ranks=ranks).partition(": ")
    return f"**{plain(conclusion)}**: {plain(rest)}"
