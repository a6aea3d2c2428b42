"""Ablations of the seeds: what each mapping learns from, and what it is tested on."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, RegressorMixin

from alignment.evaluation.ablations import learning_curve, seed_kinds
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import make_mapping
from tests.alignment.evaluation.made_up_pairs import KINDS, PAIRS
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, PER_CLASS, K, X

RIDGE = make_mapping("ridge")


class Noting(RegressorMixin, BaseEstimator):
    """Predicts zeros; notes the sentences of every fit."""

    def __init__(self, note=None):
        self.note = note

    def fit(self, X, y):
        self.note(X)
        self.size_ = y.shape[1]
        return self

    def predict(self, X):
        return np.zeros((len(X), self.size_))


def learned_from(pairs, **options):
    """Rows of the seeds in every fit of a learning curve."""
    fits = []
    learning_curve(Noting(fits.append), pairs, **options)
    places = {row.tobytes(): number for number, row in enumerate(pairs.X)}
    return [[places[row.astype(pairs.X.dtype).tobytes()] for row in fit] for fit in fits]


def test_a_kind_is_left_out_or_learned_from_alone_and_compared_with_all():
    table = seed_kinds(RIDGE, PAIRS)
    folds = PAIRS.folds("classes")
    train = [KINDS[fold.train] for fold in folds]
    assert table.index.tolist()[0] == ("all", "all") and len(table) == 7
    for kind in ("description", "hypernym", "label"):
        alone = np.mean([(kinds == kind).sum() for kinds in train])
        assert table.loc[(kind, "alone"), "seeds"] == alone
        assert table.loc[(kind, "without"), "seeds"] == np.mean([len(kinds) for kinds in train]) - alone
    whole = evaluate(RIDGE, PAIRS, folds).values("p_at_10")
    assert table.loc[("hypernym", "alone"), "difference"] == pytest.approx(
        table.loc[("hypernym", "alone"), "p_at_10"] - whole.mean()
    )
    assert table.loc[("hypernym", "alone"), "difference"] < -0.1
    assert table.loc[("label", "alone"), "cosine"] > table.loc[("hypernym", "alone"), "cosine"]
    assert table.loc[("all", "all"), "difference"] == 0


def test_a_kind_that_leaves_one_sentence_to_a_fold_is_not_learned_from_alone():
    held_out = [np.flatnonzero(~fold.known) for fold in PAIRS.folds("classes")]
    kinds = KINDS.copy()
    for k in (held_out[0][-1], held_out[1][-1]):
        kinds[PER_CLASS * k] = "own"
    pairs = SeedPairs(PAIRS.X, PAIRS.membership, PAIRS.class_vectors, kinds)
    table = seed_kinds(RIDGE, pairs)
    assert ("own", "without") in table.index and ("own", "alone") not in table.index


def test_classes_of_a_learning_curve_are_a_rounded_share_and_two_at_least():
    pairs = SeedPairs(X, csr_array(np.eye(K, dtype=bool)[LABELS]), CLASS_VECTORS)
    learned = learned_from(pairs, sentences=(None,), classes=(0.01, 0.7))
    assert [len(set(LABELS[fit])) for fit in learned] == [2] * 5 + [17] * 5  # of 24 in each of 5 folds
    one_each = learned_from(pairs, sentences=(1,), classes=(1.0,))
    assert [sorted(LABELS[fit]) for fit in one_each] == [np.flatnonzero(fold.known).tolist() for fold in pairs.folds()]


def test_a_learning_curve_counts_only_classes_that_have_sentences():
    members = np.zeros((len(LABELS), 2 * K), bool)
    members[np.arange(len(LABELS)), 2 * LABELS] = True  # every other class has none
    pairs = SeedPairs(
        X, csr_array(members), np.repeat(CLASS_VECTORS, 2, axis=0) + np.eye(2 * K, CLASS_VECTORS.shape[1])
    )
    assert learning_curve(RIDGE, pairs, sentences=(None,), classes=(0.5, 1.0))["classes"].tolist() == [12, 24]
    learned = learned_from(pairs, sentences=(None,), classes=(0.5, 1.0))
    assert [len(set(LABELS[fit])) for fit in learned] == [12] * 5 + [24] * 5
