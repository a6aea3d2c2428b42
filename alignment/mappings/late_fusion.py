"""Late fusion of three class scores: nearest sentence, class mean, and text predicted from the class vector."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.sparse import vstack

from alignment.errors import InputError
from alignment.execution.placement import Placement, devices_here
from alignment.mappings.base import MappingRegressor, blended
from alignment.mappings.hyperparameters import ABOVE_0, DEVICE, FROM_0, constraints
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, label_matrix, shares, unit_rows

BLOCK_ROWS = 1024  # sentences compared with all seeds at a time
MIN_GPU_ROWS = 256  # fewer are compared faster on the CPU than the seeds are copied to a GPU


class LateFusion(MappingRegressor):
    """Softmax attention over classes by a weighted sum of three similarities of sentence and class.

    The three fail differently. The most similar seed sentence recognises a wording but follows it blindly; the mean of
    a class's sentences is robust but blurred; the text predicted for a class vector
    (:class:`~alignment.mappings.reverse.ReverseKernelRidge`) uses the descriptions of visually similar classes. With
    ``u(x)`` the direction of a sentence after within-class whitening, ``t_k`` the mean of u over the sentences of class
    k and ``t̄`` their mean over classes,

        ``s_k(x) = max_{i in k} cos(u(x), u(x_i)) + w_m cos(u(x) - t̄, t_k - t̄) + w_p r_k(x)``

    with ``r_k`` the similarity by reverse regression; ``predict`` gives ``sum_k softmax_k(s s_k(x)) c_k``.

    Sentences that name several classes, such as "I have a cat", belong to each of them, with a share of the weight in
    their means. A candidate class without sentences has the text predicted for it as its only sentence.

    Parameters
    ----------
    mean_weight : float, default=0.25
        w_m.
    predicted_weight : float, default=0.5
        w_p.
    scale : float, default=20.0
        s, the inverse temperature. Larger: only the best class determines the prediction.
    shrinkage : float, default=1.0
        Shrinkage of the whitening.
    gamma, alpha : float
        Parameters of the reverse regression.
    device : {"cpu", "cuda", "mps", "auto"}, default="cpu"
        Device for comparing many sentences with the seeds; the CPU where that device is missing.

    Attributes
    ----------
    reverse_ : ReverseKernelRidge
    class_vectors_ : ndarray of shape (K, d_class)
        The c_k.
    sentences_ : float32 ndarray of shape (n, d_text)
        Rows of length 1: seed sentences, then the predicted texts of classes without any.
    rows_, starts_ : ndarrays of int, (at least n,) and (K,)
        Rows of ``sentences_`` that name a class, class by class, and the start of each class.
    text_mean_ : ndarray of shape (d_text,)
        t̄.
    class_texts_, predicted_texts_ : float32 ndarrays of shape (K, d_text)
        Directions of ``t_k - t̄``, and of the texts predicted for the class vectors.

    References
    ----------
    Snoek, Worring and Smeulders (2005), Early versus late fusion in semantic video analysis,
    doi:10.1145/1101149.1101236.

    Examples
    --------
    >>> X, Z = np.eye(3), np.array([[5.0, 0.0], [0.0, 5.0], [-5.0, -5.0]])
    >>> LateFusion(scale=100).fit(X, Z).predict([[0.0, 2.0, 0.0]]).round(3)
    array([[0., 5.]])
    """

    __metadata_request__fit = dict.fromkeys(
        ("candidates", "membership", "descriptive", "within_class_covariance"), True
    )
    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(
        mean_weight=FROM_0,
        predicted_weight=FROM_0,
        scale=ABOVE_0,
        shrinkage=ABOVE_0,
        gamma=ABOVE_0,
        alpha=ABOVE_0,
        device=DEVICE,
    )

    def __init__(
        self,
        *,
        mean_weight=0.25,
        predicted_weight=0.5,
        scale=20.0,
        shrinkage=1.0,
        gamma=4.0,
        alpha=0.1,
        device="cpu",
    ):
        self.mean_weight = mean_weight
        self.predicted_weight = predicted_weight
        self.scale = scale
        self.shrinkage = shrinkage
        self.gamma = gamma
        self.alpha = alpha
        self.device = device

    def fit(self, X, y, candidates=None, membership=None, within_class_covariance=None, descriptive=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        candidates : array-like of shape (K, d_class), optional
            Class vectors of all classes that a sentence may be about, seen or unseen.
        membership : sparse array of bool, (n, K), optional
            Whether a sentence names a candidate; ``y`` is the mean of their vectors. Needed with candidates; without
            these every distinct row of ``y`` is a class.
        descriptive : array-like of bool, (n,), optional
            As for :class:`~alignment.mappings.reverse.ReverseKernelRidge`, whose ``descriptive_share`` is its default.
        within_class_covariance : array-like of shape (d_text, d_text), optional
            As for :class:`~alignment.mappings.within_class_whitening.WithinClassWhitening`.

        Returns
        -------
        self
        """
        return self._validate_and_fit(
            X,
            y,
            candidates=candidates,
            membership=membership,
            within_class_covariance=within_class_covariance,
            descriptive=descriptive,
        )

    def _fit(self, X, Z, candidates, membership, within_class_covariance, descriptive):
        if candidates is not None and np.shape(membership)[1:] != np.shape(candidates)[:1]:
            raise InputError("With candidates comes a membership, which of them each sentence names: one column each.")
        if candidates is None:
            candidates, labels = classes_of(Z)
            membership = label_matrix(labels, len(candidates))
        self.class_vectors_ = np.asarray(candidates, dtype=np.float64)
        self.reverse_ = ReverseKernelRidge(gamma=self.gamma, alpha=self.alpha, unseen_bonus=0.0)
        self.reverse_.fit(X, Z, candidates=self.class_vectors_, descriptive=descriptive)
        self.whitening_ = WithinClassWhitening(self.shrinkage).fit(X, Z, within_class_covariance)
        sentences = self.whitening_.transform(X)
        weights = shares(membership)
        totals = np.asarray(weights.sum(axis=0)).ravel()
        seen, unseen = np.flatnonzero(totals > 0), np.flatnonzero(totals == 0)
        texts = self.whitening_.transform(self.reverse_.x_mean_ + self.reverse_.candidate_texts_)
        texts[seen] = (weights.T @ sentences)[seen] / totals[seen, None]
        self.text_mean_ = texts[seen].mean(axis=0)
        self.class_texts_ = unit_rows(texts - self.text_mean_).astype(np.float32)
        self.predicted_texts_ = unit_rows(self.reverse_.candidate_texts_).astype(np.float32)
        self.sentences_ = np.vstack([sentences, texts[unseen]]).astype(np.float32)
        by_class = vstack([weights, label_matrix(unseen, len(texts))]).tocsc()
        self.rows_, self.starts_ = by_class.indices, by_class.indptr[:-1]

    def _predict(self, X):
        return blended(lambda rows: self.scale * self._candidate_similarities(rows), X, self.class_vectors_)

    def _candidate_similarities(self, X):
        """Fused scores ``s_k(x)`` of sentences (m, d_text): ndarray of shape (m, K)."""
        directions = self.whitening_.transform(X)
        nearest = self._nearest_sentences(directions)
        mean = unit_rows(directions - self.text_mean_).astype(np.float32) @ self.class_texts_.T
        predicted = self.reverse_._text_directions(X).astype(np.float32) @ self.predicted_texts_.T
        return nearest + self.mean_weight * mean + self.predicted_weight * predicted

    def _nearest_sentences(self, directions):
        """Largest cosine per class, ``max_{i in k} cos(u(x), u(x_i))``, of directions (m, d_text): ndarray (m, K)."""
        on_gpu = self.device != "cpu" and len(directions) >= MIN_GPU_ROWS
        placement = Placement(
            self.device if on_gpu and self.device in ("auto", *devices_here()) else "cpu", "sentences"
        )
        sentences = cache(self._sentences_on)

        def compare(device, block):
            at_step()
            if device == "cpu":
                cosines = block.astype(np.float32) @ self.sentences_.T
                return np.maximum.reduceat(cosines[:, self.rows_], self.starts_, axis=1)
            return largest_of_class(block, sentences(device), len(self.class_vectors_))

        blocks = [found for _, found in placement.run_in_batches(compare, directions, BLOCK_ROWS)]
        return np.concatenate(blocks, dtype=np.float64) if blocks else np.empty((0, len(self.class_vectors_)))

    def _sentences_on(self, device):
        """Copy the sentences (n, d_text), ``rows_``, and the class of each of these to a device, as tensors."""
        import torch

        counts = np.diff(np.r_[self.starts_, len(self.rows_)])
        arrays = self.sentences_, self.rows_.astype(np.int64), np.repeat(np.arange(len(counts)), counts)
        # Writeable: torch warns of arrays that joblib shares between processes, which are read-only.
        return [torch.from_numpy(np.require(array, requirements="W")).to(device) for array in arrays]


def largest_of_class(directions, tensors, n_classes):
    """Largest cosine of directions, array (m, d), with the sentences of each class: array (m, n_classes).

    ``tensors`` are sentences (n, d), and rows of these (r,) with their classes (r,), on one device.
    """
    import torch

    sentences, rows, classes = tensors
    found = torch.from_numpy(directions.astype(np.float32)).to(sentences.device) @ sentences.T
    largest = found.new_full((len(found), n_classes), -torch.inf)
    return largest.scatter_reduce(1, classes.expand(len(found), -1), found[:, rows], "amax").cpu().numpy()
