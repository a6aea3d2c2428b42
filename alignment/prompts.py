"""Sentences to begin with, and the test prompts: everyday sentences with the classes that would be right.

No mapping ever learns from the test prompts.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from alignment.classes import ClassTable

EXAMPLES = (
    "I have a cat",
    "A slice of pizza on a plate",
    "An old lighthouse by the sea",
    "She plays the violin",
    "My dog is barking at the door",
)
"""Sentences to begin with."""
PROMPTS_CSV = Path(__file__).parent / "data" / "prompts.csv"


def evaluation_prompts(classes: ClassTable) -> pd.DataFrame:
    """The test prompts that one class space can answer.

    Returns
    -------
    DataFrame
        ``prompt``; ``rows`` (tuple of rows of the class space, each a right answer); ``group`` of its subject.
        Prompts about classes that the space lacks are left out.
    """
    table = pd.read_csv(PROMPTS_CSV)
    table["rows"] = [tuple(classes.rows(map(int, named.split("|")))) for named in table["classes"].astype(str)]
    return table.loc[table["rows"].map(len) > 0, ["prompt", "rows", "group"]].reset_index(drop=True)
