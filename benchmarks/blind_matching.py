"""Blind matching: class vectors assigned to classes by the distances within the two spaces, without pairs.

A class is represented in text space by the mean of its sentences. The permutation under which the class distances of
both spaces agree best is a quadratic assignment problem: SciPy's FAQ from random starts, each improved by exchanging
two classes at a time; the solution of lowest cost is kept. Schnaus, Araslanov and Cremers (2025, arXiv:2503.24129) show
that this can work for few *selected* classes: those whose distances agree best under the true pairing (the
p-dispersion-sum problem; here by greedy exchange rather than by an exact solver). The selection uses the pairs, so that
its accuracy is an upper limit rather than that of truly blind matching; random subsets are reported beside it.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import quadratic_assignment
from scipy.spatial.distance import cdist
from tqdm import tqdm

from alignment.evaluation.fitting import merged_paraphrases
from alignment.study import Settings, Study
from alignment.vectors.class_means import class_means, unit_rows
from benchmarks.arguments import add_class_embeddings
from benchmarks.reporting import markdown_table

HELP = "classes matched without pairs, on chosen and on random subsets"
STARTS = 20  # of the solver, from random permutations
CHOICES = 10  # subsets of every size, each from its own start


def add_arguments(parser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--pooling", default="mean", help="of the encoder (default: mean)")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 20, 40], help="classes in a subset")


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings, pooling=arguments.pooling))
    pairs = merged_paraphrases(study.pairs)
    text, classes = (distances(A) for A in (class_means(pairs.X, pairs.membership), study.class_vectors))
    rng, rows = np.random.default_rng(0), []
    for size in arguments.sizes:
        for name, choose in (("chosen", agreeing_subset), ("random", random_subset)):
            found = []
            for _ in tqdm(range(CHOICES), f"{size} {name} classes", leave=False):
                subset = choose(text, classes, size, rng)
                part = np.ix_(subset, subset)
                found.append(float(np.mean(assignment(text[part], classes[part], rng) == np.arange(size))))
            rows.append([size, name, np.mean(found), min(found), max(found), 1 / size])
    columns = ["classes", "subset", "matched rightly", "least", "most", "by chance"]
    print(markdown_table(rows, columns))


def distances(vectors: np.ndarray) -> np.ndarray:
    """Distances between centred directions of (K, d), standardised to mean 0, deviation 1 off the diagonal: (K, K)."""
    directions = unit_rows(vectors - vectors.mean(axis=0))
    D = cdist(directions, directions)
    apart = D[~np.eye(len(D), dtype=bool)]
    D = (D - apart.mean()) / apart.std()
    np.fill_diagonal(D, 0.0)
    return D


def agreeing_subset(text: np.ndarray, classes: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Classes (size,) whose distances agree in both spaces, by greedy exchange.

    No exchange of one class lowers ``sum_ij (text_ij - classes_ij)²``.
    """
    cost = (text - classes) ** 2
    subset = rng.choice(len(cost), size, replace=False)
    while True:
        inside = cost[:, subset].sum(axis=1)  # of every class with the subset
        change = inside[:, None] - cost[:, subset] - inside[subset]  # (K, size): this class in, that one out
        change[subset] = np.inf
        enters, place = np.unravel_index(change.argmin(), change.shape)
        if change[enters, place] >= -1e-9:
            return np.sort(subset)
        subset[place] = enters


def random_subset(text: np.ndarray, classes: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Classes (size,) drawn at random."""
    return rng.choice(len(text), size, replace=False)


def assignment(text: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Class vector matched to every class of text space, int (n,), from the start with the best objective."""
    found = []
    for _ in range(STARTS):
        # shuffled, so that nothing is gained from the order in which both spaces list the classes
        order = rng.permutation(len(text))
        options = {"maximize": True, "rng": rng, "P0": "randomized"}
        start = quadratic_assignment(text, classes[np.ix_(order, order)], method="faq", options=options)
        guess = np.column_stack([np.arange(len(text)), start.col_ind])
        options = {"maximize": True, "rng": rng, "partial_guess": guess}
        best = quadratic_assignment(text, classes[np.ix_(order, order)], method="2opt", options=options)
        found.append((best.fun, order[best.col_ind]))
    return max(found, key=lambda one: one[0])[1]
