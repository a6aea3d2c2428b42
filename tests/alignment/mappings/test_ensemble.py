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


def test_members_weigh_as_given_and_by_default_rcsls_twice():
    members = [("a", Procrustes()), ("b", KernelRidgeMapping())]
    mapping = Ensemble(members, weights=[3.0, 0.0]).fit(X, Z)
    first = mapping.mappings_[0].predict(NEW) - mapping.z_mean_
    expected = mapping.z_mean_ + mapping.lengths_.mean() / mapping.lengths_[0] * first
    np.testing.assert_allclose(mapping.predict(NEW), expected)
    assert not hasattr(members[0][1], "rotation_")  # a copy is fitted
    default = Ensemble().fit(X, Z)
    kernel_ridge, rcsls = (
        (member.predict(NEW) - default.z_mean_) / length
        for member, length in zip(default.mappings_, default.lengths_, strict=True)
    )
    expected = default.z_mean_ + default.lengths_.mean() * (kernel_ridge + 2 * rcsls) / 3
    np.testing.assert_allclose(default.predict(NEW), expected)


def test_ensemble_refuses_another_number_of_weights():
    with pytest.raises(InputError, match="has 2 mappings and 1 weights; each needs one"):
        Ensemble(weights=[1.0]).fit(X, Z)
