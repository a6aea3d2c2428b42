"""Runs: a mapping measured between one text space and one class space; many of them, kept as a table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd

from alignment import __version__
from alignment.errors import InputError, check_texts
from alignment.evaluation.baselines import random_space
from alignment.evaluation.tasks import evaluate_on
from alignment.execution.workers import Executor
from alignment.mappings import MAPPINGS_WANTED, make_mapping
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, digest
from alignment.study.evaluations import Evaluations
from alignment.study.paired_spaces import PairedSpaces
from alignment.study.runs.rows import PROJECT_SEEDS, code_version, libraries_said
from alignment.study.runs.table import RunTable
from alignment.study.settings import CACHE, Settings
from alignment.study.shared_encoding import can_share, encode_together, taken_together

STEPS = 100  # of one run, as progress counts them


@dataclass(frozen=True)
class Run:
    """One row of the table: which spaces, which mapping, what is held out.

    Parameters
    ----------
    settings : Settings
    mapping : str
        A key of the registry.
    split : {"classes", "sentences", "kinds"}
    random : bool
        Whether the class vectors are shuffled among the classes: what such a run reaches is reached without
        any alignment of the two spaces.
    """

    settings: Settings
    mapping: str
    split: str = "classes"
    random: bool = False


@dataclass(frozen=True)
class Failure:
    """What could not be measured, a mapping or, where that is None, all of them, and why, in one sentence."""

    settings: Settings
    mapping: str | None
    reason: str


@dataclass(frozen=True)
class Measured:
    """What came of some runs: their rows in the table's form, in the order asked for, and what failed.

    ``new`` of the rows were measured now; the others were in the table.
    """

    rows: pd.DataFrame
    failures: tuple[Failure, ...]
    new: int


def runs_over(
    settings: Iterable[Settings], mappings: Sequence[str], *, split: str = "classes", random_space: bool = True
):
    """Every mapping with every pair of spaces, and, with ``random_space``, each in a random space too.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        For a mapping that the registry lacks.
    """
    check_texts(mappings, MAPPINGS_WANTED)
    if isinstance(settings, Settings):
        raise InputError("Runs are over a list of Settings, and not over one alone.")
    mappings = list(dict.fromkeys(mappings))
    for mapping in mappings:
        make_mapping(mapping)
    chosen = product(dict.fromkeys(settings), mappings, (False, True) if random_space else (False,))
    return [Run(each, mapping, split, random) for each, mapping, random in chosen]


def run_key(spaces: PairedSpaces, run: Run) -> ArtifactKey:
    """Under which key a run stands in the table; see :func:`~alignment.study.artifacts.run_figures`."""
    return spaces.key(artifacts.run_figures, run.mapping, run.split, run.random)


def measure_runs(
    runs: Sequence[Run],
    table: RunTable,
    *,
    again: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Measured:
    """Measure what the table lacks; each row is kept as soon as it is there, so that an interruption loses one at most.

    Parameters
    ----------
    table : RunTable
        In the folder of the cache, where the encoded sentences are kept too.
    again : bool
        Whether rows that are there are measured anew.
    progress : callable, optional
        Called with (what is being done, steps done, steps), ``STEPS`` to a run; an exception that it raises ends all.
    executor : Executor, optional
        Evaluates each fold by itself, with one thread, its seconds are those since the one before. Default: here.

    Returns
    -------
    Measured
        Each row once; a missing model or files that do not fit are failures, and the other runs are measured.
    """
    rows: dict[Run, dict] = {}
    failures: list[Failure] = []
    new, steps, report = 0, len(runs) * STEPS, progress or (lambda *_: None)
    opened: tuple[Settings, Evaluations] | None = None  # the one that consecutive runs share
    start = time.perf_counter()
    for number, run in enumerate(runs):
        before, said = number * STEPS, f"{number + 1} of {len(runs)}: {_short(run)}"
        if any(failure.settings == run.settings and failure.mapping is None for failure in failures):
            continue
        report(said, before, steps)
        mapping = None
        try:
            if opened is None or opened[0] != run.settings:
                opened, start = None, time.perf_counter()
                within = partial(_report_within, report, f"Preparing {said}", before, steps)
                evaluations, added = _prepared(runs[number:], table, again, executor, within)
                opened, new = (run.settings, evaluations), new + added
            evaluations = opened[1]
            key = run_key(evaluations.spaces, run)
            row = None if again and executor is None else table.row(key)
            if row is None:
                within = partial(_report_within, report, said, before, steps)
                evaluations.spaces.encode_seeds(within)
                encoding_seconds, mapping = time.perf_counter() - start, run.mapping
                row = table.add(key, _measured_row(evaluations, run, encoding_seconds, within))
                new += 1
            rows[run], start = row, time.perf_counter()
        except InputError as error:
            report(f"{said} failed", before, steps)
            failures.append(Failure(run.settings, mapping, str(error)))
            start = time.perf_counter()
    report("Done", steps, steps)
    each = pd.DataFrame([rows[run] for run in runs if run in rows])  # the last layer has two names, and is one run
    return Measured(each.drop_duplicates("key", ignore_index=True) if rows else each, tuple(failures), new)


def _prepared(
    runs: Sequence[Run], table: RunTable, again: bool, executor: Executor | None, progress: Progress
) -> tuple[Evaluations, int]:
    """The spaces of the first of some runs: encoded with those that can share the pass, and, with an executor, with all
    their runs measured; how many rows that added."""
    spaces = open_spaces(runs[0].settings, table.cache)
    together = _not_encoded(spaces, runs, table, again)
    if len(together) > 1:
        encode_together(together, progress)
    evaluations = Evaluations(spaces)
    if executor is None:
        return evaluations, 0
    alike = [run for run in runs if run.settings == runs[0].settings]
    return evaluations, _measure_on(executor, evaluations, alike, table, again, progress)


def _not_encoded(spaces: PairedSpaces, runs: Sequence[Run], table: RunTable, again: bool) -> list[PairedSpaces]:
    """These spaces and those of later runs that one pass over the same sentences can encode as well, if need be."""
    if not can_share(spaces) or spaces.sentence_vectors.has_seeds:
        return []
    found: dict[Settings, PairedSpaces] = {}
    alike = [run for run in runs if spaces_but_for_reading(run.settings) == spaces_but_for_reading(runs[0].settings)]
    for settings in dict.fromkeys(run.settings for run in alike):
        try:
            other = open_spaces(settings, table.cache)
        except InputError:  # said in its turn
            continue
        keys = (run_key(other, run) for run in alike if run.settings == settings)
        is_new = can_share(other) and not other.sentence_vectors.has_seeds
        if is_new and (again or any(table.row(key) is None for key in keys)):
            found[other.settings] = other
    return next(taken_together(list(found.values())), [])


def spaces_but_for_reading(settings: Settings) -> Settings:
    """Settings that are equal where one pass of the encoder serves for all: without what is read of its states."""
    return replace(settings, layer=-1, pooling="mean")


def open_spaces(settings: Settings, cache: str | Path = CACHE) -> PairedSpaces:
    """The spaces of a run; the encoder's last layer is asked for as -1, so that it is encoded and kept once."""
    spaces = PairedSpaces(settings, cache=cache)
    if settings.layer != -1 and settings.layer == spaces.encoder.n_layers:
        spaces = PairedSpaces(replace(settings, layer=-1), cache=cache)
    return spaces


def _report_within(report: Progress, said: str, before: int, total: int, _: str, done: int, steps: int) -> None:
    report(said, before + min(STEPS - 1, STEPS * done // max(1, steps)), total)  # the last step is the row kept


def _short(run: Run) -> str:
    settings = run.settings
    random = ", random space" if run.random else ""
    layer = "last layer" if settings.layer == -1 else f"layer {settings.layer}"
    return f"{settings.encoder}, {layer}, {settings.pooling or 'own pooling'}, {run.mapping}{random}"


def _measure_on(
    executor: Executor, evaluations: Evaluations, runs: Sequence[Run], table: RunTable, again: bool, progress: Progress
) -> int:
    """Put into the table what it lacks of runs of one pair of spaces, fold by fold on workers; how many that is."""
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


def _measured_row(evaluations: Evaluations, run: Run, encoding_seconds: float, progress: Progress) -> dict:
    """A run measured in this process, as :func:`_row` gives it."""
    spaces = evaluations.spaces
    pairs, folds, begun = spaces.pairs, evaluations.folds(run.split), time.perf_counter()
    figures = artifacts.run_figures(run.mapping, pairs, folds, run.random, progress)
    return _row(spaces, run, figures, seconds=time.perf_counter() - begun, encoding_seconds=encoding_seconds)


def _row(
    spaces: PairedSpaces,
    run: Run,
    measured: tuple[dict[str, float], pd.DataFrame],
    *,
    seconds: float,
    encoding_seconds: float,
) -> dict:
    """Everything that the table keeps of a run, but its key."""
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
    """What was chosen for a run, as the columns of the table name it, and how many layers the encoder has."""
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
    """What a row depends on besides what was chosen, and where and when it was measured."""
    return {
        "encoder_sha256": spaces.encoder.fingerprint,
        "class_space_sha256": spaces.space.fingerprint,
        "seeds_sha256": digest(spaces.seeds.to_csv()),
        "mapping_settings": " ".join(repr(make_mapping(run.mapping)).split()),
        "version": __version__,
        "code": code_version(),
        "libraries": libraries_said(),
        "device": spaces.settings.device_here,
        "cores": os.cpu_count() or 1,
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
