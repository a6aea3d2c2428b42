"""Least squares and ridge against an independent computation of the formula."""

import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.linear_model import Ridge as SklearnRidge
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    PredefinedSplit,
    ShuffleSplit,
    cross_val_predict,
)

from alignment.errors import InputError
from alignment.mappings.base import pairs_by_class
from alignment.mappings.correlation import CanonicalCorrelation
from alignment.mappings.linear import CrossValidatedRidge, LeastSquares
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.vecmap import WhitenedRotation
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, MEANS, NEW, K, X, Z


@pytest.mark.parametrize("n", [10, len(X)])  # fewer and more rows than the switch to sums of products
def test_least_squares_is_scikit_learns(n):
    expected = LinearRegression().fit(X[:n], Z[:n]).predict(NEW)
    np.testing.assert_allclose(LeastSquares(fit_on="sentences").fit(X[:n], Z[:n]).predict(NEW), expected)


def test_fitting_on_classes_takes_means():
    expected = LinearRegression().fit(MEANS, CLASS_VECTORS).predict(NEW)
    np.testing.assert_allclose(LeastSquares().fit(X, Z).predict(NEW), expected)


@pytest.mark.parametrize("fit_on, A, B", [("sentences", X, Z), ("classes", MEANS, CLASS_VECTORS)])
def test_ridge_is_scikit_learns(fit_on, A, B):
    penalty = 0.3 * len(A) * A.var(axis=0).mean()
    expected = SklearnRidge(alpha=penalty).fit(A, B).predict(NEW)
    np.testing.assert_allclose(CrossValidatedRidge(alphas=0.3, fit_on=fit_on).fit(X, Z).predict(NEW), expected)


def test_ridge_with_fewer_sentences_than_dimensions(rng):
    wide, alphas = rng.normal(size=(12, 40)) + 1.0, (0.01, 0.3, 10.0)
    targets, new = rng.normal(size=(12, 3)), rng.normal(size=(4, 40))
    ridge = CrossValidatedRidge(alphas=alphas, fit_on="sentences").fit(wide, targets)
    scale = 12 * wide.var(axis=0).mean()
    expected = SklearnRidge(alpha=ridge.alpha_ * scale).fit(wide, targets).predict(new)
    np.testing.assert_allclose(ridge.predict(new), expected)
    for alpha, error in zip(alphas, ridge.cv_errors_, strict=True):
        left_out = cross_val_predict(SklearnRidge(alpha=alpha * scale), wide, targets, cv=LeaveOneOut())
        assert error == pytest.approx(np.mean((left_out - targets) ** 2))


def test_ridge_without_penalty_is_least_squares():
    np.testing.assert_allclose(
        CrossValidatedRidge(alphas=1e-12).fit(X, Z).predict(NEW), LeastSquares().fit(X, Z).predict(NEW), rtol=1e-5
    )


def test_left_out_classes_as_if_each_had_been_fitted_without():
    alphas = (0.01, 0.3, 10.0)
    ridge = CrossValidatedRidge(alphas=alphas, fit_on="sentences").fit(X, Z)
    scale = len(X) * X.var(axis=0).mean()
    for alpha, error in zip(alphas, ridge.cv_errors_, strict=False):
        predictions = cross_val_predict(SklearnRidge(alpha=alpha * scale), X, Z, groups=LABELS, cv=LeaveOneGroupOut())
        assert error == pytest.approx(np.mean((predictions - Z) ** 2))
    assert ridge.alpha_ == alphas[int(np.argmin(ridge.cv_errors_))]


def test_on_classes_the_choice_is_ridge_cvs():
    alphas = np.array([0.01, 0.1, 1.0, 10.0])
    scale = K * MEANS.var(axis=0).mean()
    expected = RidgeCV(alphas=alphas * scale).fit(MEANS, CLASS_VECTORS)
    assert CrossValidatedRidge(alphas=alphas).fit(X, Z).alpha_ == pytest.approx(expected.alpha_ / scale)


def test_many_sentences_are_summed_in_blocks(monkeypatch):
    whole = CrossValidatedRidge(fit_on="sentences").fit(X, Z).predict(NEW)
    monkeypatch.setattr("alignment.mappings.sufficient_statistics.BLOCK", 7)
    np.testing.assert_allclose(CrossValidatedRidge(fit_on="sentences").fit(X, Z).predict(NEW), whole)
    np.testing.assert_allclose(pairs_by_class(X, Z)[0], MEANS)


@pytest.mark.parametrize("fit_on, A, B", [("sentences", X, Z), ("classes", MEANS, CLASS_VECTORS)])
def test_folds_of_classes_as_if_each_had_been_fitted_without(fit_on, A, B):
    alphas, labels = (0.01, 0.3, 10.0), LABELS if fit_on == "sentences" else np.arange(K)
    ridge = CrossValidatedRidge(alphas=alphas, fit_on=fit_on, cv=3).fit(X, Z)
    for alpha, error in zip(alphas, ridge.cv_errors_, strict=True):
        predictions = cross_val_predict(
            CrossValidatedRidge(alphas=alpha, fit_on=fit_on), A, B, cv=PredefinedSplit(labels % 3)
        )
        assert error == pytest.approx(np.mean((predictions - B) ** 2))
    alone = CrossValidatedRidge(alphas=ridge.alpha_, fit_on=fit_on).fit(X, Z)
    np.testing.assert_allclose(ridge.predict(NEW), alone.predict(NEW))


def test_splitters_of_scikit_learn_make_the_folds():
    by_splitter = CrossValidatedRidge(cv=PredefinedSplit(np.arange(K) % 5)).fit(X, Z)
    np.testing.assert_array_equal(by_splitter.cv_errors_, CrossValidatedRidge(cv=5).fit(X, Z).cv_errors_)
    np.testing.assert_allclose(
        CrossValidatedRidge(cv=LeaveOneOut()).fit(X, Z).cv_errors_,
        CrossValidatedRidge(cv=KFold(K)).fit(X, Z).cv_errors_,
    )


@pytest.mark.parametrize(
    "cv, message",
    [
        (K + 1, f"cv can be 2 to {K}, the number of classes; got {K + 1}"),
        (KFold(K + 1), f"cannot divide {K} classes: Cannot have number of splits"),
        (GroupKFold(2), f"cannot divide {K} classes: The 'groups' parameter should not be None"),
        (ShuffleSplit(3, random_state=0), "cv must hold out every class once, as KFold"),
    ],
)
def test_folds_that_cannot_be(cv, message):
    with pytest.raises(InputError, match=message):
        CrossValidatedRidge(cv=cv).fit(X, Z)


@pytest.mark.parametrize(
    "mapping",
    [
        LeastSquares(),
        LeastSquares(fit_on="sentences"),
        CrossValidatedRidge(cv=3),
        CrossValidatedRidge(alphas=0.1, fit_on="sentences"),
        Procrustes(),
        Procrustes(fit_on="sentences"),
        WhitenedRotation(),
        CanonicalCorrelation(3),
    ],
)
def test_closed_forms_take_float32_sentences_without_a_copy_of_them(mapping):
    n = 40_000
    sentences, labels = np.tile(X, (n // len(X), 1)).astype(np.float32), np.tile(LABELS, n // len(X))
    vectors = CLASS_VECTORS.astype(np.float32)[labels]
    tracemalloc.start()
    mapping.fit(sentences, vectors)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < sentences.nbytes  # in float64 it would be twice that
    expected = clone(mapping).fit(sentences.astype(float), vectors.astype(float)).predict(NEW)
    np.testing.assert_allclose(mapping.predict(NEW), expected, rtol=1e-6)
