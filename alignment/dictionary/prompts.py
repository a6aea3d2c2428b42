"""Example prompts, and test prompts: everyday sentences with their right classes.

No mapping ever learns from the test prompts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from alignment.dictionary.class_cells import CLASS_HEADERS, agreed_classes, class_number_notes, is_named
from alignment.dictionary.classes import DATA, ClassTable
from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.csv_records import Refusal
from alignment.files.table_files import read_table_file
from alignment.files.tables import Table, in_brackets, left_out
from alignment.wording import counted

EXAMPLES = (
    "I have a cat",
    "A slice of pizza on a plate",
    "An old lighthouse by the sea",
    "She plays the violin",
    "My dog is barking at the door",
)
"""Example prompts."""
ALL_PROMPTS = "all"  # name of the group of all prompts
PROMPTS_CSV = DATA / "prompts.csv"
PROMPT_COLUMN = Column(("text", "sentence", "caption", "prompts", "comment"), sentence=True, lines=True)


@dataclass(frozen=True)
class EvaluationPrompts:
    """Prompts with their right answers in one class space.

    Attributes
    ----------
    table : DataFrame
        ``line`` in the file; ``prompt``; ``rows`` (tuple of rows of the class space, each a right answer); ``group``
        of its subject, if the file has that.
    refused : rows of the file that were left out, with their lines
    lacking : int
        Number of prompts left out because their classes are missing from the space.
    count : int
        Number of prompts in the file.
    notes : unusual interpretations of the file
    """

    table: pd.DataFrame
    refused: list[Refusal]
    lacking: int
    count: int
    notes: list[str]

    @property
    def notices(self) -> list[str]:
        """Notices about the file for readers of the figures, one sentence each."""
        lacking = f"left out: {self.lacking:,} of {counted(self.count, 'prompt')}, whose classes this class space lacks"
        return [*self.notes, *([lacking] if self.lacking else []), *left_out(self.refused)]


def evaluation_prompts(classes: ClassTable, source: Path = PROMPTS_CSV) -> EvaluationPrompts:
    """Read prompts with their right answers.

    Parameters
    ----------
    classes : ClassTable
        Of the class space.
    source : Path
        A table with the columns ``prompt``, ``classes`` (all right answers, joined by ``|``; each an index, a WordNet
        id or a name) and, if wanted, ``group``; by default the test prompts.

    Raises
    ------
    InputError
        When the file cannot be read, a column is missing or no prompt is left, and for the test prompts with classes
        that are not ImageNet's.
    """
    if source == PROMPTS_CSV and not classes.are_imagenets:
        raise InputError("The test prompts are about ImageNet's classes; give your own with --prompts FILE.csv.")
    headers = ("class", *CLASS_HEADERS[1:], "answers")
    answers = Column(headers, every=True, whole=True, knows=lambda key: is_named(key, classes.known))
    columns = {"prompt": replace(PROMPT_COLUMN, lines=False), "classes": answers, "group": Column(required=False)}
    table = read_table_file(source, str(source), columns)
    kept, refused, lacking = [], list(table.refused), 0
    for row in table.rows:
        try:
            rows = tuple(classes.rows(agreed_classes(row.cells, "classes", columns, classes.known)))
            if not row.cells["prompt"]:
                raise InputError("the prompt is empty.")
            if row.cells.get("group") == ALL_PROMPTS:
                raise InputError(f"the group {ALL_PROMPTS!r} means all prompts together; name it otherwise.")
        except InputError as error:
            refused.append(Refusal(row.line, str(error)))
            continue
        lacking += not rows
        if rows:
            known: dict[str, object] = {key: row.cells[key] for key in ("prompt", "group") if key in row.cells}
            kept.append({"line": row.line, **known, "rows": rows})
    refused = sorted(refused)
    if not kept:
        raise InputError(f"{source} has no prompt about a class of this class space{in_brackets(refused)}.")
    shifted = class_number_notes((row.cells["classes"] for row in table.rows), classes.known, str(source))
    count = len(table.rows) + len(table.refused)
    return EvaluationPrompts(pd.DataFrame(kept), refused, lacking, count, [*table.notes, *shifted])


def read_prompts(source: Path | bytes, called: str = "") -> Table:
    """Read the column ``prompt`` of a CSV, JSON or Parquet file, or the lines of a text file without a header.

    Raises
    ------
    InputError
        When the file cannot be read, or the column is missing or empty.
    """
    called = called or str(source)
    table = read_table_file(source, called, {"prompt": PROMPT_COLUMN})
    if not table.rows:
        raise InputError(f"{called} has no prompt{in_brackets(table.refused)}.")
    return table
