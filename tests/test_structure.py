"""What the layout promises: who imports whom, and that files, functions and listings stay short enough to read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LISTING_ENTRIES = 18  # of alignment/, modules and folders
FILE_LINES = 350
FUNCTION_LINES = 60
SOURCES = [path for folder in ("alignment", "dashboard", "training") for path in sorted((ROOT / folder).rglob("*.py"))]

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def test_every_import_contract_of_pyproject_is_kept(monkeypatch, capsys):
    cli = pytest.importorskip("importlinter.cli")
    monkeypatch.chdir(ROOT)
    kept = cli.use_cases.lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert kept, capsys.readouterr().out


@pytest.mark.parametrize(
    "path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_dashboard_computes_nothing_itself(path):
    imported = {name.split(".")[0] for name in _imports(ast.parse(path.read_text(encoding="utf-8")))}
    assert not imported & {"torch", "transformers", "sklearn", "umap", "scipy", "pytorch_pretrained_biggan"}


@pytest.mark.slow
def test_reading_a_result_imports_no_mappings():
    code = "import sys, alignment.evaluation.result; sys.exit('alignment.mappings' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def _imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_files_are_short():
    folders = ("alignment", "dashboard", "training", "benchmarks", "tests", "docs")
    files = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".js", ".css"))
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: count for name, count in lines.items() if count >= FILE_LINES} == {}


@each_source
def test_functions_are_short(path):
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {node.name: length for node in functions if (length := _lines(node)) > FUNCTION_LINES} == {}


def _lines(function: ast.FunctionDef) -> int:
    return function.end_lineno - function.lineno + 1


@each_source
def test_nothing_is_loaded_by_running_code(path):
    text = path.read_text(encoding="utf-8")
    assert "weights_only=False" not in text and "allow_pickle=True" not in text


def test_the_listing_of_the_library_is_short():
    listed = (path for path in (ROOT / "alignment").iterdir() if path.is_dir() or path.suffix == ".py")
    entries = [path.name for path in listed if path.name != "__pycache__"]
    assert len(entries) <= LISTING_ENTRIES, sorted(entries)
