"""Linear softmax: multinomial logistic regression with weights that factor through the class space."""

from __future__ import annotations

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import gen_batches

from alignment.mappings.base import AffinePrediction, least_squares_scale
from alignment.mappings.hyperparameters import ABOVE_0, DEVICE, FROM_0, constraints, count
from alignment.mappings.torch_mapping import TorchMapping
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, scatter_within, unit_rows
from alignment.vectors.scale import centred_columns

MOST_LOGITS = 2**26  # of sentences and classes at a time: a quarter of a gigabyte


class LinearSoftmax(AffinePrediction, TorchMapping):
    """Softmax regression over the directions of the class vectors, robust to displacement within a class.

    With ``v_k = (z_k - z̄) / |z_k - z̄|``, y the class of sentence i, and x in units of the root mean square of
    ``|x_i - x̄|``, it minimises

        mean_i log sum_k exp( (x_i - x̄) W (v_k - v_y) / T + (v_k - v_y)ᵀ Wᵀ S W (v_k - v_y) / 2T² ) + penalty |W|²

    and ``predict`` gives ``z̄ + s (x - x̄) W``, s being the scale of least squared error. Without the second term
    this is logistic regression. With it, it is an upper bound of logistic regression's mean loss when every sentence
    is displaced at random, normally distributed with covariance S: ``noise²`` times that of the difference of two
    sentences of one class. Directions in which such sentences differ do not depend on the class, and W gives them
    small weights.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is an additional class that competes with its members.

    Parameters
    ----------
    temperature : float, default=0.1
        T. Smaller: only the closest rivals matter.
    noise : float, default=1.5
        Size of the displacement. 0 is plain softmax regression, which overfits the seeds; larger values use fewer
        directions.
    penalty : float, default=0.0001
        Weight of ``|W|²``.
    max_iter : int, default=30
        Most steps of L-BFGS.
    device : {"cpu", "cuda", "mps", "auto"}, default="cpu"
        Device for training.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
        ``s W``.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Frome et al. (2013), DeViSE: a deep visual-semantic embedding model, for ranking through a fixed label space; the
    bound: Wang et al. (2019), Implicit semantic data augmentation for deep networks, arXiv:1909.12220.
    """

    parameter_constraints = constraints(
        temperature=ABOVE_0, noise=FROM_0, penalty=FROM_0, max_iter=count(1), device=DEVICE
    )

    def __init__(self, *, temperature=0.1, noise=1.5, penalty=1e-4, max_iter=30, device="cpu"):
        self.temperature = temperature
        self.noise = noise
        self.penalty = penalty
        self.max_iter = max_iter
        self.device = device

    def _fit_on(self, device, X, Z):
        vectors, labels = classes_of(Z)
        self.x_mean_, self.z_mean_ = X.mean(axis=0), vectors.mean(axis=0)
        centred = centred_columns(X)
        length = np.sqrt(np.mean(centred**2) * X.shape[1]) or 1.0  # so that settings do not depend on the encoder
        W = self._train(device, centred / length, labels, unit_rows(vectors - self.z_mean_))
        self.coef_ = W * least_squares_scale(centred @ W, Z - self.z_mean_)

    def _train(self, device, X, labels, directions):
        """Train the weights W (d_text, d_class) on sentences X (n, d_text) of classes ``labels`` (n,).

        ``directions`` (K, d_class) are those of the class vectors.
        """
        import torch

        S = 2 * self.noise**2 * scatter_within(X, labels)  # the difference of two has twice the covariance of one
        U = directions / self.temperature
        X, U, S = (torch.from_numpy(array.astype(np.float32)).to(device) for array in (X, U, S))
        labels = torch.from_numpy(labels).to(device)
        W = torch.zeros(X.shape[1], U.shape[1], requires_grad=True, device=device)
        optimiser = torch.optim.LBFGS([W], max_iter=self.max_iter, line_search_fn="strong_wolfe")

        def objective():
            optimiser.zero_grad()
            total = 0.0
            for block in gen_batches(len(X), max(1, MOST_LOGITS // len(U))):
                at_step()
                loss = self._loss(W, X[block], labels[block], U, S) * (len(X[block]) / len(X))
                loss.backward()
                total += loss.detach()
            return total

        optimiser.step(objective)
        return W.detach().cpu().numpy().astype(float)

    def _loss(self, W, X, labels, U, S):
        """Objective, with ``u = v / T``.

        ``|u_k - u_y|²`` in the metric WᵀSW is ``u_k·m_k - 2 u_k·m_y + u_y·m_y``; the last term is equal for all classes
        and drops out.
        """
        import torch
        from torch.nn.functional import cross_entropy

        m = U @ (W.T @ S @ W)  # (K, d_class)
        logits = torch.addmm((m * U).sum(dim=1) / 2, X @ W - m[labels], U.T)  # (n, K)
        return cross_entropy(logits, labels) + self.penalty * (W**2).sum()


def whitened_linear_softmax() -> Pipeline:
    """Linear softmax after within-class whitening."""
    return Pipeline([("whitening", WithinClassWhitening(0.3)), ("mapping", LinearSoftmax())])
