"""Every figure against an independent, slower computation."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn.covariance import LedoitWolf
from sklearn.metrics import r2_score, top_k_accuracy_score

from alignment.evaluation import metrics
from alignment.vectors import similarity

C, NOISE = np.random.default_rng(0).normal(size=(2, 40, 6))
C += 2.0
TRUTH = np.arange(40)
P = C + NOISE


def brute_cosines():
    centre = C.mean(axis=0)
    return 1.0 - cdist(P - centre, C - centre, metric="cosine")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_mean_vector_has_no_direction(dtype):
    vectors = C.astype(dtype)
    mean = np.tile(vectors.mean(axis=0), (3, 1))
    assert not similarity.similarities(mean, vectors).any()
    np.testing.assert_allclose(metrics.ranks(similarity.similarities(mean, vectors), TRUTH[:3]), 20.5)


def test_ranks_and_hits_agree_with_sorting_and_scikit_learn():
    S = brute_cosines()
    ranks = metrics.ranks(S, TRUTH)
    assert ranks.tolist() == [list(np.argsort(-row)).index(t) + 1 for row, t in zip(S, TRUTH, strict=False)]
    for k in (1, 5, 10):
        assert np.mean(ranks <= k) == pytest.approx(top_k_accuracy_score(TRUTH, S, k=k))
        np.testing.assert_array_equal(metrics.answer_ranks(S, [[t] for t in TRUTH]), ranks)


def test_the_best_of_several_right_classes_counts():
    S = np.array([[0.1, 0.9, 0.5], [0.9, 0.1, 0.5]])
    assert metrics.answer_ranks(S, [{1, 2}, {1}]).tolist() == [1, 3]
    assert metrics.answer_ranks(S, [{0}, {1, 2}]).tolist() == [3, 2]


def test_ties_are_no_hits_unless_all_that_tie_are_right():
    same = np.ones((1, 20))
    assert metrics.answer_ranks(same, [{0}]) == [10.5]
    assert metrics.answer_ranks(same, [set(range(20))]) == [1] and metrics.answer_ranks(same, [set()]) == [np.inf]


def test_nearest_wrong_skips_the_right_class():
    S = np.array([[0.9, 0.2, 0.3], [0.1, 0.2, 0.3], [0.1, -0.3, -0.2]])
    assert metrics.nearest_wrong(S, np.array([0, 0, 0])).tolist() == [2, 2, 2]
    assert S[0, 0] == 0.9


def test_ranks_and_distances_are_better_when_lower():
    lower = {key for key, metric in metrics.METRICS.items() if metric.better == "lower is better"}
    assert lower == {"median_rank", "csls_median_rank", "l2", "manifold_distance"}
    assert all(metric.higher_is_better == (key not in lower) for key, metric in metrics.METRICS.items())
    assert {key for key, metric in metrics.METRICS.items() if metric.is_rank} == {"median_rank", "csls_median_rank"}


def test_hubness_is_the_skewness_of_neighbour_counts():
    S = brute_cosines()
    counts = np.zeros(len(C))
    for row in S:
        counts[np.argsort(-row)[:10]] += 1
    assert metrics.hubness(P, C) == pytest.approx(stats.skew(counts))


def test_hubness_counts_classes_that_tie_as_often():
    mean = np.tile(C.mean(axis=0), (5, 1))
    assert metrics.hubness(mean, C) == 0.0  # as similar to all: no class is nearer than another
    twice = np.vstack([C, C[:4]])
    S = 1.0 - cdist(P - twice.mean(axis=0), twice - twice.mean(axis=0), "cosine")
    counts = np.zeros(len(twice))
    for row in S.round(9):
        last = np.sort(row)[-10]
        counts += (row > last) + (row == last) * (10 - (row > last).sum()) / (row == last).sum()
    assert metrics.hubness(P, twice) == pytest.approx(stats.skew(counts))
    assert counts[:4].tolist() == counts[40:].tolist()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-17, 1e-12, 1e12, 3e17])
def test_figures_without_a_unit_do_not_depend_on_the_scale_of_float32(scale):
    predicted, vectors = ((scale * A).astype(np.float32) for A in (P, C))
    explained = 1 - np.sum((P - C) ** 2) / np.sum((C - C.mean(axis=0)) ** 2)
    assert metrics.r2(*(np.tile(A, (50, 1)) for A in (predicted, vectors))) == pytest.approx(explained, abs=1e-5)
    model = LedoitWolf().fit(C)
    expected = cdist(P, model.location_[None], "mahalanobis", VI=np.linalg.inv(model.covariance_))[:, 0] / np.sqrt(6)
    np.testing.assert_allclose(metrics.manifold_distance(predicted, vectors), expected, rtol=1e-4)


def test_regression_figures_agree_with_scipy_and_scikit_learn():
    centre = C.mean(axis=0)
    figures = metrics.regression_figures(P, C, C)
    np.testing.assert_allclose(figures["cosine"], np.diag(brute_cosines()))
    np.testing.assert_allclose(figures["l2"], np.diag(cdist(P, C)))
    np.testing.assert_allclose(figures["mse"], ((P - C) ** 2).mean(axis=1))
    np.testing.assert_allclose(
        figures["norm_ratio"],
        [np.linalg.norm(p - centre) / np.linalg.norm(c - centre) for p, c in zip(P, C, strict=False)],
    )
    assert metrics.r2(P, C) == pytest.approx(r2_score(C, P, multioutput="variance_weighted"))


def test_a_date_in_every_class_vector_does_not_hide_the_cosine():
    dated = [np.insert(A.astype(np.float32), 0, 20261128, axis=1) for A in (P, C)]
    figures = metrics.regression_figures(*dated, dated[1])
    np.testing.assert_allclose(figures["cosine"], np.diag(brute_cosines()), atol=1e-5)


def test_manifold_distance_is_scipys_mahalanobis():
    model = LedoitWolf().fit(C)
    expected = cdist(P, model.location_[None], "mahalanobis", VI=np.linalg.inv(model.covariance_))[:, 0] / np.sqrt(6)
    np.testing.assert_allclose(metrics.manifold_distance(P, C), expected)
    assert metrics.manifold_distance(C, C).mean() == pytest.approx(1.0, abs=0.15)


def test_path_distance_counts_edges():
    networkx = pytest.importorskip("networkx")
    paths = {
        "tabby": "entity > animal > cat",
        "lion": "entity > animal > cat > big cat",
        "sofa": "entity > thing",
        "lynx": "entity > animal > cat",
    }
    graph = networkx.Graph()
    for name, path in paths.items():
        networkx.add_path(graph, [*path.split(" > "), name])
    for a in paths:
        for b in paths:
            if a != b:
                assert metrics.path_distance(paths[a], paths[b]) == networkx.shortest_path_length(graph, a, b)
