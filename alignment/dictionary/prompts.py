"""Sentences to begin with, and the test prompts: everyday sentences with the classes that would be right.

No mapping ever learns from the test prompts.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError

EXAMPLES = (
    "I have a cat",
    "A slice of pizza on a plate",
    "An old lighthouse by the sea",
    "She plays the violin",
    "My dog is barking at the door",
)
"""Sentences to begin with."""
PROMPTS_CSV = Path(__file__).parent / "data" / "prompts.csv"


def evaluation_prompts(classes: ClassTable, source: Path = PROMPTS_CSV) -> pd.DataFrame:
    """Prompts with their right answers, as far as one class space has any.

    Parameters
    ----------
    classes : ClassTable
        Of the class space.
    source : Path
        A CSV with the columns ``prompt``, ``classes`` (ImageNet indices of all right answers, joined by ``|``) and,
        if wanted, ``group``; by default the test prompts.

    Returns
    -------
    DataFrame
        ``prompt``; ``rows`` (tuple of rows of the class space, each a right answer); ``group`` of its subject, if the
        file has that. Prompts about classes that the space lacks are left out.

    Raises
    ------
    InputError
        When the file cannot be read or has other columns, when classes are no indices, and when no prompt is left.
    """
    try:
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' parsing errors are ValueErrors
        raise InputError(f"Cannot read {source}; give a CSV in UTF-8.") from error
    if not {"prompt", "classes"} <= set(table):
        raise InputError(f"{source} needs the columns 'prompt' and 'classes'.")
    rows = []
    for line, named in enumerate(table["classes"], start=2):
        if not re.fullmatch(r"[0-9]+(\|[0-9]+)*", named):
            raise InputError(f"{source}, row {line}: the classes must be ImageNet indices such as 281|282.")
        rows.append(tuple(classes.rows(map(int, named.split("|")))))
    table["rows"] = rows
    table = table.loc[table["rows"].map(len) > 0, [name for name in ("prompt", "rows", "group") if name in table]]
    if table.empty:
        raise InputError(f"{source} has no prompt about a class of this class space.")
    return table.reset_index(drop=True)
