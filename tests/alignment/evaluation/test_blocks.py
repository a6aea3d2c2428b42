"""What is computed block by block is what the formula over whole matrices gives; RSA of many classes is of a sample."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from alignment.evaluation import space_similarity
from alignment.evaluation.class_traits import class_traits
from alignment.evaluation.confusions import confusions
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.generalised_zero_shot import generalised_zero_shot
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import make_mapping
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.projection.neighbourhoods import neighbourhood_table
from alignment.vectors import similarity
from alignment.vectors.samples import sampled_rows

K = 40
RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(K), 3)
VECTORS = RNG.normal(size=(K, 6)).astype(np.float32)
X = (VECTORS[LABELS] @ RNG.normal(size=(6, 9)) + 0.8 * RNG.normal(size=(len(LABELS), 9))).astype(np.float32)
NAMES = [f"class {k}" for k in range(K)]


@pytest.fixture
def in_blocks(monkeypatch):
    """Computes in blocks of three rows, so that the last is a shorter one."""
    return lambda: monkeypatch.setattr(similarity, "BLOCK_NUMBERS", 3 * K + 5)


@pytest.fixture
def pairs():
    membership = csr_array((np.ones(len(LABELS), bool), (np.arange(len(LABELS)), LABELS)))
    return SeedPairs(X, membership, VECTORS, templates=[str(row) for row in range(len(LABELS))])


@pytest.mark.parametrize("split", ["classes", "sentences"])
def test_every_figure_of_an_evaluation(pairs, in_blocks, split):
    found = lambda: evaluate(make_mapping("ridge"), pairs, pairs.folds(split))  # noqa: E731
    whole = found()
    figures, table = whole.summary(), whole.per_class(names=NAMES)
    near, confused = whole.nearest(7), confusions(whole, NAMES, NAMES, NAMES)
    in_blocks()
    blocked = found()
    assert blocked.summary() == pytest.approx(figures)
    pd.testing.assert_frame_equal(blocked.per_class(names=NAMES), table)
    pd.testing.assert_frame_equal(blocked.nearest(7), near)
    pd.testing.assert_frame_equal(confusions(blocked, NAMES, NAMES, NAMES), confused)


def test_ranks_by_own_similarities_without_csls_as_these_are_not_kept(pairs, in_blocks):
    folds = pairs.folds("classes", n_splits=4)
    whole = evaluate(ReverseKernelRidge(), pairs, folds)
    in_blocks()
    blocked = evaluate(ReverseKernelRidge(), pairs, folds)
    np.testing.assert_array_equal(blocked.own_ranks[""], whole.own_ranks[""])
    assert [*blocked.own_ranks] == [""] and "own_csls_p_at_1" not in blocked.summary()


def test_seen_and_unseen_classes_together(pairs, in_blocks):
    whole = generalised_zero_shot(ReverseKernelRidge(), pairs, n_splits=3)
    in_blocks()
    assert generalised_zero_shot(ReverseKernelRidge(), pairs, n_splits=3) == pytest.approx(whole)


def test_prompts_traits_and_neighbourhoods(in_blocks):
    mapped = VECTORS + RNG.normal(size=VECTORS.shape).astype(np.float32)
    counts = pd.DataFrame({"total": np.ones(K, int)})
    text = RNG.normal(size=(K, 9))
    text[5] = np.nan  # a class without sentences

    def tables():
        return (
            evaluate_prompts(mapped, VECTORS, [(k,) for k in range(K)], NAMES),
            class_traits(VECTORS, counts, np.ones(K), np.ones(K)),
            neighbourhood_table({"text": text, "mapped": mapped, "class": VECTORS}, NAMES, k=4),
        )

    whole = tables()
    in_blocks()
    for one, other in zip(tables(), whole, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_rsa_of_many_classes_is_that_of_a_sample(pairs, monkeypatch):
    other = VECTORS + RNG.normal(size=VECTORS.shape).astype(np.float32)
    monkeypatch.setattr(space_similarity, "RSA_CLASSES", 12)
    rows = sampled_rows(K, 12)
    sampled = space_similarity.rsa(other, VECTORS)
    figures = evaluate(make_mapping("ridge"), pairs, pairs.folds("classes")).summary()
    monkeypatch.setattr(space_similarity, "RSA_CLASSES", K)
    assert sampled == space_similarity.rsa(other[rows], VECTORS[rows]) != space_similarity.rsa(other, VECTORS)
    assert figures["rsa_classes"] == 12
    assert "rsa_classes" not in evaluate(make_mapping("ridge"), pairs, pairs.folds("classes")).summary()


def test_many_equal_predictions_are_like_nothing():
    many = RNG.normal(size=(20_000, 4)).astype(np.float32)
    mean = np.broadcast_to(many.mean(axis=0) + np.float32(0.3), many.shape)
    assert np.abs(mean - mean.mean(axis=0)).max() > 64 * np.finfo(np.float32).eps * np.abs(mean).max()
    assert (
        space_similarity.rsa(mean, many)
        == space_similarity.linear_cka(mean, many)
        == space_similarity.svcca(mean, many)
        == 0.0
    )
