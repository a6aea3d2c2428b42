"""The stages whose results a study keeps on disk.

``joblib.Memory`` keeps each under the arguments that say what it depends on; the study itself, the encoder and the
progress it reports are not among them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.evaluation.ablations import learning_curve, seed_kinds
from alignment.evaluation.baselines import evaluate_baselines
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.encoder_sweep import sweep_encoder
from alignment.evaluation.out_of_distribution import own_spread
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.seed_pairs import fit_pairs
from alignment.mappings import MAPPINGS, make_mapping
from alignment.projection.layouts import LayoutSettings, fit_layout

if TYPE_CHECKING:
    from alignment.study.study import Study
    from alignment.text.encoder import TextEncoder

# The code that vectors of text depend on, and the code that figures depend on.
ENCODING = ("text/*.py", "devices/*.py")
JUDGING = ("evaluation/*.py", "vectors/*.py")
BASELINES = "baselines"  # stands where a mapping's key could


@lru_cache
def version(*patterns: str) -> str:
    """Hash of files of this package: the code and the data that a stage's results depend on."""
    folder = Path(__file__).parents[1]
    return joblib.hash([path.read_bytes() for pattern in patterns for path in sorted(folder.glob(pattern))])


def own_seeds(version: str, indices: tuple[int, ...]) -> pd.DataFrame:
    return default_seeds(ClassTable(indices)).frame


def encode(encoding: tuple, pairs: list[tuple[str, str]], *, encoder: TextEncoder, progress) -> np.ndarray:
    sentences, words = zip(*pairs, strict=True) if pairs else ((), ())
    return encoder.encode(sentences, words=words, progress=progress)


def fit(study_key: str, mapping_key: str, *, study: Study):
    return fit_pairs(make_mapping(mapping_key), study.pairs)


def map_seeds(study_key: str, mapping_key: str, *, study: Study) -> np.ndarray:
    return np.asarray(study.mapping(mapping_key).predict(study.X), dtype=np.float32)


def layout(study_key, mapping_key: str, held_out: bool, settings: LayoutSettings, version, *, study: Study, progress):
    return fit_layout(study.spaces(mapping_key, held_out=held_out, progress=progress), settings, progress=progress)


def class_pictures(made_of: tuple, pixels: int, *, study: Study, progress) -> np.ndarray:
    from PIL import Image

    vectors, batch, small = study.class_vectors, 16, []
    for start in range(0, len(vectors), batch):
        if progress is not None:
            progress("Drawing the classes", start, len(vectors))
        for picture in study.draw(vectors[start : start + batch])[:, 0]:
            small.append(np.asarray(Image.fromarray(picture).resize((pixels, pixels), Image.Resampling.LANCZOS)))
    return np.stack(small)


def judge(study_key: str, mapping_key: str, split: str, version: str, *, study: Study, progress):
    """The result of one mapping, or of all baselines, with its figures, so that they are stored with it."""
    if mapping_key == BASELINES:
        judged = evaluate_baselines(study.pairs, study.folds(split), progress=progress)
    else:
        mapping, label = make_mapping(mapping_key), MAPPINGS[mapping_key].label
        judged = evaluate(mapping, study.pairs, study.folds(split), progress=progress, label=label)
    for result in judged.values() if mapping_key == BASELINES else [judged]:
        result.summary()
    return judged


def judge_prompts(
    study_key: str, mapping_key: str, prompts: pd.DataFrame, version: str, *, study: Study
) -> pd.DataFrame:
    vectors = study.map(prompts["prompt"].tolist(), mapping_key)
    return evaluate_prompts(vectors, study.class_vectors, prompts["rows"].tolist(), prompts.get("group"))


def spread(made_of: tuple, *, study: Study) -> np.ndarray:
    return own_spread(study.X, study.pairs.groups)


def sweep(made_of: str, mapping_key: str, *, study: Study, progress) -> pd.DataFrame:
    return sweep_encoder(study.encoder, make_mapping(mapping_key), study.pairs, progress=progress)


def curve(made_of: str, mapping_key: str, *, study: Study, progress) -> pd.DataFrame:
    return learning_curve(make_mapping(mapping_key), study.pairs, progress=progress)


def kinds(made_of: str, mapping_key: str, *, study: Study, progress) -> pd.DataFrame:
    return seed_kinds(make_mapping(mapping_key), study.pairs, progress=progress)
