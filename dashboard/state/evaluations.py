"""Evaluations of mappings on held-out data, shared by the pages."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from alignment.evaluation.result import EvaluationResult, summary_table
from alignment.mappings import MAPPINGS
from alignment.progress import Progress
from alignment.study import Study
from dashboard.state import durations, on_demand
from dashboard.state.studies import jobs, watched


@dataclass(frozen=True)
class AllMappings:
    """Evaluation of all mappings, without their predictions: together these exceed what jobs may keep in memory.

    Attributes
    ----------
    figures : DataFrame
        As from ``summary_table``: one row per mapping and baseline.
    ranks : DataFrame
        Rank of each class, one row per evaluated class, one column per mapping.
    """

    figures: pd.DataFrame
    ranks: pd.DataFrame


def evaluate(study: Study, mapping: str, split: str = "classes") -> EvaluationResult:
    """Result of a mapping on held-out data; a progress bar is shown while it is evaluated."""
    evaluate, work = study.evaluations.evaluate, _work(mapping, split)
    return watched(study, work, lambda progress: evaluate(mapping, split=split, progress=progress), work=work)


def with_baselines(study: Study, mapping: str, split: str = "classes") -> dict[str, EvaluationResult]:
    """:func:`evaluate` and the baselines, by name."""
    compare, work = study.evaluations.compare, durations.baselines_key(split)
    # A job of their own: baselines are as large as three mappings, and the same for all.
    baselines = watched(study, work, lambda progress: compare([], split=split, progress=progress), work=work)
    return {mapping: evaluate(study, mapping, split)} | baselines


def in_memory(study: Study, split: str) -> dict[str, EvaluationResult]:
    """Results of the mappings that a page has asked for, as far as they are still in memory."""
    found = {mapping: jobs(study).result(_work(mapping, split)) for mapping in MAPPINGS}
    return {mapping: result for mapping, result in found.items() if result}


def all_or_button(study: Study, split: str, label: str) -> AllMappings | None:
    """All mappings evaluated on held-out data; while they are not, None, and a button to start or the progress."""

    def measure(progress: Progress) -> AllMappings:
        results = study.evaluations.compare(list(MAPPINGS), split=split, progress=progress)
        ranks = {mapping: results[mapping].values("median_rank") for mapping in MAPPINGS}
        return AllMappings(summary_table(results), pd.DataFrame(ranks))

    key, parts = f"evaluate all {split}", []
    if not jobs(study).result(key):  # else there is nothing to look for in the cache
        missing = [mapping for mapping in MAPPINGS if not study.evaluations.is_cached(mapping, split)]
        parts = [_work(mapping, split) for mapping in missing]
    return on_demand.result_or_button(study, key, measure, label, parts=parts)


def _work(mapping: str, split: str) -> str:
    return f"evaluate {mapping} {split}"
