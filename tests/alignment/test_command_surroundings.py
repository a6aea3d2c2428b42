"""What commands do without a standard stream or a folder to run in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a shell")


@pytest.mark.parametrize("closed", ["<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_done_without(closed, tmp_path):
    (tmp_path / "s.csv").write_text("sentence,class\nMy cat sleeps.,281\n")
    command = ["/bin/sh", "-c", f'exec "$0" -m alignment seeds "$1" {closed}', sys.executable, tmp_path / "s.csv"]
    assert subprocess.run(command, cwd=ROOT, timeout=120).returncode == 0


def test_a_folder_that_was_removed_is_said(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os; from alignment import __main__; __main__._run = lambda _: os.getcwd(); __main__.main(['models'])"
    command = ["/bin/sh", "-c", 'rmdir "$PWD" && exec "$0" -c "$1"', sys.executable, code]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=gone, env=environment, capture_output=True, text=True)
    assert ended.stderr == "error: The folder in which this was started is no longer there; change to another.\n"
