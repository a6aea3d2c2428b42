"""Small computations of the lesson, each within half a second: learning from few seeds, positions, cosines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignment.evaluation.few_seeds import SeedAmount, few_seeds
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.metrics import answer_ranks
from alignment.mappings import make_mapping
from alignment.study.study import Study
from alignment.vectors.similarity import similarities

FEW_SEEDS_MAPPING = "prototypes"  # fitted in closed form, in less than a tenth of a second


@dataclass(frozen=True)
class LearnedStage:
    """Predictions for unseen sentences by a mapping that has learned from some of the seeds.

    Attributes
    ----------
    seeds : number of sentences learned from
    known : bool array (K,), the classes learned from
    vectors : float32 array (m, d), the mapped sentences
    prompts, right : number of test prompts, and of those with a right class nearest
    """

    seeds: int
    known: np.ndarray
    vectors: np.ndarray
    prompts: int
    right: int


def learned_stage(study: Study, amount: SeedAmount, sentences: Sequence[str]) -> LearnedStage:
    """Fit a mapping on this many seeds and map sentences with it; see :class:`LearnedStage`."""
    table = study.prompt_reader.read_file().table
    prompts = study.kept_vectors(table["prompt"].tolist())
    queries = np.vstack([prompts, *(study.encode([sentence]) for sentence in sentences)])
    pairs = study.pairs
    rows, known = few_seeds(pairs.membership, np.arange(len(pairs)), pairs.membership.sum(axis=0) > 0, amount)
    fitted = fit_pairs(make_mapping(FEW_SEEDS_MAPPING), pairs.subset(rows, known))
    mapped = np.asarray(fitted.predict(queries), dtype=np.float32)
    hits = answer_ranks(similarities(mapped[: len(prompts)], study.class_vectors), table["rows"].tolist()) <= 1
    return LearnedStage(len(rows), known, mapped[len(prompts) :], len(prompts), int(np.sum(hits)))


def plane_positions(study: Study, vectors: np.ndarray) -> np.ndarray:
    """Project points of class space (m, d) on the plane in which the classes vary most: float array (m, 2).

    ``(z - c̄) V``, c̄ the mean class vector and V the first two principal directions.
    """
    return (vectors - study.class_vectors.mean(axis=0)) @ study.directions.vectors[:2].T


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """Cosine similarity ``a b / (|a| |b|)`` of two vectors other than 0, -1 to 1."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def most_variable_number(class_vectors: np.ndarray) -> int:
    """Dimension with the largest standard deviation between the classes, 0 to d - 1."""
    return int(class_vectors.std(axis=0).argmax())


def with_one_number_moved(class_vectors: np.ndarray, row: int, number: int, amount: float) -> np.ndarray:
    """Vector of a class, (1, d), with one dimension moved by ``amount`` standard deviations of the classes."""
    moved = class_vectors[[row]].copy()
    moved[0, number] += amount * class_vectors[:, number].std()
    return moved
