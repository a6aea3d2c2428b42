"""Cached evaluations for the page Mapping error: mappings on held-out classes, sentences or kinds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from alignment.dictionary.taxonomy import taxonomy
from alignment.evaluation.class_traits import rank_correlations
from alignment.evaluation.confusions import confusions, group_matrix
from alignment.evaluation.metrics import Metric, shown_figure
from alignment.evaluation.result import EvaluationResult, summary_table
from alignment.evaluation.significance import paired_test
from alignment.mappings import MAPPINGS
from alignment.progress import Progress
from alignment.study import Study
from alignment.study.runs.paired_tests import PairTest
from dashboard.state import evaluations
from dashboard.state.studies import STUDY_HASH, cache_key, watched

DECIMALS = 2  # of figures other than ranks: a third has no room in five cards beside one another
MAX_CACHED = 40  # tables of each kind, some 200 kB each


def shown(metric: Metric, value: float) -> str:
    """A metric's value as text."""
    return metric.shown(value, DECIMALS)


def chart_digits(metric: Metric) -> int:
    """Decimals of a metric's values in a chart."""
    return 1 if metric.is_rank else DECIMALS


def glossary_term(metric: Metric) -> str:
    """Its glossary term, "" if it has none."""
    words = {"cosine": "cosine", "rank": "rank", "mrr": "rank", "p_at": "P@k", "manifold": "off the classes"}
    if metric.key.startswith("csls"):
        return "CSLS"
    return next((word for part, word in words.items() if part in metric.key), "")


TREES = ("Treemap", "Sunburst")
HEADLINE = ("p_at_1", "p_at_10", "median_rank", "csls_p_at_10", "cosine")
SPLITS = {
    "classes": "classes it has not learned from",
    "sentences": "sentences it has not seen, about classes it knows",
    "kinds": "kinds of sentences it has not seen (names, other names, descriptions ...)",
}


@dataclass(frozen=True)
class EvaluationView:
    """The page's choices, and the results of the chosen mapping and of the baselines."""

    study: Study
    mapping: str
    split: str
    metric: Metric
    results: dict[str, EvaluationResult]

    @property
    def result(self) -> EvaluationResult:
        return self.results[self.mapping]

    @property
    def label(self) -> str:
        return MAPPINGS[self.mapping].label

    def title(self, what: str) -> str:
        """Title of a chart: what it shows, the mapping, and the held-out data."""
        return f"{what} · {self.label} · held-out {self.split}"

    def of(self, mapping: str) -> EvaluationView:
        """The same view of another mapping, evaluated if needed."""
        return replace(self, mapping=mapping, results=evaluations.with_baselines(self.study, mapping, self.split))


def random_space_figures(view: EvaluationView) -> dict[str, float]:
    """Figures of the mapping in a random class space: the vectors shuffled among the classes."""
    study, mapping, split = view.study, view.mapping, view.split

    def measure(progress: Progress) -> dict[str, float]:
        return study.evaluations.random_space_result(mapping, split=split, progress=progress).summary()

    work = f"random space {mapping} {split}"
    return watched(study, work, measure, work=work)


def _about(view: EvaluationView) -> tuple:
    return cache_key(view.study), view.mapping, view.split


def _cached(key):
    return st.cache_data(max_entries=MAX_CACHED, hash_funcs={EvaluationView: key}, show_spinner=False)


of_all_metrics = _cached(_about)
of_one_metric = _cached(lambda view: (*_about(view), view.metric.key))


@of_all_metrics
def headline(view: EvaluationView) -> pd.DataFrame:
    """Headline figures of a mapping and the baselines, with 95 % intervals in ``<key>_low``, ``<key>_high``."""
    table = summary_table(view.results)[list(HEADLINE)]
    return table.join(pd.DataFrame({name: result.intervals(HEADLINE) for name, result in view.results.items()}).T)


@of_all_metrics
def own_similarity_figures(view: EvaluationView) -> str:
    """Sentence on ranking by the mapping's own similarities of sentences and classes; "" for mappings without them."""
    figures = view.result.summary()
    if "own_p_at_10" not in figures:
        return ""
    low, high = view.result.confidence_interval("own_p_at_10")
    by_csls = f", P@1 by CSLS {figures['own_csls_p_at_1']:.3f}" if "own_csls_p_at_1" in figures else ""
    return (
        "Ranked by the mapping's own similarity of sentence and class, before anything is mapped to class space, "
        f"P@10 is {figures['own_p_at_10']:.3f} ({low:.3f} to {high:.3f}){by_csls}, the median rank "
        f"{shown_figure('own_median_rank', figures['own_median_rank'])}."
    )


@of_all_metrics
def per_class(view: EvaluationView) -> pd.DataFrame:
    """One row per evaluated class, as from ``EvaluationResult.per_class``, named as in the class boxes."""
    known = view.study.classes
    return view.result.per_class(names=known.labels, groups=known.group_labels, paths=known.paths).reset_index()


@of_all_metrics
def class_confusions(view: EvaluationView) -> pd.DataFrame:
    """Predicted classes of every class, as from :func:`alignment.evaluation.confusions.confusions`."""
    known = view.study.classes
    return confusions(view.result, known.labels, known.group_labels, known.paths)


@of_all_metrics
def group_confusions(view: EvaluationView) -> pd.DataFrame:
    """Share of each group's queries predicted as each group."""
    return group_matrix(class_confusions(view))


@of_all_metrics
def per_kind(view: EvaluationView) -> pd.DataFrame:
    """Figures by kind of seed sentence: one row per kind."""
    return view.result.per_kind(view.study.seeds.frame["kind"]).reset_index()


@of_one_metric
def by_group(view: EvaluationView) -> pd.DataFrame:
    """One row per group, worst first: ``group``, ``classes``, ``value``, ``low``, ``high``."""
    table = view.result.group_intervals(view.study.classes.group_labels or (), view.metric.key).reset_index()
    return table.sort_values("value", ascending=view.metric.higher_is_better, ignore_index=True)


@of_one_metric
def tree(view: EvaluationView) -> pd.DataFrame:
    """The WordNet tree above the evaluated classes, as from :func:`alignment.dictionary.taxonomy.taxonomy`."""
    values, known = view.result.values(view.metric.key), view.study.classes.frame.iloc[view.result.classes]
    return taxonomy(known["name"].tolist(), known["path"].tolist(), values.to_numpy(), median=view.metric.is_rank)


@of_one_metric
def difference(view: EvaluationView, other: EvaluationView) -> PairTest:
    """Paired test of two mappings by the gain of the first, class by class.

    Its ``gains`` have the columns ``class`` (its row), ``name`` (its label), ``group`` (where classes have any),
    ``first``, ``second`` and ``gain``.
    """
    metric, known = view.metric, view.study.classes
    table = pd.DataFrame({"name": known.labels} | ({"group": known.group_labels} if known.groups else {}))
    table = table.iloc[view.result.classes].reset_index(drop=True)
    table.insert(0, "class", view.result.classes)
    table["first"] = view.result.values(metric.key).to_numpy()
    table["second"] = other.result.values(metric.key).to_numpy()
    table["gain"] = (table["first"] - table["second"]) * (1 if metric.higher_is_better else -1)
    sizes = len(view.study.classes), len(view.study.classes)
    found = paired_test(view.result, other.result, metric.key)
    return PairTest(metric.key, len(table), sizes, **found, p_corrected=np.nan, tested=2, gains=table)


@of_one_metric
def reasons(view: EvaluationView) -> pd.DataFrame:
    """Rank correlation of the error with every trait of a class, strongest first."""
    return rank_correlations(view.result.values(view.metric.key), traits(view.study))


@st.cache_data(max_entries=6, hash_funcs=STUDY_HASH, show_spinner=False)
def traits(study: Study) -> pd.DataFrame:
    """Traits that might explain the error of a class: one row per class."""
    return study.evaluations.class_traits()
