"""Learned prototypes: the formula by loops; what several prototypes, a margin, sets of classes and voices change."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.mappings.base import unit_rows
from alignment.mappings.learned_prototypes import LearnedPrototypes, _round
from alignment.mappings.prototypes import Prototypes
from alignment.pairs import fit_pairs, targets
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, NEW, K, X, Z

VECTORS = np.array([[1.0, 0.0], [0.0, 1.0]])
CORNERS = np.array([[1.0, 0.2], [-1.0, 0.2], [0.2, 1.0], [0.2, -1.0]])  # two meanings of each of two classes
OWNERS = np.array([0, 0, 1, 1])


def test_attention_by_loops():
    mapping = LearnedPrototypes(2, temperature=0.1).fit(X, Z)
    expected = []
    for x in NEW:
        mapped = x @ mapping.metric_
        weights = np.zeros(K)
        for k in range(K):
            for w in mapping.prototypes_[:, k]:
                weights[k] += np.exp(mapped @ w / np.linalg.norm(mapped) / np.linalg.norm(w) / 0.1)
        expected.append(weights @ CLASS_VECTORS / weights.sum())
    np.testing.assert_allclose(mapping.predict(NEW), expected, atol=1e-4)


def test_learning_finds_more_than_means_do():
    means, learned = (_found(mapping.fit(X, Z).predict(X)) for mapping in (Prototypes(), LearnedPrototypes(epochs=60)))
    assert learned > means + 0.1


def _found(predictions) -> float:
    """Share of the toy's sentences whose class is nearest."""
    distances = np.linalg.norm(predictions[:, None] - CLASS_VECTORS, axis=-1)
    return float(np.mean(distances.argmin(axis=1) == LABELS))


def test_a_class_may_mean_several_things():
    texts, labels = np.tile(CORNERS, (20, 1)), np.tile(OWNERS, 20)
    one, two = (
        LearnedPrototypes(n, shrinkage=1e6, epochs=200).fit(texts, VECTORS[labels]).predict(CORNERS) for n in (1, 2)
    )
    assert np.abs(two - VECTORS[OWNERS]).max() < 0.01
    assert np.abs(one - VECTORS[OWNERS]).max() > 0.4


def test_a_margin_moves_rivals_away():
    gaps = []
    for margin in (0.0, 0.5):
        mapping = LearnedPrototypes(1, margin=margin, epochs=60).fit(X, Z)
        cosines = unit_rows(X @ mapping.metric_) @ unit_rows(mapping.prototypes_[0]).T
        own = cosines[np.arange(len(X)), LABELS].copy()
        cosines[np.arange(len(X)), LABELS] = -np.inf
        gaps.append(np.mean(own - cosines.max(axis=1)))
    assert gaps[1] > gaps[0] + 0.02


def test_sentences_of_several_classes_teach_each_of_them():
    # The third class is named together with the second only, whose vector is known from its own sentences.
    membership = csr_array(np.array([[1, 0, 0]] * 8 + [[0, 1, 0]] * 8 + [[0, 1, 1]] * 8, bool))
    vectors = np.vstack([VECTORS, [[5.0, 5.0]]])
    texts = np.repeat(np.eye(3), 8, axis=0)
    mapping = LearnedPrototypes(epochs=100).fit(texts, targets(membership, vectors), membership=membership)
    np.testing.assert_allclose(mapping.vectors_, vectors, atol=1e-9)
    answers = mapping.predict(np.eye(3))
    np.testing.assert_allclose(answers[:2], VECTORS, atol=0.05)
    assert np.linalg.norm(answers[2] - (vectors[1] + vectors[2]) / 2) < 1


def test_a_round_draws_the_root_of_every_voice():
    voice = np.repeat([0, 1, 2, 3], [1, 3, 9, 20])
    rng = np.random.RandomState(0)
    rounds = [_round(voice, rng) for _ in range(50)]
    for rows in rounds:
        assert np.bincount(voice[rows]).tolist() == [1, 2, 3, 5]
        assert len(set(rows)) == len(rows)
    assert set(np.concatenate(rounds)) == set(range(len(voice)))


def test_it_is_told_of_voices_and_classes():
    membership = csr_array(np.eye(K, dtype=bool)[LABELS])
    voice = np.arange(len(X)) // 2
    told = fit_pairs(LearnedPrototypes(epochs=1), X, membership, CLASS_VECTORS, voice)
    by_hand = LearnedPrototypes(epochs=1).fit(X, Z, membership=membership, voice=voice)
    np.testing.assert_array_equal(told.predict(NEW), by_hand.predict(NEW))
    assert np.abs(told.predict(NEW) - LearnedPrototypes(epochs=1).fit(X, Z).predict(NEW)).max() > 1e-3


@pytest.mark.parametrize("setting", [{"n_prototypes": 0}, {"temperature": 0}, {"margin": -0.1}, {"epochs": 0}])
def test_settings_without_meaning_are_refused(setting):
    with pytest.raises(ValueError, match="n_prototypes and epochs must be at least 1"):
        LearnedPrototypes(**setting).fit(X, Z)
