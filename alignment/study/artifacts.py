"""Artifacts that a study caches on disk, each a function of the arrays and models it is computed from.

The function names are the names of the cache entries. The code that an entry depends on is found from the names a
function uses, so parameters are annotated with the types whose code runs; see :mod:`alignment.study.cache.keys`. What
else an entry depends on is stated where it is asked for, by ``artifact_key`` in this folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.dictionary.named_seeds import named_seeds
from alignment.evaluation import ablations, encoder_sweep
from alignment.evaluation.baselines import evaluate_baselines, random_space
from alignment.evaluation.calibration import Calibration, Evidence, fit_calibration
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.generalised_zero_shot import generalised_zero_shot
from alignment.evaluation.metrics import COMPARED
from alignment.evaluation.out_of_distribution import seed_neighbour_distances
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.images.generator import ImageGenerator
from alignment.images.truncation_and_noise import draw_noise
from alignment.mappings import MAPPINGS, make_mapping
from alignment.progress import Progress, following
from alignment.projection.layouts import LayoutSettings, Projection, fit_layout
from alignment.text.encoder import TextEncoder

PICTURES_AT_ONCE = 16  # drawn between two reports of progress


def seed_table(classes: ClassTable) -> pd.DataFrame:
    """Default seeds of a class space: the built-in ones for ImageNet, else those made from class names."""
    return (default_seeds(classes) if classes.are_imagenets else named_seeds(classes)).frame


def sentence_vectors(
    encoder: TextEncoder, sentences: Sequence[tuple[str, str]], progress: Progress | None = None
) -> np.ndarray:
    """Encode sentences, each with the word to pool over ("" for all): float32 array (n, d_text)."""
    texts, words = zip(*sentences, strict=True) if sentences else ((), ())
    report = progress and partial(progress, "Encoding sentences")
    return encoder.encode(texts, words=words, progress=report)


def fitted_mapping(mapping: str, pairs: SeedPairs, progress: Progress | None = None) -> BaseEstimator:
    """Fit a mapping of the registry on all seeds; ``progress`` reports its iterations if it is iterative."""
    if progress is None:
        return fit_pairs(make_mapping(mapping), pairs)
    stage, known = f"Fitting {MAPPINGS[mapping].label}", (0, 1)

    def report(done: int, total: int) -> None:
        nonlocal known
        known = (done, total) if total else known
        progress(stage, *known)

    with following(report):
        fitted = fit_pairs(make_mapping(mapping), pairs)
    progress(stage, known[1], known[1])
    return fitted


def mapped_seeds(fitted, X: np.ndarray) -> np.ndarray:
    """Map the seeds to class space with a fitted mapping: float32 array (n, d)."""
    return np.asarray(fitted.predict(X), dtype=np.float32)


def mapping_evaluation(
    mapping: str, pairs: SeedPairs, folds: Sequence[Fold], progress: Progress | None = None
) -> EvaluationResult:
    """Cross-validate a mapping of the registry on held-out seeds."""
    label = f"Evaluating {MAPPINGS[mapping].label}"
    return evaluate(make_mapping(mapping), pairs, folds, progress=progress, label=label)


def baseline_evaluations(
    pairs: SeedPairs, folds: Sequence[Fold], progress: Progress | None = None
) -> dict[str, EvaluationResult]:
    """Evaluate the baselines on the same folds."""
    return evaluate_baselines(pairs, folds, progress=progress)


def random_space_evaluation(
    mapping: str, pairs: SeedPairs, folds: Sequence[Fold], progress: Progress | None = None
) -> EvaluationResult:
    """Cross-validate a mapping with the class vectors shuffled among the classes."""
    return mapping_evaluation(mapping, random_space(pairs), folds, progress)


def run_figures(
    mapping: str, pairs: SeedPairs, folds: Sequence[Fold], progress: Progress | None = None, *, random: bool
) -> tuple[dict[str, float], pd.DataFrame]:
    """Held-out figures of a mapping, overall and per class: one row of the table of runs.

    Parameters
    ----------
    random : bool
        Whether the class vectors are shuffled among the classes.

    Returns
    -------
    dict
        Every figure, and ``<figure>_low``, ``<figure>_high`` of those in ``COMPARED``: 95 % bootstrap intervals.
    DataFrame
        Indexed by class (row of the class space), one column for each of ``COMPARED``.
    """
    compute = random_space_evaluation if random else mapping_evaluation
    return figures_by_class(compute(mapping, pairs, folds, progress))


def figures_by_class(result: EvaluationResult) -> tuple[dict[str, float], pd.DataFrame]:
    """The figures of a result that :func:`run_figures` returns."""
    figures = result.summary() | result.intervals(COMPARED)
    return figures, pd.DataFrame({figure: result.values(figure) for figure in COMPARED})


def random_space_prompts(mapping: str, pairs: SeedPairs, vectors: np.ndarray, prompts: pd.DataFrame) -> pd.DataFrame:
    """:func:`prompt_evaluation` of prompts (m, d_text) with the class vectors shuffled among the classes."""
    space = random_space(pairs)
    return prompt_evaluation(fitted_mapping(mapping, space).predict(vectors), space.class_vectors, prompts)


def prompt_evaluation(vectors: np.ndarray, class_vectors: np.ndarray, prompts: pd.DataFrame) -> pd.DataFrame:
    """Hit rates of mapped prompts, (m, d); ``prompts`` as from ``evaluation_prompts``."""
    groups = prompts["group"].tolist() if "group" in prompts else None
    return evaluate_prompts(vectors, class_vectors, prompts["rows"].tolist(), groups)


def encoder_sweep_table(
    encoder: TextEncoder, mapping: str, pairs: SeedPairs, progress: Progress | None = None
) -> pd.DataFrame:
    """Evaluate a mapping with every layer and pooling of the encoder."""
    return encoder_sweep.sweep_encoder(encoder, make_mapping(mapping), pairs, progress=progress)


def learning_curve_table(mapping: str, pairs: SeedPairs, progress: Progress | None = None) -> pd.DataFrame:
    """Evaluate a mapping learned from fewer seeds."""
    return ablations.learning_curve(make_mapping(mapping), pairs, progress=progress)


def seed_kinds_table(mapping: str, pairs: SeedPairs, progress: Progress | None = None) -> pd.DataFrame:
    """Evaluate a mapping learned without each kind of seeds, and from that kind alone."""
    return ablations.seed_kinds(make_mapping(mapping), pairs, progress=progress)


def generalised_zero_shot_table(mapping: str, pairs: SeedPairs, progress: Progress | None = None) -> pd.DataFrame:
    """Evaluate a mapping with seen and unseen classes together: one row, one column per figure."""
    label = f"Evaluating {MAPPINGS[mapping].label}"
    figures = generalised_zero_shot(make_mapping(mapping), pairs, progress=progress, label=label)
    return pd.DataFrame([figures], index=pd.Index([mapping], name="mapping"))


def neighbour_distances(pairs: SeedPairs) -> np.ndarray:
    """Distances from seeds to their nearest neighbours of other paraphrase groups, ascending."""
    groups = np.arange(len(pairs)) if pairs.groups is None else pairs.groups
    return seed_neighbour_distances(pairs.X, groups)


def confidence_calibration(
    evidence: Evidence, answers: Sequence[tuple[int, ...]], sentences: pd.DataFrame
) -> Calibration | None:
    """Fit the confidence model of a mapping on development sentences; None where there are too few."""
    return fit_calibration(evidence, answers, sentences)


def space_layout(
    spaces: dict[str, np.ndarray], settings: LayoutSettings, progress: Progress | None = None
) -> dict[str, Projection]:
    """Project text space, class space and, if given, mapped text to two or three dimensions."""
    return fit_layout(spaces, settings, progress=progress)


def class_pictures(generator: ImageGenerator, pixels: int, progress: Progress | None = None) -> np.ndarray:
    """Draw a thumbnail of every class with the generator: uint8 array (K, pixels, pixels, 3)."""
    from PIL import Image

    vectors, truncation, small = generator.class_embeddings, DEFAULT_DRAWING.truncation, []
    noise = draw_noise(1, generator.config.z_dim, truncation=truncation, seed=DEFAULT_DRAWING.noise_seed)
    for start in range(0, len(vectors), PICTURES_AT_ONCE):
        if progress is not None:
            progress("Drawing the classes", start, len(vectors))
        batch = vectors[start : start + PICTURES_AT_ONCE]
        pictures = generator.generate(batch, truncation=truncation, noise=np.tile(noise, (len(batch), 1)))
        for picture in pictures:
            small.append(np.asarray(Image.fromarray(picture).resize((pixels, pixels), Image.Resampling.LANCZOS)))
    return np.stack(small)
