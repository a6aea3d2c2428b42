"""Time of ridge regression with 20 penalties and five folds against one fit, and of retrieval in blocks."""

from __future__ import annotations

import tracemalloc

import numpy as np
from sklearn.utils import gen_batches

from benchmarks.machine import machine, seconds
from benchmarks.reporting import markdown_table

HELP = "time of ridge's path against one fit, memory of retrieval"
ALPHAS = tuple(np.geomspace(0.001, 30, 20))
D_TEXT, D_CLASS = 384, 128  # dimensions of the synthetic vectors
BLOCK = 2048  # predictions whose similarities are held at a time


def add_arguments(parser) -> None:
    parser.add_argument("--sentences", type=int, default=25_000)
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)


def run(arguments) -> None:
    import time

    from threadpoolctl import threadpool_limits

    from alignment.mappings import make_mapping

    X, vectors, labels = synthetic_pairs(arguments.sentences, arguments.classes)
    Z = vectors[labels]
    print(machine(), "this benchmark: 1 thread, processor time", sep="; ", end="\n\n")
    rows = []
    with threadpool_limits(1):
        for fit_on in ("classes", "sentences"):
            fits = {
                "one fit": make_mapping("ridge", alphas=0.1, fit_on=fit_on),
                "20 penalties, 5 folds": make_mapping("ridge", alphas=ALPHAS, fit_on=fit_on, cv=5),
            }
            calls = {name: lambda mapping=mapping: mapping.fit(X, Z) for name, mapping in fits.items()}
            times = seconds(calls, repeats=arguments.repeats, clock=time.process_time)
            for name, taken in times.items():
                rows.append([f"ridge on {fit_on}, {name}", f"{1e3 * taken:.0f}", f"{taken / times['one fit']:.2f}"])
        mapping = fits["one fit"]
        predictions = mapping.predict(X)
        calls = {"at once": lambda: retrieved(predictions, vectors, labels, block=len(X))}
        calls["in blocks"] = lambda: retrieved(predictions, vectors, labels)
        times = seconds(calls, repeats=2, clock=time.process_time)
        for name, call in calls.items():
            tracemalloc.start()
            call()
            peak = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
            rows.append([f"retrieval {name}, {peak:.0f} MiB", f"{1e3 * times[name]:.0f}", ""])
    print(f"{arguments.sentences:,} sentences of {X.shape[1]} numbers, {arguments.classes:,} classes\n")
    print(markdown_table(rows, ["work", "ms", "times one fit"]))


def retrieved(predictions: np.ndarray, vectors: np.ndarray, labels: np.ndarray, *, block: int = BLOCK) -> np.ndarray:
    """Rank of every prediction's class among all, as :mod:`alignment.evaluation.result` finds it."""
    from alignment.evaluation import metrics
    from alignment.vectors import similarity

    ranks = np.empty(len(predictions))
    for rows in gen_batches(len(predictions), block):
        ranks[rows] = metrics.ranks(similarity.similarities(predictions[rows], vectors), labels[rows])
    return ranks


def synthetic_pairs(sentences: int, classes: int):
    """Sentence vectors scattered about the class they name: float32 X (n, D_TEXT), C (K, D_CLASS), labels (n,)."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((classes, D_CLASS), dtype=np.float32)
    turn = rng.standard_normal((D_CLASS, D_TEXT), dtype=np.float32) / D_CLASS**0.5
    labels = np.arange(sentences) % classes
    X = np.empty((sentences, D_TEXT), np.float32)
    for rows in gen_batches(sentences, 4096):
        X[rows] = vectors[labels[rows]] @ turn
        X[rows] += 0.5 * rng.standard_normal((len(labels[rows]), D_TEXT), dtype=np.float32)
    return X, vectors, labels
