"""Learned attention over class prototypes and over seed sentences, both in learned metrics."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsmr
from sklearn.utils import check_random_state, gen_batches

from alignment.mappings.hyperparameters import ABOVE_0, DEVICE, FROM_0, RANDOM_STATE, constraints, count
from alignment.mappings.landmarks import MAX_LANDMARKS
from alignment.mappings.torch_mapping import TorchMapping
from alignment.mappings.within_class_whitening import whitening_matrix
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, group_means, label_matrix, scatter_within, shares, unit_rows

BATCH = 512  # sentences per step
PREDICTION_BATCH = 2048  # sentences
PROTOTYPE_RATE, METRIC_RATE, NEIGHBOR_METRIC_RATE = 0.02, 0.0005, 0.003  # largest learning rates
NEIGHBOR_EPOCHS = 2  # enough for a metric alone
INITIAL_DEVIATION = 0.01  # of a class's initial prototypes around their mean, per component


class LearnedAttention(TorchMapping):
    """Mean of softmax attention over learned prototypes and over seed sentences, each in a learned metric.

    Sentence vectors are whitened within classes, as by
    :class:`~alignment.mappings.within_class_whitening.WithinClassWhitening`, projected on the principal directions of
    the classes' means and scaled to length 1; this is x. Then, with c the cosine and T the temperature, ``predict`` is
    the mean of two predictions:

    * *Prototypes*. Class k has several, w_kj, and the score ``s_k(x) = log sum_j exp(c(x M, w_kj) / T)``; the
      prediction is ``sum_k softmax_k(s_k(x)) z_k``. Several prototypes allow a class to have several meanings, such as
      its names and its descriptions. They and M are learned by cross-entropy with the classes that a sentence names;
      the score of a single right class is lowered by ``margin / T``, so that it has to win by a margin.
    * *Neighbours*. The means v_i of the paraphrase groups of the seeds: ``sum_i softmax_i(c(x N, v_i N) / T) z_i``. N
      minimises ``-log sum_i a_i softmax_i(...)`` over the seed sentences, a_i being the number of classes that v_i has
      in common with the sentence over the product of the numbers that either names; the sentence itself is left out of
      the mean of its own group.

    M and N start as the identity, all prototypes of a class near its mean; the optimiser is Adam. For N, the neighbours
    of a step are the groups that share a class with a sentence of the step, or contain one.

    An epoch draws ``ceil(sqrt(n))`` of the n sentences of one paraphrase group ("A photo of a tench",
    "I saw a tench"): with all of them, twenty templates of a name would outweigh three descriptions; with their mean
    alone, nothing would be learned from the differences of paraphrases.

    Sentences that name several classes, such as "I have a cat", count for each of them in equal parts if ``fit`` gets
    the membership; otherwise each such set of classes is an additional class.

    Parameters
    ----------
    n_prototypes : int, default=3
        Prototypes per class, J.
    n_components : int, default=384
        Principal directions kept, r; at most the number of classes and d_text.
    temperature : float, default=0.05
        T. Low: the nearest class has almost all the weight. High: many classes blend.
    margin : float, default=0.1
        In cosine.
    shrinkage : float, default=1.0
        As of :class:`~alignment.mappings.within_class_whitening.WithinClassWhitening`.
    epochs : int, default=8
        Training epochs of the prototypes.
    random_state : int, RandomState or None, default=0
        Seed of the initial prototypes, and of the sentences of every epoch.
    device : {"cpu", "cuda", "mps", "auto"}, default="cpu"
        Device for training.

    Attributes
    ----------
    transform_ : ndarray of shape (d_text, r)
        From a sentence's unit vector to x, before scaling to length 1.
    prototypes_ : ndarray of shape (n_prototypes, K, r)
        w_kj.
    prototype_metric_ : ndarray of shape (r, r)
        M.
    vectors_ : ndarray of shape (K, d_class)
        z_k.
    neighbors_ : ndarray of shape (n_groups, r)
        v_i N, of length 1.
    neighbor_metric_ : ndarray of shape (r, r)
        N.
    targets_ : ndarray of shape (n_groups, d_class)
        z_i.

    References
    ----------
    Snell, Swersky and Zemel (2017), Prototypical networks, arXiv:1703.05175; several centres per class: Qian et al.
    (2019), SoftTriple loss, arXiv:1909.05235; the margin: Wang et al. (2018), CosFace, arXiv:1801.09414; neighbours:
    Goldberger et al. (2005), Neighbourhood components analysis.

    Examples
    --------
    >>> X = [[1., 0.], [0., 1.], [1., .1], [.1, 1.]]
    >>> LearnedAttention().fit(X, [[5.], [7.], [5.], [7.]]).predict([[2., 0.1]]).round(3)
    array([[5.]])
    """

    __metadata_request__fit = {"groups": True, "membership": True}  # noqa: RUF012, as scikit-learn reads it
    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(
        n_prototypes=count(1),
        n_components=count(1),
        temperature=ABOVE_0,
        margin=FROM_0,
        shrinkage=ABOVE_0,
        epochs=count(1),
        random_state=RANDOM_STATE,
        device=DEVICE,
    )

    def __init__(
        self,
        n_prototypes=3,
        *,
        n_components=384,
        temperature=0.05,
        margin=0.1,
        shrinkage=1.0,
        epochs=8,
        random_state=0,
        device="cpu",
    ):
        self.n_prototypes = n_prototypes
        self.n_components = n_components
        self.temperature = temperature
        self.margin = margin
        self.shrinkage = shrinkage
        self.epochs = epochs
        self.random_state = random_state
        self.device = device

    def fit(self, X, y, membership=None, groups=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        membership : sparse array of bool, (n, K), optional
            Whether a sentence names a class; ``y`` is the mean of their vectors. By default every distinct row of
            ``y`` is a class.
        groups : array-like of int, (n,), optional
            Equal for paraphrases, as from :mod:`~alignment.evaluation.paraphrase_groups`. By default every
            sentence is a separate group, and whitening uses the covariance within classes.

        Returns
        -------
        self
        """
        return self._validate_and_fit(X, y, membership=membership, groups=groups)

    def _fit_on(self, device, X, Z, membership, groups):
        rng = check_random_state(self.random_state)
        vectors, labels = classes_of(Z)
        membership = label_matrix(labels, len(vectors)) if membership is None else csr_array(membership)
        parts = shares(membership[:, membership.sum(axis=0) > 0])
        whitened = labels if groups is None else np.unique(groups, return_inverse=True)[1]  # labels for whitening
        groups = np.arange(len(X)) if groups is None else whitened
        X = X.astype(np.float32)  # as in training
        transform = whitening_matrix(scatter_within(unit_rows(X), whitened), self.shrinkage)
        means = unit_rows(parts.T @ unit_rows(unit_rows(X) @ transform))
        self.transform_ = transform @ _principal(means, self.n_components)
        X = self._transform(X)
        self.vectors_ = _class_vectors(parts, Z)
        means = unit_rows(parts.T @ X)
        around = rng.normal(scale=INITIAL_DEVIATION, size=(self.n_prototypes, *means.shape))
        rounds = [_round(groups, rng) for _ in range(max(self.epochs, NEIGHBOR_EPOCHS))]
        self._learn_prototypes(device, X, parts, means + around, rounds[: self.epochs])
        self._learn_neighbors(device, X, Z, parts, groups, rounds[:NEIGHBOR_EPOCHS])

    def _transform(self, X):
        return unit_rows(unit_rows(X) @ self.transform_)

    def _learn_prototypes(self, device, X, parts, prototypes, rounds):
        from torch.nn.functional import cross_entropy

        X, W, M = _tensors(X, prototypes, np.eye(X.shape[1]), device=device)

        def loss(rows):
            (wanted,) = _tensors(parts[rows].toarray(), device=device)
            scores = _scores(X[rows], M, W, self.temperature)
            return cross_entropy(scores - (wanted == 1) * (self.margin / self.temperature), wanted)

        _minimise(loss, [(W, PROTOTYPE_RATE), (M, METRIC_RATE)], rounds)
        self.prototypes_, self.prototype_metric_ = W.detach().cpu().numpy(), M.detach().cpu().numpy()

    def _learn_neighbors(self, device, X, Z, parts, groups, rounds):
        import torch
        from torch.nn.functional import normalize

        _, first, size = np.unique(groups, return_index=True, return_counts=True)
        means, size = group_means(X, groups), size[groups]
        others = (size[:, None] * means[groups] - X) / np.maximum(size - 1, 1)[:, None]  # the mean of a group without x
        of_groups, alone = parts[first], size == 1
        shared = parts.astype(bool) @ of_groups.astype(bool).sum(axis=0)  # its classes, counted in every group
        has_neighbours = shared > np.where(alone, np.diff(parts.indptr), 0)
        rounds = [rows[has_neighbours[rows]] for rows in rounds]
        X, V, R, N = _tensors(X, means, others, np.eye(X.shape[1]), device=device)

        def loss(rows):
            shared = _shared_classes(parts[rows], of_groups, groups[rows], alone[rows])
            place = np.zeros(len(first), dtype=np.int64)  # of each group among those at hand in this step
            place[shared.col] = place[groups[rows]] = 1
            at_hand = np.flatnonzero(place)
            place[at_hand] = np.arange(len(at_hand))
            asked, right, own, left_out = (
                torch.from_numpy(array).to(device)
                for array in (shared.row.astype(np.int64), place[shared.col], place[groups[rows], None], alone[rows])
            )
            x = normalize(X[rows] @ N, dim=1) / self.temperature
            logits = x @ normalize(V[at_hand] @ N, dim=1).T
            left = (x * normalize(R[rows] @ N, dim=1)).sum(dim=1).masked_fill(left_out, -torch.inf)
            logits = logits.scatter(1, own, left[:, None])
            found = (logits[asked, right] - logits.logsumexp(dim=1)[asked]).exp()
            (part,) = _tensors(shared.data, device=device)
            return -_sum_by_label(part * found, asked, len(rows)).clamp(min=1e-12).log().mean()

        _minimise(loss, [(N, NEIGHBOR_METRIC_RATE)], rounds)
        self.neighbor_metric_, self.targets_ = N.detach().cpu().numpy(), Z[first]
        self.neighbors_ = normalize(V @ N.detach(), dim=1).cpu().numpy()

    def _predict(self, X):
        import torch
        from torch.nn.functional import normalize

        W, M, N, V = _tensors(self.prototypes_, self.prototype_metric_, self.neighbor_metric_, self.neighbors_)
        vectors, targets = _tensors(self.vectors_, self.targets_)
        (X,) = _tensors(self._transform(X))
        predictions = np.empty((len(X), self.vectors_.shape[1]))
        with torch.no_grad():
            for part in gen_batches(len(X), PREDICTION_BATCH):
                at_step()
                of_prototypes = _scores(X[part], M, W, self.temperature).softmax(dim=1) @ vectors
                of_neighbors = (normalize(X[part] @ N, dim=1) @ V.T / self.temperature).softmax(dim=1) @ targets
                predictions[part] = ((of_prototypes + of_neighbors) / 2).numpy()
        return predictions


def _shared_classes(parts, of_groups, own, alone):
    """Weight of the classes that sentences (b, K) have in common with groups (n_groups, K): COO array (b, n_groups).

    Computed for the sentences of a step, as all n sentences of a few classes have n² / K pairs. A sentence that is
    ``alone`` in its group, ``own``, is no neighbour of itself.
    """
    shared = csr_array(parts @ of_groups.T)
    sentence = np.repeat(np.arange(len(own)), np.diff(shared.indptr))
    shared.data[(shared.indices == own[sentence]) & alone[sentence]] = 0
    shared.eliminate_zeros()
    return shared.tocoo()


def _class_vectors(parts, Z):
    """Class vectors z_k whose means are the rows of Z, by least squares: (K, d_class)."""
    if parts.shape[1] > MAX_LANDMARKS:  # the same solution, step by step
        solved = [lsmr(parts, column, atol=1e-10, btol=1e-10)[0] for column in np.asarray(Z, dtype=float).T]
        return np.column_stack(solved)
    gram = (parts.T @ parts).toarray()
    return np.linalg.pinv(gram, rtol=None, hermitian=True) @ (parts.T @ Z)  # type: ignore[call-overload]


def _tensors(*arrays, device="cpu"):
    import torch

    # Writeable: torch warns of arrays that joblib shares between processes, which are read-only.
    return [torch.from_numpy(np.require(array, np.float32, ["C", "W"])).to(device) for array in arrays]


def _sum_by_label(values, labels, n_labels):
    """Sum values by label, deterministically on every device: on a GPU, the order of index_add varies."""
    total = values.new_zeros(n_labels)
    if values.device.type == "cpu":
        return total.index_add(0, labels, values)
    return total.index_put((labels,), values, accumulate=True)


def _principal(means, n_components):
    """Principal directions (d, r): those in which the rows of ``means`` (K, d) have the largest sums of squares."""
    at_step()
    r = min(n_components, *means.shape)
    return np.linalg.eigh(means.T @ means)[1][:, -r:]


def _minimise(loss, parameters, rounds):
    """Minimise ``loss(rows)`` with Adam, in batches of each round's rows.

    Parameters
    ----------
    parameters : list of (tensor, largest learning rate)
    rounds : list of int arrays
    """
    import torch

    batches = [rows[start : start + BATCH] for rows in rounds for start in range(0, len(rows), BATCH)]
    for tensor, _ in parameters:
        tensor.requires_grad_()
    optimiser = torch.optim.Adam([{"params": [tensor]} for tensor, _ in parameters], fused=True)
    rates = [rate for _, rate in parameters]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, len(batches) + 1, pct_start=0.1)
    for done, rows in enumerate(batches):
        at_step(done, len(batches))
        optimiser.zero_grad()
        loss(rows).backward()
        optimiser.step()
        schedule.step()


def _scores(x, M, W, temperature):
    """Scores s (m, K) of unit vectors x (m, r) with prototypes W (J, K, r)."""
    from torch.nn.functional import normalize

    sharpened = normalize(x @ M, dim=1) / temperature  # before the product, which has J K numbers per sentence
    logits = sharpened @ normalize(W, dim=-1).flatten(0, 1).T
    return logits.unflatten(1, W.shape[:2]).logsumexp(dim=1)


def _round(groups, rng):
    """Sample the rows of one epoch, in random order: of the n sentences of a group, ``ceil(sqrt(n))``."""
    order = np.lexsort((rng.random_sample(len(groups)), groups))
    sizes = np.bincount(groups)
    place = np.arange(len(groups)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # within the group, in that order
    return rng.permutation(order[place < np.ceil(np.sqrt(sizes[groups[order]]))])
