"""Attention over class prototypes that are learned, as is what counts as alike."""

from __future__ import annotations

import numpy as np
from scipy import linalg
from scipy.sparse import csr_array
from sklearn.utils import check_random_state, gen_batches

from alignment.mappings.base import Mapping, classes_of, scatter_within, shares, unit_rows
from alignment.mappings.phrasing import against_phrasing

BATCH = 512  # sentences a step
PREDICTED_AT_ONCE = 4096
LEARNING_RATES = 0.02, 0.001  # largest: of the prototypes, of the metric
SPREAD = 0.01  # of a class's prototypes around their mean at the start, in each direction


class LearnedPrototypes(Mapping):
    """Softmax attention over several learned prototypes a class, in a learned metric.

    With ``c_kj(x)`` the cosine of x M with prototype ``w_kj``, a class's score is
    ``s_k(x) = log sum_j exp(c_kj(x) / T)``, and ``predict`` gives ``softmax_k(s_k(x)) z_k``: a weighted mean of known
    class vectors. Several prototypes let a class have several meanings, such as its names and what is said of it.

    M starts as the transform that takes phrasing away (:class:`alignment.mappings.phrasing.PhrasingRemoved`), and all
    prototypes of a class near the mean of its sentences. Adam then lowers the cross-entropy between the softmax and the
    classes that each sentence names; where that is one, its score is taken ``margin / T`` too low, so that it has to
    win by a margin. A round draws ``ceil(sqrt(n))`` of the n sentences of one voice ("A photo of a tench", "I saw a
    tench"): with all of them, twenty templates of a name would drown three descriptions; with their mean alone, nothing
    would be learned of phrasing.

    Sentences that name several classes, such as "I have a cat", teach each of them in equal parts, if ``fit``
    is told which they are; else each such set of classes is one more class.

    Parameters
    ----------
    n_prototypes : int, default=3
        Of every class.
    temperature : float, default=0.04
        T. Low: the nearest prototype alone answers. High: many classes blend.
    margin : float, default=0.1
        In cosine.
    shrinkage : float, default=1.0
        How much of the phrasing stays in M at the start.
    epochs : int, default=8
        Rounds of learning.
    random_state : int, RandomState or None, default=0
        First prototypes, and the sentences of every round.

    Attributes
    ----------
    prototypes_ : ndarray of shape (n_prototypes, K, d_text)
    metric_ : ndarray of shape (d_text, d_text)
        M.
    vectors_ : ndarray of shape (K, d_class)

    References
    ----------
    Snell, Swersky and Zemel (2017), Prototypical networks, arXiv:1703.05175; several centres a class: Qian et al.
    (2019), SoftTriple loss, arXiv:1909.05235; the margin: Wang et al. (2018), CosFace, arXiv:1801.09414.

    Examples
    --------
    >>> X = [[1., 0.], [0., 1.], [1., .1], [.1, 1.]]
    >>> LearnedPrototypes().fit(X, [[5.], [7.], [5.], [7.]]).predict([[2., 0.1]]).round(3)
    array([[5.]])
    """

    def __init__(self, n_prototypes=3, *, temperature=0.04, margin=0.1, shrinkage=1.0, epochs=8, random_state=0):
        self.n_prototypes = n_prototypes
        self.temperature = temperature
        self.margin = margin
        self.shrinkage = shrinkage
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, X, y, membership=None, voice=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        membership : sparse array of bool, (n, K), optional
            Which classes each sentence names, ``y`` being the mean of their vectors. By default every distinct row of
            ``y`` is a class.
        voice : array-like of int, (n,), optional
            Equal for sentences that say the same, as from :func:`alignment.pairs.voices`. By default every sentence is
            a voice, and phrasing is how the sentences of one class differ.

        Returns
        -------
        self
        """
        self._told = membership, voice
        return super().fit(X, y)

    def _fit(self, X, Z):
        if min(self.n_prototypes, self.epochs) < 1 or min(self.temperature, self.shrinkage) <= 0 or self.margin < 0:
            raise ValueError(
                "n_prototypes and epochs must be at least 1, temperature and shrinkage above 0 and margin at least 0, "
                f"got {self.n_prototypes}, {self.epochs}, {self.temperature}, {self.shrinkage} and {self.margin}."
            )
        rng = check_random_state(self.random_state)
        membership, voice = self._told
        labels = classes_of(Z)[1]
        if membership is None:
            membership = csr_array((np.ones(len(X), bool), (np.arange(len(X)), labels)))
        parts = shares(membership)
        phrased_alike = labels if voice is None else np.unique(voice, return_inverse=True)[1]
        X = unit_rows(X)
        metric = against_phrasing(scatter_within(X, phrased_alike), self.shrinkage)
        gram = (parts.T @ parts).toarray()
        self.vectors_ = linalg.pinvh(gram) @ (parts.T @ Z)  # of the classes, where Z has means of several
        means = unit_rows(parts.T @ unit_rows(X @ metric))
        around = rng.normal(scale=SPREAD, size=(self.n_prototypes, *means.shape))
        voice = np.arange(len(X)) if voice is None else phrased_alike
        rounds = [_round(voice, rng) for _ in range(self.epochs)]
        self.prototypes_, self.metric_ = self._trained(X, parts, means + around, metric, rounds)

    def _trained(self, X, parts, prototypes, metric, rounds):
        """W (J, K, d) and M (d, d)."""
        import torch
        from torch.nn.functional import cross_entropy

        X, W, M = (torch.from_numpy(array.astype(np.float32)) for array in (X, prototypes, metric))
        W.requires_grad_()
        M.requires_grad_()
        optimiser = torch.optim.Adam([{"params": [W]}, {"params": [M]}])
        steps = [rows[part] for rows in rounds for part in gen_batches(len(rows), BATCH)]
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATES, len(steps) + 1, pct_start=0.1)
        for rows in steps:
            wanted = torch.from_numpy(parts[rows].toarray().astype(np.float32))
            scores = _scores(X[rows], M, W, self.temperature)
            loss = cross_entropy(scores - (wanted == 1) * (self.margin / self.temperature), wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        return W.detach().numpy().astype(float), M.detach().numpy().astype(float)

    def _predict(self, X):
        import torch

        M, W = (torch.from_numpy(array.astype(np.float32)) for array in (self.metric_, self.prototypes_))
        predictions = np.empty((len(X), self.vectors_.shape[1]))
        with torch.no_grad():
            for part in gen_batches(len(X), PREDICTED_AT_ONCE):
                x = torch.from_numpy(unit_rows(X[part]).astype(np.float32))
                predictions[part] = _scores(x, M, W, self.temperature).softmax(dim=1).numpy() @ self.vectors_
        return predictions

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # the length of x carries nothing, by design
        return tags


def _scores(x, M, W, temperature):
    """s, (m, K), of unit vectors x (m, d) with prototypes W (J, K, d)."""
    from torch.nn.functional import normalize

    sharpened = normalize(x @ M, dim=1) / temperature  # here rather than below, where there are J K numbers a sentence
    logits = sharpened @ normalize(W, dim=-1).flatten(0, 1).T
    return logits.unflatten(1, W.shape[:2]).logsumexp(dim=1)


def _round(voice, rng):
    """Rows to learn from in one round, in random order: of n sentences of a voice, the root of n, rounded up."""
    order = np.lexsort((rng.random_sample(len(voice)), voice))
    sizes = np.bincount(voice)
    place = np.arange(len(voice)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # within the voice, in that order
    return rng.permutation(order[place < np.ceil(np.sqrt(sizes[voice[order]]))])
