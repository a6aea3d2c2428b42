"""Reverse regression: text is predicted from class vectors, and a sentence is compared with the predictions."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax
from sklearn.kernel_ridge import KernelRidge

from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.vectors.groups import classes_of, unit_rows


class ReverseKernelRidge(MappingRegressor):
    """Kernel ridge from class space to text space, inverted by softmax attention over candidate classes.

    A regression from text to class vectors shrinks its predictions towards the mean, where the same few class vectors
    (hubs) are nearest to everything. Regressing in the other direction shrinks the text predicted for a class instead,
    which leaves no hubs among the classes (Shigeto et al. 2015).

    With ``v(z)`` the direction of ``z - z̄``, ``t_k`` the mean unit sentence vector of class k and ``t̄`` their mean over
    classes, the text of a class vector is predicted by ``g(z) = k(v(z), V) A`` with the RBF kernel k and
    ``A = (k(V, V) + alpha I)⁻¹ (T - t̄)``. ``predict`` compares a sentence with the predicted text of every candidate
    class, seen or unseen: ``sum_j softmax_j(s cos(x/|x| - t̄, g(c_j))) c_j``.

    The class vectors ``c_j`` of all candidates are metadata of ``fit``: a generator knows them for classes without
    any sentence too (transductive zero-shot learning). Without them the candidates are the classes in y.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors as their
    target, and each such set of classes is one more pair of the regression; it is a candidate only without metadata.

    Parameters
    ----------
    gamma : float, default=4.0
        Inverse width of the kernel ``exp(-gamma |v - v'|²)``. Larger: only the most similar classes have weight.
    alpha : float, default=0.1
        Penalty. Smaller: the text of classes with sentences is reproduced more exactly.
    scale : float, default=20.0
        s, the inverse temperature. Larger: the most similar candidate alone determines the prediction.

    Attributes
    ----------
    candidates_ : ndarray of shape (K, d_class)
        The c_j.
    candidate_texts_ : ndarray of shape (K, d_text)
        The g(c_j).
    x_mean_ : ndarray of shape (d_text,)
        t̄.

    References
    ----------
    Shigeto et al. (2015), Ridge regression, hubness, and zero-shot learning, arXiv:1507.00825; Zhang, Xiang and Gong
    (2017), Learning a deep embedding model for zero-shot learning, arXiv:1611.05088.

    Examples
    --------
    >>> X, Z = np.eye(3), np.array([[5.0, 0.0], [0.0, 5.0], [-5.0, -5.0]])
    >>> ReverseKernelRidge(alpha=1e-6, scale=100).fit(X, Z).predict([[0.0, 2.0, 0.0]]).round(3)
    array([[0., 5.]])
    """

    __metadata_request__fit = {"candidates": True}  # noqa: RUF012, as scikit-learn reads it
    poor_score = True  # the length of x is ignored, by design

    def __init__(self, *, gamma=4.0, alpha=0.1, scale=20.0):
        self.gamma = gamma
        self.alpha = alpha
        self.scale = scale

    def fit(self, X, y, candidates=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        candidates : array-like of shape (K, d_class), optional
            Class vectors of all classes that a sentence may be about, seen or unseen; by default the classes of y.

        Returns
        -------
        self
        """
        return self._validate_and_fit(X, y, candidates=candidates)

    def _fit(self, X, Z, candidates=None):
        if min(self.gamma, self.alpha, self.scale) <= 0:
            raise ValueError(
                f"gamma, alpha and scale must be above 0, got {self.gamma}, {self.alpha} and {self.scale}."
            )
        texts, vectors = pairs_by_class(unit_rows(X), Z)
        self.candidates_ = classes_of(Z)[0] if candidates is None else np.array(candidates, dtype=np.float64)
        if self.candidates_.shape[1:] != Z.shape[1:]:
            raise ValueError(f"candidates must have {Z.shape[1]} columns, got shape {self.candidates_.shape}.")
        self.x_mean_, z_mean = texts.mean(axis=0), vectors.mean(axis=0)
        directions = unit_rows(vectors - z_mean)
        model = KernelRidge(alpha=self.alpha, kernel="rbf", gamma=self.gamma).fit(directions, texts - self.x_mean_)
        self.candidate_texts_ = model.predict(unit_rows(self.candidates_ - z_mean))

    def candidate_similarities(self, X):
        """``S[i, j]`` = cosine of sentence i and the text predicted for candidate j: ndarray of shape (m, K)."""
        return unit_rows(unit_rows(X) - self.x_mean_) @ unit_rows(self.candidate_texts_).T

    def _predict(self, X):
        return softmax(self.scale * self.candidate_similarities(X), axis=1) @ self.candidates_
