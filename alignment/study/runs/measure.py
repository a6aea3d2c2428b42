"""Measuring runs: mappings evaluated on pairs of a text space and a class space, stored in a table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from itertools import product

import pandas as pd

from alignment import __version__
from alignment.errors import InputError, check_texts
from alignment.evaluation.baselines import random_space
from alignment.evaluation.parallel_evaluation import evaluate_on
from alignment.evaluation.splits import check_split
from alignment.execution.workers import Executor
from alignment.mappings import MAPPINGS_WANTED, make_mapping
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, digest
from alignment.study.evaluations import Evaluations
from alignment.study.paired_spaces import PairedSpaces
from alignment.study.runs.rows import PROJECT_SEEDS, code_version, libraries_text
from alignment.study.runs.table import RunTable
from alignment.study.settings import Settings, without_reading
from alignment.study.shared_encoding import encode_together, is_to_encode, taken_together


@dataclass(frozen=True)
class Run:
    """One row of the table: spaces, mapping, and what is held out.

    Parameters
    ----------
    settings : Settings
    mapping : str
        A key of the registry.
    split : {"classes", "sentences", "kinds"}
    random : bool
        Whether the class vectors are shuffled among the classes: the chance level, without any alignment of the
        two spaces.
    """

    settings: Settings
    mapping: str
    split: str = "classes"
    random: bool = False


@dataclass(frozen=True)
class Failure:
    """A mapping (None: all mappings of these settings) that could not be measured, and the reason in one sentence."""

    settings: Settings
    mapping: str | None
    reason: str


@dataclass(frozen=True)
class Measured:
    """Result of measuring runs: rows of the table in the order requested, and failures.

    ``new`` is the number of rows measured now; the others were in the table.
    """

    rows: pd.DataFrame
    failures: tuple[Failure, ...]
    new: int


def runs_over(
    settings: Iterable[Settings], mappings: Sequence[str], *, split: str = "classes", random_space: bool = True
):
    """Runs of every mapping with every pair of spaces and, with ``random_space``, each in a random space too.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        For a mapping that is missing from the registry, and for an unknown split.
    """
    mappings = list(dict.fromkeys(check_texts(mappings, MAPPINGS_WANTED)))
    check_split(split)
    if isinstance(settings, Settings):
        raise InputError("Runs are over a list of Settings, and not over one alone.")
    for mapping in mappings:
        make_mapping(mapping)
    chosen = product(dict.fromkeys(settings), mappings, (False, True) if random_space else (False,))
    return [Run(each, mapping, split, random) for each, mapping, random in chosen]


def run_key(spaces: PairedSpaces, run: Run) -> ArtifactKey:
    """Key of a run in the table; see :func:`~alignment.study.artifacts.run_figures`."""
    return spaces.key(artifacts.run_figures, run.mapping, run.split, run.random)


def measure_runs(
    runs: Sequence[Run],
    table: RunTable,
    *,
    again: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Measured:
    """Measure the runs missing from the table; each row is stored at once, so that an interruption loses one at most.

    Parameters
    ----------
    table : RunTable
        In the cache folder, which also holds the encoded sentences.
    again : bool
        Whether rows in the table are measured again.
    progress : callable, optional
        Called with (the run, runs done, runs); an exception that it raises stops the work.
    executor : Executor, optional
        Evaluates each fold as a job with one thread; a mapping's seconds count from the previous one. Default: here.

    Returns
    -------
    Measured
        Each row once; missing models or files that do not fit are failures, and the other runs are measured.
    """
    rows: dict[Run, dict] = {}
    failures: list[Failure] = []
    new, report = 0, progress or (lambda *_: None)
    opened: tuple[Settings, Evaluations] | None = None  # shared by consecutive runs
    start = time.perf_counter()
    for number, run in enumerate(runs):
        stage = _short(run)
        if any(failure.settings == run.settings and failure.mapping is None for failure in failures):
            continue
        report(stage, number, len(runs))
        mapping = None
        try:
            if opened is None or opened[0] != run.settings:
                opened, start = None, time.perf_counter()
                within = partial(_report_within, report, f"Preparing {stage}", number, len(runs))
                evaluations, added = _prepare(runs[number:], table, again, executor, within)
                opened, new = (run.settings, evaluations), new + added
            evaluations = opened[1]
            key = run_key(evaluations.spaces, run)
            row = None if again and executor is None else table.row(key)
            if row is None:
                within = partial(_report_within, report, stage, number, len(runs))
                evaluations.spaces.encode_seeds(within)
                encoding_seconds, mapping = time.perf_counter() - start, run.mapping
                row = table.add(key, _measure_here(evaluations, run, encoding_seconds, within))
                new += 1
            rows[run], start = row, time.perf_counter()
        except InputError as error:
            report(f"{stage} failed", number, len(runs))
            failures.append(Failure(run.settings, mapping, str(error)))
            start = time.perf_counter()
    report("Done", len(runs), len(runs))
    each = pd.DataFrame([rows[run] for run in runs if run in rows])  # the last layer has two numbers, but is one run
    return Measured(each.drop_duplicates("key", ignore_index=True) if rows else each, tuple(failures), new)


def _prepare(
    runs: Sequence[Run], table: RunTable, again: bool, executor: Executor | None, progress: Progress
) -> tuple[Evaluations, int]:
    """Open the spaces of the first run, encoded together with those that can share the pass.

    With an executor, all runs of these spaces are measured; also returns how many rows that added.
    """
    spaces = PairedSpaces(runs[0].settings, cache=table.cache)
    together = _to_encode(spaces, runs, table, again)
    if len(together) > 1:
        encode_together(together, progress)
    evaluations = Evaluations(spaces)
    if executor is None:
        return evaluations, 0
    alike = [run for run in runs if run.settings == runs[0].settings]
    return evaluations, _measure_on(executor, evaluations, alike, table, progress, again=again)


def _to_encode(spaces: PairedSpaces, runs: Sequence[Run], table: RunTable, again: bool) -> list[PairedSpaces]:
    """Unencoded spaces, these and those of later runs, that one pass over the same sentences can encode."""
    if not is_to_encode(spaces):
        return []
    found: dict[str, PairedSpaces] = {}  # by their vectors: the last layer has two numbers
    alike = [run for run in runs if without_reading(run.settings) == without_reading(runs[0].settings)]
    for settings in dict.fromkeys(run.settings for run in alike):
        try:
            other = PairedSpaces(settings, cache=table.cache)
        except InputError:  # reported when its run is measured
            continue
        keys = (run_key(other, run) for run in alike if run.settings == settings)
        if is_to_encode(other) and (again or any(table.row(key) is None for key in keys)):
            found[other.sentence_vectors.digest_of_seeds] = other
    return next(taken_together(list(found.values())), [])


def _report_within(report: Progress, stage: str, number: int, runs: int, _: str, done: float, steps: int) -> None:
    share = min(0.99, done / max(1, steps))  # the run is done when its row is stored
    report(stage, round(number + share, 2), runs)  # rounded last: 1 + 0.39 is 1.3900000000000001, which a bar shows


def _short(run: Run) -> str:
    settings = run.settings
    random = ", random space" if run.random else ""
    layer = "last layer" if settings.layer == -1 else f"layer {settings.layer}"
    return f"{settings.encoder}, {layer}, {settings.pooling or 'own pooling'}, {run.mapping}{random}"


def _measure_on(
    executor: Executor,
    evaluations: Evaluations,
    runs: Sequence[Run],
    table: RunTable,
    progress: Progress,
    *,
    again: bool,
) -> int:
    """Measure the missing runs of one pair of spaces, fold by fold on workers; return their number."""
    spaces = evaluations.spaces
    keys = {run: run_key(spaces, run) for run in runs}
    missing = [run for run in runs if again or table.row(keys[run]) is None]
    for split, random in dict.fromkeys((run.split, run.random) for run in missing):
        these = {run.mapping: run for run in missing if (run.split, run.random) == (split, random)}
        start = time.perf_counter()
        spaces.encode_seeds(progress)
        begun = since = time.perf_counter()
        pairs = random_space(spaces.pairs) if random else spaces.pairs
        for mapping, result in evaluate_on(executor, list(these), pairs, evaluations.folds(split), progress):
            run, last = these[mapping], time.perf_counter()
            times = {"seconds": last - since, "encoding_seconds": begun - start}
            since = last
            table.add(keys[run], _row(spaces, run, artifacts.figures_by_class(result), **times))
    return len(missing)


def _measure_here(evaluations: Evaluations, run: Run, encoding_seconds: float, progress: Progress) -> dict:
    """Measure a run in this process; returns its row."""
    spaces = evaluations.spaces
    pairs, folds, begun = spaces.pairs, evaluations.folds(run.split), time.perf_counter()
    figures = artifacts.run_figures(run.mapping, pairs, folds, progress, random=run.random)
    return _row(spaces, run, figures, seconds=time.perf_counter() - begun, encoding_seconds=encoding_seconds)


def _row(
    spaces: PairedSpaces,
    run: Run,
    measured: tuple[dict[str, float], pd.DataFrame],
    *,
    seconds: float,
    encoding_seconds: float,
) -> dict:
    """Row of a run in the table, without its key."""
    pairs, (figures, by_class) = spaces.pairs, measured
    known = spaces.classes.frame.iloc[by_class.index]
    return (
        choices(run, spaces)
        | _provenance(spaces, run)
        | {
            "sentences": len(pairs),
            "classes": len(spaces.classes),
            "text_dim": pairs.X.shape[1],
            "class_dim": pairs.class_vectors.shape[1],
            "seconds": seconds,
            "encoding_seconds": encoding_seconds,
        }
        | figures
        | {
            "class_index": [spaces.classes.indices[row] for row in by_class.index],
            "class_name": known["name"].tolist(),
            **{f"class_{name}": by_class[name].to_numpy("float32") for name in by_class},
        }
    )


def choices(run: Run, spaces: PairedSpaces) -> dict:
    """Choices of a run by column of the table, and the number of layers of the encoder."""
    settings, layers = spaces.settings, spaces.encoder.n_layers
    return {
        "encoder": settings.encoder,
        "layer": settings.layer % (layers + 1),
        "layers": layers,
        "pooling": settings.pooling,
        "class_space": settings.class_space,
        "class_list": settings.classes or "",
        "seeds": settings.seeds or PROJECT_SEEDS,
        "added_seeds": settings.added_seeds or "",
        "split": run.split,
        "mapping": run.mapping,
        "random": run.random,
    }


def _provenance(spaces: PairedSpaces, run: Run) -> dict:
    """Provenance of a row: digests, versions and settings it depends on, and where and when it was measured."""
    return {
        "encoder_sha256": spaces.encoder.fingerprint,
        "class_space_sha256": spaces.space.fingerprint,
        "seeds_sha256": digest(spaces.seeds.to_csv()),
        "mapping_settings": " ".join(repr(make_mapping(run.mapping)).split()),
        "version": __version__,
        "code": code_version(),
        "libraries": libraries_text(),
        "device": spaces.settings.device_here,
        "cores": os.cpu_count() or 1,
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
