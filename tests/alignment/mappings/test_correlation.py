"""CCA and PLS against an independent computation of the formula."""

import numpy as np
import pytest
from sklearn.cross_decomposition import CCA, PLSRegression
from sklearn.linear_model import LinearRegression

from alignment.mappings.correlation import CanonicalCorrelation, CanonicalSimilarity, PartialLeastSquares
from alignment.mappings.linear import LeastSquares
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, LABELS, MEANS, NEW, K, X, Z


def test_all_components_are_least_squares():
    expected = LeastSquares().fit(X, Z).predict(NEW)
    np.testing.assert_allclose(PartialLeastSquares(D_TEXT).fit(X, Z).predict(NEW), expected, rtol=1e-2, atol=1e-2)
    np.testing.assert_allclose(CanonicalCorrelation(D_CLASS, pca_components=D_TEXT).fit(X, Z).predict(NEW), expected)


def test_directions_are_scikit_learns():
    cca = CCA(3, tol=1e-12, max_iter=20_000).fit(MEANS, CLASS_VECTORS)
    x, y = cca.transform(MEANS, CLASS_VECTORS)
    mapping = CanonicalCorrelation(3, pca_components=D_TEXT).fit(X, Z)
    np.testing.assert_allclose(
        mapping.correlations_, [np.corrcoef(x[:, i], y[:, i])[0, 1] for i in range(3)], atol=1e-6
    )
    expected = LinearRegression().fit(x, CLASS_VECTORS).predict(cca.transform(NEW))
    np.testing.assert_allclose(mapping.predict(NEW), expected, atol=1e-4)


def test_few_components_are_scikit_learns():
    expected = PLSRegression(2, scale=False, tol=1e-4).fit(MEANS, CLASS_VECTORS).predict(NEW)
    np.testing.assert_allclose(PartialLeastSquares(2).fit(X, Z).predict(NEW), expected)


def test_canonical_similarity_by_scikit_learns_coordinates():
    cca = CCA(3, scale=False, tol=1e-12, max_iter=20_000).fit(MEANS, CLASS_VECTORS)
    coordinates = cca.transform(MEANS, CLASS_VECTORS)
    r = np.array([np.corrcoef(*(side[:, i] for side in coordinates))[0, 1] for i in range(3)])
    x, z = (unit_rows(side / side.std(axis=0)) for side in coordinates)
    mapping = CanonicalSimilarity(3, pca_components=D_TEXT).fit(X, Z)
    np.testing.assert_allclose(mapping.candidate_similarities(MEANS), (x * r) @ z.T, atol=1e-4)


def test_canonical_similarity_is_told_of_classes_without_sentences():
    unseen = np.arange(0, K, 5)
    learned = ~np.isin(LABELS, unseen)
    mapping = CanonicalSimilarity(scale=1e4).fit(X[learned], Z[learned], candidates=CLASS_VECTORS)
    similarities = mapping.candidate_similarities(MEANS[unseen])
    assert np.median((similarities >= similarities[np.arange(len(unseen)), unseen][:, None]).sum(axis=1)) <= 2
    np.testing.assert_allclose(mapping.predict(MEANS), CLASS_VECTORS[mapping.candidate_similarities(MEANS).argmax(1)])


@pytest.mark.parametrize("mapping", [CanonicalSimilarity, ReverseKernelRidge])
def test_candidates_of_another_space_are_refused(mapping):
    with pytest.raises(ValueError, match=f"candidates must be rows of {D_CLASS} finite numbers"):
        mapping().fit(X, Z, candidates=CLASS_VECTORS[:, 1:])


def test_there_are_as_many_canonical_coordinates_as_components_of_the_texts():
    assert len(CanonicalSimilarity(pca_components=2).fit(X, Z).correlations_) == 2
    assert len(CanonicalSimilarity(3, pca_components=4).fit(X, Z).correlations_) == 3
