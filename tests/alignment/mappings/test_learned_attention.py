"""Learned attention: its formulas by loops; what prototypes, a margin, neighbours, classes and groups change."""

import joblib
import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs, targets
from alignment.mappings import learned_attention
from alignment.mappings.learned_attention import LearnedAttention, _round
from alignment.mappings.prototypes import Prototypes
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, NEW, K, X, Z

VECTORS = np.array([[1.0, 0.0], [0.0, 1.0]])
CORNERS = np.array([[1.0, 0.2], [-1.0, 0.2], [0.2, 1.0], [0.2, -1.0]])  # two meanings of each of two classes
OWNERS = np.array([0, 0, 1, 1])


def test_attention_by_loops():
    mapping = LearnedAttention(2, temperature=0.1).fit(X, Z)
    expected = []
    for x in NEW:
        x = x / np.linalg.norm(x) @ mapping.transform_
        weights = np.zeros(K)
        for k in range(K):
            for w in mapping.prototypes_[:, k]:
                weights[k] += np.exp(_cosine(x @ mapping.prototype_metric_, w) / 0.1)
        cosines = [_cosine(x @ mapping.neighbor_metric_, v) for v in mapping.neighbors_]
        others = np.exp(np.array(cosines) / 0.1)
        expected.append((weights @ CLASS_VECTORS / weights.sum() + others @ Z / others.sum()) / 2)
    np.testing.assert_allclose(mapping.predict(NEW), expected, atol=1e-4)


def _cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_learning_finds_more_than_means_do():
    means, learned = (_found(mapping.fit(X, Z).predict(X)) for mapping in (Prototypes(), LearnedAttention(epochs=60)))
    assert learned > means + 0.1


def _found(predictions) -> float:
    """Share of the toy's sentences whose class is nearest."""
    distances = np.linalg.norm(predictions[:, None] - CLASS_VECTORS, axis=-1)
    return float(np.mean(distances.argmin(axis=1) == LABELS))


def test_a_class_may_mean_several_things():
    texts, labels = np.tile(CORNERS, (20, 1)), np.tile(OWNERS, 20)
    one, two = (
        _of_prototypes(LearnedAttention(n, shrinkage=1e6, epochs=600).fit(texts, VECTORS[labels]), CORNERS)
        for n in (1, 2)
    )
    assert np.abs(two - np.eye(2)[OWNERS]).max() < 0.01
    assert np.abs(one - np.eye(2)[OWNERS]).max() > 0.4


def _of_prototypes(mapping, texts):
    """What each class's prototypes count, (m, K)."""
    x = unit_rows(unit_rows(unit_rows(texts) @ mapping.transform_) @ mapping.prototype_metric_)
    scores = np.exp(x @ unit_rows(mapping.prototypes_.reshape(-1, x.shape[1])).T / mapping.temperature)
    weights = scores.reshape(len(x), *mapping.prototypes_.shape[:2]).sum(axis=1)
    return weights / weights.sum(axis=1, keepdims=True)


def test_a_margin_moves_rivals_away():
    gaps = []
    for margin in (0.0, 0.5):
        mapping = LearnedAttention(1, margin=margin, epochs=60).fit(X, Z)
        x = unit_rows(unit_rows(X) @ mapping.transform_)
        cosines = unit_rows(x @ mapping.prototype_metric_) @ unit_rows(mapping.prototypes_[0]).T
        own = cosines[np.arange(len(X)), LABELS].copy()
        cosines[np.arange(len(X)), LABELS] = -np.inf
        gaps.append(np.mean(own - cosines.max(axis=1)))
    assert gaps[1] > gaps[0] + 0.02


def test_a_margin_is_for_a_single_right_class(rng):
    membership = csr_array((np.arange(6) == np.arange(48)[:, None] % 6) | (np.arange(6) == np.arange(48)[:, None] // 8))
    both = membership[np.diff(membership.indptr) == 2]  # every sentence names two classes
    texts, vectors = rng.normal(size=(both.shape[0], 5)), rng.normal(size=(6, 3))
    plain, wide = (
        LearnedAttention(margin=margin).fit(texts, targets(both, vectors), membership=both) for margin in (0.0, 0.5)
    )
    np.testing.assert_array_equal(plain.prototypes_, wide.prototypes_)


def test_neighbours_have_the_targets_of_their_group():
    groups = 2 * LABELS[::-1] + np.arange(len(X)) % 2  # a class has two, and the last class comes first
    mapping = LearnedAttention(epochs=1).fit(X, Z, groups=groups)
    np.testing.assert_array_equal(mapping.targets_, CLASS_VECTORS[::-1].repeat(2, axis=0))


def test_sentences_of_several_classes_teach_each_of_them():
    # The third class is named together with the second only, whose vector is known from its own sentences.
    membership = csr_array(np.array([[1, 0, 0]] * 8 + [[0, 1, 0]] * 8 + [[0, 1, 1]] * 8, bool))
    vectors = np.vstack([VECTORS, [[5.0, 5.0]]])
    texts = np.repeat(np.eye(3), 8, axis=0)
    mapping = LearnedAttention(epochs=100).fit(texts, targets(membership, vectors), membership=membership)
    np.testing.assert_allclose(mapping.vectors_, vectors, atol=1e-9)
    answers = mapping.predict(np.eye(3))
    np.testing.assert_allclose(answers[:2], VECTORS, atol=0.05)
    assert np.linalg.norm(answers[2] - (vectors[1] + vectors[2]) / 2) < 1


def test_neighbors_learn_by_finding_one_another_without_themselves():
    # Which class it is shows in the first direction alone; a sentence that could find itself would need no metric.
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=200)
    texts = np.column_stack([0.6 * (2 * labels - 1), rng.normal(scale=0.5, size=(200, 3))])
    mapping = LearnedAttention(shrinkage=1e6).fit(texts, VECTORS[labels], groups=np.arange(200))
    strength = np.linalg.norm(mapping.transform_ @ mapping.neighbor_metric_, axis=1)
    before = np.linalg.norm(mapping.transform_, axis=1)
    assert (strength / before)[0] > (strength / before)[1:].max()


def test_the_loss_of_neighbors_by_loops(monkeypatch):
    losses = []
    monkeypatch.setattr(learned_attention, "_minimise", lambda loss, *_: losses.append(loss))
    labels, groups = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 2, 2, 3])  # the last stands alone
    texts, vectors = np.random.default_rng(0).normal(size=(6, 5)), np.arange(6.0).reshape(3, 2)
    mapping = LearnedAttention(shrinkage=1e6, temperature=0.2).fit(texts, vectors[labels], groups=groups)
    x = unit_rows(unit_rows(texts) @ mapping.transform_)
    expected = []
    for i in range(5):
        weights, right = 0.0, 0.0
        for v in np.unique(groups[:5]):  # no sentence of the step shares a class with the last
            members = [j for j in np.flatnonzero(groups == v) if j != i]
            if members:
                weight = np.exp(_cosine(x[i], x[members].mean(axis=0)) / 0.2)
                weights += weight
                right += weight * (labels[members[0]] == labels[i])
        expected.append(-np.log(right / weights))
    assert losses[1](np.arange(5)).item() == pytest.approx(np.mean(expected), rel=1e-4)


def test_a_round_draws_the_root_of_every_group():
    groups = np.repeat([0, 1, 2, 3], [1, 3, 9, 20])
    rng = np.random.RandomState(0)
    rounds = [_round(groups, rng) for _ in range(50)]
    for rows in rounds:
        assert np.bincount(groups[rows]).tolist() == [1, 2, 3, 5]
        assert len(set(rows)) == len(rows)
    assert set(np.concatenate(rounds)) == set(range(len(groups)))


def test_fit_pairs_passes_groups_and_membership():
    membership = csr_array(np.eye(K, dtype=bool)[LABELS])
    groups = np.arange(len(X)) // 2
    fitted = fit_pairs(LearnedAttention(epochs=1), SeedPairs(X, membership, CLASS_VECTORS, groups=groups))
    by_hand = LearnedAttention(epochs=1).fit(X, Z, membership=membership, groups=groups)
    np.testing.assert_array_equal(fitted.predict(NEW), by_hand.predict(NEW))
    assert np.abs(fitted.predict(NEW) - LearnedAttention(epochs=1).fit(X, Z).predict(NEW)).max() > 1e-3


@pytest.mark.filterwarnings("error")
def test_it_predicts_from_arrays_that_cannot_be_written(tmp_path):
    """joblib hands such arrays to other processes, and torch warned of them."""
    fitted = LearnedAttention(epochs=1).fit(X, Z)
    joblib.dump(fitted, tmp_path / "fitted")
    shared = joblib.load(tmp_path / "fitted", mmap_mode="r")
    np.testing.assert_array_equal(shared.predict(NEW), fitted.predict(NEW))
