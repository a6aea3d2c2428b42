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


def test_neighbours_of_equal_weight_are_scikit_learns():
    mapping = NearestSentences(6, temperature=1e9).fit(X, Z)
    expected = KNeighborsRegressor(6, metric="cosine", algorithm="brute").fit(X, Z).predict(NEW)
    np.testing.assert_allclose(mapping.predict(NEW), expected, rtol=1e-5)
