"""Memory of mappings that compare many sentences: it grows with what is compared at a time."""

import tracemalloc

import numpy as np

from alignment.mappings import learned_attention
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.learned_attention import LearnedAttention
from alignment.mappings.nearest_sentences import NearestSentences
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.vectors import similarity
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, K, X, Z


def peak_bytes(compute) -> int:
    """Most memory of NumPy's arrays while something is computed."""
    tracemalloc.start()
    compute()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_kernels_are_computed_in_blocks(monkeypatch, rng):
    asked, candidates = rng.normal(size=(20_000, D_TEXT)), rng.normal(size=(20_000, D_CLASS))
    forward, kernels = KernelRidgeMapping().fit(X, Z), len(asked) * K * 8
    expected = forward.predict(asked)
    monkeypatch.setattr(similarity, "BLOCK_NUMBERS", 100 * K)
    assert peak_bytes(lambda: forward.predict(asked)) < kernels
    assert peak_bytes(lambda: ReverseKernelRidge().fit(X, Z, candidates=candidates)) < 1.5 * kernels
    np.testing.assert_allclose(forward.predict(asked), expected)


def test_vectors_of_neighbours_are_not_copied(rng):
    vectors, asked = np.tile(CLASS_VECTORS, 40), rng.normal(size=(10_000, D_TEXT))
    mapping = NearestSentences().fit(np.repeat(X, 2, axis=0), vectors[np.arange(2 * len(X)) % K])
    assert peak_bytes(lambda: mapping.predict(asked)) < len(asked) * mapping.n_neighbors * vectors.shape[1] * 4


def test_pairs_of_neighbours_in_few_classes_are_those_of_a_step(monkeypatch, rng):
    monkeypatch.setattr(learned_attention, "BATCH", 64)
    labels = np.arange(2000) % 2
    texts, vectors, pairs = rng.normal(size=(len(labels), 4)), np.eye(2), len(labels) ** 2 // 2
    LearnedAttention(epochs=1).fit(X, Z)  # imports torch
    assert peak_bytes(lambda: LearnedAttention(epochs=1).fit(texts, vectors[labels])) < 8 * pairs
