"""The linear mapping for retrieval: logistic regression whose weights pass through the class space."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from alignment.mappings.base import Mapping, Members, classes_of, unit_rows

BATCH = 512  # sentences a step


class LinearSoftmax(Mapping):
    """Softmax regression over the directions of the class vectors, made deaf to how a sentence is phrased.

    With ``v_k = (z_k - z̄) / |z_k - z̄|`` it minimises ``-mean_i log softmax_k((x̃_i - x̄) W v_k / T)_i + penalty |W|²``,
    and ``predict`` gives ``z̄ + s (x - x̄) W``, s being the scale of least squared error. Each time a sentence is used it
    is displaced, ``x̃_i = x_i + noise (x_a - x_b)``, by the difference of two sentences of one random class: what tells
    those apart is not the class, so W learns to pass over it. Displaced ever so often, this is a penalty on W in the
    directions in which sentences of a class differ, as the within-class scatter is in linear discriminant analysis.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more class and a rival of its own members.

    Parameters
    ----------
    temperature : float, default=0.1
        T. Smaller: only the closest rivals matter.
    noise : float, default=1.5
        Displacement. 0 learns the seeds by heart; more listens to fewer directions.
    penalty : float, default=0.00004
    learning_rate : float, default=0.016
        First step size of Adam; it falls to nothing.
    n_steps : int, default=450
        Steps, each of 512 sentences.
    random_state : int, RandomState or None, default=0
        Order of the sentences and their displacements.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
        ``s W``.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Frome et al. (2013), DeViSE: a deep visual-semantic embedding model, for ranking through a fixed label space; noise
    as a penalty: Bishop (1995), doi:10.1162/neco.1995.7.1.108.
    """

    def __init__(self, *, temperature=0.1, noise=1.5, penalty=4e-5, learning_rate=0.016, n_steps=450, random_state=0):
        self.temperature = temperature
        self.noise = noise
        self.penalty = penalty
        self.learning_rate = learning_rate
        self.n_steps = n_steps
        self.random_state = random_state

    def _fit(self, X, Z):
        if self.temperature <= 0 or self.learning_rate <= 0 or self.noise < 0 or self.n_steps < 1:
            raise ValueError(
                "temperature and learning_rate must be above 0, noise at least 0 and n_steps at least 1, got "
                f"{self.temperature}, {self.learning_rate}, {self.noise} and {self.n_steps}."
            )
        vectors, labels = classes_of(Z)
        self.x_mean_, self.z_mean_ = X.mean(axis=0), vectors.mean(axis=0)
        centred = X - self.x_mean_
        length = np.sqrt(np.mean(centred**2) * X.shape[1]) or 1.0  # so that settings mean the same for any encoder
        W = self._trained(centred / length, labels, unit_rows(vectors - self.z_mean_))
        mapped, targets = centred @ W, Z - self.z_mean_
        spread = np.sum(mapped**2)
        self.coef_ = W * (np.sum(mapped * targets) / spread) if spread > 0 else W

    def _trained(self, X, labels, directions):
        """W of shape (d_text, d_class)."""
        import torch
        from torch.nn.functional import cross_entropy

        rng = check_random_state(self.random_state)
        members = Members(labels)
        X, right, V = (torch.from_numpy(a) for a in (X.astype(np.float32), labels, directions.astype(np.float32)))
        W = torch.zeros(X.shape[1], V.shape[1], requires_grad=True)
        optimiser = torch.optim.Adam([W], lr=self.learning_rate)
        falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, self.n_steps)
        for _ in range(self.n_steps):
            rows = rng.choice(len(X), min(BATCH, len(X)), replace=False)
            first = rng.randint(0, len(X), len(rows))
            second = members.draw(labels[first], rng)
            displaced = X[rows] + self.noise * (X[first] - X[second])
            loss = cross_entropy(displaced @ W @ V.T / self.temperature, right[rows])
            loss = loss + self.penalty * (W**2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
        return W.detach().numpy().astype(float)

    def _predict(self, X):
        return self.z_mean_ + (X - self.x_mean_) @ self.coef_
