"""JSON as its standard has it, RFC 8259: without NaN and Infinity."""

import json
import math
from argparse import Namespace

import pandas as pd
import pytest

from alignment.commands.output_files import write_figures
from alignment.files.json_text import json_text


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_null_wherever_it_is(number):
    said = json_text({"rows": [{"cosine": number, "rank": 2}], "pair": (number, 0.5), "name": "NaN", "one": number})
    assert json.loads(said, parse_constant=pytest.fail) == {
        "rows": [{"cosine": None, "rank": 2}],
        "pair": [None, 0.5],
        "name": "NaN",
        "one": None,
    }


def test_a_figure_that_evaluate_does_not_have_is_null(tmp_path):
    outputs = Namespace(json=tmp_path / "f.json", csv=None)
    write_figures(outputs, {"ridge": {"p_at_1": 0.5, "own_p_at_1": math.nan}}, pd.DataFrame(), "figures")
    written = json.loads(outputs.json.read_text(), parse_constant=pytest.fail)
    assert written == {"ridge": {"p_at_1": 0.5, "own_p_at_1": None}}
