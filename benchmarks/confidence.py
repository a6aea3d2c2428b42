"""Confidence on held-out sentences: calibration error, AUROC, coverage and size of the answer sets.

The confidence model is trained on the sentences of ``alignment/evaluation/data``; those of ``benchmarks/test_prompts``
are used for testing only. Sentences of ``walk.csv`` once got wrong answers that were not marked as doubtful.
"""

from __future__ import annotations

import pandas as pd

from alignment.errors import InputError
from alignment.evaluation.calibration import development_sentences
from alignment.evaluation.reliability import calibration_figures, reliability
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Settings, Study
from benchmarks.prompt_files import TEST
from benchmarks.reporting import markdown_table

HELP = "how far confidence can be trusted, on test sentences"
SURE = 0.8  # a wrong answer should not have more
COLUMNS = {"ece": "ECE", "auroc": "AUROC", "coverage": "coverage", "median_size": "median size"}


def add_arguments(parser) -> None:
    parser.add_argument(
        "--mapping", nargs="+", choices=MAPPINGS, metavar="KEY", default=[DEFAULT_MAPPING], help="default: the default"
    )


def run(arguments) -> None:
    study = Study(Settings())
    sentences = development_sentences(TEST)
    tables = {mapping: study.confidence.table(sentences, mapping) for mapping in arguments.mapping}
    rows = []
    for mapping, found in tables.items():
        if found is None:
            raise InputError(f"The confidence of {mapping} cannot be calibrated.")
        figures = calibration_figures(found)
        wrong = int((~found["right"] & (found["confidence"] > SURE)).sum())
        rows.append([mapping, figures["sentences"], *(figures[name] for name in COLUMNS), wrong])
    print(markdown_table(rows, ["mapping", "sentences", *COLUMNS.values(), f"wrong above {SURE}"]))
    _details(study, *next(iter(tables.items())))


def _details(study: Study, mapping: str, found: pd.DataFrame) -> None:
    """By kind of sentences, by confidence, and the sentences of the walk, for one mapping."""
    by_kind = found.groupby("kind", sort=False)[["right", "drawable", "confidence", "covered"]].mean()
    by_kind[f"wrong above {SURE}"] = (~found["right"] & (found["confidence"] > SURE)).groupby(found["kind"]).sum()
    print(f"\n{mapping}, by kind\n{by_kind.to_string(float_format='{:.2f}'.format)}")
    print(f"\n{mapping}, by confidence\n{reliability(found).to_string(index=False, float_format='{:.2f}'.format)}\n")
    for row in study.confidence.of(pd.read_csv(TEST / "walk.csv")["prompt"].tolist(), mapping).itertuples():
        print(f"{row.prompt}: {row.name}, {row.confidence_text}")
