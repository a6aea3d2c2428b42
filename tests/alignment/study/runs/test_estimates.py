"""What is known of runs before any model is opened."""

from alignment.study.runs.estimates import text_dim
from alignment.text.pooling import POOLINGS, Pooling


def test_a_sentence_has_as_many_numbers_as_its_pooling_says(monkeypatch):
    monkeypatch.setitem(POOLINGS, "both", Pooling("both", "", len, dimension=lambda hidden, embedding: 3 * hidden))
    assert [text_dim("minilm", pooling) for pooling in ("", "mean", "lexical", "subject", "both")] == [
        384 * times for times in (1, 1, 2, 4, 3)
    ]
