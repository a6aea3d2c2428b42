"""Generalised zero-shot: what is held out, what a perfect and a biased mapping score, the harmonic mean."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack
from sklearn.base import BaseEstimator, RegressorMixin

from alignment.errors import InputError
from alignment.evaluation import metrics
from alignment.evaluation.ablations import learning_curve, seed_kinds
from alignment.evaluation.cross_validation import class_queries
from alignment.evaluation.generalised_zero_shot import generalised_zero_shot
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings.prototypes import Prototypes
from alignment.vectors.similarity import similarities

K, PER_CLASS, D = 20, 10, 6


@pytest.fixture
def pairs():
    rng = np.random.default_rng(0)
    class_vectors = rng.normal(size=(K, D))
    owners = np.repeat(np.arange(K), PER_CLASS)
    X = class_vectors[owners] + 0.05 * rng.normal(size=(len(owners), D))
    return SeedPairs(X, csr_array(np.eye(K, dtype=bool)[owners]), class_vectors)


class Recorder(RegressorMixin, BaseEstimator):
    """The identity, which is right where text space is class space; notes the targets of every fit."""

    def __init__(self, note=lambda targets: None):
        self.note = note

    def fit(self, X, y):
        self.note(y)
        self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X):
        return X


def test_a_perfect_mapping_scores_one_without_bias(pairs):
    figures = generalised_zero_shot(Recorder(), pairs)
    assert figures["seen_p_at_1"] == figures["unseen_p_at_1"] == figures["harmonic_p_at_1"] == 1.0
    assert figures["unseen_first"] == pytest.approx(figures["unseen_queries"]) == pytest.approx(0.2, abs=0.05)


def test_unseen_classes_are_never_learned(pairs):
    learned = []
    generalised_zero_shot(Recorder(lambda targets: learned.append(len(np.unique(targets, axis=0)))), pairs)
    assert learned == [K * 4 // 5] * 5


def test_of_a_sentence_about_seen_and_unseen_classes_the_seen_ones_are_learned(pairs):
    both = csr_array(np.arange(K) < np.full((5, 1), 2))
    texts = np.vstack([pairs.X, np.random.default_rng(1).normal(size=(5, D))])
    more = SeedPairs(texts, vstack([pairs.membership, both], format="csr"), pairs.class_vectors)
    learned = []
    mapping = Recorder(lambda targets: learned.append(len(np.unique(targets, axis=0))))
    generalised_zero_shot(mapping, more)
    known = [fold.known for fold in more.folds("classes")]
    assert {each[:2].sum() for each in known} == {1, 2}  # in some folds one of the two is seen
    assert learned == [each.sum() + each[:2].all() for each in known]
    assert not hasattr(mapping, "n_features_in_")  # every fold fits a copy


def test_a_query_is_the_mean_over_paraphrase_groups(pairs):
    noise = np.random.default_rng(1).normal(size=pairs.X.shape)
    groups = np.where(
        np.arange(len(noise)) % PER_CLASS < 7, np.repeat(np.arange(K), PER_CLASS), K + np.arange(len(noise))
    )
    grouped = replace(pairs, X=pairs.X + 1.5 * noise, groups=groups)
    seen, unseen = [], []
    for split in zip(*(grouped.folds(name, n_splits=2) for name in ("classes", "sentences")), strict=True):
        asked, queries = class_queries(grouped, split[1].test)
        hits = metrics.ranks(similarities(queries, pairs.class_vectors), asked) <= 1
        seen.append(hits[split[0].known[asked]])
        unseen.append(hits[~split[0].known[asked]])
    figures = generalised_zero_shot(Recorder(), grouped, n_splits=2)
    assert figures["seen_p_at_1"] == np.mean(np.concatenate(seen))
    assert figures["unseen_p_at_1"] == np.mean(np.concatenate(unseen))
    assert figures != generalised_zero_shot(Recorder(), replace(grouped, groups=None), n_splits=2)


def test_hub_correction_finds_what_a_hub_is_nearest_to(pairs):
    class Biased(Recorder):
        def predict(self, X):
            return X + 2.5 * pairs.class_vectors[0]

    figures = generalised_zero_shot(Biased(), pairs)
    assert figures["csls_seen_p_at_1"] > figures["seen_p_at_1"] + 0.2
    assert figures["csls_unseen_p_at_1"] > figures["unseen_p_at_1"] + 0.2
    assert figures["csls_unseen_first"] != figures["unseen_first"]


def test_a_mapping_that_blends_known_classes_finds_unseen_ones_less(pairs):
    figures = generalised_zero_shot(Prototypes(0.01), pairs)
    s, u = figures["seen_p_at_1"], figures["unseen_p_at_1"]
    assert s > 0.9 and u < 0.1 and figures["unseen_first"] < 0.02
    assert figures["harmonic_p_at_1"] == pytest.approx(2 * s * u / (s + u) if u else 0.0)


def test_every_call_gives_the_same_figures(pairs):
    assert generalised_zero_shot(Recorder(), pairs) == generalised_zero_shot(Recorder(), pairs)


def test_of_few_classes_there_are_fewer_folds(pairs):
    few = pairs.subset(np.arange(4 * PER_CLASS))
    few = SeedPairs(few.X, few.membership[:, :4], few.class_vectors[:4], kinds=["a", "b"] * (2 * PER_CLASS))
    assert generalised_zero_shot(Recorder(), few)["unseen_p_at_1"] == 1.0
    assert len(few.folds("classes")) == 4 and len(few.folds("sentences")) == 5
    assert len(learning_curve(Prototypes(), few, sentences=(1, None), classes=(1.0,))) == 2
    assert len(seed_kinds(Prototypes(), few)) == 5
    two = SeedPairs(few.X[: 2 * PER_CLASS], few.membership[: 2 * PER_CLASS, :2], few.class_vectors[:2])
    for measure in (generalised_zero_shot, learning_curve):
        with pytest.raises(InputError, match="needs sentences of their own for at least 3 classes"):
            measure(Prototypes(), two)
