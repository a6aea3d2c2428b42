"""Optimal transport against an independent computation of the formula."""

import numpy as np
import pytest
from scipy import stats

from alignment.errors import InputError
from alignment.mappings.transport import GromovWasserstein
from tests.alignment.mappings.toy import CLASS_VECTORS, MEANS, K, X, Z


def test_finds_a_hidden_pairing():
    points = np.random.default_rng(3).normal(size=(12, 3))
    rotation = stats.ortho_group(3, seed=2).rvs()
    mapping = GromovWasserstein(epsilon=0.01, max_iter=200).fit(points @ rotation, points)
    assert mapping.matched_ == 1.0
    np.testing.assert_allclose(mapping.predict(points @ rotation), points, atol=0.2)


def test_does_not_look_at_the_pairs(rng):
    points = np.random.default_rng(3).normal(size=(12, 3))
    right, wrong = (
        GromovWasserstein(epsilon=0.01).fit(points, points[order]) for order in (np.arange(12), rng.permutation(12))
    )
    np.testing.assert_allclose(right.predict(points), wrong.predict(points), atol=1e-2)


@pytest.mark.filterwarnings("ignore:Sinkhorn did not converge", "ignore:divide by zero")
def test_coupling_is_pots_and_spreads_evenly():
    import ot
    from sklearn.metrics.pairwise import cosine_distances

    mapping = GromovWasserstein(epsilon=0.05).fit(X, Z)
    np.testing.assert_allclose(mapping.coupling_.sum(axis=0), 1 / K, rtol=0.05)
    D_text, D_class = (cosine_distances(A - A.mean(axis=0)) for A in (MEANS, CLASS_VECTORS))
    plain = ot.gromov.entropic_gromov_wasserstein(
        D_text, D_class, epsilon=0.05, max_iter=10, solver="PPA", numItermax=50
    )
    np.testing.assert_allclose(mapping.coupling_, plain)


@pytest.mark.filterwarnings("ignore:Sinkhorn did not converge", "ignore:divide by zero")
@pytest.mark.parametrize("max_iter", [1, 5, 10, 14, 500])
def test_steps_are_as_many_as_the_solver_made(max_iter, monkeypatch):
    import ot

    made, sinkhorn = [], ot.sinkhorn
    monkeypatch.setattr(ot, "sinkhorn", lambda *args, **options: made.append(1) or sinkhorn(*args, **options))
    points = np.random.default_rng(3).normal(size=(12, 3))
    mapping = GromovWasserstein(epsilon=0.05, max_iter=max_iter).fit(points, points)
    assert mapping.n_iter_ == len(made) <= max_iter
    assert max_iter < 500 or len(made) < 500


@pytest.mark.filterwarnings("ignore:Sinkhorn did not converge", "ignore:divide by zero")
def test_a_step_minimises_gradient_and_divergence_from_the_coupling_before():
    """``T' = argmin <L(T), T'> + ε KL(T' | T)``, found here by scaling rows and columns of ``T exp(-L(T) / ε)``."""
    from sklearn.metrics.pairwise import cosine_distances

    epsilon, size = 0.05, 12
    means, vectors = np.random.default_rng(5).normal(size=(2, size, 4))
    D, E = (cosine_distances(A - A.mean(axis=0)) for A in (means, vectors))
    T = np.full((size, size), 1 / size**2)
    for _ in range(3):
        gradient = 2 * ((D**2).sum(axis=1)[:, None] / size + (E**2).sum(axis=1) / size - 2 * D @ T @ E)
        T = T * np.exp(-gradient / epsilon)
        for _ in range(3000):
            T /= size * T.sum(axis=1, keepdims=True)
            T /= size * T.sum(axis=0)
    found = GromovWasserstein(epsilon=epsilon, max_iter=3).fit(means, vectors).coupling_
    np.testing.assert_allclose(found, T, atol=2e-4)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 12])
@pytest.mark.parametrize("epsilon", [0.005, 0.002, 0.001])
def test_classes_are_few_and_steps_long(count, epsilon, rng):
    """Exponentials of all a row's costs would be 0, and of the coupling nothing or no number would be left."""
    points = rng.normal(size=(count, 16)) + 5
    mapping = GromovWasserstein(epsilon=epsilon).fit(points @ rng.normal(size=(16, 64)), points)
    np.testing.assert_allclose(mapping.coupling_.sum(axis=1), 1 / count)
    np.testing.assert_allclose(mapping.predict(mapping.procrustes_.x_mean_[None])[0], points.mean(axis=0), rtol=0.2)


def test_steps_too_long_for_any_number_are_refused(rng):
    points = rng.normal(size=(60, 16))
    with pytest.raises(InputError, match="epsilon of GromovWasserstein, 1e-06, is too small for these classes"):
        GromovWasserstein(epsilon=1e-6).fit(points @ rng.normal(size=(16, 64)), points)
