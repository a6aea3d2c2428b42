"""Scaling of ridge fits and retrieval with the numbers of sentences and classes; encoding by several workers.

Sentence vectors are synthetic (384 numbers), class vectors 128 numbers, both float32 and memory-mapped from a file.
Every point is measured in a separate process, on one thread. Time is processor time; memory is the peak of
allocations, without the mapped file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from sklearn.utils import gen_batches

from benchmarks.machine import machine
from benchmarks.reporting import markdown_row, markdown_table
from benchmarks.ridge_and_retrieval import BLOCK, D_CLASS, D_TEXT, retrieved, synthetic_pairs
from benchmarks.workers import print_rows

HELP = "time and memory of fitting and retrieval, 1k to 1M sentences, 100 to 20k classes; encoding by workers"
POINTS = (
    *((count, 1000) for count in (1_000, 10_000, 100_000, 1_000_000)),
    *((20_000, count) for count in (100, 1_000, 5_000, 20_000)),
)
WORK = ("ridge on class means", "ridge on sentences", "retrieval")
CHUNK = 50_000  # sentences made at a time


def add_arguments(parser) -> None:
    parser.add_argument("--most", type=int, default=1_000_000, help="sentences of the largest point (default 1M)")
    parser.add_argument(
        "--encode", type=int, default=20_000, metavar="N", help="sentences encoded by workers (default 20,000; 0: none)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=(1, 2), metavar="N", help="that encode (default 1 2)")
    parser.add_argument("--point", nargs=2, type=int, metavar=("SENTENCES", "CLASSES"), help="measure this one alone")


def run(arguments) -> None:
    if arguments.point:
        print(json.dumps(measure(*arguments.point)))
        return
    print(machine(), "this benchmark: 1 thread, processor time", sep="; ", end="\n\n")
    header = ["sentences", "classes", *(f"{work}, {unit}" for work in WORK for unit in ("s", "MiB"))]
    print(markdown_table([], header), flush=True)
    for sentences, classes in POINTS:
        if sentences <= arguments.most:
            command = [sys.executable, "-m", "benchmarks", "scale", "--point", str(sentences), str(classes)]
            figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            cells = [text for taken, peak in figures for text in (f"{taken:.2f}", f"{peak:.0f}")]
            print(markdown_row([f"{sentences:,}", f"{classes:,}", *cells]), flush=True)
    if arguments.encode:
        print_rows(arguments.encode, arguments.workers)


def measure(sentences: int, classes: int) -> list[tuple[float, float]]:
    """Measure (seconds, MiB) of each of ``WORK``."""
    from threadpoolctl import threadpool_limits

    from alignment.mappings import make_mapping

    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        X, Z, vectors, labels = _mapped_pairs(Path(folder), sentences, classes)
        figures = []
        for fit_on in ("classes", "sentences"):
            mapping = make_mapping("ridge", alphas=0.1, fit_on=fit_on)
            figures.append(_time_and_memory(lambda mapping=mapping: mapping.fit(X, Z)))
        figures.append(_time_and_memory(lambda: _hit_rate(mapping, X, vectors, labels)))
        return figures


def _hit_rate(mapping, X, vectors, labels) -> float:
    """Share of sentences whose class is ranked first."""
    hits = [
        retrieved(mapping.predict(X[rows]), vectors, labels[rows], block=max(1, BLOCK * 1000 // len(vectors))) == 1
        for rows in gen_batches(len(X), BLOCK)
    ]
    return float(np.concatenate(hits).mean())


def _time_and_memory(call) -> tuple[float, float]:
    tracemalloc.start()
    start = time.process_time()
    call()
    taken, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return taken, peak / 2**20


def _mapped_pairs(folder: Path, sentences: int, classes: int):
    """:func:`synthetic_pairs` in memory-mapped files, written chunk by chunk; Z[i] = C[labels[i]]."""
    X = np.lib.format.open_memmap(folder / "X.npy", "w+", np.float32, (sentences, D_TEXT))
    Z = np.lib.format.open_memmap(folder / "Z.npy", "w+", np.float32, (sentences, D_CLASS))
    labels = np.arange(sentences) % classes
    for rows in gen_batches(sentences, max(1, CHUNK // classes) * classes):  # whole rounds of classes: labels agree
        X[rows], vectors, _ = synthetic_pairs(len(labels[rows]), classes)
        Z[rows] = vectors[labels[rows]]
    return X, Z, vectors, labels
