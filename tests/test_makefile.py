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
