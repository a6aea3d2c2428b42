"""The example notebook runs."""

import json
from pathlib import Path

NOTEBOOK = Path(__file__).parents[2] / "docs" / "example.ipynb"


def test_every_cell_runs(study):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["study"].X.shape == study.X.shape
    assert names["pictures"].shape[:2] == (1, 4) and 0 < names["result"].summary()["p_at_10"] < 1
