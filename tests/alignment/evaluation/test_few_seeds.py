"""Random samples of the seeds, of fewer classes and sentences."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.evaluation.few_seeds import SeedAmount, few_seeds

EVERY_ROW, EVERY_CLASS = np.arange(31), np.ones(6, bool)


@pytest.fixture
def membership():
    """Six classes with five sentences each about them alone, and one sentence about the first two."""
    membership = np.zeros((31, 6), bool)
    membership[np.arange(30), np.repeat(np.arange(6), 5)] = True
    membership[30, :2] = True
    return csr_array(membership)


def test_a_larger_amount_holds_every_smaller_one(membership):
    amounts = [SeedAmount(2, 1), SeedAmount(2, 3), SeedAmount(4, 3), SeedAmount(None, 3), SeedAmount()]
    before, known_before = set(), np.zeros(6, bool)
    for amount in amounts:
        rows, known = few_seeds(membership, EVERY_ROW, EVERY_CLASS, amount)
        assert before <= set(rows) and not (known_before & ~known).any()
        before, known_before = set(rows), known
    assert before == set(EVERY_ROW)


def test_only_sentences_and_classes_that_are_given_are_drawn(membership):
    given, known = np.arange(5, 25), np.isin(np.arange(6), [1, 2, 3, 4])
    rows, drawn = few_seeds(membership, given, known, SeedAmount(3, 2))
    assert set(rows) <= set(given) and drawn.sum() == 3 and not (drawn & ~known).any()
    assert few_seeds(membership, given, known, SeedAmount())[0].tolist() == given.tolist()


def test_as_many_sentences_as_asked_for_of_as_many_classes(membership):
    rows, known = few_seeds(membership, EVERY_ROW, EVERY_CLASS, SeedAmount(3, 2))
    assert len(rows) == 6 and known.sum() == 3 and (np.diff(rows) > 0).all()
    assert (membership[rows].sum(axis=0)[known] == 2).all()
    rows, known = few_seeds(membership, EVERY_ROW, EVERY_CLASS, SeedAmount(None, 2))
    assert len(rows) == 12 and known.all() and (rows % 5 > 1).any()  # not the first two of every class


def test_a_sentence_about_several_classes_is_drawn_with_any_of_them_unless_sentences_are_counted(membership):
    for classes in (2, 3, 4, 5, 6):
        rows, known = few_seeds(membership, EVERY_ROW, EVERY_CLASS, SeedAmount(classes, None))
        assert len(rows) == 5 * classes + known[:2].any() and (30 in rows) == known[:2].any()
    assert 30 not in few_seeds(membership, EVERY_ROW, EVERY_CLASS, SeedAmount(None, 5))[0]
