"""Within-class whitening against an independent computation of the formula, and in a pipeline."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.model_selection import GridSearchCV

from alignment.mappings import make_mapping
from alignment.mappings.prototypes import Prototypes
from alignment.mappings.within_class_whitening import WithinClassWhitening, low_rank_factor, whitening_matrix
from alignment.vectors.class_means import group_means, unit_rows
from tests.alignment.mappings.toy import D_TEXT, LABELS, NEW, X, Z


def test_without_shrinkage_the_covariance_within_classes_is_the_identity():
    whitening = WithinClassWhitening(1e-9).fit(X, Z)
    whitened = unit_rows(X) @ whitening.whitening_
    differences = whitened - group_means(whitened, LABELS)[LABELS]
    covariance = differences.T @ differences
    np.testing.assert_allclose(covariance / covariance[0, 0], np.eye(D_TEXT), atol=1e-5)
    np.testing.assert_allclose(whitening.transform(X), unit_rows(whitened))


def test_with_much_shrinkage_it_only_scales_to_length_1():
    np.testing.assert_allclose(WithinClassWhitening(1e9).fit(X, Z).transform(NEW), unit_rows(NEW), rtol=1e-6)


def test_a_direction_of_the_given_covariance_has_hardly_any_weight_left():
    direction = unit_rows(np.random.default_rng(1).normal(size=(1, D_TEXT)))[0]
    whitening = WithinClassWhitening(1e-3).fit(X, Z, within_class_covariance=np.outer(direction, direction))
    mapping, plain = Prototypes().fit(whitening.transform(X), Z), Prototypes().fit(X, Z)
    before, after = unit_rows(NEW), unit_rows(NEW) + 0.3 * direction
    moved = np.linalg.norm(mapping.predict(whitening.transform(before)) - mapping.predict(whitening.transform(after)))
    assert moved < 0.1 * np.linalg.norm(plain.predict(before) - plain.predict(after))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sentences", [0, 3, 11, 12, 40])  # of fewer than half as many as dimensions, a factor is taken
def test_the_matrix_is_that_of_the_formula_however_few_sentences_there_are(sentences, dtype):
    A = np.random.default_rng(0).normal(size=(sentences, 24))
    S = A.T @ A
    scaled = S / (np.trace(S) / 24 or 1.0)
    found = whitening_matrix(S.astype(dtype), 0.3)
    assert found.dtype == dtype and (low_rank_factor(S) is None) == (sentences >= 12)
    np.testing.assert_allclose(found @ (scaled + 0.3 * np.eye(24)) @ found, np.eye(24), atol=100 * np.finfo(dtype).eps)


def test_a_covariance_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"within_class_covariance must be of shape \(8, 8\), got \(2, 2\)"):
        WithinClassWhitening().fit(X, Z, within_class_covariance=np.eye(2))


def test_pipelines_and_grid_searches_pass_the_covariance_on():
    covariance = np.diag(np.arange(1.0, D_TEXT + 1))
    expected = WithinClassWhitening().fit(X, Z, within_class_covariance=covariance).whitening_
    with config_context(enable_metadata_routing=True):
        mapping = make_mapping("nearest-sentences").fit(X, Z, within_class_covariance=covariance)
        search = GridSearchCV(make_mapping("nearest-sentences"), {"mapping__n_neighbors": [3, 5]}, cv=2)
        search.fit(X, Z, within_class_covariance=covariance)
    np.testing.assert_array_equal(mapping["whitening"].whitening_, expected)
    np.testing.assert_array_equal(search.best_estimator_["whitening"].whitening_, expected)
