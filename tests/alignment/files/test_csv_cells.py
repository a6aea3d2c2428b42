"""No cell of a CSV that is written is a formula to a spreadsheet, and reading takes the escape away again."""

import csv
import io

import pandas as pd
import pytest

from alignment.dictionary.prompts import read_prompts
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.files.csv_cells import escaped, to_csv, unescaped

FORMULAS = ("=1+1", "+cat", "-cat", "@SUM(A1)", "\tcat", "\rcat", "\ncat", "'=1+1", "''@", "=", "-2 cats")
PLAIN = ("", "a cat", "-5", "+1.5e3", "-.5", "'tis a cat", "a = b", "''", "0")


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_text_and_comes_back(cell):
    assert escaped(cell) == f"'{cell}" and unescaped(escaped(cell)) == cell


@pytest.mark.parametrize("cell", [*PLAIN, 1, -2.5, None])
def test_what_is_no_formula_stays(cell):
    assert escaped(cell) == cell
    assert not isinstance(cell, str) or unescaped(cell) == cell


def test_a_table_is_escaped_but_for_its_numbers():
    table = pd.DataFrame({"=head": ["=1", None, "a cat"], "n": [-1, 2, 3], "x": [-0.5, float("nan"), 1.0]})
    kinds = pd.Categorical(["-a", "b", "b"])
    table = table.assign(kind=kinds, flag=[True, False, True], mixed=["@x", -3, 1.5])
    rows = list(csv.reader(io.StringIO(to_csv(table))))
    assert rows[0] == ["'=head", "n", "x", "kind", "flag", "mixed"]
    assert rows[1] == ["'=1", "-1", "-0.5", "'-a", "True", "'@x"]
    assert rows[2] == ["", "2", "", "b", "False", "-3"]


def test_seeds_and_prompts_are_read_back_as_they_were():
    sentences = ["=a cat", "'=a cat", "-5", "- a cat", "@cat sleeps", "'tis a cat", "+1 cat"]
    rows = [(sentence, (281,), "own", "", sentence) for sentence in sentences]
    seeds = SeedDictionary(pd.DataFrame(rows, columns=DICTIONARY_COLUMNS))
    pd.testing.assert_frame_equal(read_seeds(seeds.to_csv().encode()).seeds.frame, seeds.frame)
    written = to_csv(pd.DataFrame({"prompt": sentences})).encode()
    assert [row.cells["prompt"] for row in read_prompts(written).rows] == sentences
