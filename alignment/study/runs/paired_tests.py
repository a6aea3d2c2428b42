"""Paired tests between runs of the table, class by class: with the best run, and with one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alignment.evaluation.metrics import METRICS, PRIMARY_METRIC, is_rank
from alignment.evaluation.significance import MAX_CORRECTED, MIN_SHARED, corrected_p_values, paired_values_test
from alignment.study.runs.table import CHOICES, RunTable

LEVEL = 0.05
TESTED = ("difference", "low", "high", "p_value", "p_corrected")  # results of a test


@dataclass(frozen=True)
class PairTest:
    """Paired test of two runs.

    Parameters
    ----------
    figure : str
    classes : int
        Evaluated in both runs.
    candidates : (int, int)
        Number of candidate classes in either run; where they differ, so does the task.
    difference, low, high : float
        First minus second: the mean over classes and its 95 % bootstrap interval.
    p_value : float
        From the paired permutation test.
    p_corrected : float
        Corrected for all pairs of the runs that the two were chosen from; NaN where these are too many.
    tested : int
        Number of these runs.
    gains : DataFrame
        One row per class, largest gain of the first run first: ``index``, ``name``, ``first``, ``second``, ``gain``
        (positive where the first is better), ``first_rank``, ``second_rank``, ``rank_ratio`` (orders equal gains).
    """

    figure: str
    classes: int
    candidates: tuple[int, int]
    difference: float
    low: float
    high: float
    p_value: float
    p_corrected: float
    tested: int
    gains: pd.DataFrame

    @property
    def is_clear(self) -> bool:
        """As :func:`are_clear`."""
        return bool(are_clear(pd.DataFrame([{name: getattr(self, name) for name in TESTED}])).item())

    @property
    def interval_has_zero(self) -> bool:
        return self.low <= 0 <= self.high

    @property
    def first_is_better(self) -> bool:
        return (self.difference > 0) == METRICS[self.figure].higher_is_better


def are_clear(tests: pd.DataFrame) -> pd.Series:
    """Whether differences are significant, corrected for all comparisons where that is known, and by both methods.

    The interval can include zero although the p-value is small, where a few classes make most of the difference.

    Parameters
    ----------
    tests : DataFrame
        ``low``, ``high``, ``p_value``, ``p_corrected``, as from :func:`against_best`.
    """
    p_value = tests["p_corrected"].fillna(tests["p_value"])
    return (p_value < LEVEL) & ((tests["low"] > 0) | (tests["high"] < 0))


def sorted_runs(rows: pd.DataFrame, figure: str = PRIMARY_METRIC) -> pd.DataFrame:
    """Sort rows, best first, and add ``random_space``: the figure of the same run in a random space, else NaN."""
    same = [name for name in CHOICES if name != "random"]
    random = rows[rows["random"]].drop_duplicates(same, keep="last").set_index(same)[figure].rename("random_space")
    joined = rows.join(random, on=same) if len(random) else rows.assign(random_space=np.nan)
    return joined.sort_values(figure, ascending=not METRICS[figure].higher_is_better, kind="stable", ignore_index=True)


def pair_test(table: RunTable, first: str, second: str, among: list[str], figure: str = PRIMARY_METRIC) -> PairTest:
    """Test whether two runs differ by more than chance, and in which classes.

    Parameters
    ----------
    first, second : str
        Keys of rows.
    among : list of str
        Keys of the rows that the two were chosen from.

    Raises
    ------
    InputError
        When fewer than two classes were evaluated in both.
    """
    family = list(dict.fromkeys([first, second, *among]))
    values = table.of_classes(family, figure)
    both = values[[first, second]].dropna()
    found = paired_values_test(both[first], both[second])
    corrected = corrected_p_values(values)[first][second] if len(family) <= MAX_CORRECTED else np.nan
    sign = 1 if METRICS[figure].higher_is_better else -1
    gains = both.set_axis(["first", "second"], axis=1).reset_index()
    gains["gain"] = sign * (gains["first"] - gains["second"])
    ranks = table.of_classes([first, second], "median_rank").loc[both.index]
    gains["first_rank"], gains["second_rank"] = ranks[first].to_numpy(), ranks[second].to_numpy()
    gains["rank_ratio"] = gains["second_rank"] / gains["first_rank"]
    gains = gains.sort_values(["gain", "rank_ratio"], ascending=False, kind="stable", ignore_index=True)
    sizes = table.class_count(first), table.class_count(second)
    return PairTest(figure, len(both), sizes, **found, p_corrected=float(corrected), tested=len(family), gains=gains)


def against_best(table: RunTable, rows: pd.DataFrame, figure: str = PRIMARY_METRIC) -> pd.DataFrame:
    """Test the first of sorted runs against each of the others, without those in a random space.

    Returns
    -------
    DataFrame
        Indexed by key: ``difference`` (best minus this one), ``low``, ``high``, ``p_value``, ``p_corrected`` (NaN for
        too many runs); without runs that share fewer than two classes with the best.
    """
    keys = rows.loc[~rows["random"], "key"].tolist()
    columns = list(TESTED)
    if len(keys) < 2:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="key"))
    values = table.of_classes(keys, figure)
    corrected = corrected_p_values(values)[keys[0]] if len(keys) <= MAX_CORRECTED else {}
    tests = {}
    for key in keys[1:]:
        both = values[[keys[0], key]].dropna()
        if len(both) >= MIN_SHARED:
            found = paired_values_test(both[keys[0]], both[key])
            tests[key] = found | {"p_corrected": corrected[key] if len(corrected) else np.nan}
    return pd.DataFrame.from_dict(tests, orient="index", columns=columns).rename_axis("key")


def result_in_words(test: PairTest, first: str, second: str) -> str:
    """Result of a test of two runs of these names in one or two plain sentences.

    Of a rank the dashboard shows the median over classes, while the test is of the mean, which is said.
    """
    name = METRICS[test.figure].label
    better, worse = (first, second) if test.first_is_better else (second, first)
    low, high = (test.low, test.high) if test.difference >= 0 else (-test.high, -test.low)  # of what is said to differ
    mean = "the mean, not the median that stands elsewhere; " if is_rank(test.figure) else ""
    size = (
        f"{abs(test.difference):.3f} on average over {test.classes:,} classes ({mean}95 % interval {low:.3f} to "
        f"{high:.3f})"
    )
    corrected = ""
    if test.tested > 2 and not np.isnan(test.p_corrected):
        pairs = test.tested * (test.tested - 1) // 2
        corrected = (
            f", {p_value_text(test.p_corrected)} allowing for the {pairs:,} pairs among the {test.tested} runs shown"
        )
    chance = f"{p_value_text(test.p_value)} by itself{corrected}" if corrected else p_value_text(test.p_value)
    if test.is_clear:
        words = (
            f"{better} is better than {worse}: {name} differs by {size}. Chance alone would hardly do that ({chance})."
        )
    elif test.p_value < LEVEL and test.interval_has_zero:
        words = (
            f"Perhaps no difference: {name} differs by {size} in favour of {better}. Chance alone would hardly do that "
            f"({chance}), but the interval includes 0, so that a few classes may decide it."
        )
    elif test.p_value < LEVEL:
        words = (
            f"Perhaps no difference: {name} differs by {size} in favour of {better}, which is clear for two runs that "
            f"were chosen beforehand, but not for two picked out of so many ({chance})."
        )
    else:
        interval = "" if test.interval_has_zero else ", although the interval leaves out 0"
        words = (
            f"No clear difference: {name} differs by {size}, which chance alone would often do ({chance}){interval}."
        )
    if test.tested > MAX_CORRECTED:
        words += (
            f" Of more than {MAX_CORRECTED} runs this does not allow for the other comparisons: whoever picks the "
            "largest of many differences picks a lucky one. Show fewer runs."
        )
    if test.candidates[0] != test.candidates[1]:
        sizes = " and ".join(f"{count:,}" for count in test.candidates)
        words += f" The two rank among {sizes} classes, so that their tasks are not equally hard."
    return words


def p_value_text(value: float) -> str:
    """A p-value in words; "" for NaN."""
    if np.isnan(value):
        return ""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}" if value < 0.1 else f"p = {value:.2f}"
