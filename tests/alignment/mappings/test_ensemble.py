"""Ensemble and norm restoration against an independent computation of the formula."""

import numpy as np
import pytest
from scipy import stats
from sklearn.base import clone

from alignment.mappings.ensemble import Ensemble
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.norm_restoration import NormRestoration
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.relative import RelativeRepresentation
from alignment.vectors.groups import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_TEXT, MEANS, NEW, X, Z


def test_relative_representations_are_cosines_to_class_means():
    transformer = RelativeRepresentation(6, random_state=1).fit(X, Z)
    R = transformer.transform(NEW)
    centre = MEANS.mean(axis=0)
    cosines = unit_rows(NEW - centre) @ unit_rows(MEANS - centre).T
    assert R.shape == (7, 6)
    assert all(np.isclose(cosines, column[:, None]).all(axis=0).any() for column in R.T)


def test_relative_representations_do_not_change_under_rotation():
    rotation = stats.ortho_group(D_TEXT, seed=0).rvs()
    expected = RelativeRepresentation().fit(X, Z).transform(NEW)
    np.testing.assert_allclose(
        RelativeRepresentation().fit(3 * X @ rotation, Z).transform(3 * NEW @ rotation), expected
    )


def test_ensemble_of_one_is_that_one():
    expected = Procrustes().fit(X, Z).predict(NEW)
    np.testing.assert_allclose(Ensemble([("only", Procrustes())]).fit(X, Z).predict(NEW), expected)


def test_ensemble_ignores_the_length_of_its_members():
    small = Ensemble([("a", Procrustes()), ("b", KernelRidgeMapping(alphas=50.0))]).fit(X, Z)
    shifted = (small.predict(NEW) - small.z_mean_) / small.lengths_.mean()
    members = [(m.predict(NEW) - small.z_mean_) / r for m, r in zip(small.mappings_, small.lengths_, strict=False)]
    np.testing.assert_allclose(shifted, np.mean(members, axis=0))
    for member, r in zip(small.mappings_, small.lengths_, strict=False):
        assert np.sqrt(np.mean(np.sum((member.predict(MEANS) - small.z_mean_) ** 2, axis=1))) == pytest.approx(r)


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
def test_ensemble_refuses_odd_weights(weights):
    with pytest.raises(ValueError, match="weights must be 2 numbers"):
        Ensemble(weights=weights).fit(X, Z)


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
