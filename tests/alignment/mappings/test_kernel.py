"""Kernel ridge against an independent computation of the formula."""

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge as SklearnRidge

from alignment.mappings.kernel import KernelRidgeMapping, arc_cosine_kernel
from alignment.vectors.class_means import group_means, unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, NEW, K, X, Z

U = unit_rows(group_means(unit_rows(X), LABELS) - group_means(unit_rows(X), LABELS).mean(axis=0))


def directions(A):
    return unit_rows(unit_rows(A) - group_means(unit_rows(X), LABELS).mean(axis=0))


def test_cosine_kernel_is_ridge_on_directions():
    mapping = KernelRidgeMapping(kernel="cosine", alphas=0.4).fit(X, Z)
    ridge = SklearnRidge(alpha=0.4, fit_intercept=False).fit(U, CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    np.testing.assert_allclose(mapping.predict(NEW), CLASS_VECTORS.mean(axis=0) + ridge.predict(directions(NEW)))


@pytest.mark.parametrize("kernel", ["rbf", "laplacian"])
def test_is_scikit_learns_with_an_intercept(kernel):
    centre = CLASS_VECTORS.mean(axis=0)
    expected = KernelRidge(kernel=kernel, gamma=2.0, alpha=0.2).fit(U, CLASS_VECTORS - centre).predict(directions(NEW))
    np.testing.assert_allclose(
        KernelRidgeMapping(kernel=kernel, gamma=2.0, alphas=0.2).fit(X, Z).predict(NEW), centre + expected
    )


def test_is_the_mean_of_a_gaussian_process():
    centre = CLASS_VECTORS.mean(axis=0)
    process = GaussianProcessRegressor(RBF(0.5) + WhiteKernel(0.1), optimizer=None).fit(U, CLASS_VECTORS - centre)
    mapping = KernelRidgeMapping(gamma=2.0, alphas=0.1).fit(X, Z)
    np.testing.assert_allclose(mapping.predict(NEW), centre + process.predict(directions(NEW)), rtol=1e-6)


def test_arc_cosine_kernel_is_a_wide_layer_of_rectified_units(rng):
    a, b = rng.normal(size=(2, 3, 4))
    weights = rng.normal(size=(4, 400_000))
    layer = lambda v: np.maximum(unit_rows(v) @ weights, 0)  # noqa: E731
    np.testing.assert_allclose(arc_cosine_kernel(a, b), 2 * layer(a) @ layer(b).T / weights.shape[1], atol=0.02)


def test_penalty_with_the_least_left_out_error_is_taken():
    alphas, errors = [0.01, 0.1, 1.0, 10.0], []
    for alpha in alphas:
        error = 0.0
        for k in range(K):
            rest = np.arange(K) != k
            solver = KernelRidge(kernel="rbf", gamma=0.7, alpha=alpha).fit(
                U[rest], (CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))[rest]
            )
            error += np.sum((solver.predict(U[[k]]) + CLASS_VECTORS.mean(axis=0) - CLASS_VECTORS[k]) ** 2)
        errors.append(error)
    assert KernelRidgeMapping(alphas=alphas).fit(X, Z).alpha_ == alphas[int(np.argmin(errors))]
