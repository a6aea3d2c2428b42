"""Linear regression: least squares, and ridge with cross-validated penalty."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np

from alignment.errors import InputError, first_line
from alignment.mappings.base import AffinePrediction, MappingRegressor, pairs_by_class
from alignment.mappings.hyperparameters import PENALTIES, Constraint, choice, constraints, is_whole, optional
from alignment.mappings.sufficient_statistics import PairSums, pair_sums
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of

FIT_ON = ("classes", "sentences")
FOLDS_WANTED = "a number of folds of classes, 2 or more, or what divides them, such as KFold(5)"


def _makes_folds(cv) -> bool:
    return cv >= 2 if is_whole(cv) else hasattr(cv, "get_n_splits") and not isinstance(cv, type)


class LeastSquares(AffinePrediction, MappingRegressor):
    """Least squares with an intercept.

    Minimises ``sum_i |z_i - z̄ - (x_i - x̄) W|²``; ``predict`` gives ``z̄ + (x - x̄) W``. Among several
    minimisers the smallest W is taken.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target: fitted on classes, each such set of classes is one more equation; on sentences, each sentence is.

    Parameters
    ----------
    fit_on : {"classes", "sentences"}, default="classes"
        One equation per class (its mean sentence) or one per sentence.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Mikolov, Le and Sutskever (2013), Exploiting similarities among languages for machine translation,
    arXiv:1309.4168.

    Examples
    --------
    >>> X = np.array([[0., 1.], [1., 0.], [2., 2.]])
    >>> LeastSquares().fit(X, X @ [[2.], [1.]]).predict([[1., 1.]])
    array([[3.]])
    """

    fits_in_blocks = True
    parameter_constraints = constraints(fit_on=choice(FIT_ON))

    def __init__(self, *, fit_on="classes"):
        self.fit_on = fit_on

    def _fit(self, X, Z):
        if self.fit_on == "classes":
            X, Z = pairs_by_class(X, Z)
        sums = pair_sums(X, Z)
        self.x_mean_, self.z_mean_ = sums.x_mean, sums.z_mean
        if len(X) <= 2 * X.shape[1]:
            self.coef_ = np.linalg.lstsq(X - self.x_mean_, Z - self.z_mean_)[0]
        else:  # d x d sums, however many sentences there are
            self.coef_ = np.linalg.pinv(sums.xx, rtol=None, hermitian=True) @ sums.xz  # type: ignore[call-overload]


class CrossValidatedRidge(AffinePrediction, MappingRegressor):
    """Ridge regression with a penalty chosen by leave-one-class-out cross-validation.

    Minimises ``sum_i |z_i - z̄ - (x_i - x̄) W|² + alpha s |W|²`` where ``s`` is the mean variance of a text
    dimension times n, so that alpha means the same for any encoder. ``predict`` gives ``z̄ + (x - x̄) W``.

    With ``(x_i - x̄)`` as rows of A, one decomposition ``A = U S Vᵀ`` gives the solution for every alpha. The prediction
    for a left-out class b follows from the fit with it, as for single rows in leave-one-out:
    ``z_b - ẑ_b = (I - H_bb)⁻¹ (z_b - ẑ_b^full)``, ``H = U S² / (S² + alpha s) Uᵀ + 1/n``.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target; fitted on classes, and in the choice of alpha, each such set of classes counts as one more class.

    Parameters
    ----------
    alphas : float or sequence of floats, default from 0.001 to 30
        Penalties to choose from; a single one is used without choice.
    fit_on : {"classes", "sentences"}, default="classes"
        One equation per sentence, which also penalises directions in which sentences of a class differ,
        or one per class (its mean sentence).
    cv : int, splitter or None, default=None
        Number of folds of classes (class k is in fold k mod cv) instead of leaving out one class at a time; or a
        scikit-learn splitter that holds out every class once, such as ``KFold(5)``. The errors of all penalties
        follow from sums over each fold, so that every sentence is read once.

    Attributes
    ----------
    alpha_ : float
        The chosen penalty.
    cv_errors_ : ndarray of shape (n_alphas,)
        Mean squared error of left-out classes for every penalty; not set for a single one.
    coef_ : ndarray of shape (d_text, d_class)
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634; Golub, Heath and Wahba (1979),
    doi:10.1080/00401706.1979.10489751, for the leave-one-out identity.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 3))
    >>> CrossValidatedRidge().fit(X, X @ rng.normal(size=(3, 2))).alpha_
    0.001
    """

    fits_in_blocks = True
    parameter_constraints = constraints(
        alphas=PENALTIES, fit_on=choice(FIT_ON), cv=optional(Constraint(FOLDS_WANTED, _makes_folds))
    )

    def __init__(self, *, alphas=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0), fit_on="classes", cv=None):
        self.alphas = alphas
        self.fit_on = fit_on
        self.cv = cv

    def _fit(self, X, Z):
        alphas = np.atleast_1d(np.asarray(self.alphas, dtype=float))
        if self.fit_on == "classes":
            X, Z = pairs_by_class(X, Z)
        choose = len(alphas) > 1 and len(X) > 1
        folds = self._folds(X, Z) if choose and self.cv is not None else [pair_sums(X, Z)]
        sums = reduce(add, folds)
        self.x_mean_, self.z_mean_ = sums.x_mean, sums.z_mean
        variances, V = principal_axes(X, sums)
        scale = variances.sum() / X.shape[1] or 1.0
        projected = V.T @ sums.xz
        if choose and self.cv is not None:
            others = (reduce(add, folds[:fold] + folds[fold + 1 :]) for fold in range(len(folds)))
            errors = [held_out_errors(train, test, alphas) for train, test in zip(others, folds, strict=True)]
            self.cv_errors_ = np.sum(errors, axis=0) / Z.size
        elif choose:
            self.cv_errors_ = self._left_out_errors(X, Z, variances, V, projected, alphas * scale)
        self.alpha_ = float(alphas[np.argmin(self.cv_errors_)] if choose else alphas[0])
        self.coef_ = V @ (projected / (variances + self.alpha_ * scale)[:, None])

    def _folds(self, X, Z) -> list[PairSums]:
        """Sums over each fold of classes."""
        vectors, labels = classes_of(Z)
        numbers = folds_of_classes(self.cv, len(vectors))[labels]
        return [pair_sums(X, Z, np.flatnonzero(numbers == fold)) for fold in range(numbers.max() + 1)]

    def _left_out_errors(self, X, Z, variances, V, projected, penalties):
        """Leave-one-class-out mean squared error, one entry per penalty."""
        _, labels = classes_of(Z)
        sizes = np.bincount(labels)
        scores = (X - self.x_mean_) @ V  # = U S
        alone = sizes[labels] == 1
        several = [np.flatnonzero(labels == label) for label in np.flatnonzero(sizes > 1)]
        errors = np.zeros(len(penalties))
        for p, penalty in enumerate(penalties):
            at_step(p, len(penalties))
            shrink = 1.0 / (variances + penalty)
            residuals = Z - self.z_mean_ - scores @ (projected * shrink[:, None])
            leverage = scores[alone] ** 2 @ shrink + 1.0 / len(X)
            errors[p] = np.sum((residuals[alone] / np.maximum(1.0 - leverage, 1e-12)[:, None]) ** 2)
            for rows in several:
                hat = (scores[rows] * shrink) @ scores[rows].T + 1.0 / len(X)
                errors[p] += np.sum(np.linalg.lstsq(np.eye(len(rows)) - hat, residuals[rows])[0] ** 2)
        return errors / Z.size


def folds_of_classes(cv, count: int) -> np.ndarray:
    """Fold in which each of ``count`` classes is held out, by a number of folds or a splitter: int array (count,).

    Raises
    ------
    InputError
        For more folds than classes, and for a splitter that does not hold out every class once.
    """
    if is_whole(cv):
        if cv > count:
            raise InputError(f"cv can be 2 to {count}, the number of classes; got {cv}.")
        return np.arange(count) % cv
    try:
        held_out = [rows for _, rows in cv.split(np.zeros((count, 1)))]
    except (TypeError, ValueError) as error:
        raise InputError(f"cv, {cv!r}, cannot divide {count} classes: {first_line(error)}") from error
    if not np.array_equal(np.sort(np.concatenate(held_out)), np.arange(count)):
        raise InputError(f"cv must hold out every class once, as KFold(5) does; {cv!r} does not.")
    numbers = np.empty(count, int)
    for fold, rows in enumerate(held_out):
        numbers[rows] = fold
    return numbers


def principal_axes(X: np.ndarray, sums: PairSums) -> tuple[np.ndarray, np.ndarray]:
    """Principal axes of centred text vectors, with the sum of squares along each.

    With fewer vectors than dimensions the vectors themselves are decomposed, which is cheaper: 250 vectors of 1536
    numbers need a decomposition of 250 x 1536, not of 1536 x 1536.

    Parameters
    ----------
    X : ndarray of shape (n, d_text)
    sums : PairSums
        Sums of X.

    Returns
    -------
    variances : ndarray of shape (r,), r = min(n, d_text)
    V : ndarray of shape (d_text, r)
        ``V diag(variances) Vᵀ = sums.xx``.
    """
    if sums.count < len(sums.xx):
        singular_values, Vt = np.linalg.svd(np.asarray(X, dtype=np.float64) - sums.x_mean, full_matrices=False)[1:]
        return singular_values**2, Vt.T
    variances, V = np.linalg.eigh(sums.xx)
    return np.maximum(variances, 0.0), V


def held_out_errors(train: PairSums, test: PairSums, alphas: np.ndarray) -> np.ndarray:
    """Sum of squared errors of ridge on held-out pairs, one entry per penalty, computed from the sums alone.

    With ``V diag(v) Vᵀ = train.xx``, ``p = Vᵀ train.xz`` and ``w = p / (v + alpha s)`` the weights, the error is
    ``|Z|² - 2 <w, Vᵀ XᵀZ> + <w, Vᵀ XᵀX V w>`` over the held-out pairs, centred with the means of the fit.

    Parameters
    ----------
    train, test : PairSums
    alphas : ndarray of shape (n_alphas,)

    Returns
    -------
    ndarray of shape (n_alphas,)
    """
    dx, dz = test.x_mean - train.x_mean, test.z_mean - train.z_mean
    variances, V = np.linalg.eigh(train.xx)
    variances = np.maximum(variances, 0.0)
    shrink = 1.0 / (variances + np.asarray(alphas)[:, None] * (variances.mean() or 1.0))  # (n_alphas, d_text)
    projected = V.T @ train.xz
    xx = V.T @ (test.xx + test.count * np.outer(dx, dx)) @ V
    xz = V.T @ (test.xz + test.count * np.outer(dx, dz))
    zz = test.zz + test.count * float(dz @ dz)
    squares = np.sum((shrink @ (xx * (projected @ projected.T))) * shrink, axis=1)
    return np.maximum(zz - 2.0 * shrink @ np.sum(projected * xz, axis=1) + squares, 0.0)
