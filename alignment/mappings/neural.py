"""Neural network: a rotation plus one hidden layer, trained with squared or contrastive (InfoNCE) loss."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from alignment.mappings.base import least_squares_scale
from alignment.mappings.hyperparameters import ABOVE_0, DEVICE, FROM_0, RANDOM_STATE, choice, constraints, count, number
from alignment.mappings.procrustes import orthogonal_map
from alignment.mappings.torch_mapping import TorchMapping
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, group_means, unit_rows

LOSSES = ("infonce", "squared")
BATCH = 512  # classes per step
CHECK_EVERY = 10  # steps between evaluations on the held-out classes


class NeuralMapping(TorchMapping):
    """Procrustes rotation plus a learned correction.

    With u the direction of a centred sentence vector, ``g(u) = u R + relu(u V + b) W`` (or ``u R + u W``
    without hidden units) and ``predict`` gives ``z̄ + s g(u)``, s being the scale of least squared error.
    R is Procrustes' and fixed; V, b and W start where the correction is 0 and are penalised for moving away from
    there. A step uses one sentence of each of 512 classes. The loss is

    - ``"infonce"``: ``-mean_k log softmax_j(cos(g(u_k), z_j - z̄) / T)_k`` and the same from class to
      sentence: the right class against all others, as in retrieval;
    - ``"squared"``: ``mean_k |s₀ g(u_k) - (z_k - z̄)|² / |z - z̄|²``, s₀ being Procrustes' scale.

    With ``structure`` above 0 the sentences of a step are to keep their neighbours: that weight times
    ``mean_l JS(P^l, Q^l) / l`` over the levels l is added to the loss, P and Q being the row-wise
    ``softmax(cos / T)`` among the directions u and among g(u), both centred, and JS the mean Jensen-Shannon divergence
    of their rows. Gröger et al. add it for both spaces, which they map; here class vectors are fixed.

    Early stopping: a tenth of the classes is held out, training ends when their loss falls no further, and the best
    weights are kept.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is an additional class: with contrastive loss it competes with its
    members.

    Parameters
    ----------
    loss : {"infonce", "squared"}, default="infonce"
    hidden : int, default=256
        Hidden units; 0 keeps the mapping linear.
    temperature : float, default=0.1
        T. Smaller: only the closest rivals matter.
    penalty : float, default=0.1
        Weight of the sum of squares of W, of b and of V's change.
    structure : float, default=0.0
        Weight of the divergence of neighbourhoods.
    levels : int, default=1
        Largest l: at 2, neighbours of neighbours count too.
    learning_rate : float, default=0.005
    max_iter : int, default=100
        Most steps.
    validation_fraction : float, default=0.1
        Share of the classes held out; 0 trains for ``max_iter`` steps on all of them.
    random_state : int, RandomState or None, default=0
        Seed of the sentences of every step, the held-out classes and the initial weights.
    device : {"cpu", "cuda", "mps", "auto"}, default="cpu"
        Device for training.

    Attributes
    ----------
    rotation_ : ndarray of shape (d_text, d_class)
        R.
    scale_ : float
        s.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)
    weights_ : list of ndarrays
        [W], of shape (d_text, d_class), or [V, b, W], of shapes (d_text, hidden), (hidden,) and (hidden, d_class).
    n_iter_ : int
        Step of the best weights.

    References
    ----------
    van den Oord, Li and Vinyals (2018), Representation learning with contrastive predictive coding, arXiv:1807.03748;
    Gröger, Wen, Le and Brbić (2025), With limited data for multimodal alignment, let the STRUCTURE guide you,
    arXiv:2506.16895.
    """

    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(
        loss=choice(LOSSES),
        hidden=count(0),
        temperature=ABOVE_0,
        penalty=FROM_0,
        structure=FROM_0,
        levels=count(1),
        learning_rate=ABOVE_0,
        max_iter=count(1),
        validation_fraction=number("a number from 0 to below 1", least=0, below=1),
        random_state=RANDOM_STATE,
        device=DEVICE,
    )

    def __init__(
        self,
        *,
        loss="infonce",
        hidden=256,
        temperature=0.1,
        penalty=0.1,
        structure=0.0,
        levels=1,
        learning_rate=0.005,
        max_iter=100,
        validation_fraction=0.1,
        random_state=0,
        device="cpu",
    ):
        self.loss = loss
        self.hidden = hidden
        self.temperature = temperature
        self.penalty = penalty
        self.structure = structure
        self.levels = levels
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.validation_fraction = validation_fraction
        self.random_state = random_state
        self.device = device

    def _fit_on(self, device, X, Z):
        rng = check_random_state(self.random_state)
        vectors, labels = classes_of(Z)
        means = group_means(X, labels)
        self.x_mean_, self.z_mean_ = means.mean(axis=0), vectors.mean(axis=0)
        A, B = unit_rows(means - self.x_mean_), vectors - self.z_mean_
        order = rng.permutation(len(B))
        held_out = order[: int(self.validation_fraction * len(B))]
        learned = np.sort(order[len(held_out) :])
        self.rotation_, self.scale_ = orthogonal_map(A[learned], B[learned])
        directions, rows_of = unit_rows(X - self.x_mean_), RowsByLabel(labels)

        def batch():
            """Draw one sentence of each of up to ``BATCH`` classes: directions (b, d_text), their classes (b,)."""
            classes = rng.permutation(learned)[:BATCH]
            return directions[rows_of.draw(classes, rng)], classes

        self.weights_, self.n_iter_ = self._train(device, batch, A, B, held_out, rng)
        self.scale_ = least_squares_scale(self._map(A), B)

    def _train(self, device, batch, A, B, held_out, rng):
        """Train with early stopping: weights with the least loss on the held-out classes, and their step."""
        import torch

        def tensor(a):
            return torch.from_numpy(np.asarray(a, dtype=np.float32)).to(device)

        R = tensor(self.rotation_)
        start = [tensor(w) for w in self._first_weights(A.shape[1], B.shape[1], rng)]
        weights = [w.clone().requires_grad_() for w in start]
        optimiser = torch.optim.Adam(weights, lr=self.learning_rate)
        best, best_score, best_step = [w.cpu().numpy().copy() for w in start], -np.inf, 0
        for step in range(1, self.max_iter + 1):
            at_step(step, self.max_iter)
            directions, drawn = batch()
            directions = tensor(directions)
            mapped = _network(directions, R, weights)
            loss = self._loss(mapped, tensor(B[drawn]))
            if self.structure:
                loss = loss + self.structure * _divergence(directions, mapped, self.temperature, self.levels)
            loss = loss + self.penalty * sum(((w - s) ** 2).sum() for w, s in zip(weights, start, strict=True))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if len(held_out) and step % CHECK_EVERY and step != self.max_iter:
                continue
            with torch.no_grad():
                score = (
                    -float(self._loss(_network(tensor(A[held_out]), R, weights), tensor(B[held_out]), tensor(B)))
                    if len(held_out)
                    else step
                )
            if score > best_score:
                best, best_score, best_step = [w.detach().cpu().numpy().copy() for w in weights], score, step
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
        """Loss of mapped sentences; with ``candidates`` the right class competes with all of them."""
        from torch.nn.functional import cosine_similarity, cross_entropy, normalize

        if self.loss == "squared":
            return ((self.scale_ * mapped - targets) ** 2).sum(1).mean() / (targets**2).sum(1).mean().clamp_min(1e-37)
        import torch

        if candidates is not None:
            own = cosine_similarity(mapped, targets, dim=1) / self.temperature
            scores = normalize(mapped, dim=1) @ normalize(candidates, dim=1).T / self.temperature
            return (torch.logsumexp(scores, dim=1) - own).mean()
        scores = normalize(mapped, dim=1) @ normalize(targets, dim=1).T / self.temperature  # (K, K)
        right = torch.arange(len(scores), device=scores.device)
        return cross_entropy(scores, right) + cross_entropy(scores.T, right)

    def _map(self, directions):
        return np.asarray(_network(directions, self.rotation_, self.weights_))

    def _predict(self, X):
        return self.z_mean_ + self.scale_ * self._map(unit_rows(X - self.x_mean_))


def _network(directions, rotation, weights):
    """Network output ``u R + u W`` or ``u R + relu(u V + b) W``, for arrays and for tensors."""
    if len(weights) == 1:
        return directions @ (rotation + weights[0])
    V, b, W = weights
    return directions @ rotation + (directions @ V + b).clip(min=0) @ W


def _divergence(before, after, temperature, levels):
    """Divergence ``mean_l JS(P^l, Q^l) / l`` of the neighbourhoods in two sets of vectors, tensors (b, d) each."""
    first, second = _neighbourhoods(before, temperature), _neighbourhoods(after, temperature)
    P, Q, total = first, second, 0.0
    for level in range(1, levels + 1):
        middle = ((P + Q) / 2).clamp_min(1e-12).log()
        apart = [(side * (side.clamp_min(1e-12).log() - middle)).sum(dim=1).mean() for side in (P, Q)]
        total = total + sum(apart) / 2 / level
        P, Q = P @ first, Q @ second
    return total / levels


def _neighbourhoods(vectors, temperature):
    """Neighbourhood matrix ``softmax(cos / T)`` among centred directions: (b, b), rows sum to 1."""
    from torch.nn.functional import normalize

    directions = normalize(vectors, dim=1)
    directions = directions - directions.mean(dim=0)
    return (directions @ directions.T / temperature).softmax(dim=1)


class RowsByLabel:
    """Rows grouped by label, to sample from; labels run from 0 without gaps."""

    def __init__(self, labels: np.ndarray):
        self._order = np.argsort(labels, kind="stable")
        self._counts = np.bincount(labels)
        self._starts = np.cumsum(self._counts) - self._counts

    def draw(self, labels: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
        """Draw one random row for each of ``labels``: int array of their length."""
        which = (rng.random_sample(len(labels)) * self._counts[labels]).astype(int)
        return self._order[self._starts[labels] + which]
