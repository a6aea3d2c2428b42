"""Evaluations of mappings between two spaces: cross-validation, ablations and test prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import pandas as pd

from alignment.dictionary.prompts import ALL_PROMPTS, EvaluationPrompts
from alignment.errors import InputError, check_texts, check_type
from alignment.evaluation.baselines import random_space
from alignment.evaluation.class_traits import class_traits
from alignment.evaluation.parallel_evaluation import evaluate_on
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.splits import Fold, check_split
from alignment.execution.locks import Once
from alignment.execution.workers import Executor, check_executor
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS, MAPPINGS_WANTED, make_mapping
from alignment.progress import Progress, check_progress, run_in_turn
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, artifact_key, callers_code, estimator_identity
from alignment.study.cache.store import MISSING
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.pooling import POOLINGS


class Evaluations:
    """Evaluates mappings on held-out seeds and on prompts.

    Parameters
    ----------
    spaces : PairedSpaces
    """

    def __init__(self, spaces: PairedSpaces):
        self.spaces = spaces
        self._folds = Once()

    def __repr__(self) -> str:
        return f"<Evaluations of {self.spaces!r}>"

    def evaluate(
        self,
        mapping: str = DEFAULT_MAPPING,
        *,
        split: str = "classes",
        progress: Progress | None = None,
        executor: Executor | None = None,
    ) -> EvaluationResult:
        """Cross-validate a mapping on held-out seeds; the result is cached.

        Parameters
        ----------
        mapping : key of the registry
        split : {"classes", "sentences", "kinds"}
            What is held out; see :func:`~alignment.evaluation.splits.splits`.
        progress : callable, optional
            Called with (what is being done, steps done, steps in all) before each fold; ``print`` shows them.
        executor : Executor, optional
            Runs each fold as a job with one thread; by default this process, with all threads.
        """
        return self._results([mapping], split, progress, executor)[mapping]

    def compare(
        self,
        mappings: Sequence[str] | None = None,
        *,
        split: str = "classes",
        progress: Progress | None = None,
        executor: Executor | None = None,
    ) -> dict[str, EvaluationResult]:
        """Cross-validate mappings on held-out seeds, as :meth:`evaluate` does, and the baselines.

        All mappings take minutes the first time, ridge alone seconds; results are cached.

        Parameters
        ----------
        mappings : keys of the registry, default all
        split, progress, executor
            As for :meth:`evaluate`.

        Returns
        -------
        dict from mapping key or baseline name to EvaluationResult
        """
        names = list(MAPPINGS) if mappings is None else mappings
        return self._results(names, split, progress, executor, baselines=True)

    def _results(
        self,
        mappings: Sequence[str],
        split: str,
        progress: Progress | None,
        executor: Executor | None,
        *,
        baselines: bool = False,
    ) -> dict[str, EvaluationResult]:
        check_split(split)  # before the seeds are encoded
        check_progress(progress)
        check_executor(executor)
        names = check_texts(mappings, MAPPINGS_WANTED)
        spaces = self.spaces
        evaluation = artifacts.mapping_evaluation
        jobs: dict[str, tuple[ArtifactKey, Callable]] = {
            name: (spaces.key(evaluation, name, split), partial(evaluation, name)) for name in names
        }
        if baselines:
            about = spaces.about("baselines", split)
            key = artifact_key(artifacts.baseline_evaluations, spaces.pairs_digest, split, about=about)
            jobs["baselines"] = (key, artifacts.baseline_evaluations)
        results = {name: spaces.cache.read(key) for name, (key, _) in jobs.items()}

        def evaluated(name: str, progress: Progress | None):
            key, compute = jobs[name]
            return spaces.cache.fetch(key, lambda: compute(spaces.pairs, self.folds(split), progress=progress))

        new = {name: partial(evaluated, name) for name in jobs if results[name] is MISSING}
        if executor is not None and new:
            mapped = [name for name in new if name != "baselines"]
            for name, result in evaluate_on(executor, mapped, spaces.pairs, self.folds(split), progress):
                spaces.cache.write(jobs[name][0], result)
                results[name] = result
                del new[name]
        results |= run_in_turn(new, progress)
        return results | results.pop("baselines", {})

    def is_cached(self, mapping: str, split: str = "classes") -> bool:
        """Whether :meth:`evaluate` finds this mapping in the cache."""
        return self.spaces.cache.has(self.spaces.key(artifacts.mapping_evaluation, mapping, split))

    def random_space_result(
        self,
        mapping: str = DEFAULT_MAPPING,
        *,
        split: str = "classes",
        progress: Progress | None = None,
        executor: Executor | None = None,
    ) -> EvaluationResult:
        """Evaluate a mapping as in :meth:`evaluate`, with the class vectors shuffled among the classes.

        A figure is evidence of alignment only as far as it exceeds this one. Parameters are as for :meth:`evaluate`.
        """
        check_split(split)
        check_progress(progress)
        check_executor(executor)
        spaces = self.spaces
        key = spaces.key(artifacts.random_space_evaluation, mapping, split)

        def compute() -> EvaluationResult:
            if executor is None:
                return artifacts.random_space_evaluation(mapping, spaces.pairs, self.folds(split), progress)
            random = random_space(spaces.pairs)
            return dict(evaluate_on(executor, [mapping], random, self.folds(split), progress))[mapping]

        return spaces.cache.fetch(key, compute)

    def folds(self, split: str) -> list[Fold]:
        """Cross-validation folds of a split ("classes", "sentences" or "kinds"), the same for every mapping.

        There are fewer of them for few classes.

        Raises
        ------
        InputError
            When there is too little to divide.
        """
        check_split(split)
        return [*self._folds.get(split, lambda: self.spaces.pairs.folds(split))]

    def encoder_sweep(self, mapping: str = "ridge", *, progress: Progress | None = None) -> pd.DataFrame:
        """Evaluate a mapping on held-out classes with every layer and pooling of the encoder.

        See :func:`~alignment.evaluation.encoder_sweep.sweep_encoder`; the study's own layer and pooling have no effect.
        """
        poolings = callers_code(*(pooling.pool for pooling in POOLINGS.values()))
        spaces, estimator = self.spaces, estimator_identity(make_mapping(mapping))
        pairs = (spaces.class_space_digest, spaces.seeds.to_csv(), mapping, estimator)

        def key() -> ArtifactKey:
            reads = (spaces.encoder.fingerprint, spaces.encoder.computed_in, list(POOLINGS), poolings)
            return artifact_key(artifacts.encoder_sweep_table, *reads, *pairs, about=spaces.about(mapping))

        sweep = artifacts.encoder_sweep_table
        return spaces.cache.fetch(key, lambda: sweep(spaces.encoder, mapping, spaces.pairs, progress))

    def learning_curve(self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> pd.DataFrame:
        """Evaluate a mapping learned from fewer seeds: :func:`~alignment.evaluation.ablations.learning_curve`."""
        return self._ablation(artifacts.learning_curve_table, mapping, progress)

    def seed_kinds(self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> pd.DataFrame:
        """Ablation of each kind of seeds: :func:`~alignment.evaluation.ablations.seed_kinds`."""
        return self._ablation(artifacts.seed_kinds_table, mapping, progress)

    def generalised_zero_shot(
        self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None
    ) -> pd.DataFrame:
        """Evaluate a mapping with seen and unseen classes together, one row.

        See :func:`~alignment.evaluation.generalised_zero_shot.generalised_zero_shot`.
        """
        return self._ablation(artifacts.generalised_zero_shot_table, mapping, progress)

    def _ablation(self, measure: Callable, mapping: str, progress: Progress | None) -> pd.DataFrame:
        key = self.spaces.key(measure, mapping)
        return self.spaces.cache.fetch(key, lambda: measure(mapping, self.spaces.pairs, progress))

    def class_traits(self) -> pd.DataFrame:
        """Traits that might explain the error of a class, one row per class.

        See :func:`~alignment.evaluation.class_traits.class_traits`.
        """
        spaces = self.spaces
        pieces, place = spaces.encoder.name_pieces(spaces.classes.readable_names)
        return class_traits(spaces.class_vectors, spaces.seeds.counts(spaces.classes), pieces, place)

    def evaluate_prompts(
        self,
        mapping: str = DEFAULT_MAPPING,
        *,
        prompts: EvaluationPrompts | None = None,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Hit rates of prompts with a mapping fitted on all seeds.

        Parameters
        ----------
        mapping : key of the registry
        prompts : EvaluationPrompts
            As the study's ``prompt_reader`` reads them from a file; by default the test prompts.

        Returns
        -------
        DataFrame, one row per group and one called "all"
            ``prompts``, ``hit_at_1``, ``hit_at_5``, ``hit_at_10``; see
            :func:`~alignment.evaluation.prompt_accuracy.evaluate_prompts`.
        """
        make_mapping(mapping)
        spaces = self.spaces
        prompts = spaces.prompt_reader.read_file() if prompts is None else prompts
        check_type(prompts, EvaluationPrompts, "prompts are as from study.prompt_reader.read_file('prompts.csv')")
        table = prompts.table.drop(columns="line")
        key = artifact_key(artifacts.prompt_evaluation, spaces.mapping_key(mapping), table, about=spaces.about(mapping))

        def compute() -> pd.DataFrame:
            mapped = spaces.map_vectors(spaces.kept_vectors(table["prompt"].tolist(), progress), mapping)
            return artifacts.prompt_evaluation(mapped, spaces.class_vectors, table)

        return spaces.cache.fetch(key, compute)

    def random_space_prompts(self, mapping: str = DEFAULT_MAPPING) -> pd.DataFrame:
        """:meth:`evaluate_prompts` of the test prompts with the class vectors shuffled among the classes."""
        spaces = self.spaces
        prompts = spaces.prompt_reader.read_file().table.drop(columns="line")
        key = artifact_key(
            artifacts.random_space_prompts, spaces.mapping_key(mapping), prompts, about=spaces.about(mapping)
        )

        def compute() -> pd.DataFrame:
            vectors = spaces.kept_vectors(prompts["prompt"].tolist())
            return artifacts.random_space_prompts(mapping, spaces.pairs, vectors, prompts)

        return spaces.cache.fetch(key, compute)

    def headline_figures(
        self,
        mapping: str = DEFAULT_MAPPING,
        *,
        progress: Progress | None = None,
        executor: Executor | None = None,
    ) -> dict[str, float]:
        """Held-out figures of a mapping, and the same in a random class space.

        Parameters
        ----------
        executor : Executor, optional
            As for :meth:`evaluate`.

        Returns
        -------
        dict
            As from :meth:`EvaluationResult.summary <alignment.evaluation.result.EvaluationResult.summary>` for held-out
            classes, and ``prompts``, ``hit_at_1``, ``hit_at_5`` of the test prompts where there are any about these
            classes; names with the prefix ``random_`` are figures of :meth:`random_space_result`.
        """
        found = self.evaluate(mapping, progress=progress, executor=executor).summary()
        random = self.random_space_result(mapping, progress=progress, executor=executor).summary()
        with suppress(InputError):  # no test prompt is about these classes
            found |= self.evaluate_prompts(mapping, progress=progress).loc[ALL_PROMPTS].to_dict()
            random |= self.random_space_prompts(mapping).loc[ALL_PROMPTS].to_dict()
        return found | {f"random_{name}": value for name, value in random.items()}
