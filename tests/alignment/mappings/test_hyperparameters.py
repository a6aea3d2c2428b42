"""Every hyper-parameter of every mapping is what it may be, or is refused in one sentence."""

import re

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from alignment.errors import InputError
from alignment.mappings import MAPPINGS, make_mapping
from alignment.mappings.ensemble import Ensemble
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.linear import CrossValidatedRidge
from alignment.mappings.norm_restoration import NormRestoration
from alignment.mappings.procrustes import Procrustes
from tests.alignment.mappings.toy import X, Z


def _families():
    """One of every class of the registry, the steps of pipelines by themselves."""
    made = [make_mapping(key) for key in MAPPINGS]
    steps = [step for mapping in made for _, step in getattr(mapping, "steps", [("", mapping)])]
    return {type(step): step for step in steps}.values()


SETTINGS = [(family, name) for family in _families() for name in family.get_params(deep=False)]


@pytest.mark.parametrize("family, name", SETTINGS, ids=lambda value: value if isinstance(value, str) else repr(value))
@pytest.mark.parametrize("value", [float("nan"), -1, "a", [], {}, [float("nan")], [-1.0]], ids=str)
def test_what_no_setting_may_be(family, name, value):
    if name == "unseen_bonus" and value == -1:
        pytest.skip("a bonus may be below 0")
    shown = re.escape(repr(value))
    mapping = type(family)(**{name: value})
    with pytest.raises(InputError, match=f"^{name} of {type(family).__name__} is {shown}; it must be [^.]*\\.$"):
        mapping.fit(X, Z)


@pytest.mark.parametrize(
    "mapping, message",
    [
        (make_mapping("prototypes", temperature=0), "is 0; it must be a finite number above 0."),
        (make_mapping("prototypes", temperature=True), "is True; it must be a finite number above 0."),
        (make_mapping("prototypes", temperature=np.inf), "is inf; it must be a finite number above 0."),
        (make_mapping("prototypes", temperature=10**400), "0...; it must be a finite number above 0."),
        (make_mapping("prototypes", temperature=None), "is None; it must be a finite number above 0."),
        (make_mapping("late-fusion", scale=0.0), "is 0.0; it must be a finite number above 0."),
        (make_mapping("reverse-kernel-ridge", descriptive_share=1.0), "it must be a number above 0 and below 1."),
        (make_mapping("mlp-squared", validation_fraction=1), "it must be a number from 0 to below 1."),
        (make_mapping("cca", n_components=2.0), "is 2.0; it must be a whole number, 1 or more."),
        (make_mapping("structure", levels=0), "is 0; it must be a whole number, 1 or more."),
        (Procrustes(n_components=0), "is 0; it must be None, or a whole number, 1 or more."),
        (Procrustes(scale=2.0), "is 2.0; it must be one of True, False."),
        (Procrustes(fit_on=["classes"]), "is ['classes']; it must be one of 'classes', 'sentences'."),
        (CrossValidatedRidge(alphas=None), "is None; it must be a finite number above 0, or a list of such."),
        (CrossValidatedRidge(alphas=[0.1, 0.0]), "is [0.1, 0.0]; it must be a finite number above 0, or a list"),
        (CrossValidatedRidge(alphas=np.ones((2, 2))), "it must be a finite number above 0, or a list of such."),
        (CrossValidatedRidge(cv=1), "is 1; it must be None, or a number of folds of classes, 2 or more, or what"),
        (Ensemble(weights=[np.nan, 1]), "is [nan, 1]; it must be None, or a list of finite numbers"),
        (Ensemble(weights=[0, 0]), "is [0, 0]; it must be None, or a list of finite numbers, 0 or more and one"),
        (Ensemble(weights=[-1, 2]), "is [-1, 2]; it must be None, or a list of finite numbers, 0 or more and one"),
        (Ensemble([Procrustes()]), "is [Procrustes()]; it must be None, or a list of (name, regressor)."),
        (NormRestoration("ridge"), "is 'ridge'; it must be None, or a regressor, as from make_mapping('ridge')."),
        (NormRestoration(Procrustes), "it must be None, or a regressor, as from make_mapping('ridge')."),
    ],
)
def test_what_this_setting_may_not_be(mapping, message):
    with pytest.raises(InputError, match=re.escape(message)):
        mapping.fit(X, Z)


@pytest.mark.parametrize(
    "mapping",
    [
        KernelRidgeMapping(gamma=np.float32(0.5), alphas=range(1, 4)),
        CrossValidatedRidge(alphas=np.logspace(-2, 2, 5), cv=np.int64(3)),
        CrossValidatedRidge(alphas=(1,)),
        Procrustes(whiten=np.bool_(True), n_components=np.int32(2)),
        make_mapping("learned-attention", random_state=np.random.RandomState(0), epochs=1),
        make_mapping("learned-attention", random_state=None, epochs=1),
        Ensemble(weights=np.array([0, 1])),
        make_mapping("reverse-kernel-ridge", unseen_bonus=-0.1),
    ],
    ids=lambda mapping: type(mapping).__name__,
)
def test_what_numpy_and_scikit_learn_give_for_a_setting(mapping):
    assert isinstance(mapping.fit(X, Z), BaseEstimator)


def test_predictions_that_are_no_numbers_are_refused():
    extreme = make_mapping("prototypes", temperature=1e-320).fit(X, Z)
    with (
        pytest.warns(RuntimeWarning),
        pytest.raises(InputError, match=r"^Prototypes\(.*\) predicts numbers that are not"),
    ):
        extreme.predict(X)
