"""Sentences encoded by worker processes: rate, memory, efficiency, and what that means for more of them."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np

from alignment.devices.workers import DaskWorkers, open_executor
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.study.encoded_shards import EncoderModel, Encoding, encode_shards
from alignment.text.encoder import TextEncoder
from benchmarks.machine import table

SHARD = 500  # sentences; small, so that the last shards of the workers end at about the same time
WORKERS = (1, 2)
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


def print_rows(count: int) -> None:
    """Measure the encoding of ``count`` of the project's sentences, and print a row for each number of workers."""
    print(f"\nEncoding {count:,} of the project's sentences with the bundled encoder, 1 thread a worker", end="; ")
    print(f"load when it began {os.getloadavg()[0]:.1f}", end="\n\n")
    with tempfile.TemporaryDirectory() as folder:
        _write_seeds(Path(folder), count)
        measured = {workers: _measured(Path(folder), workers) for workers in WORKERS}
    alone = measured[1]["processor"]
    rows = []
    for workers, found in measured.items():
        efficiency = alone / found["processor"]
        rows.append(_row(str(workers), count / found["wall"], found["processor"] / count, found["memory"], efficiency))
    last = measured[WORKERS[-1]]
    efficiency = alone / last["processor"]
    for workers in ON_PAPER:
        rate = workers * count / last["processor"]
        rows.append(_row(f"{workers}, on paper", rate, last["processor"] / count, last["memory"], efficiency))
    print(table(list(HEADER), rows))
    print(
        "\nEfficiency: the processor time of one worker alone over that of all together, for the same sentences. "
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


def _write_seeds(folder: Path, count: int) -> None:
    frame = default_seeds(ClassTable(range(1000))).frame
    chosen = frame.iloc[np.random.default_rng(0).permutation(len(frame))[:count]]
    chosen = chosen.assign(**{"class": chosen["classes"].map(list)})[["sentence", "class", "kind", "term", "template"]]
    (folder / "warm").mkdir()
    (folder / "seeds").mkdir()
    for number, start in enumerate(range(0, len(chosen), SHARD)):
        chosen.iloc[start : start + SHARD].to_parquet(folder / "seeds" / f"{number:04d}.parquet")
    for number in range(8 * max(WORKERS)):  # so that each worker has one
        chosen.iloc[number * 8 : number * 8 + 8].to_parquet(folder / "warm" / f"{number:04d}.parquet")


def _measured(folder: Path, workers: int) -> dict[str, float]:
    """Seconds on the clock and of the processors, and MiB of the largest worker; the model is loaded before."""
    encoding = EncoderModel.of(TextEncoder(pooling=""))
    with open_executor(workers=workers) as executor:
        assert isinstance(executor, DaskWorkers)
        encode_shards(str(folder / "warm"), Encoding(encoding, str(folder / f"warm {workers}")), executor=executor)
        before, start = executor.client.run(_used), time.perf_counter()
        encode_shards(str(folder / "seeds"), Encoding(encoding, str(folder / f"out {workers}")), executor=executor)
        wall, after = time.perf_counter() - start, executor.client.run(_used)
    return {
        "wall": wall,
        "processor": sum(after[worker][0] - before[worker][0] for worker in after),
        "memory": max(memory for _, memory in after.values()),
    }


def _used() -> tuple[float, float]:
    """Processor seconds of this process, and the most memory it has held, in MiB."""
    import resource

    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
