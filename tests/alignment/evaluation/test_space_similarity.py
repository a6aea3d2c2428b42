"""Every similarity of two spaces against an independent, slower computation."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import pdist, squareform
from sklearn.neighbors import NearestNeighbors

from alignment.evaluation import space_similarity

C, NOISE = np.random.default_rng(0).normal(size=(2, 40, 6))
C += 2.0
P = C + NOISE


def test_mutual_knn_by_sets():
    def neighbours(A):
        A = A - A.mean(axis=0)
        found = NearestNeighbors(n_neighbors=6, metric="cosine", algorithm="brute").fit(A).kneighbors(A)[1]
        return [set(row) - {i} for i, row in enumerate(found)]

    expected = np.mean([len(a & b) / 5 for a, b in zip(neighbours(P), neighbours(C), strict=False)])
    assert space_similarity.mutual_knn(P, C, k=5) == pytest.approx(expected)
    assert space_similarity.mutual_knn(C, C) == 1.0


def test_mutual_knn_of_tied_neighbours_is_what_chance_gives_in_any_order(rng):
    mean = np.tile(C.mean(axis=0), (len(C), 1))  # as near to all: 5 of the 39 others at random
    assert space_similarity.mutual_knn(mean, C, k=5) == pytest.approx(5 / 39)
    twice, other = np.repeat(C[:20], 2, axis=0), P[:40]
    found = space_similarity.mutual_knn(twice, other, k=4)
    order = rng.permutation(40)
    assert space_similarity.mutual_knn(twice[order], other[order], k=4) == pytest.approx(found)

    def shares(A):
        S = 1.0 - squareform(pdist(A - A.mean(axis=0), "cosine")).round(9)
        np.fill_diagonal(S, -np.inf)
        last = np.sort(S, axis=1)[:, [-4]]
        return (last < S) + (last == S) * (4 - (last < S).sum(1, keepdims=True)) / (last == S).sum(1, keepdims=True)

    assert found == pytest.approx((shares(twice) * shares(other)).sum(axis=1).mean() / 4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-17, 1e-12, 1e12, 1e17])
def test_linear_cka_does_not_depend_on_the_scale_of_float32(scale):
    H = np.eye(40) - 1 / 40
    K, L = H @ P @ P.T @ H, H @ C @ C.T @ H
    found = space_similarity.linear_cka(*((scale * A).astype(np.float32) for A in (P, C)))
    assert found == pytest.approx(np.trace(K @ L) / np.sqrt(np.trace(K @ K) * np.trace(L @ L)), rel=1e-5)


def test_linear_cka_by_gram_matrices():
    H = np.eye(40) - 1 / 40
    K, L = H @ P @ P.T @ H, H @ C @ C.T @ H
    assert space_similarity.linear_cka(P, C) == pytest.approx(
        np.trace(K @ L) / np.sqrt(np.trace(K @ K) * np.trace(L @ L))
    )
    rotation = stats.ortho_group(6, seed=0).rvs()
    assert space_similarity.linear_cka(3 * C @ rotation + 1, C) == pytest.approx(1.0)


def test_svcca_is_the_mean_canonical_correlation(rng):
    from sklearn.cross_decomposition import CCA

    x, y = CCA(n_components=6, max_iter=5000, tol=1e-10).fit(P, C).transform(P, C)
    expected = np.mean([np.corrcoef(x[:, i], y[:, i])[0, 1] for i in range(6)])
    assert space_similarity.svcca(P, C, variance=1.0) == pytest.approx(expected, abs=1e-3)
    assert space_similarity.svcca(C @ rng.normal(size=(6, 6)), C, variance=1.0) == pytest.approx(1.0)


def test_rsa_is_spearman_of_scipys_correlation_distances():
    expected = stats.spearmanr(pdist(P, "correlation"), pdist(C, "correlation")).statistic
    assert space_similarity.rsa(P, C) == pytest.approx(expected)


@pytest.mark.filterwarnings("error")
def test_rsa_is_undefined_in_one_dimension():
    for one, other in ((P[:, :1], C), (P, C[:, :1])):
        assert np.isnan(space_similarity.rsa(one, other))


@pytest.mark.parametrize("figure", [space_similarity.linear_cka, space_similarity.svcca, space_similarity.rsa])
def test_a_constant_prediction_resembles_nothing(figure):
    assert figure(np.tile(C[0].astype(np.float32), (len(C), 1)), C) == 0.0
