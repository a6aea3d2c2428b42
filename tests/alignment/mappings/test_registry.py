"""What holds for every mapping: scikit-learn's own checks, the registry, what a fitted one keeps."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS, make_mapping
from alignment.mappings.base import MappingRegressor, pairs_by_class, requested_metadata
from alignment.mappings.late_fusion import LateFusion
from alignment.mappings.relative import RelativeRepresentation
from alignment.mappings.within_class_whitening import WithinClassWhitening
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, LABELS, MEANS, NEW, K, X, Z

FEW_ITERATIONS = {
    "mlp-squared": {"max_iter": 2},
    "mlp-contrastive": {"max_iter": 2},
    "structure": {"max_iter": 2},
    "gromov-wasserstein": {"max_iter": 3, "epsilon": 0.1},
}

IN_PLACE = "scikit-learn's Pipeline fits the very steps it is given"
FLOAT32 = "cosines in float32 are rounded otherwise for one sentence than for many, by some 1e-7"
EXPECTED_FAILURES = {
    Pipeline: {"check_estimators_overwrite_params": IN_PLACE, "check_dont_overwrite_parameters": IN_PLACE},
    LateFusion: {"check_methods_subset_invariance": FLOAT32},  # on one thread; on several it passes
}


@pytest.mark.slow  # more than a thousand
@parametrize_with_checks(
    [make_mapping(key, **FEW_ITERATIONS.get(key, {})) for key in MAPPINGS]
    + [RelativeRepresentation(), WithinClassWhitening()],
    expected_failed_checks=lambda estimator: EXPECTED_FAILURES.get(type(estimator), {}),
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("key", MAPPINGS)
class TestEveryMapping:
    def test_predicts_float_rows_and_repeats_itself(self, key):
        mapping = make_mapping(key, **FEW_ITERATIONS.get(key, {}))
        first = mapping.fit(X, Z).predict(NEW)
        assert first.shape == (len(NEW), D_CLASS) and first.dtype.kind == "f" and np.isfinite(first).all()
        np.testing.assert_array_equal(first, clone(mapping).fit(X, Z).predict(NEW))

    def test_takes_float32_and_predicts_alike(self, key):
        mapping = make_mapping(key, **FEW_ITERATIONS.get(key, {})).fit(X, Z)
        np.testing.assert_allclose(mapping.predict(NEW.astype(np.float32)), mapping.predict(NEW), rtol=1e-3, atol=1e-3)

    def test_class_space_may_be_the_wider_one(self, key):
        mapping = make_mapping(key, **FEW_ITERATIONS.get(key, {})).fit(Z, X)
        assert mapping.predict(CLASS_VECTORS).shape == (K, D_TEXT)

    def test_it_knows_the_candidates_only_where_its_entry_says_so(self, key):
        assert ("candidates" in requested_metadata(make_mapping(key))) == MAPPINGS[key].knows_candidates

    def test_its_registry_entry_is_complete(self, key):
        spec = MAPPINGS[key]
        assert spec.key == key and spec.label and spec.reference
        assert spec.explanation.endswith(".") and len(spec.explanation) < 120
        for name, values in spec.grid.items():
            for value in values:
                make_mapping(key, **{name: value})


@pytest.mark.parametrize("key", MAPPINGS)
def test_every_hyperparameter_says_what_it_may_be(key):
    mapping = make_mapping(key)
    for _, step in getattr(mapping, "steps", [("", mapping)]):
        assert set(step.parameter_constraints) == set(step.get_params(deep=False))


def test_registry_refuses_what_it_does_not_know():
    assert DEFAULT_MAPPING in MAPPINGS
    with pytest.raises(ValueError, match="no mapping 'magic'; choose one of least-squares, ridge"):
        make_mapping("magic")
    with pytest.raises(ValueError, match=r"no mapping 'Ridge'; did you mean ridge\? Choose one of least-"):
        make_mapping("Ridge")
    with pytest.raises(ValueError, match=r"has no setting 'heat'; it has temperature\."):
        make_mapping("prototypes", heat=1)
    with pytest.raises(ValueError, match="it has whitening__shrinkage, mapping__n_neighbors, mapping__temp"):
        make_mapping("nearest-sentences", shrinkage=1)


def test_mappings_take_part_in_scikit_learns_model_selection():
    predictions = cross_val_predict(make_mapping("ridge"), X, Z, groups=LABELS, cv=LeaveOneGroupOut())
    assert predictions.shape == Z.shape
    search = GridSearchCV(make_mapping("prototypes"), MAPPINGS["prototypes"].grid, cv=3).fit(X, Z)
    for name, value in search.best_params_.items():
        assert value in MAPPINGS["prototypes"].grid[name]
    with config_context(enable_metadata_routing=True):
        mapping = make_mapping("learned-attention", epochs=1)
        predictions = cross_val_predict(mapping, X, Z, params={"groups": LABELS}, cv=GroupKFold(2))
    assert predictions.shape == Z.shape


def test_pairs_by_class_are_class_means():
    order = np.random.default_rng(1).permutation(len(X))
    means, vectors = pairs_by_class(X[order], Z[order])
    by_vector = {tuple(vector): mean for vector, mean in zip(vectors, means, strict=True)}
    np.testing.assert_allclose([by_vector[tuple(vector)] for vector in CLASS_VECTORS], MEANS)


@pytest.mark.parametrize("key", ["csa", "reverse-kernel-ridge", "late-fusion"])
def test_what_a_mapping_compares_itself_is_checked_as_what_it_predicts_from(key):
    """NaN came back as NaN, a table as a table, and one that is not fitted lacked some attribute."""
    mapping = make_mapping(key)
    with pytest.raises(NotFittedError):
        mapping.candidate_similarities(NEW)
    expected = mapping.fit(X, Z).candidate_similarities(NEW)
    for same in (NEW.tolist(), pd.DataFrame(NEW), np.asfortranarray(NEW)):
        np.testing.assert_allclose(mapping.candidate_similarities(same), expected, rtol=1e-6)
        assert type(mapping.candidate_similarities(same)) is np.ndarray
    for wrong, message in ((NEW * np.nan, "contains NaN"), (NEW[:, :2], "has 2 features"), (NEW[0], "Expected 2D")):
        with pytest.raises(ValueError, match=message):
            mapping.candidate_similarities(wrong)


@pytest.mark.parametrize(
    "key, metadata",
    [
        ("late-fusion", {"descriptive": [True]}),
        ("late-fusion", {"membership": csr_array(np.eye(K)[LABELS][1:]), "candidates": CLASS_VECTORS}),
        ("reverse-kernel-ridge", {"descriptive": np.ones(3, bool)}),
        ("learned-attention", {"groups": LABELS[1:]}),
        ("learned-attention", {"membership": csr_array(np.eye(K)[LABELS][1:])}),
    ],
)
def test_metadata_of_sentences_are_one_for_each(key, metadata):
    """A single flag counted for all sentences; others ended in errors about the shapes of products."""
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        make_mapping(key).fit(X, Z, **metadata)


@pytest.mark.parametrize(
    "key, requested",
    [
        ("ridge", set()),
        ("ensemble", set()),
        ("learned-attention", {"groups", "membership"}),
        ("nearest-sentences", {"within_class_covariance"}),
        ("linear-softmax", {"within_class_covariance"}),
    ],
)
def test_what_mappings_request(key, requested):
    assert requested_metadata(make_mapping(key)) == requested
    assert requested_metadata(GridSearchCV(make_mapping(key), MAPPINGS[key].grid)) == requested


@pytest.mark.parametrize("key", MAPPINGS)
def test_a_fitted_mapping_holds_arrays_numbers_and_fitted_mappings_alone(key):
    """So that it can be stored as data; nothing of the metadata of ``fit`` stays with it."""
    pairs = SeedPairs(X, csr_array(np.eye(K, dtype=bool)[LABELS]), CLASS_VECTORS, groups=np.arange(len(X)) // 2)
    assert not set(_odd(fit_pairs(make_mapping(key, **FEW_ITERATIONS.get(key, {})), pairs)))


def _odd(value):
    """Names of fitted attributes of other kinds, or without the trailing underscore."""
    if isinstance(value, Pipeline):
        for _, step in value.steps:
            yield from _odd(step)
    elif isinstance(value, BaseEstimator):
        for name, fitted in vars(value).items():
            if name in value.get_params(deep=False) or name == "n_features_in_":
                continue
            if not name.endswith("_") or name.startswith("_"):
                yield name
            values = fitted if isinstance(fitted, list) else [fitted]
            for each in values:
                if not isinstance(each, np.ndarray | np.generic | float | int | BaseEstimator | None):
                    yield name
                yield from _odd(each)


@pytest.mark.parametrize("key", list(MAPPINGS))
def test_every_docstring_says_what_becomes_of_sentences_that_name_several_classes(key):
    mapping = make_mapping(key)
    described = [step for _, step in getattr(mapping, "steps", [("", mapping)])]
    described += [value for value in mapping.get_params().values() if isinstance(value, MappingRegressor)]
    assert all("name several classes" in " ".join(type(step).__doc__.split()) for step in described)
