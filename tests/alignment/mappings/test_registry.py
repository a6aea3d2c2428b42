"""What holds for every mapping: scikit-learn's own checks, the registry, classes read off the targets."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from alignment.mappings import DEFAULT_MAPPING, MAPPINGS, make_mapping
from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.mappings.relative import RelativeRepresentation
from alignment.vectors.groups import classes_of, unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, LABELS, MEANS, NEW, K, X, Z

QUICK = {
    "mlp-squared": {"max_iter": 2},
    "mlp-contrastive": {"max_iter": 2},
    "gromov-wasserstein": {"max_iter": 3, "epsilon": 0.1},
}

IN_PLACE = "scikit-learn's Pipeline fits the very steps it is given"


@parametrize_with_checks(
    [make_mapping(key, **QUICK.get(key, {})) for key in MAPPINGS] + [RelativeRepresentation()],
    expected_failed_checks=lambda estimator: (
        {"check_estimators_overwrite_params": IN_PLACE, "check_dont_overwrite_parameters": IN_PLACE}
        if isinstance(estimator, Pipeline)
        else {}
    ),
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("key", MAPPINGS)
class TestEveryMapping:
    def test_predicts_float_rows_and_repeats_itself(self, key):
        mapping = make_mapping(key, **QUICK.get(key, {}))
        first = mapping.fit(X, Z).predict(NEW)
        assert first.shape == (len(NEW), D_CLASS) and first.dtype.kind == "f" and np.isfinite(first).all()
        np.testing.assert_array_equal(first, clone(mapping).fit(X, Z).predict(NEW))

    def test_takes_float32_and_answers_alike(self, key):
        mapping = make_mapping(key, **QUICK.get(key, {})).fit(X, Z)
        np.testing.assert_allclose(mapping.predict(NEW.astype(np.float32)), mapping.predict(NEW), rtol=1e-3, atol=1e-3)

    def test_class_space_may_be_the_wider_one(self, key):
        mapping = make_mapping(key, **QUICK.get(key, {})).fit(Z, X)
        assert mapping.predict(CLASS_VECTORS).shape == (K, D_TEXT)

    def test_its_registry_entry_is_complete(self, key):
        spec = MAPPINGS[key]
        assert spec.key == key and spec.label and spec.reference
        assert spec.explanation.endswith(".") and len(spec.explanation) < 120
        for name, values in spec.grid.items():
            for value in values:
                make_mapping(key, **{name: value})


def test_registry_refuses_what_it_does_not_know():
    assert DEFAULT_MAPPING in MAPPINGS
    with pytest.raises(ValueError, match="no mapping 'magic'; choose one of least-squares, ridge"):
        make_mapping("magic")
    with pytest.raises(ValueError, match=r"has no setting 'heat'; it has .*temperature"):
        make_mapping("prototypes", heat=1)


def test_mappings_take_part_in_scikit_learns_model_selection():
    predictions = cross_val_predict(make_mapping("ridge"), X, Z, groups=LABELS, cv=LeaveOneGroupOut())
    assert predictions.shape == Z.shape
    search = GridSearchCV(make_mapping("prototypes"), MAPPINGS["prototypes"].grid, cv=3).fit(X, Z)
    for name, value in search.best_params_.items():
        assert value in MAPPINGS["prototypes"].grid[name]


class TestBase:
    def test_classes_come_in_order_of_appearance(self):
        vectors, labels = classes_of(np.array([[2.0, 0.0], [1.0, 1.0], [2.0, -0.0]]))
        assert vectors.tolist() == [[2.0, 0.0], [1.0, 1.0]] and labels.tolist() == [0, 1, 0]

    def test_class_means(self):
        order = np.random.default_rng(1).permutation(len(X))
        means, vectors = pairs_by_class(X[order], Z[order])
        by_vector = {tuple(vector): mean for vector, mean in zip(vectors, means, strict=False)}
        np.testing.assert_allclose([by_vector[tuple(vector)] for vector in CLASS_VECTORS], MEANS)

    def test_zero_stays_zero(self):
        assert unit_rows(np.zeros((1, 3))).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("key", list(MAPPINGS))
def test_every_docstring_says_what_becomes_of_sentences_that_name_several_classes(key):
    mapping = make_mapping(key)
    described = [step for _, step in getattr(mapping, "steps", [("", mapping)])]
    described += [value for value in mapping.get_params().values() if isinstance(value, MappingRegressor)]
    assert all("name several classes" in " ".join(type(step).__doc__.split()) for step in described)
