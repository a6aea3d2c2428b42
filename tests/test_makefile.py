"""What `make install` does with what it finds."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


@pytest.mark.slow
def test_an_environment_without_pip_is_completed(tmp_path):
    """Debian leaves one where python3-venv was missing, as one that was interrupted."""
    folder = tmp_path / "a folder's name, with # and ü"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "constraints.txt"):
        (folder / name).touch()
    venv.create(folder / ".venv", with_pip=False, symlinks=True)
    command = ["make", "install", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and (folder / ".venv" / "installed").exists(), done.stderr


@pytest.mark.parametrize("version", ["3.9", "3.15"])
def test_a_python_without_pins_is_refused_before_pip_says_what_conflicts(version, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).touch()
    python = tmp_path / "a folder" / f"python{version}"
    python.parent.mkdir()
    pretended = f"import sys; sys.version_info = ({version.replace('.', ', ')}, 0); exec(sys.argv[1])"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{pretended}" "$2"\n')
    python.chmod(0o755)
    done = subprocess.run(["make", "install", f"PYTHON='{python}'"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode and not (tmp_path / ".venv").exists()
    assert f"Python 3.10 to 3.14 is needed, and {sys.executable} is {version}; name another" in done.stderr
    assert "need Python 3.10 to 3.14," in (ROOT / "README.md").read_text(encoding="utf-8")
