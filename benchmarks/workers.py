"""Encoding by worker processes: rate, memory, parallel efficiency, and hours per million sentences."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.execution.progress_bars import ProgressBars
from alignment.execution.workers import DaskWorkers, open_executor
from alignment.study.shards.encoded_shards import EncoderModel, Encoding, encode_shards
from alignment.text.encoder import TextEncoder
from benchmarks.machine import peak_memory_bytes
from benchmarks.reporting import markdown_table

SHARD = 500  # sentences; small, so that the last shards of the workers end at about the same time
ON_PAPER = (16, 64)
HEADER = (
    "workers",
    "sentences a second",
    "processor ms a sentence",
    "MiB a worker",
    "efficiency",
    "a million sentences, h",
    "processor hours a million",
)


def print_rows(count: int, numbers_of_workers: Sequence[int]) -> None:
    """Measure the encoding of ``count`` seed sentences, repeated if need be; print a row per number of workers.

    Efficiency is relative to the first.
    """
    print(f"\nEncoding {count:,} of the project's sentences with the bundled encoder, 1 thread a worker", end="; ")
    print(f"load when it began {os.getloadavg()[0]:.1f}", end="\n\n")
    with tempfile.TemporaryDirectory() as folder:
        _write_seeds(Path(folder), count, max(numbers_of_workers))
        measured = {workers: _measure(Path(folder), workers) for workers in numbers_of_workers}
    alone, last = measured[numbers_of_workers[0]]["processor"], measured[numbers_of_workers[-1]]
    rows = []
    for workers, found in measured.items():
        efficiency = alone / found["processor"]
        rows.append(_row(str(workers), count / found["wall"], found["processor"] / count, found["memory"], efficiency))
    efficiency = alone / last["processor"]
    for workers in ON_PAPER:
        rate = workers * count / last["processor"]
        rows.append(_row(f"{workers}, on paper", rate, last["processor"] / count, last["memory"], efficiency))
    print(markdown_table(rows, HEADER))
    print(
        f"\nEfficiency: the processor time with {numbers_of_workers[0]} over that of all, for the same sentences. "
        "On paper: a core for each worker, as fast as one of the last measured. Sentences a second are by the clock."
    )


def _row(workers: str, rate: float, processor: float, memory: float, efficiency: float) -> list[str]:
    hours = 1e6 / rate / 3600
    return [
        workers,
        f"{rate:,.0f}",
        f"{1000 * processor:.2f}",
        f"{memory:,.0f}",
        f"{efficiency:.2f}",
        f"{hours:.2f}",
        f"{1e6 * processor / 3600:.2f}",
    ]


def _write_seeds(folder: Path, count: int, workers: int) -> None:
    frame = default_seeds(ClassTable(range(1000))).frame
    rng, rounds = np.random.default_rng(0), -(-count // len(frame))
    chosen = frame.iloc[np.concatenate([rng.permutation(len(frame)) for _ in range(rounds)])[:count]]
    chosen = chosen.assign(**{"class": chosen["classes"].map(list)})[["sentence", "class", "kind", "term", "template"]]
    (folder / "warm").mkdir()
    (folder / "seeds").mkdir()
    for number, start in enumerate(range(0, len(chosen), SHARD)):
        chosen.iloc[start : start + SHARD].to_parquet(folder / "seeds" / f"{number:04d}.parquet")
    for number in range(8 * workers):  # so that each worker has one
        chosen.iloc[number * 8 : number * 8 + 8].to_parquet(folder / "warm" / f"{number:04d}.parquet")


def _measure(folder: Path, workers: int) -> dict[str, float]:
    """Wall seconds, processor seconds, and MiB of the largest worker; the model is loaded before."""
    encoding = EncoderModel.of(TextEncoder(pooling=""))
    with open_executor(workers=workers) as executor:
        assert isinstance(executor, DaskWorkers)
        encode_shards(str(folder / "warm"), Encoding(encoding, folder / f"warm {workers}"), executor=executor)
        before, start = executor.client.run(_usage), time.perf_counter()
        output, progress = folder / f"out {workers}", ProgressBars()
        encode_shards(str(folder / "seeds"), Encoding(encoding, output), executor=executor, progress=progress)
        wall, after = time.perf_counter() - start, executor.client.run(_usage)
    shutil.rmtree(output)  # 6 GB for a million
    return {
        "wall": wall,
        "processor": sum(after[worker][0] - before[worker][0] for worker in after),
        "memory": max(memory for _, memory in after.values()),
    }


def _usage() -> tuple[float, float]:
    """Processor seconds and peak memory, in MiB, of this process."""
    return time.process_time(), peak_memory_bytes() / 2**20
