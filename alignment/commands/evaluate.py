"""The command evaluate: evaluates mappings."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from alignment.commands.notices import say
from alignment.commands.option_values import names_workers, overridden, refuse_missing, settings_of, workers_of
from alignment.commands.output_files import check_output, write_figures
from alignment.commands.studies import build_study, new_study, open_study
from alignment.commands.tables import print_table
from alignment.dictionary.prompts import ALL_PROMPTS, PROMPTS_CSV
from alignment.errors import InputError
from alignment.execution.cpu import all_threads
from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from alignment.dictionary.prompts import EvaluationPrompts
    from alignment.execution.workers import Executor
    from alignment.study import Study

MAX_FOLDS_AT_ONCE = 4  # each holds copies of most of the seeds
SHOWN_FIGURES = {
    "p_at_1": "P@1",
    "p_at_5": "P@5",
    "p_at_10": "P@10",
    "mrr": "MRR",
    "median_rank": "median rank",
    "csls_p_at_1": "P@1 CSLS",
    "csls_p_at_10": "P@10 CSLS",
    "own_p_at_10": "P@10 own",
    "own_csls_p_at_1": "P@1 own CSLS",
    "cosine": "cosine",
    "r2": "R2",
    "norm_ratio": "norm ratio",
    "hubness": "hubness",
}
GENERALISED_FIGURES = {
    "seen_p_at_1": "seen P@1",
    "unseen_p_at_1": "unseen P@1",
    "harmonic_p_at_1": "harmonic",
    "seen_p_at_10": "seen P@10",
    "unseen_p_at_10": "unseen P@10",
    "harmonic_p_at_10": "harmonic",
    "unseen_first": "unseen first",
    "csls_harmonic_p_at_1": "harmonic P@1 CSLS",
    "csls_unseen_first": "unseen first CSLS",
    "own_harmonic_p_at_10": "harmonic P@10 own",
    "own_unseen_first": "unseen first own",
}
ABLATION_FIGURES = ("p_at_1", "p_at_10", "median_rank", "csls_p_at_1", "cosine")
ABLATIONS = {  # --question: method of Evaluations, mapping unless one is named, columns that say what was varied
    "sweep": ("encoder_sweep", "ridge", ("layer", "pooling")),
    "learning-curve": ("learning_curve", DEFAULT_MAPPING, ("sentences", "classes", "seeds")),
    "seed-kinds": ("seed_kinds", DEFAULT_MAPPING, ("kind", "learned", "seeds")),
}


def evaluate(arguments: Namespace) -> None:
    for output in filter(None, (arguments.json, arguments.csv)):
        check_output(output)
    asked = [*dict.fromkeys(arguments.questions), *(["prompts"] if arguments.prompts else [])]
    if len(asked) > 1:
        raise InputError(f"Ask for {' or for '.join(f'--{each}' for each in asked)}, each by itself.")
    question = next(iter(asked), None)
    if question and names_workers(arguments):
        instead = "; 'compare --layer all --pooling ...' is the sweep on workers" if question == "sweep" else ""
        raise InputError(f"Workers evaluate mappings on held-out seeds; leave --scheduler and --workers away{instead}.")
    if question and arguments.split != "classes":
        raise InputError(f"--{question} has sentences or classes of its own; leave --split away.")
    if question == "sweep" and (one := {"--layer", "--pooling"}.intersection(overridden(arguments, but=set()))):
        raise InputError(f"--sweep takes every layer and pooling; leave {' and '.join(sorted(one))} away.")
    if question in ABLATIONS:
        return _evaluate_ablations(arguments, question)
    one = DEFAULT_MAPPING if question == "confidence" else "all"
    chosen = arguments.mapping or one
    keys = tuple(MAPPINGS) if chosen == "all" else (chosen,)
    refuse_missing(arguments.prompts)
    study = new_study(settings_of(arguments))
    prompts = study.prompt_reader.read_file(arguments.prompts) if arguments.prompts else None
    noted = prompts.notices if prompts else []
    with workers_of(arguments, min(all_threads(), MAX_FOLDS_AT_ONCE)) as executor:
        build_study(study, mapping=None)  # evaluations fit their own
        say(noted)
        if prompts:
            figures, table = _prompt_figures(study, keys, prompts, arguments.prompts)
        elif question == "confidence":
            figures, table = _confidence_figures(study, keys)
        elif question == "generalised":
            figures, table = _generalised_figures(study, keys)
        else:
            figures, table = _held_out_figures(study, keys, arguments.split, executor)
    if notices := [*study.notices, *noted]:
        figures["notices"] = notices
    write_figures(arguments, figures, table.reset_index(), f"figures of {counted(len(table), 'row')}")


def _held_out_figures(study: Study, keys: Sequence[str], split: str, executor: Executor) -> tuple[dict, pd.DataFrame]:
    """Print the figures of mappings on held-out seeds; the same as a dictionary and as a table."""
    from alignment.evaluation.result import summary_table

    on: dict[str, Any] = {"split": split, "progress": ProgressBars(), "executor": executor}
    results = study.evaluations.compare(keys, **on)
    if len(keys) == 1:
        results["random class space"] = study.evaluations.random_space_result(keys[0], **on)
    table = summary_table(results)
    print_table(_of_figures(table, SHOWN_FIGURES), SHOWN_FIGURES, index=True)
    if len(keys) == 1 and split != "classes":  # a held-out class is asked for by all its kinds at once
        print(f"\n{keys[0]}, kind by kind")
        print_table(results[keys[0]].per_kind(study.seeds.frame["kind"]), index=True)
    return table.to_dict("index"), table


def _generalised_figures(study: Study, keys: Sequence[str]) -> tuple[dict, pd.DataFrame]:
    """Print how mappings find seen and unseen classes together; the figures as a dictionary and as a table."""
    import pandas as pd

    table = pd.concat([study.evaluations.generalised_zero_shot(key, progress=ProgressBars()) for key in keys])
    neutral = table["unseen_queries"].iloc[0]
    print(f"Seen and unseen classes together; without bias {neutral:.2f} of the first places are unseen classes.")
    print_table(_of_figures(table, GENERALISED_FIGURES), GENERALISED_FIGURES, index=True)
    return table.to_dict("index"), table


def _confidence_figures(study: Study, keys: Sequence[str]) -> tuple[dict, pd.DataFrame]:
    """Print how far the confidence of mappings can be trusted; the figures as a dictionary and as a table."""
    import pandas as pd

    from alignment.evaluation.reliability import calibration_figures, reliability

    found = {key: study.confidence.calibration(key, progress=ProgressBars()) for key in keys}
    tables = {key: one.sentences for key, one in found.items() if one is not None}
    if not tables:
        raise InputError("These classes have too few development sentences to calibrate confidence on.")
    table = pd.DataFrame({key: calibration_figures(one) for key, one in tables.items()}).T.rename_axis("mapping")
    print("Development sentences, each predicted without itself")
    print_table(table.astype({"sentences": int}), index=True)
    bins = {key: reliability(one) for key, one in tables.items()}
    for key, one in bins.items():
        print(f"\n{key}: share right by confidence")
        print_table(one)
    figures = table.to_dict("index")
    return {key: figures[key] | {"reliability": bins[key].to_dict("records")} for key in tables}, table


def _of_figures(table: pd.DataFrame, figures: Iterable[str]) -> pd.DataFrame:
    """Columns of some figures, without those that no mapping of the table has."""
    return table[[name for name in figures if name in table]]


def _evaluate_ablations(arguments: Namespace, question: str) -> None:
    """One mapping with other layers and poolings, or learned from fewer seeds: one row per variation."""
    if arguments.mapping == "all":
        raise InputError(f"--{question} evaluates one mapping; name it with --mapping.")
    method, default, columns = ABLATIONS[question]
    study, mapping = open_study(settings_of(arguments), mapping=None), arguments.mapping or default
    table = getattr(study.evaluations, method)(mapping, progress=ProgressBars())
    table = table if table.index.names == [None] else table.reset_index()
    shown = [*columns, *ABLATION_FIGURES]
    print(f"{MAPPINGS[mapping].label}, held-out classes")
    print_table(table[shown], SHOWN_FIGURES, missing="all")
    write_figures(arguments, table.to_dict("records"), table, f"figures of {counted(len(table), 'row')}")


def _prompt_figures(
    study: Study, keys: Sequence[str], prompts: EvaluationPrompts, source: Path
) -> tuple[dict, pd.DataFrame]:
    """Print hit rates a mapping and, for the best, a group; all of them as a dictionary and as one table."""
    import pandas as pd

    tables = {key: study.evaluations.evaluate_prompts(key, prompts=prompts) for key in keys}
    overall = pd.DataFrame({key: table.loc[ALL_PROMPTS] for key, table in tables.items()}).T
    best = overall["hit_at_1"].idxmax()
    kind, never = ("test prompt", ", never learned from") if source == PROMPTS_CSV else ("prompt", "")
    print(f"{counted(int(overall['prompts'].iloc[0]), kind)}{never}")
    print_table(overall.drop(columns="prompts"), index=True)
    if len(tables[best]) > 1:
        print(f"\n{best}, group by group")
        print_table(tables[best].drop(index=ALL_PROMPTS), index=True)
    return {key: table.to_dict("index") for key, table in tables.items()}, pd.concat(tables, names=["mapping"])
