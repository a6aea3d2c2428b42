"""Norm restoration against an independent computation of the formula."""

import numpy as np
import pytest
from sklearn.base import clone

from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.norm_restoration import NormRestoration
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, MEANS, NEW, X, Z


def test_restored_norms_keep_directions():
    inner = KernelRidgeMapping(alphas=5.0)
    restored, plain = NormRestoration(inner).fit(X, Z), clone(inner).fit(X, Z)
    centre = CLASS_VECTORS.mean(axis=0)
    before, after = plain.predict(NEW) - centre, restored.predict(NEW) - centre
    np.testing.assert_allclose(unit_rows(after), unit_rows(before))
    spread = np.linalg.norm(CLASS_VECTORS - centre, axis=1).mean()
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), spread)
    lengths = np.linalg.norm(plain.predict(MEANS) - centre, axis=1).mean()
    assert restored.shrinkage_ == pytest.approx(lengths / spread) and restored.shrinkage_ < 0.6
    together = NormRestoration(inner, each=False).fit(X, Z)
    np.testing.assert_allclose(together.predict(NEW) - centre, before / restored.shrinkage_)
