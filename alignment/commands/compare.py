"""The command compare: measures pairs of spaces side by side, and stores the runs."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from alignment.commands.argument_types import ALL
from alignment.commands.notices import say
from alignment.commands.option_values import named_workers, names_workers
from alignment.commands.output_files import check_output, print_written, write_figures, write_text
from alignment.commands.tables import table_text
from alignment.errors import InputError
from alignment.evaluation.metrics import METRICS
from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.text.pooling import POOLINGS
from alignment.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from alignment.study import Settings
    from alignment.study.runs.measure import Failure, Measured
    from alignment.study.runs.table import RunTable

COLUMNS = {  # of the printed table
    "encoder": "encoder",
    "layer": "layer",
    "pooling": "pooling",
    "class_space": "class space",
    "seeds": "seeds",
    "mapping": "mapping",
    "p_at_1": "P@1",
    "p_at_10": "P@10",
    "mrr": "MRR",
    "median_rank": "median rank",
    "cosine": "cosine",
    "random_space": "in a random space",
    "interval": "95 % interval",
    "seconds": "seconds",
    "p_corrected": "against the best",
}


def compare(arguments: Namespace) -> None:
    from alignment.evaluation.baselines import BELOW_GUESSING
    from alignment.study import CACHE
    from alignment.study.runs.paired_tests import against_best, sorted_runs
    from alignment.study.runs.table import RunTable

    for output in filter(None, (arguments.json, arguments.csv, arguments.html)):
        check_output(output)
    if arguments.kept and (arguments.again or names_workers(arguments)):
        raise InputError("--kept measures nothing; leave --again, --scheduler and --workers away.")
    table = RunTable(CACHE)
    found = _kept(table, arguments) if arguments.kept else _measured(table, arguments)
    if found.rows.empty:
        raise InputError(_failure_text(found.failures[0]))
    rows = sorted_runs(found.rows, arguments.sort)
    tests = against_best(table, rows, arguments.sort)
    shown = rows[~rows["random"]] if not rows["random"].all() else rows
    print(_as_text(shown, tests, arguments.sort))
    print(_verdict(shown, tests, arguments.sort))
    if shown["random_space"].notna().any():
        print(f"In a random space the class vectors are shuffled among the classes. {BELOW_GUESSING}")
    failures = [_failure_text(failure) for failure in found.failures]
    say(failures)
    of_all = counted(len(rows), "run")
    write_figures(arguments, _as_json(rows, tests, arguments.sort, failures), rows, of_all)
    if arguments.html:
        from alignment.study.runs.report import report_html

        write_text(arguments.html, report_html(table, rows, arguments.sort, failures=failures))
        print_written(arguments.html, f"report of {of_all}")
    if failures:
        raise InputError(f"{len(failures)} of what was asked for could not be measured; the rest is above.")


def _measured(table: RunTable, arguments: Namespace) -> Measured:
    """Runs that the options name; those missing from the table are measured now."""
    from alignment.study.runs.estimates import estimate
    from alignment.study.runs.measure import measure_runs, runs_over

    mappings = _named(arguments.mapping, list(MAPPINGS), [DEFAULT_MAPPING])
    runs = runs_over(
        settings_of_options(arguments), mappings, split=arguments.split, random_space=not arguments.no_random_space
    )
    kept = table.read()
    if kept.damaged:
        say([f"left out: {len(kept.damaged)} damaged rows of {table.folder}; what is asked for is measured anew"])
    print(estimate(runs, kept.table, again=arguments.again), file=sys.stderr, flush=True)
    with named_workers(arguments) as workers:
        return measure_runs(runs, table, executor=workers, again=arguments.again, progress=ProgressBars())


def _kept(table: RunTable, arguments: Namespace) -> Measured:
    """Rows of the table that match the options; all of them without options."""
    from alignment.study.runs.measure import Measured
    from alignment.study.runs.rows import settings_of
    from alignment.study.runs.table import newest

    rows = newest(table.read().table)
    asked = {
        "encoder": arguments.encoder,
        "pooling": arguments.pooling,
        "mapping": arguments.mapping,
        "class_space": [*(arguments.generator or []), *(arguments.class_embeddings or [])],
        "seeds": arguments.seeds,
        "class_list": [arguments.classes] if arguments.classes else None,
        "added_seeds": [arguments.add_seeds] if arguments.add_seeds else None,
    }
    for name, values in asked.items():
        if values and ALL not in values:
            rows = rows[rows[name].isin(values)]
    if arguments.layer and ALL not in arguments.layer:
        rows = rows[
            [row["layer"] in arguments.layer or settings_of(row).layer in arguments.layer for _, row in rows.iterrows()]
        ]
    rows = rows[rows["split"] == arguments.split]
    if arguments.no_random_space:
        rows = rows[~rows["random"].astype(bool)]
    if rows.empty:
        raise InputError("The table of runs holds nothing of this; leave --kept away to measure it.")
    return Measured(rows.assign(random=rows["random"].astype(bool)), (), 0)


def _named(given: Sequence | None, everything: Sequence, default: Sequence) -> list:
    """Values that an option names: ``all`` stands for everything."""
    if not given:
        return list(default)
    return list(everything) if ALL in given else list(dict.fromkeys(given))


def settings_of_options(arguments: Namespace) -> list[Settings]:
    """Every pair of spaces that the options name; a pooling that was learned for one encoder, with that one alone."""
    from alignment.study import Settings

    spaces = [{"class_embeddings": path} for path in arguments.class_embeddings or []]
    spaces += [{"generator": name} for name in arguments.generator or ([] if spaces else [Settings().generator])]
    chosen = []
    for encoder in dict.fromkeys(arguments.encoder or [Settings().encoder]):
        own, layers = _known(encoder)
        layers = _named(arguments.layer, layers, [-1])
        poolings = _named(arguments.pooling, [key for key, one in POOLINGS.items() if one.suits(encoder)], [own])
        for layer, pooling, space, seeds in product(layers, poolings, spaces, arguments.seeds or [None]):
            files = {"classes": arguments.classes, "added_seeds": arguments.add_seeds, "seeds": seeds}
            chosen.append(
                Settings(encoder=encoder, layer=layer, pooling=pooling, **space, **files, device=arguments.device)
            )
    return chosen


def _known(encoder: str) -> tuple[str, list[int]]:
    """An encoder's own pooling and its layers; where it cannot be opened, which is said once it is asked to encode, the
    last."""
    from alignment.text.encoder import TextEncoder

    try:
        opened = TextEncoder(encoder, pooling="")
    except InputError:
        return "", [-1]
    return opened.pooling, [*range(opened.n_layers), -1]


def _failure_text(failure: Failure) -> str:
    """Runs that could not be measured, and why."""
    settings = failure.settings
    what = f"{settings.encoder}, layer {settings.layer}, {settings.pooling or 'own pooling'}"
    return f"not measured: {what}{f', {failure.mapping}' if failure.mapping else ''}: {failure.reason}"


def _as_text(rows: pd.DataFrame, tests: pd.DataFrame, figure: str) -> str:
    """The table for people: what is the same in all rows stands above it."""
    import pandas as pd

    from alignment.study.runs.paired_tests import p_value_text

    intervals = zip(rows[f"{figure}_low"], rows[f"{figure}_high"], strict=True) if f"{figure}_low" in rows else ()
    table = rows.join(tests["p_corrected"].map(p_value_text), on="key")
    shown_value = METRICS[figure].shown
    table["interval"] = [f"{shown_value(low)} to {shown_value(high)}" for low, high in intervals] or ""
    table["random_space"] = ["" if pd.isna(value) else shown_value(value) for value in rows["random_space"]]
    table["seconds"] = [f"{seconds:.1f}" for seconds in rows["seconds"]]
    if rows["random_space"].isna().all():
        table = table.drop(columns="random_space")
    same = {name for name in ("encoder", "layer", "pooling", "class_space", "seeds") if table[name].nunique() == 1}
    shown = table[[name for name in COLUMNS if name in table and name not in same]]
    common = ", ".join(f"{COLUMNS[name]} {rows[name].iloc[0]}" for name in COLUMNS if name in same)
    text = table_text(shown, COLUMNS)
    return f"{common}\n{text}" if common else text


def _verdict(rows: pd.DataFrame, tests: pd.DataFrame, figure: str) -> str:
    """Sentence on the best run, and on the runs it is not clearly better than."""
    from alignment.evaluation.significance import MAX_CORRECTED
    from alignment.study.runs.paired_tests import are_clear
    from alignment.study.runs.rows import run_label

    best = rows.iloc[0]
    if len(rows) == 1:
        return f"One run: {run_label(best)}."
    clear = are_clear(tests)
    even = [run_label(row) for _, row in rows.iterrows() if row["key"] in set(tests.index[~clear])]
    if tests["p_corrected"].isna().any():
        corrected = f"; of more than {MAX_CORRECTED} runs it does not allow for the other comparisons"
    else:
        corrected = ", corrected for all pairs of these runs" if len(rows) > 2 else ""
    test = f"p is that of a paired permutation test over classes{corrected}."
    text = f"Best by {COLUMNS[figure]}: {run_label(best)}. {test}"
    return text if not even else f"{text}\nNot clearly worse, by p or by the bootstrap interval: {'; '.join(even)}."


def _as_json(rows: pd.DataFrame, tests: pd.DataFrame, figure: str, failures: list[str]) -> dict:
    """Everything as plain values: rows, tests against the first of them, and what failed."""
    against, runs = tests.reset_index().to_dict("records"), rows.to_dict("records")
    return {"sorted_by": figure, "runs": runs, "against_best": against, "not_measured": failures}
