"""The ensemble against an independent computation of the formula."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.mappings.ensemble import Ensemble
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.procrustes import Procrustes
from tests.alignment.mappings.toy import MEANS, NEW, X, Z


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


def test_ensemble_refuses_another_number_of_weights():
    with pytest.raises(InputError, match="has 2 mappings and 1 weights; each needs one"):
        Ensemble(weights=[1.0]).fit(X, Z)
