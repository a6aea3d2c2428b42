"""Procrustes' rotation against an independent computation of the formula."""

import numpy as np
import pytest
from scipy import linalg, stats

from alignment.mappings.procrustes import Procrustes
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, MEANS, X, Z


def test_recovers_a_known_rotation_scale_and_shift():
    rotation = stats.ortho_group(D_CLASS, seed=0).rvs()
    mapping = Procrustes().fit(CLASS_VECTORS, 2.5 * CLASS_VECTORS @ rotation + 3.0)
    np.testing.assert_allclose(mapping.rotation_, rotation, atol=1e-10)
    assert mapping.scale_ == pytest.approx(2.5)


def test_rotation_is_scipys():
    texts = MEANS[:, :D_CLASS]
    expected, _ = linalg.orthogonal_procrustes(texts - texts.mean(axis=0), CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    np.testing.assert_allclose(Procrustes().fit(texts, CLASS_VECTORS).rotation_, expected)


@pytest.mark.parametrize("A, B", [(MEANS, CLASS_VECTORS), (CLASS_VECTORS, MEANS)])
def test_unequal_dimensions_as_if_the_narrower_were_padded_with_zeros(A, B):
    a, b = A - A.mean(axis=0), B - B.mean(axis=0)
    widest = max(A.shape[1], B.shape[1])
    pad = lambda M: np.pad(M, ((0, 0), (0, widest - M.shape[1])))  # noqa: E731
    mapping = Procrustes().fit(A, B)
    short = min(A.shape[1], B.shape[1])
    assert np.allclose(linalg.svdvals(mapping.rotation_), np.ones(short))
    padded = linalg.orthogonal_procrustes(pad(a), pad(b))[0][: A.shape[1], : B.shape[1]]
    assert np.trace(mapping.rotation_.T @ a.T @ b) == pytest.approx(np.trace(padded.T @ a.T @ b))


def test_scale_is_the_best():
    mapping, plain = Procrustes().fit(X, Z), Procrustes(scale=False).fit(X, Z)
    error = lambda s: np.sum((mapping.z_mean_ + s * (plain.predict(MEANS) - mapping.z_mean_) - CLASS_VECTORS) ** 2)  # noqa: E731
    assert plain.scale_ == 1.0
    assert error(mapping.scale_) < min(error(mapping.scale_ * 1.01), error(mapping.scale_ * 0.99))


def test_whitened_components_have_unit_variance():
    mapping = Procrustes(n_components=3, whiten=True).fit(X, Z)
    components = (MEANS - mapping.x_mean_) @ mapping.components_
    np.testing.assert_allclose(np.cov(components.T), np.eye(3), atol=1e-8)
    assert mapping.rotation_.shape == (3, D_CLASS)
