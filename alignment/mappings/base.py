"""Base class of all mappings: input validation, requested metadata, and averaging to one pair per class.

Decompositions are NumPy's, like the products between them: SciPy has a separate thread pool, and where the two
alternate, the threads of one wait for cores that those of the other still occupy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from alignment.errors import InputError
from alignment.mappings.hyperparameters import Constraint, check_hyperparameters, constraints
from alignment.mappings.sufficient_statistics import blocks
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, group_means, rows_as_bytes
from alignment.vectors.similarity import row_blocks

LEAST_MAGNITUDE, LARGEST_MAGNITUDE = 1e-18, 1e18  # of vectors' largest number: its square is a float32
ROW_METADATA = ("groups", "membership", "descriptive")  # one for each sentence
FIT_METADATA = (*ROW_METADATA, "within_class_covariance", "candidates")


class MappingRegressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """A scikit-learn regressor from text space to class space.

    A family implements ``_fit(X, Z)`` and ``_predict(X)`` on float64 arrays of shape (n, d_text) and (n, d_class); this
    class validates, sets ``n_features_in_`` and returns predictions in the shape of the targets.

    **Class attributes of a family.** ``parameter_constraints``: valid values of each hyper-parameter, by name
    (:mod:`alignment.mappings.hyperparameters`). ``fits_in_blocks``: ``_fit`` takes the arrays unchanged, also float32
    or memory-mapped ones, and converts one block of rows to float64 at a time. ``poor_score``: scikit-learn's tag of
    that name; the mapping need not reach a high R², because it ignores the length of x, for example.

    **Metadata.** Seeds have more than sentence vectors and class vectors. A mapping that learns from metadata takes
    them as keyword arguments of ``fit`` and requests them by scikit-learn's metadata routing, with a class attribute
    such as ``__metadata_request__fit = {"groups": True}``, so that pipelines and grid searches pass them on:

    ``groups`` : int array (n,)
        Paraphrase group of every sentence (:mod:`~alignment.evaluation.paraphrase_groups`). A mapping that
        requests it is fitted on one row per sentence; every other mapping on one row per group, the mean of its
        sentences.
    ``membership`` : sparse bool array (n, K)
        Whether a row names a class; row k of ``candidates`` is the vector of class k. Some may have no sentence.
    ``within_class_covariance`` : array (d_text, d_text)
        Covariance of unit sentence vectors within their paraphrase groups.
    ``candidates`` : array (K, d_class)
        Class vectors of all classes that a sentence may be about, including those without a seed sentence. A mapping
        that requests it uses the vectors of unseen classes in training (transductive zero-shot learning), which a
        generator provides; compare its figures for held-out classes with that in mind.

    ``descriptive`` : bool array (n,)
        Whether a row describes the appearance of its class; the others name it.

    :func:`alignment.evaluation.fitting.fit_pairs` supplies what :func:`requested_metadata` finds; without it ``fit``
    takes only X and y, as everywhere in scikit-learn. ``predict`` takes X alone: what it needs of the metadata, such
    as the class vectors of all candidates, the fitted mapping keeps.

    **Own similarities.** A mapping that compares sentences with classes before it predicts, in text space (reverse
    regression), in a shared space (canonical correlation) or by a sum of several similarities (late fusion), has a
    method ``_candidate_similarities(X)``: from sentences (m, d_text) to an array (m, K), one column per candidate. Its
    rankings of classes are evaluated in addition to those of its predictions in class space; their figures have the
    prefix ``own_``.
    """

    fits_in_blocks = False
    poor_score = False
    parameter_constraints: Mapping[str, Constraint] = constraints()

    def fit(self, X, y):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
            Sentence vectors.
        y : array-like of shape (n, d_class) or (n,)
            Class vectors Z, one row per sentence. Sentences of one class have identical rows.

        Returns
        -------
        self

        Raises
        ------
        InputError
            For an invalid hyper-parameter, and for vectors whose largest number is above 1e18 or below 1e-18, so that
            their squares cannot be summed.
        """
        return self._validate_and_fit(X, y)

    def _validate_and_fit(self, X, y, **metadata):
        check_hyperparameters(self)
        dtype = (np.float64, np.float32) if self.fits_in_blocks else np.float64
        at_step()
        X, y = validate_data(self, X, y, dtype=dtype, multi_output=True, y_numeric=True)
        check_consistent_length(X, *(metadata.get(name) for name in ROW_METADATA))
        check_magnitude(X)
        check_magnitude(y, "class vectors (y)")
        self.target_ndim_ = y.ndim
        Z = y.reshape(len(y), -1)
        self._fit(X, Z if self.fits_in_blocks else np.asarray(Z, dtype=np.float64), **metadata)
        return self

    def predict(self, X):
        """Predict class vectors from sentence vectors.

        Parameters
        ----------
        X : array-like of shape (m, d_text)

        Returns
        -------
        ndarray of shape (m, d_class), or (m,) when the targets of ``fit`` were one-dimensional

        Raises
        ------
        InputError
            For vectors with a number above 1e18, and for predictions that are not finite.
        """
        Z = self._predict(checked_sentences(self, X))
        if not np.isfinite(Z).all():
            raise InputError(f"{self!r} predicts numbers that are not finite; its settings are too large or too small.")
        return Z[:, 0] if self.target_ndim_ == 1 else Z

    @available_if(lambda mapping: hasattr(mapping, "_candidate_similarities"))
    def candidate_similarities(self, X):
        """Similarities by which the mapping itself compares sentences (m, d_text) with candidates: ndarray (m, K)."""
        return self._candidate_similarities(checked_sentences(self, X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = self.poor_score
        return tags


class AffinePrediction:
    """Prediction ``z̄ + (x - x̄) W`` of a mapping that is fitted to ``coef_``, W (d_text, d_class), and the means
    ``x_mean_`` and ``z_mean_``.

    A base class that stands before :class:`MappingRegressor`.
    """

    coef_: np.ndarray
    x_mean_: np.ndarray
    z_mean_: np.ndarray

    def _predict(self, X):
        return self.z_mean_ + (X - self.x_mean_) @ self.coef_


def least_squares_scale(mapped: np.ndarray, targets: np.ndarray) -> float:
    """Scale s with the least ``|s A - B|²``, ``<A, B> / |A|²``, for mapped points A and targets B, both (n, d).

    0 where A is 0.
    """
    spread = np.sum(mapped**2)
    return float(np.sum(mapped * targets) / spread) if spread > 0 else 0.0


def check_magnitude(A: np.ndarray, name: str = "sentence vectors (X)", *, least: float = LEAST_MAGNITUDE) -> None:
    """Raise InputError where the largest number of an array is too large or too small for its square to be summed."""
    largest = max(float(A.max(initial=0.0)), -float(A.min(initial=0.0)))  # without a copy, as A may be large
    if largest > LARGEST_MAGNITUDE or 0 < largest < least:
        raise InputError(
            f"The largest number of the {name} is {largest:.3g}; scale them so that it lies between "
            f"{LEAST_MAGNITUDE:g} and {LARGEST_MAGNITUDE:g}, as squares are summed."
        )


def checked_sentences(estimator, X) -> np.ndarray:
    """Sentence vectors for a mapping or a transformer that must be fitted, float64 array (m, d_text)."""
    check_is_fitted(estimator)
    X = validate_data(estimator, X, dtype=np.float64, reset=False)
    check_magnitude(X, least=0.0)
    return X


def weighted_sums(weights: Callable, X: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """``weights(X) @ vectors`` for weights (m, K) and vectors (K, d), computed in blocks of rows: (m, d)."""
    found = np.empty((len(X), vectors.shape[1]))
    for block in row_blocks(len(X), len(vectors)):
        found[block] = weights(X[block]) @ vectors
    return found


def blended(logits: Callable, X: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Softmax attention, ``softmax(logits(X)) @ vectors`` for logits (m, K) and vectors (K, d): (m, d)."""
    return weighted_sums(lambda rows: softmax(logits(rows), axis=1), X, vectors)


def requested_metadata(mapping) -> set[str]:
    """Names in ``FIT_METADATA`` that a mapping, a step of a pipeline or the estimator of a grid search requests."""
    return get_routing_for_object(mapping).consumes("fit", FIT_METADATA)


def checked_candidates(candidates, classes: np.ndarray) -> np.ndarray:
    """Class vectors of all candidates, float64 array (K, d); by default those of ``classes`` (k, d).

    Raises
    ------
    InputError
        When candidates have another number of columns, or are not finite numbers.
    """
    if candidates is None:
        return classes
    found = np.array(np.asarray(candidates), dtype=np.float64)  # in two steps: torch warns where it copies at once
    if found.ndim != 2 or found.shape[1] != classes.shape[1] or not len(found) or not np.isfinite(found).all():
        raise InputError(
            f"candidates must be rows of {classes.shape[1]} finite numbers, got an array of shape {found.shape}."
        )
    return found


def pairs_by_class(X: np.ndarray, Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average to one pair per class, in blocks: mean of its sentences (K, d_text) and its vector (K, d_class)."""
    places: dict[bytes, int] = {}  # row of each class vector in ``vectors``
    vectors = np.empty((0, Z.shape[1]))
    sums, counts = np.zeros((0, X.shape[1])), np.zeros(0)
    for x, z in blocks(X, Z):
        found, labels = classes_of(z)
        rows = [places.setdefault(row.tobytes(), len(places)) for row in rows_as_bytes(found)]
        if new := len(places) - len(sums):  # seldom: most blocks would copy the sums of all classes as they are
            vectors = np.vstack([vectors, found[np.asarray(rows) >= len(sums)]])
            sums, counts = np.pad(sums, ((0, new), (0, 0))), np.pad(counts, (0, new))
        size = np.bincount(labels)
        sums[rows] += group_means(x, labels) * size[:, None]
        counts[rows] += size
    return sums / counts[:, None], vectors
