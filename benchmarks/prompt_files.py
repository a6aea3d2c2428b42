"""Files of evaluation prompts, which are never used for training."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.prompts import PROMPTS_CSV, evaluation_prompts
from alignment.evaluation.calibration import DATA as DEVELOPMENT

TEST = Path(__file__).parent / "test_prompts"
PROMPT_FILES = {  # settings are chosen on development sentences alone
    "development": Path(__file__).parent / "development_prompts.csv",
    "captions, development": DEVELOPMENT / "captions.csv",
    "subject, development": DEVELOPMENT / "subject.csv",
    "test": PROMPTS_CSV,
    "captions, test": TEST / "captions.csv",
    "subject, test": TEST / "subject.csv",
}


def prompt_tables(classes: ClassTable) -> dict[str, pd.DataFrame]:
    """Prompts of every file, with the rows of the classes that are right answers."""
    return {name: evaluation_prompts(classes, file).table for name, file in PROMPT_FILES.items()}
