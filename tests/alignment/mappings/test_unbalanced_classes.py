"""Classes with few sentences count as much as those with many in the mean class vector."""

import numpy as np
import pytest

from alignment.mappings.correlation import CanonicalCorrelation, PartialLeastSquares
from alignment.mappings.ensemble import Ensemble
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.linear import CrossValidatedRidge, LeastSquares
from alignment.mappings.linear_softmax import LinearSoftmax
from alignment.mappings.neural import NeuralMapping
from alignment.mappings.norm_restoration import NormRestoration
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.rcsls import RCSLS
from alignment.mappings.vecmap import WhitenedRotation
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, PER_CLASS, X, Z

MAPPINGS = (
    CanonicalCorrelation(),
    CrossValidatedRidge(),
    Ensemble(),
    KernelRidgeMapping(),
    LeastSquares(),
    LinearSoftmax(max_iter=2),
    NeuralMapping(max_iter=2),
    NormRestoration(),
    PartialLeastSquares(4),
    Procrustes(),
    RCSLS(max_iter=2),
    WhitenedRotation(),
)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda mapping: type(mapping).__name__)
def test_the_mean_class_vector_is_that_of_the_classes(mapping):
    kept = np.arange(len(X)) % PER_CLASS <= LABELS % PER_CLASS  # a class has one to four sentences
    mapping.fit(X[kept], Z[kept])
    np.testing.assert_allclose(mapping.z_mean_, CLASS_VECTORS.mean(axis=0))
    assert np.abs(Z[kept].mean(axis=0) - CLASS_VECTORS.mean(axis=0)).max() > 0.01
