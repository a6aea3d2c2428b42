"""Targets and sentences that hardly vary, and numbers of any size: finite vectors, or one sentence."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.mappings import MAPPINGS, make_mapping
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, LABELS, NEW, X, Z

FEW_ITERATIONS = {key: {"max_iter": 2} for key in ("mlp-squared", "mlp-contrastive", "structure", "gromov-wasserstein")}
CONSTANT_COLUMN = np.where(np.arange(D_CLASS) == 2, 7.0, Z)
pytestmark = pytest.mark.parametrize("key", MAPPINGS)


@pytest.fixture
def mapping(key):
    return make_mapping(key, **FEW_ITERATIONS.get(key, {}))


@pytest.mark.parametrize("constant", [2.5, 0.1, 0.0])
@pytest.mark.parametrize("columns", [D_CLASS, 1])
def test_where_all_targets_are_the_same_that_is_predicted(mapping, constant, columns):
    predicted = mapping.fit(X, np.full((len(X), columns), constant)).predict(NEW)
    np.testing.assert_allclose(predicted, constant, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    "sentences, vectors",
    [
        (X, CONSTANT_COLUMN),
        (X, CLASS_VECTORS[LABELS % 2]),
        (np.ones_like(X), Z),
        (np.zeros_like(X), Z),
        (X[LABELS % 2], Z),
        (X[:1], Z[:1]),
        (X[[0, -1]], Z[[0, -1]]),
        (X[:, :1], Z),
        (1e-12 * X, 1e-12 * Z),
        (1e12 * X, 1e12 * Z),
    ],
    ids=["constant column", "two", "same", "zeros", "two sentences", "one row", "two rows", "narrow", "small", "large"],
)
@pytest.mark.filterwarnings("error")
def test_little_that_varies_gives_finite_vectors(mapping, sentences, vectors):
    predicted = mapping.fit(sentences, vectors).predict(sentences)
    assert predicted.shape == vectors.shape and np.isfinite(predicted).all()


def test_small_targets_are_no_constant_ones(mapping):
    small, large = mapping.fit(X, 2.0**-30 * Z).predict(NEW), mapping.fit(X, Z).predict(NEW)
    np.testing.assert_allclose(2.0**30 * small, large, rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize("scale", [1e-30, 1e20])
def test_numbers_whose_squares_cannot_be_summed(mapping, scale):
    with pytest.raises(InputError, match=r"^The largest number of the sentence vectors \(X\) is .*; scale them so"):
        mapping.fit(scale * X, Z)
    with pytest.raises(InputError, match=r"^The largest number of the class vectors \(y\) is .*; scale them so"):
        mapping.fit(X, scale * Z)
    if scale > 1:
        with pytest.raises(InputError, match=r"^The largest number of the sentence vectors \(X\) is"):
            mapping.fit(X, Z).predict(scale * X)
