"""Reverse regression: predict text from class vectors, and compare sentences with the predictions."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy.sparse import csr_array
from sklearn.metrics.pairwise import rbf_kernel

from alignment.mappings.base import MappingRegressor, blended, checked_candidates, weighted_sums
from alignment.mappings.hyperparameters import ABOVE_0, constraints, number
from alignment.mappings.landmarks import MAX_LANDMARKS, kernel_ridge
from alignment.vectors.class_means import classes_of, rows_as_bytes, unit_rows
from alignment.vectors.samples import sampled_rows


class ReverseKernelRidge(MappingRegressor):
    """Kernel ridge from class space to text space, inverted by softmax attention over candidate classes.

    A regression from text to class vectors shrinks its predictions towards the mean, where the same few class vectors
    (hubs) are nearest to everything. Regressing in the other direction shrinks the text predicted for a class instead,
    which leaves no hubs among the classes (Shigeto et al. 2015).

    With ``v(z)`` the direction of ``z - z̄``, ``t_k`` the mean unit sentence vector of class k, in which sentences that
    describe the class have a fixed share of the weight, and ``t̄`` their mean over classes, the text of a class vector
    is predicted by ``g(z) = k(v(z), V) A`` with the RBF kernel k and ``A = (k(V, V) + alpha I)⁻¹ (T - t̄)``. ``predict``
    compares a sentence with the predicted text of every candidate class, seen or unseen:
    ``sum_j softmax_j(s cos(x/|x| - t̄, g(c_j))) c_j``.

    The class vectors ``c_j`` of all candidates are metadata of ``fit``: a generator knows them for classes without
    any sentence too (transductive zero-shot learning). Without them the candidates are the classes in y.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors as their
    target, and each such set of classes is an additional pair of the regression; it is a candidate only without
    metadata.

    Of more than :data:`~alignment.mappings.landmarks.MAX_LANDMARKS` pairs all are fitted, but g is a sum of kernels at
    that many of them; see :func:`~alignment.mappings.landmarks.nystroem_coefficients`.

    The text of a class with sentences is reproduced better than that of one without, at the expense of queries about
    the latter. So ``unseen_bonus`` is added to the cosine of every candidate that no sentence names (calibrated
    stacking, Chao et al. 2016). Where all candidates have sentences it changes nothing.

    Parameters
    ----------
    gamma : float, default=4.0
        Inverse width of the kernel ``exp(-gamma |v - v'|²)``. Larger: only the most similar classes have weight.
    alpha : float, default=0.1
        Penalty. Smaller: the text of classes with sentences is reproduced more exactly.
    scale : float, default=40.0
        s, the inverse temperature. Larger: the most similar candidate alone determines the prediction.
    descriptive_share : float, default=0.85
        Total weight of the descriptions among a class's sentences, where there are others too. Classes that are similar
        in class space look alike: descriptions express what they share, names do not.
    unseen_bonus : float, default=0.03
        Chosen in generalised zero-shot evaluation (:mod:`alignment.evaluation.generalised_zero_shot`), so that unseen
        classes get their share of first places and no more. Figures of held-out classes alone would rise further with
        a larger one.

    Attributes
    ----------
    candidates_ : ndarray of shape (K, d_class)
        The c_j.
    candidate_texts_ : ndarray of shape (K, d_text)
        The g(c_j).
    text_lengths_ : ndarray of shape (K,)
        Their lengths, 1 for one of zeros.
    x_mean_ : ndarray of shape (d_text,)
        t̄.
    unseen_ : ndarray of bool, (K,)
        Whether no sentence names a candidate alone.

    References
    ----------
    Shigeto et al. (2015), Ridge regression, hubness, and zero-shot learning, arXiv:1507.00825; Zhang, Xiang and Gong
    (2017), Learning a deep embedding model for zero-shot learning, arXiv:1611.05088; Chao, Changpinyo, Gong and Sha
    (2016), An empirical study and analysis of generalized zero-shot learning, arXiv:1605.04253.

    Examples
    --------
    >>> X, Z = np.eye(3), np.array([[5.0, 0.0], [0.0, 5.0], [-5.0, -5.0]])
    >>> ReverseKernelRidge(alpha=1e-6, scale=100).fit(X, Z).predict([[0.0, 2.0, 0.0]]).round(3)
    array([[0., 5.]])
    """

    __metadata_request__fit = {"candidates": True, "descriptive": True}  # noqa: RUF012, as scikit-learn reads it
    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(
        gamma=ABOVE_0,
        alpha=ABOVE_0,
        scale=ABOVE_0,
        descriptive_share=number("a number above 0 and below 1", above=0, below=1),
        unseen_bonus=number("a finite number"),
    )

    def __init__(self, *, gamma=4.0, alpha=0.1, scale=40.0, descriptive_share=0.85, unseen_bonus=0.03):
        self.gamma = gamma
        self.alpha = alpha
        self.scale = scale
        self.descriptive_share = descriptive_share
        self.unseen_bonus = unseen_bonus

    def fit(self, X, y, candidates=None, descriptive=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        candidates : array-like of shape (K, d_class), optional
            Class vectors of all classes that a sentence may be about, seen or unseen; by default the classes of y.
        descriptive : array-like of bool, (n,), optional
            Whether a row describes its class. By default all rows of a class have equal weight.

        Returns
        -------
        self
        """
        return self._validate_and_fit(X, y, candidates=candidates, descriptive=descriptive)

    def _fit(self, X, Z, candidates, descriptive):
        vectors, labels = classes_of(Z)
        described = np.zeros(len(X), bool) if descriptive is None else np.asarray(descriptive, dtype=bool)
        texts = self._class_texts(unit_rows(X), labels, described)
        self.candidates_ = checked_candidates(candidates, vectors)
        self.unseen_ = ~np.isin(rows_as_bytes(self.candidates_), rows_as_bytes(vectors))
        self.x_mean_, z_mean = texts.mean(axis=0), vectors.mean(axis=0)
        directions, asked = unit_rows(vectors - z_mean), unit_rows(self.candidates_ - z_mean)
        kernel, rows = partial(rbf_kernel, gamma=self.gamma), sampled_rows(len(directions), MAX_LANDMARKS)
        A, anchors = kernel_ridge(kernel, directions, texts - self.x_mean_, rows, self.alpha), directions[rows]
        self.candidate_texts_ = weighted_sums(lambda some: kernel(some, anchors), asked, A)
        lengths = np.linalg.norm(self.candidate_texts_, axis=1)
        self.text_lengths_ = np.where(lengths > 0, lengths, 1.0)

    def _class_texts(self, directions, labels, described):
        """Class texts t_k: weighted mean of every class's rows, with fixed total weights of descriptions and others."""
        share = np.where(described, self.descriptive_share, 1 - self.descriptive_share)
        kind = 2 * labels + described
        weights = share / np.bincount(kind)[kind]
        weights = weights / np.bincount(labels, weights)[labels]  # a class may have rows of one kind alone
        return csr_array((weights, (labels, np.arange(len(labels))))) @ directions

    def _candidate_similarities(self, X):
        """Cosine of each sentence and the text predicted for each candidate, plus its bonus: ndarray (m, K)."""
        cosines = self._text_directions(X) @ self.candidate_texts_.T / self.text_lengths_
        return cosines + self.unseen_bonus * self.unseen_

    def _text_directions(self, X):
        """Directions of sentences (m, d_text), normalised, from the mean class text: ndarray of that shape."""
        return unit_rows(unit_rows(X) - self.x_mean_)

    def _predict(self, X):
        return blended(lambda rows: self.scale * self._candidate_similarities(rows), X, self.candidates_)
