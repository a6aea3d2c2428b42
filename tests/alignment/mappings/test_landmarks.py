"""Mappings that compare all classes with all learn from a sample of many, and still find them."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.mappings import kernel, learned_attention, rcsls, refinement, transport
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.rcsls import RCSLS
from alignment.mappings.refinement import IterativeRefinement
from alignment.mappings.transport import GromovWasserstein
from alignment.vectors.similarity import similarities
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, MEANS, K, X, Z


def found(mapping):
    """Share of the classes that are nearest to the prediction for their mean sentence."""
    return np.mean(similarities(mapping.predict(MEANS), CLASS_VECTORS).argmax(axis=1) == np.arange(K))


@pytest.mark.parametrize(
    ("module", "mapping"),
    [
        (kernel, KernelRidgeMapping(alphas=[0.1, 0.2])),
        (rcsls, RCSLS()),
        (refinement, IterativeRefinement()),
    ],
)
def test_a_sample_of_the_classes_is_enough(monkeypatch, module, mapping):
    whole = found(mapping.fit(X, Z))
    monkeypatch.setattr(module, "MAX_LANDMARKS", K * 3 // 4)
    some = found(mapping.fit(X, Z))
    assert some > 0.6 * whole > 0


def test_pairs_without_their_partners_are_of_the_sample(monkeypatch):
    monkeypatch.setattr(transport, "MAX_LANDMARKS", K // 2)
    assert GromovWasserstein(max_iter=2).fit(X, Z).coupling_.shape == (K // 2, K // 2)


def test_the_class_vectors_of_many_classes_are_those_of_few(monkeypatch):
    parts = np.eye(K)[LABELS]
    parts[0, :2] = 0.5
    few = learned_attention._class_vectors(csr_array(parts), parts @ CLASS_VECTORS)
    monkeypatch.setattr(learned_attention, "MAX_LANDMARKS", 3)
    many = learned_attention._class_vectors(csr_array(parts), parts @ CLASS_VECTORS)
    np.testing.assert_allclose(few, CLASS_VECTORS, atol=1e-8)
    np.testing.assert_allclose(many, few, atol=1e-6)
