"""The examples of CONTRIBUTING.md do what it says."""

import importlib
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, X

ROOT = Path(__file__).parents[1]


def examples(heading: str) -> list[str]:
    """The Python blocks under a heading, in their order."""
    sections = re.split(r"^## (.+)$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[heading]
    return re.findall(r"^```python\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)


def module(name: str, example: str, folder: Path, monkeypatch):
    """A module of the example's code."""
    (folder / f"{name}.py").write_text(example, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module(name)


def entry(example: str, *modules):
    """What an example adds to a registry, with the names of these modules at hand."""
    return eval(example, {name: value for each in modules for name, value in vars(each).items()})


@pytest.mark.filterwarnings("ignore:Skipping check check_array_api_input")
def test_a_mapping(monkeypatch, tmp_path):
    from alignment.evaluation.cross_validation import evaluate
    from alignment.evaluation.seed_pairs import SeedPairs
    from alignment.mappings import make_mapping, registry

    family, listed = examples("A mapping")
    spec = entry(listed, registry, module("nearest_class", family, tmp_path, monkeypatch))
    monkeypatch.setitem(registry.MAPPINGS, spec.key, spec)
    mapping = make_mapping("nearest-class")
    check_estimator(mapping)
    pairs = SeedPairs(X, np.eye(len(CLASS_VECTORS), dtype=bool)[LABELS], CLASS_VECTORS)
    result = evaluate(mapping, pairs, pairs.folds("sentences"))
    assert result.summary()["sentence_p_at_1"] > 10 / len(CLASS_VECTORS)  # ten times as often as by chance


def test_a_pooling(monkeypatch, tmp_path):
    from alignment.text import pooling
    from alignment.text.encoder import TextEncoder

    pool, listed = examples("A pooling")
    header = "from __future__ import annotations\n\n"  # as in the file that the example belongs to
    added = entry(listed, pooling, module("largest", header + pool, tmp_path, monkeypatch))
    monkeypatch.setitem(pooling.POOLINGS, added.key, added)
    sentences = ["a cat", "a red fox in the snow"]
    largest, mean = (TextEncoder(pooling=key).encode(sentences) for key in ("max", "mean"))
    assert largest.shape == mean.shape and (largest > mean).all()


def test_an_encoder(monkeypatch, capsys):
    from alignment.__main__ import main
    from alignment.text import checkpoints

    (listed,) = examples("An encoder")
    monkeypatch.setattr(checkpoints, "ENCODERS", checkpoints.ENCODERS | entry(listed, checkpoints))
    assert main(["models"]) == 0
    assert re.search(r"bert-base-uncased +BERT .* 768 numbers, 12 layers +no +440 MB", capsys.readouterr().out)


def test_a_page(monkeypatch, study, tmp_path):
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from dashboard import pages

    script, listed = examples("A page")
    page = entry(listed, pages)
    monkeypatch.setattr(pages, "PAGES", (*pages.PAGES, page))
    monkeypatch.setattr(pages, "VIEWS", shutil.copytree(pages.VIEWS, tmp_path / "views"))
    page.path.parent.mkdir()
    page.path.write_text(script, encoding="utf-8")
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
    app._page_hash = calc_hash(page.address)
    app.query_params["sentence"] = "a lemon"
    app.run()
    assert not app.exception and app.title[0].value == "Nearest classes"
    assert app.dataframe[0].value["name"].iloc[0] == "lemon"
