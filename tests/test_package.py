"""What ``pip install .`` brings."""

import ast
import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import alignment

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_wheel_holds_every_module_and_its_data(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        scripts = next(archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    files = (path for package in ("alignment", "dashboard") for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert wanted and wanted <= names
    assert {"alignment/py.typed", "alignment/__init__.pyi"} <= names  # for type checkers (PEP 561)
    assert "latent-alignment = alignment.__main__:main" in scripts


def test_the_public_names_are_those_that_type_checkers_read():
    imports = [node for node in ast.parse((ROOT / "alignment" / "__init__.pyi").read_text()).body[:-1]]
    stated = {node.names[0].name: importlib.import_module(node.module) for node in imports}
    assert set(alignment.__all__) == set(stated) <= set(dir(alignment))
    assert all(getattr(alignment, name) is getattr(module, name) for name, module in stated.items())
    with pytest.raises(AttributeError, match="module 'alignment' has no attribute 'Studie'"):
        _ = alignment.Studie


def test_the_package_is_imported_without_what_it_names():
    code = "import sys, alignment; dir(alignment); sys.exit(any(name.startswith('alignment.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
