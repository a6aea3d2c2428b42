"""What ``pip install .`` brings."""

import ast
import importlib
import importlib.metadata
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import alignment

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.10.0", "3.11.0", "3.12.0", "3.13.0", "3.14.0")  # those that the Makefile takes


def built(target, folder):
    """The wheel or the source distribution, built into a folder of its own."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.iterdir()
    return archive


@pytest.mark.slow
def test_a_wheel_holds_every_module_and_its_data(tmp_path):
    with zipfile.ZipFile(built("wheel", tmp_path)) as archive:
        names = set(archive.namelist())
        scripts = next(archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    files = (path for package in ("alignment", "dashboard") for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert wanted and wanted <= names
    assert {"alignment/py.typed", "alignment/__init__.pyi"} <= names  # for type checkers (PEP 561)
    assert "latent-alignment = alignment.__main__:main" in scripts


@pytest.mark.slow
def test_a_source_distribution_holds_what_its_tests_read(tmp_path):
    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("alignment", "benchmarks", "dashboard", "docs", "tests", "training")
    files = {path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*.py")}
    texts = ("CONTRIBUTING.md", "docs/limits.md", "constraints.txt", "requirements.txt", "requirements-dev.txt")
    assert files | {*texts} <= names


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


def _pins(name: str) -> list[Requirement]:
    lines = (line.partition(" #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def _python(version: str) -> dict[str, str]:
    return {"python_full_version": version, "python_version": version.rpartition(".")[0]}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "constraints.txt"])
@pytest.mark.parametrize("python", PYTHONS)
def test_what_is_pinned_for_a_python_is_published_for_it(name, python):
    """By what the installed packages say; those that this Python does not install are not asked."""
    here = {re.sub(r"[-_.]+", "-", one.name).lower(): one for one in importlib.metadata.distributions()}
    refused = []
    for pin in _pins(name):
        found = here.get(re.sub(r"[-_.]+", "-", pin.name).lower())
        if found is None or not pin.specifier.contains(found.version):
            continue
        needed = SpecifierSet(found.metadata.get("Requires-Python", ""))
        if (pin.marker is None or pin.marker.evaluate(_python(python))) and not needed.contains(python):
            refused.append(f"{pin} needs Python {needed}")
    assert not refused


@pytest.mark.parametrize("python", [PYTHONS[0], PYTHONS[-1]])
def test_constraints_pin_what_the_requirements_name(python):
    """A pin that was added without `make constraints` has been tried with the others on no other Python."""

    def pinned(*names: str) -> set[str]:
        pins = (pin for name in names for pin in _pins(name))
        return {
            f"{pin.name}{pin.specifier}" for pin in pins if pin.marker is None or pin.marker.evaluate(_python(python))
        }

    assert pinned("requirements.txt", "requirements-dev.txt") <= pinned("constraints.txt")
