"""Charts of the page Generate: pure functions of data."""

import numpy as np
import pandas as pd

from dashboard.components.colours import ORANGE, TEAL
from dashboard.views.generate import charts


def nearest_of(*orders):
    """Table of the classes of each prompt, one letter each, the nearest first."""
    rows = [
        {"prompt": prompt, "rank": rank, "name": name, "similarity": prompt + 1 / rank}
        for prompt, order in enumerate(orders)
        for rank, name in enumerate(order, start=1)
    ]
    return pd.DataFrame(rows)


def test_the_sentences_classes_come_first_then_the_nearest_of_each_word():
    table = charts.strongest(["all", "cat", "cat"], nearest_of("hgfedcba", "abcdefgh", "gahbcdef"))
    assert table.index.tolist() == [*"hgfeda"] and table.columns.tolist() == ["all", "cat", "cat"]
    np.testing.assert_allclose(table.loc["a"], [1 / 8, 1 + 1, 2 + 1 / 2])
    letters = "abcdefghijklmnop"
    words = [letters[at:] + letters[:at] for at in range(len(letters))]
    assert charts.strongest([*letters], nearest_of(*words)).index.tolist() == [*letters[:14]], "as many as are legible"


def test_a_word_that_is_missed_stands_above_zero_and_another_class_is_named():
    table = pd.DataFrame(
        {"word": ["a", "red", "cat"], "change": [0.05, -0.2, np.nan], "name": ["tabby cat", "fox", ""]}
    )
    fig = charts.attributions(table, "tabby cat")
    (bars,) = fig.data
    assert list(bars.y) == [5, -20, 0] and list(bars.text) == ["", "fox", ""]
    assert list(bars.marker.color) == [TEAL, ORANGE, TEAL] and list(fig.layout.xaxis.ticktext) == ["a", "red", "cat"]
    assert [*map(tuple, bars.customdata)] == [("a", "tabby cat"), ("red", "fox"), ("cat", "nothing left to read")]
    low, high = fig.layout.yaxis.range
    assert low < -20 and high > 10, "room for the names at the bars"
