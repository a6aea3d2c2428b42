"""Attention over prototypes against an independent computation of the formula."""

import numpy as np

from alignment.mappings.prototypes import Prototypes
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, NEW, K, X, Z


def test_attention_by_loops():
    prototypes = [np.mean([x / np.linalg.norm(x) for x in X[k == LABELS]], axis=0) for k in range(K)]
    expected = []
    for x in NEW:
        weights = np.array([np.exp(x @ p / np.linalg.norm(x) / np.linalg.norm(p) / 0.1) for p in prototypes])
        expected.append(weights @ CLASS_VECTORS / weights.sum())
    np.testing.assert_allclose(Prototypes(0.1).fit(X, Z).predict(NEW), expected)


def test_a_low_temperature_predicts_one_class():
    prediction = Prototypes(1e-4).fit(X, Z).predict(NEW[:1])
    assert np.abs(prediction - CLASS_VECTORS).max(axis=1).min() < 1e-6
