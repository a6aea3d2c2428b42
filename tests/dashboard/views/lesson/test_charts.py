"""Charts of the lesson: pure functions of data."""

import numpy as np

from dashboard.views.lesson import charts
from dashboard.views.lesson.charts import HIGHLIGHT, POSITIVE


def test_the_first_sentence_is_the_upper_row_and_numbers_are_counted_from_1():
    (cells,) = charts.number_rows({"A": np.array([1.0, -4, 2]), "B": np.array([0.5, 0, 3])}, "number").data
    assert list(cells.y) == ["B", "A"] and cells.z.tolist() == [[0.5, 0, 3], [1, -4, 2]]  # Plotly begins at the bottom
    assert list(cells.x) == [1, 2, 3] and (cells.zmin, cells.zmax) == (-4, 4), "zero is in the middle of the colours"


def test_the_number_that_is_moved_has_a_colour_of_its_own():
    fig = charts.number_bars(np.array([0.5, -1, 2]), 1, 3, "number")
    assert list(fig.data[0].marker.color) == [POSITIVE, HIGHLIGHT, POSITIVE] and list(fig.data[0].x) == [1, 2, 3]
    assert list(fig.layout.yaxis.range) == [-3, 3]


def test_on_the_map_known_classes_are_coloured_and_sentences_lead_to_where_they_belong():
    classes, labels = np.arange(6.0).reshape(3, 2), {"unknown": "no seeds", "known": "seeds", "sentence": "sentence"}
    mapped, right = np.array([[9.0, 8], [7, 6]]), np.array([[1.0, 2], [3, 4]])
    fig = charts.learning_map(classes, np.array([True, False, True]), [*"abc"], ["one", "two"], mapped, right, labels)
    unknown, known, first, second, sentences = fig.data
    assert (unknown.name, list(unknown.text)) == ("no seeds", ["b"]) and list(unknown.x) == [2]
    assert (known.name, list(known.text)) == ("seeds", ["a", "c"]) and list(known.y) == [1, 5]
    assert [(list(line.x), list(line.y)) for line in (first, second)] == [([9, 1], [8, 2]), ([7, 3], [6, 4])]
    assert list(sentences.text) == ["A", "B"] and list(sentences.customdata) == ["one", "two"]
    assert list(sentences.x) == [9, 7] and list(sentences.y) == [8, 6]


def test_the_guess_stands_above_what_was_measured_each_with_its_number():
    (bars,) = charts.guess_and_measured({"Your guess": 50.0, "Ridge": 12.4}, "Your guess", "%").data
    assert list(bars.y) == ["Ridge", "Your guess"] and list(bars.x) == [12.4, 50]  # Plotly begins at the bottom
    assert list(bars.text) == ["12", "50"] and list(bars.marker.color) == [POSITIVE, HIGHLIGHT]
