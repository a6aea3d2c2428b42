"""Nearest sentences against scikit-learn's regressor."""

import numpy as np
from sklearn.neighbors import KNeighborsRegressor

from alignment.mappings.nearest_sentences import NearestSentences
from tests.alignment.mappings.toy import NEW, X, Z


def test_neighbours_weigh_by_their_cosine():
    expected = []
    for x in NEW:
        cosines = X @ x / np.linalg.norm(X, axis=1) / np.linalg.norm(x)
        nearest = np.argsort(-cosines)[:6]
        expected.append(np.average(Z[nearest], axis=0, weights=np.exp(cosines[nearest] / 0.05)))
    np.testing.assert_allclose(NearestSentences(6, temperature=0.05).fit(X, Z).predict(NEW), expected, rtol=1e-4)


def test_a_row_of_zeros_has_the_cosine_0():
    """It is no nearer than sentences at a right angle, and farther than all at a smaller angle."""
    texts, vectors = np.array([[0.0, 0.0], [0.9, 0.4], [1.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    x = np.array([[2.0, 0.0]])
    cosines = np.array([0.0, 0.9 / np.hypot(0.9, 0.4), 1 / np.sqrt(10)])
    expected = np.exp(cosines / 0.3) @ vectors / np.exp(cosines / 0.3).sum()
    found = NearestSentences(3, temperature=0.3).fit(texts, vectors).predict(x)
    np.testing.assert_allclose(found, expected[None], rtol=1e-5)
    np.testing.assert_allclose(NearestSentences(2, temperature=1e9).fit(texts, vectors).predict(x), [[0.5, 1.0]])


def test_neighbours_of_equal_weight_are_scikit_learns():
    mapping = NearestSentences(6, temperature=1e9).fit(X, Z)
    expected = KNeighborsRegressor(6, metric="cosine", algorithm="brute").fit(X, Z).predict(NEW)
    np.testing.assert_allclose(mapping.predict(NEW), expected, rtol=1e-5)
