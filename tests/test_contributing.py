"""The recipes of CONTRIBUTING.md, followed to the letter, do what it says."""

import ast
import importlib.util
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, X

ROOT = Path(__file__).parents[1]
PLACE = re.compile(r"# (?P<file>\S+\.py)(, (?P<where>with the imports|above|in)( (?P<name>\w+))?)?\n")


def examples(heading: str) -> list[str]:
    """The Python blocks under a heading, in their order."""
    sections = re.split(r"^## (.+)$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[heading]
    return re.findall(r"^```python\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)


def follow(heading: str, folder: Path) -> None:
    """Write the files of a recipe into a folder: each example where its first line says."""
    for example in examples(heading):
        place = PLACE.match(example)
        assert place, f"the first line names a file and a place in it: {example}"
        file, source = folder / place["file"], ROOT / place["file"]
        assert source.is_file() == bool(place["where"]), f"a file that is there is edited, another is new: {file}"
        text = (file if file.is_file() else source).read_text(encoding="utf-8") if place["where"] else ""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(inserted(example[place.end() :], place["where"], place["name"], text), encoding="utf-8")


def inserted(code: str, where: str | None, name: str, text: str) -> str:
    """The text of a module with code among its imports, above the definition of a name, or its last entry."""
    lines, body = text.splitlines(keepends=True), ast.parse(text).body
    if where is None:
        return code
    if where == "with the imports":
        at = max(node.end_lineno for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    else:
        (found,) = (node for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name)
        entries = next(each for each in ast.walk(found.value) if isinstance(each, ast.Tuple | ast.Dict))
        at = (found.lineno if where == "above" else entries.end_lineno) - 1
        code = code if where == "above" else code.rstrip("\n") + ",\n"
    return "".join([*lines[:at], code, *lines[at:]])


def load(folder: Path, name: str):
    """A module of the files that :func:`follow` has written, in place of none of the package's own."""
    spec = importlib.util.spec_from_file_location(name, folder.joinpath(*name.split(".")).with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore:Skipping check check_array_api_input")
def test_a_mapping(monkeypatch, tmp_path):
    from alignment.evaluation.cross_validation import evaluate
    from alignment.evaluation.seed_pairs import SeedPairs
    from alignment.mappings import make_mapping, registry

    follow("A mapping", tmp_path)
    family = "alignment.mappings.nearest_class"
    monkeypatch.setitem(sys.modules, family, load(tmp_path, family))
    added = load(tmp_path, "alignment.mappings.registry").MAPPINGS["nearest-class"]
    monkeypatch.setitem(registry.MAPPINGS, added.key, added)
    mapping = make_mapping("nearest-class")
    check_estimator(mapping)
    pairs = SeedPairs(X, np.eye(len(CLASS_VECTORS), dtype=bool)[LABELS], CLASS_VECTORS)
    result = evaluate(mapping, pairs, pairs.folds("sentences"))
    assert result.summary()["sentence_p_at_1"] > 10 / len(CLASS_VECTORS)  # ten times as often as by chance


def test_a_pooling(monkeypatch, tmp_path):
    from alignment.text import pooling
    from alignment.text.encoder import TextEncoder

    follow("A pooling", tmp_path)
    monkeypatch.setitem(pooling.POOLINGS, "max", load(tmp_path, "alignment.text.pooling").POOLINGS["max"])
    sentences = ["a cat", "a red fox in the snow"]
    largest, mean = (TextEncoder(pooling=key).encode(sentences) for key in ("max", "mean"))
    assert largest.shape == mean.shape and (largest > mean).all()


def test_an_encoder(monkeypatch, capsys, tmp_path):
    from alignment.__main__ import main
    from alignment.text import checkpoints

    follow("An encoder", tmp_path)
    monkeypatch.setattr(checkpoints, "ENCODERS", load(tmp_path, "alignment.text.checkpoints").ENCODERS)
    assert main(["models"]) == 0
    assert re.search(r" bert-base-uncased +768 numbers, 12 layers +440 MB", capsys.readouterr().out)


def test_a_page(monkeypatch, study, tmp_path):
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from dashboard import pages

    shutil.copytree(pages.VIEWS, tmp_path / "dashboard" / "views")
    follow("A page", tmp_path)
    monkeypatch.setattr(pages, "PAGES", load(tmp_path, "dashboard.pages").PAGES)
    page = pages.PAGES[-1]
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
    app._page_hash = calc_hash(page.address)
    app.query_params["sentence"] = "a lemon"
    app.run()
    assert not app.exception and app.title[0].value == "Nearest classes"
    assert app.dataframe[0].value["name"].iloc[0] == "lemon"
