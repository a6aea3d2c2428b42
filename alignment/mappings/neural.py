"""A small network on top of a rotation, trained with squared or with contrastive loss."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from alignment.mappings.base import MappingRegressor, Members, check_choice
from alignment.mappings.procrustes import orthogonal_map
from alignment.vectors.groups import classes_of, group_means, unit_rows

LOSSES = ("infonce", "squared")
BATCH = 512  # classes a step
CHECK_EVERY = 10  # steps between looks at the held-out classes


class NeuralMapping(MappingRegressor):
    """Procrustes' rotation and a learned correction.

    With u the direction of a centred sentence vector, ``g(u) = u R + relu(u V + b) W`` (or ``u R + u W``
    without hidden units) and ``predict`` gives ``z̄ + s g(u)``, s being the scale of least squared error.
    R is Procrustes' and stays; V, b and W start so that the correction is nothing and are drawn back to that
    by the penalty. A step sees one sentence of each of 512 classes. The loss is

    - ``"infonce"``: ``-mean_k log softmax_j(cos(g(u_k), z_j - z̄) / T)_k`` and the same from class to
      sentence: the right class against all others, as in retrieval;
    - ``"squared"``: ``mean_k |s₀ g(u_k) - (z_k - z̄)|² / |z - z̄|²``, s₀ being Procrustes' scale.

    A tenth of the classes is kept aside; training ends when they are found no better, and the best
    weights are taken.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more class: with contrastive loss a rival of its own members.

    Parameters
    ----------
    loss : {"infonce", "squared"}, default="infonce"
    hidden : int, default=256
        Hidden units; 0 keeps the mapping linear.
    temperature : float, default=0.1
        T. Smaller: only the closest rivals matter.
    penalty : float, default=0.1
        Weight of the sum of squares of W and of V's change.
    learning_rate : float, default=0.005
    max_iter : int, default=100
        Most steps.
    validation_fraction : float, default=0.1
        Share of the classes kept aside; 0 trains for ``max_iter`` steps on all of them.
    random_state : int, RandomState or None, default=0
        Chooses sentences, classes kept aside and first weights.

    Attributes
    ----------
    rotation_, x_mean_, z_mean_, scale_ : the fixed part
    weights_ : list of ndarrays
        [W], or [V, b, W].
    n_iter_ : int
        Steps after which the weights were taken.

    References
    ----------
    van den Oord, Li and Vinyals (2018), Representation learning with contrastive predictive coding, arXiv:1807.03748.
    """

    def __init__(
        self,
        *,
        loss="infonce",
        hidden=256,
        temperature=0.1,
        penalty=0.1,
        learning_rate=0.005,
        max_iter=100,
        validation_fraction=0.1,
        random_state=0,
    ):
        self.loss = loss
        self.hidden = hidden
        self.temperature = temperature
        self.penalty = penalty
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def _fit(self, X, Z):
        check_choice("loss", self.loss, LOSSES)
        if self.temperature <= 0 or self.learning_rate <= 0 or not 0 <= self.validation_fraction < 1:
            raise ValueError(
                "temperature and learning_rate must be above 0 and validation_fraction in [0, 1), got "
                f"{self.temperature}, {self.learning_rate} and {self.validation_fraction}."
            )
        rng = check_random_state(self.random_state)
        vectors, labels = classes_of(Z)
        means = group_means(X, labels)
        self.x_mean_, self.z_mean_ = means.mean(axis=0), vectors.mean(axis=0)
        A, B = unit_rows(means - self.x_mean_), vectors - self.z_mean_
        order = rng.permutation(len(B))
        aside = order[: int(self.validation_fraction * len(B))]
        learned = np.sort(order[len(aside) :])
        self.rotation_, self.scale_ = orthogonal_map(A[learned], B[learned])
        directions, members = unit_rows(X - self.x_mean_), Members(labels)

        def batch():
            """A sentence of each of some learned classes: directions (b, d_text) and their classes (b,)."""
            classes = rng.permutation(learned)[:BATCH]
            return directions[members.draw(classes, rng)], classes

        self.weights_, self.n_iter_ = self._train(batch, A, B, aside, rng)
        mapped = self._mapped(A)
        spread = np.sum(mapped**2)
        self.scale_ = float(np.sum(mapped * B) / spread) if spread > 0 else 1.0

    def _train(self, batch, A, B, aside, rng):
        """Weights with which the classes kept aside are found best, and the number of steps to them."""
        import torch

        tensor = lambda a: torch.from_numpy(np.asarray(a, dtype=np.float32))  # noqa: E731
        R = tensor(self.rotation_)
        start = [tensor(w) for w in self._first_weights(A.shape[1], B.shape[1], rng)]
        weights = [w.clone().requires_grad_() for w in start]
        optimiser = torch.optim.Adam(weights, lr=self.learning_rate)
        best, best_score, best_step = [w.numpy().copy() for w in start], -np.inf, 0
        for step in range(1, self.max_iter + 1):
            directions, drawn = batch()
            loss = self._loss(_network(tensor(directions), R, weights), tensor(B[drawn]))
            loss = loss + self.penalty * sum(((w - s) ** 2).sum() for w, s in zip(weights, start, strict=False))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if len(aside) and step % CHECK_EVERY and step != self.max_iter:
                continue
            with torch.no_grad():
                score = (
                    -float(self._loss(_network(tensor(A[aside]), R, weights), tensor(B[aside]), tensor(B)))
                    if len(aside)
                    else step
                )
            if score > best_score:
                best, best_score, best_step = [w.detach().numpy().copy() for w in weights], score, step
            elif step - best_step >= 3 * CHECK_EVERY:
                break
        return [w.astype(float) for w in best], max(best_step, 1)

    def _first_weights(self, d_text, d_class, rng):
        if not self.hidden:
            return [np.zeros((d_text, d_class))]
        return [
            rng.normal(size=(d_text, self.hidden)) * np.sqrt(2.0),
            np.zeros(self.hidden),
            np.zeros((self.hidden, d_class)),
        ]

    def _loss(self, mapped, targets, candidates=None):
        """Loss of mapped sentences; with ``candidates`` the right class competes with all of those."""
        from torch.nn.functional import cosine_similarity, cross_entropy, normalize

        if self.loss == "squared":
            return ((self.scale_ * mapped - targets) ** 2).sum(1).mean() / (targets**2).sum(1).mean().clamp_min(1e-12)
        import torch

        if candidates is not None:
            own = cosine_similarity(mapped, targets, dim=1) / self.temperature
            scores = normalize(mapped, dim=1) @ normalize(candidates, dim=1).T / self.temperature
            return (torch.logsumexp(scores, dim=1) - own).mean()
        scores = normalize(mapped, dim=1) @ normalize(targets, dim=1).T / self.temperature  # (K, K)
        right = torch.arange(len(scores))
        return cross_entropy(scores, right) + cross_entropy(scores.T, right)

    def _mapped(self, directions):
        return np.asarray(_network(directions, self.rotation_, self.weights_))

    def _predict(self, X):
        return self.z_mean_ + self.scale_ * self._mapped(unit_rows(X - self.x_mean_))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # the length of x carries nothing, by design
        return tags


def _network(directions, rotation, weights):
    """``u R + u W`` or ``u R + relu(u V + b) W``; for arrays as for tensors."""
    if len(weights) == 1:
        return directions @ (rotation + weights[0])
    V, b, W = weights
    return directions @ rotation + (directions @ V + b).clip(min=0) @ W
