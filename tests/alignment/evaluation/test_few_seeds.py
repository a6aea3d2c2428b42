"""Seeds of some classes, and what is learned from them."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.evaluation.few_seeds import SeedAmount, few_seeds, learned_from_few
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import make_mapping


@pytest.fixture
def pairs(rng):
    """Six classes with five sentences each about them alone, and one sentence about the first two."""
    labels = np.repeat(np.arange(6), 5)
    membership = np.zeros((31, 6), bool)
    membership[np.arange(30), labels] = True
    membership[30, :2] = True
    means = rng.normal(size=(6, 8)) * 5
    X = np.vstack([means[labels] + rng.normal(size=(30, 8)), means[:2].mean(axis=0)]).astype(np.float32)
    return SeedPairs(X, csr_array(membership), rng.normal(size=(6, 4)).astype(np.float32))


def test_a_larger_amount_holds_every_smaller_one(pairs):
    amounts = [SeedAmount(2, 1), SeedAmount(2, 3), SeedAmount(4, 3), SeedAmount(None, 3), SeedAmount()]
    before, known_before = set(), np.zeros(6, bool)
    for amount in amounts:
        rows, known = few_seeds(pairs, amount)
        assert before <= set(rows) and not (known_before & ~known).any()
        before, known_before = set(rows), known
    assert before == set(range(31))


def test_all_seeds_are_all_also_of_a_class_that_has_no_sentence_of_its_own(pairs):
    rows = np.flatnonzero(~(pairs.membership[:, [1]].toarray()[:, 0] & (np.arange(31) < 30)))
    shared = pairs.subset(rows)
    found, known = few_seeds(shared, SeedAmount())
    assert len(found) == len(shared) == 26 and known.all()
    assert few_seeds(pairs.subset(np.arange(25)), SeedAmount())[1].tolist() == [True] * 5 + [False]


def test_as_many_sentences_as_asked_for_of_as_many_classes(pairs):
    rows, known = few_seeds(pairs, SeedAmount(3, 2))
    assert len(rows) == 6 and known.sum() == 3 and (np.diff(rows) > 0).all()
    assert (pairs.membership[rows].sum(axis=0)[known] == 2).all()
    rows, known = few_seeds(pairs, SeedAmount(None, 2))
    assert len(rows) == 12 and known.all() and (rows % 5 > 1).any()  # not the first two of every class


def test_a_sentence_about_a_class_that_is_left_out_is_left_out(pairs):
    kept = {}
    for classes in (2, 3, 4, 5, 6):
        rows, known = few_seeds(pairs, SeedAmount(classes, None))
        kept[bool(known[:2].all())] = 30 in rows
        assert len(rows) == 5 * classes + (30 in rows)
    assert kept == {False: False, True: True}


def test_queries_land_among_the_classes_learned_from(pairs):
    rows, known = few_seeds(pairs, SeedAmount(2, 3))
    learned = np.flatnonzero(known)
    mapped = learned_from_few(make_mapping("prototypes"), pairs, rows, known, pairs.X[5 * learned])
    distances = np.linalg.norm(mapped[:, None] - pairs.class_vectors, axis=2)
    assert distances.argmin(axis=1).tolist() == learned.tolist()
