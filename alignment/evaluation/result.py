"""Evaluation result of one mapping: figures overall, per class, per group of classes and per kind of seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from alignment.errors import InputError, check_labels, check_texts, check_whole
from alignment.evaluation import metrics, space_similarity
from alignment.evaluation.metrics import PRIMARY_METRIC
from alignment.evaluation.resampling import average_figure, bootstrap_interval
from alignment.evaluation.splits import check_split
from alignment.vectors.class_means import means_by_class
from alignment.vectors.points import checked_points, floating
from alignment.vectors.similarity import nearest_classes, row_blocks, similarities

HIT_RANKS = (1, 5, 10)  # k of P@k
RETRIEVALS = ("", "csls_", "isf_")  # nearest neighbour, CSLS, inverted softmax
BLOCK_ROWS = 4096  # sentences compared with all classes at a time


class EvaluationResult:
    """Out-of-fold predictions of one mapping and their figures.

    Retrieval ranks all K classes for a query by centred cosine. For held-out *classes* a query is a class, its vector
    the mean of its sentences' predictions, as each word of a bilingual dictionary is one query; for held-out
    *sentences* and *kinds* it is a sentence.
    Figures of single sentences are averaged within a class, then over classes, so that a class with many
    sentences counts no more than another.

    Parameters
    ----------
    predictions : ndarray of shape (m, d)
        One row per evaluated sentence.
    rows : ndarray of int, (m,)
        Row numbers of the seeds predicted.
    truth : ndarray of int, (m,)
        Right class of each.
    class_vectors : ndarray of shape (K, d)
    split : {"classes", "sentences", "kinds"}
    groups : ndarray of int, (m,), optional
        Paraphrase groups; see :mod:`~alignment.evaluation.paraphrase_groups`. With them a class's
        prediction is the mean over its groups, each of which is the mean of its sentences.
    own_ranks : dict from retrieval method to ndarray of shape (J,), optional
        Rank of each evaluated class by the mapping's own comparison of sentences and classes, its
        ``candidate_similarities``; see :class:`~alignment.mappings.base.MappingRegressor`.

    Attributes
    ----------
    classes : ndarray of int, (J,)
        The classes that were evaluated.
    class_predictions : ndarray of shape (J, d)
        Mean prediction of each.
    """

    def __init__(self, predictions, rows, truth, class_vectors, *, split, groups=None, own_ranks=None):
        check_split(split)
        shapes = [np.shape(each) for each in (predictions, class_vectors)]
        if not (len(shapes[0]) == len(shapes[1]) == 2 and shapes[0][1] == shapes[1][1]):
            raise InputError(f"Predictions and class vectors are rows of one size; got {shapes[0]} and {shapes[1]}.")
        count, size = shapes[0]
        self.class_vectors = floating(checked_points(class_vectors, size))
        rows, truth = _row_numbers("Rows", rows, count), _row_numbers("Classes", truth, count, shapes[1][0] - 1)
        if groups is not None and np.shape(groups) != (count,):
            raise InputError(f"Each of {count:,} predictions has a group; got {np.shape(groups)}.")
        order = np.argsort(truth, kind="stable")
        self.predictions = floating(checked_points(predictions, size))[order]
        self.rows, self.truth = rows[order], truth[order]
        self.split = split
        self.classes, self._starts, self._counts = np.unique(self.truth, return_index=True, return_counts=True)
        self.class_predictions = means_by_class(
            self.predictions, self.truth, None if groups is None else np.asarray(groups)[order]
        )
        self.own_ranks: dict[str, np.ndarray] = own_ranks or {}

    def __repr__(self) -> str:
        figure = f", P@10 {self._summary[PRIMARY_METRIC]:.3f}" if "_summary" in vars(self) else ""
        held_out = f"held-out {self.split}, {len(self.classes):,} classes, {len(self.truth):,} sentences"
        return f"<EvaluationResult: {held_out}{figure}>"

    def to_state(self) -> dict:
        """Arrays and computed figures, from which :meth:`from_state` rebuilds the result."""
        return {
            "predictions": self.predictions,
            "rows": self.rows,
            "truth": self.truth,
            "class_vectors": self.class_vectors,
            "split": self.split,
            "class_predictions": self.class_predictions,
            "own_ranks": self.own_ranks,
            "_summary": self._summary,
            "_class_table": self._class_table,
        }

    @classmethod
    def from_state(cls, state: dict) -> EvaluationResult:
        """Rebuild a result from :meth:`to_state`."""
        arguments = (state["predictions"], state["rows"], state["truth"], state["class_vectors"])
        result = cls(*arguments, split=state["split"], own_ranks=state["own_ranks"])
        result.class_predictions = state["class_predictions"]
        result._summary, result._class_table = state["_summary"], state["_class_table"]
        return result

    def summary(self) -> dict[str, float]:
        """Every figure by name.

        Returns
        -------
        dict
            ``p_at_1``, ``p_at_5``, ``p_at_10``, ``mrr``, ``median_rank``; the same with prefixes ``csls_``, ``isf_``
            (inverted softmax) and, where a mapping compares sentences with classes itself, ``own_`` and, of at most
            4,096 classes, ``own_csls_``. ``sentence_p_at_1``, ``sentence_p_at_10``, ``sentence_median_rank`` of single
            sentences; ``cosine``, ``l2``, ``mse``, ``r2``, ``norm_ratio``, ``manifold_distance`` of single sentences;
            ``hubness``, ``mutual_knn``, ``cka``, ``svcca``, ``rsa`` of class means. ``rsa_classes``, where there are
            more than :data:`~alignment.evaluation.space_similarity.RSA_CLASSES`: number of randomly sampled classes for
            ``rsa``.
        """
        return dict(self._summary)

    @cached_property
    def _summary(self) -> dict[str, float]:
        table = self._class_table
        figures: dict[str, Any] = {name: average_figure(name, table[name].to_numpy()) for name in table}
        true_vectors = self.class_vectors[self.classes]
        figures |= {
            "r2": metrics.r2(self.predictions, self.class_vectors[self.truth]),
            "hubness": metrics.hubness(self.class_predictions, self.class_vectors),
            "mutual_knn": space_similarity.mutual_knn(self.class_predictions, true_vectors),
            "cka": space_similarity.linear_cka(self.class_predictions, true_vectors),
            "svcca": space_similarity.svcca(self.class_predictions, true_vectors),
            "rsa": space_similarity.rsa(self.class_predictions, true_vectors),
        }
        if len(self.classes) > space_similarity.RSA_CLASSES:
            figures["rsa_classes"] = space_similarity.RSA_CLASSES
        return {name: float(value) for name, value in figures.items()}

    def per_class(
        self,
        *,
        names: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        paths: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Figures of every evaluated class.

        Parameters
        ----------
        names, groups : K labels, optional
        paths : K strings, optional
            Hypernyms above every class, "entity > ... > feline"; "" where they are not known.

        Returns
        -------
        DataFrame, one row per class, indexed by ``class`` (row of the class space)
            ``name``, ``group`` (when given), ``sentences`` (number evaluated), every figure of
            :meth:`summary` that a single class has, ``nearest_wrong`` (wrong class most similar to the mean
            prediction), ``nearest_wrong_name`` and ``wordnet_distance`` to it in edges (when given), NaN where unknown.
        """
        check_labels(len(self.class_vectors), "classes", names=names, groups=groups, paths=paths)
        blocks = zip(row_blocks(len(self.classes), len(self.class_vectors)), self._class_blocks(), strict=True)
        wrong = np.concatenate([metrics.nearest_wrong(S, self.classes[rows]) for rows, S in blocks])
        table = self._class_table.assign(nearest_wrong=wrong)
        table.insert(0, "sentences", self._counts)
        if groups is not None:
            table.insert(0, "group", np.asarray(groups)[self.classes])
        if names is not None:
            table.insert(0, "name", np.asarray(names)[self.classes])
            table["nearest_wrong_name"] = np.asarray(names)[wrong]
        if paths is not None:
            paths = list(paths)
            table["wordnet_distance"] = [
                metrics.path_distance(paths[a], paths[b]) for a, b in zip(self.classes, wrong, strict=True)
            ]
        return table

    def per_kind(self, kinds: Sequence[str]) -> pd.DataFrame:
        """Figures per kind of seeds, with each evaluated sentence of that kind as one query.

        Parameters
        ----------
        kinds : n labels, of all seeds

        Returns
        -------
        DataFrame, indexed by ``kind``
            ``sentences``, ``classes``, ``p_at_1``, ``p_at_10``, ``median_rank``; averaged within a class, then over
            classes, as in :meth:`summary`.
        """
        wanted = "kinds are a list of labels, one for each seed sentence"
        kinds = check_texts(kinds, wanted)
        if len(kinds) <= self.rows.max():
            raise InputError(f"{wanted}, and not {kinds!r:.60}.")
        ranks = self._sentence_ranks[""]
        sentences = pd.DataFrame({"kind": np.asarray(kinds)[self.rows], "class": self.truth, "rank": ranks})
        sentences = sentences.assign(p_at_1=ranks <= 1, p_at_10=ranks <= 10)
        classes = sentences.groupby(["kind", "class"])
        shares, medians = classes[["p_at_1", "p_at_10"]].mean(), classes["rank"].median()
        return pd.DataFrame(
            {"sentences": sentences.groupby("kind").size(), "classes": medians.groupby("kind").size()}
            | {name: shares[name].groupby("kind").mean() for name in shares}
            | {"median_rank": medians.groupby("kind").median()}
        )

    def nearest(self, row: int, *, top: int = 5) -> pd.DataFrame:
        """Classes nearest to the mean prediction of one evaluated class.

        Returns
        -------
        DataFrame, ``top`` rows, best first
            ``class``, ``similarity`` (centred cosine).

        Raises
        ------
        InputError
            When that class was not evaluated.
        """
        top = check_whole("top", top, 1)
        if row not in self.classes:
            raise InputError(f"The class of row {row!r:.20} was not evaluated: it had no sentences, or is not there.")
        place = np.searchsorted(self.classes, row)
        best, similarity = nearest_classes(self.class_predictions[[place]], self.class_vectors, top)
        return pd.DataFrame({"class": best[0], "similarity": similarity[0]})

    def values(self, metric: str) -> pd.Series:
        """A figure per evaluated class, indexed by class.

        Raises
        ------
        InputError
            When the figure belongs to the whole space and has no value for one class.
        """
        if metric not in self._class_table:
            raise InputError(
                f"{metric!r} has no value for a single class; choose one of {', '.join(self._class_table)}."
            )
        return self._class_table[metric]

    def confidence_interval(self, metric: str = PRIMARY_METRIC, *, level: float = 0.95) -> tuple[float, float]:
        """Percentile bootstrap interval over classes.

        Returns
        -------
        (low, high) : floats

        References
        ----------
        Efron (1979), doi:10.1214/aos/1176344552.
        """
        return bootstrap_interval(metric, self.values(metric).to_numpy(), level=level)

    def intervals(self, metrics: Iterable[str]) -> dict[str, float]:
        """:meth:`confidence_interval` of several metrics: ``<metric>_low`` and ``<metric>_high``."""
        ends: dict[str, float] = {}
        for metric in metrics:
            ends[f"{metric}_low"], ends[f"{metric}_high"] = self.confidence_interval(metric)
        return ends

    def group_intervals(
        self, groups: Sequence[str], metric: str = PRIMARY_METRIC, *, level: float = 0.95
    ) -> pd.DataFrame:
        """:meth:`confidence_interval` of each group of classes.

        Parameters
        ----------
        groups : K labels

        Returns
        -------
        DataFrame, indexed by ``group``
            ``classes``, ``value``, ``low``, ``high``.
        """
        check_labels(len(self.class_vectors), "classes", groups=groups)
        rows: dict[str, tuple] = {}
        for group, values in self.values(metric).groupby(np.asarray(groups)[self.classes]):
            interval = bootstrap_interval(metric, values.to_numpy(), level=level)
            rows[group] = (len(values), average_figure(metric, values.to_numpy()), *interval)
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["classes", "value", "low", "high"])
        return table.rename_axis("group")

    def _class_blocks(self) -> Iterator[np.ndarray]:
        """Iterate over blocks of rows of the similarities (J, K) of mean predictions and classes."""
        for rows in row_blocks(len(self.classes), len(self.class_vectors)):
            yield similarities(self.class_predictions[rows], self.class_vectors)

    @cached_property
    def _class_table(self) -> pd.DataFrame:
        """Per-class figures, one row per evaluated class."""
        columns: dict[str, np.ndarray] = {}
        if self.split == "classes":
            by_retrieval = metrics.retrieval_ranks(self._class_blocks, self.classes, RETRIEVALS)
            for name, ranks in by_retrieval.items():
                columns |= _rank_figures(name, ranks, self.classes)
            for name, ranks in self.own_ranks.items():
                columns |= _rank_figures(f"own_{name}", ranks, self.classes)
        else:
            for name, ranks in self._sentence_ranks.items():
                columns |= _rank_figures(name, ranks, self.truth)
        sentence = _rank_figures("sentence_", self._sentence_ranks[""], self.truth)
        columns |= {name: sentence[name] for name in ("sentence_p_at_1", "sentence_p_at_10", "sentence_median_rank")}
        errors = metrics.regression_figures(self.predictions, self.class_vectors[self.truth], self.class_vectors)
        errors["manifold_distance"] = metrics.manifold_distance(self.predictions, self.class_vectors)
        columns |= {name: self._mean_within_class(values) for name, values in errors.items()}
        return pd.DataFrame(columns, index=pd.Index(self.classes, name="class"))

    @cached_property
    def _sentence_ranks(self) -> dict[str, np.ndarray]:
        """Rank of every evaluated sentence's class, by retrieval method; where classes are held out, by the nearest."""

        def blocks() -> Iterator[np.ndarray]:
            for rows in row_blocks(len(self.truth), len(self.class_vectors), BLOCK_ROWS):
                yield similarities(self.predictions[rows], self.class_vectors)

        retrievals = ("",) if self.split == "classes" else RETRIEVALS
        return metrics.retrieval_ranks(blocks, self.truth, retrievals, pool=self._class_blocks)

    def _mean_within_class(self, values: np.ndarray) -> np.ndarray:
        sums = np.add.reduceat(values, self._starts, axis=0, dtype=np.float64)
        return (sums.T / self._counts).T.astype(values.dtype)


def _row_numbers(what: str, given: Any, count: int, last: float = np.inf) -> np.ndarray:
    """Row numbers of ``count`` predictions, one at least, from 0 to ``last``: int array (count,)."""
    # Not -1: pandas writes it where something is missing, and NumPy would read the last row.
    numbers = np.asarray(given)
    if not count or numbers.shape != (count,):
        raise InputError(f"Each of {count:,} predictions has a row and a class; got {what.lower()} of {numbers.shape}.")
    found = f" from {numbers.min()} to {numbers.max()}" if numbers.dtype.kind in "iu" else ""  # text has no least
    if not found or numbers.min() < 0 or numbers.max() > last:
        limit = "" if last == np.inf else f" to {last:,}"
        raise InputError(f"{what} of predictions are whole numbers from 0{limit}; got {numbers.dtype}{found}.")
    return numbers


def _rank_figures(prefix: str, ranks: np.ndarray, queried: np.ndarray) -> dict[str, np.ndarray]:
    """P@k, MRR and median rank per class, in ascending order, from the ranks of queries about ``queried`` classes."""
    by_query = {f"{prefix}p_at_{k}": ranks <= k for k in HIT_RANKS} | {f"{prefix}mrr": 1.0 / ranks}
    figures = pd.DataFrame(by_query).groupby(queried).mean()
    figures[f"{prefix}median_rank"] = pd.Series(ranks).groupby(queried).median()
    return {name: figures[name].to_numpy() for name in figures}


def summary_table(results: Mapping[str, EvaluationResult]) -> pd.DataFrame:
    """Table of all figures: one row per result, one column per figure."""
    return pd.DataFrame({name: result.summary() for name, result in results.items()}).T.rename_axis("mapping")
