"""Time and memory of a user-defined class space with many classes, from its files to its layout.

The classes are synthetic: names of two ImageNet classes side by side ("lemon castle"), grouped by the second, with
vectors that are sums of a vector of each and of noise. Seeds are made from the names and encoded by the bundled
encoder. Every stage is measured in a separate process, which reads earlier results from the cache.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.classes import imagenet_names
from alignment.evaluation.baselines import SHUFFLED
from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Settings, Study
from benchmarks.machine import machine, peak_memory_bytes
from benchmarks.reporting import markdown_row, markdown_table

HELP = "time and memory of a space of 20,000 classes of one's own, stage by stage"
GROUP_SIZE = 100


def add_arguments(parser) -> None:
    parser.add_argument("--count", type=int, default=20_000, help="number of classes (default 20,000)")
    parser.add_argument("--dimensions", type=int, default=64, help="of the class vectors (default 64)")
    parser.add_argument("--folder", type=Path, help="keep files and cache here; what is there is not computed again")
    parser.add_argument("--stage", choices=STAGES, help="measure this one alone, of the files in the folder")


def run(arguments) -> None:
    if arguments.stage:
        print(json.dumps(measure(arguments.folder, arguments.stage)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_space(folder, arguments.count, arguments.dimensions)
        print(f"{machine()}; {arguments.count:,} classes, {arguments.dimensions} numbers each\n")
        print(markdown_table([], ["stage", "s", "processor, s", "peak memory, GB", "result"]), flush=True)
        for stage in STAGES:
            command = [sys.executable, "-m", "benchmarks", "classes", "--stage", stage, "--folder", str(folder)]
            environment = os.environ | {"ALIGNMENT_CACHE": str(folder / "cache")}
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            print(markdown_row([stage, *json.loads(done.stdout.splitlines()[-1])]), flush=True)


def write_space(folder: Path, count: int, dimensions: int) -> None:
    """Write ``classes.csv`` and ``vectors.npy`` of synthetic classes."""
    rng = np.random.default_rng(0)
    names = imagenet_names().frame["name"].sample(frac=1, random_state=0).tolist()
    groups = max(2, -(-count // GROUP_SIZE))
    rows = np.arange(count)
    first, second = rows // groups, rows % groups
    of_first, of_second = rng.normal(size=(GROUP_SIZE, dimensions)), rng.normal(size=(groups, dimensions))
    noise = 0.15 * rng.normal(size=(count, dimensions))
    vectors = of_second[second] + 0.7 * of_first[first] + noise
    np.save(folder / "vectors.npy", (vectors / np.sqrt(dimensions)).astype(np.float32))
    pairs = [(f"{names[-1 - a]} {names[b]}", names[b]) for a, b in zip(first, second, strict=True)]
    pd.DataFrame(pairs, columns=["name", "group"]).to_csv(folder / "classes.csv", index=False)


def measure(folder: Path, stage: str) -> list[str]:
    """Run a stage; return wall seconds, processor seconds, peak memory in GB, and a result, as table cells."""
    settings = Settings(classes=str(folder / "classes.csv"), class_embeddings=str(folder / "vectors.npy"))
    begun, worked = time.perf_counter(), time.process_time()
    found = STAGES[stage](Study(settings, cache=folder / "cache"))
    taken, processor = time.perf_counter() - begun, time.process_time() - worked
    return [f"{taken:.0f}", f"{processor:.0f}", f"{peak_memory_bytes() / 1e9:.1f}", found]


def _encode(study: Study) -> str:
    return f"{len(study.X):,} sentences"


def _fit(study: Study) -> str:
    study.mapping()
    return ""


def _nearest(study: Study) -> str:
    name = study.classes.names[7]
    return f"{name}: {study.nearest([f'I have a {name}'], top=1).loc[0, 'name']}"


def _evaluate(study: Study) -> str:
    figures = study.evaluations.evaluate(DEFAULT_MAPPING).summary()
    return f"P@10 {figures['p_at_10']:.3f}, median rank {figures['median_rank']:.0f}"


def _baselines(study: Study) -> str:
    return f"P@10 {study.evaluations.compare([])[SHUFFLED].summary()['p_at_10']:.3f} of {SHUFFLED}"


def _random_space(study: Study) -> str:
    return f"P@10 {study.evaluations.random_space_result().summary()['p_at_10']:.3f}"


def _neighbourhoods(study: Study) -> str:
    from alignment.projection.neighbourhoods import neighbourhood_table

    changed = neighbourhood_table(study.projections.class_positions(), study.classes.names)["change"].mean()
    return f"{changed:.0%} of neighbours change"


def _layout(study: Study) -> str:
    drawn = study.projections.layout()
    return f"trust {drawn['class'].trustworthiness:.2f} of {len(drawn['class'].fitted):,} classes"


STAGES: dict[str, Callable[[Study], str]] = {
    "seeds made and encoded": _encode,
    "default mapping fitted": _fit,
    "nearest classes of a sentence": _nearest,
    "default mapping evaluated": _evaluate,
    "baselines evaluated": _baselines,
    "the same in a random space": _random_space,
    "neighbourhoods of all classes": _neighbourhoods,
    "aligned UMAP": _layout,
}
