"""The table of make soak, and that it finds what is wrong."""

import dataclasses
from types import SimpleNamespace

import pytest

from benchmarks import soak
from benchmarks.soak import kills
from benchmarks.soak.rows import Row


@pytest.fixture
def parts(monkeypatch):
    """What the parts find, in place of hours."""
    found = {"kills": [Row("a command killed", "in its first second")], "left": [Row("a tab closed", "1.0 s")]}
    monkeypatch.setattr(soak, "parts_of", lambda *_: {name: lambda amounts, n=name: iter(found[n]) for name in found})
    return found


def arguments(*only, visitors=None, kills=None):
    return SimpleNamespace(quick=True, only=only, visitors=visitors, kills=kills, chromium="")


def test_every_part_that_is_asked_for_has_its_row(parts, capsys):
    soak.run(arguments("left", "kills"))
    printed = capsys.readouterr().out
    assert printed.index("| a command killed |") < printed.index("| a tab closed     |")
    assert "The quick form" in printed


def test_amounts_may_be_chosen(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(soak, "parts_of", lambda *_: {"kills": lambda amounts: iter(asked.append(amounts) or ())})
    soak.run(arguments("kills", kills=7))
    assert asked == [dataclasses.replace(soak.QUICK_FORM, kills=7)]


def test_a_fault_is_shown_and_ends_with_a_status(parts, capsys):
    parts["left"] = [Row("a tab closed", "9.0 s", ("it worked for 9.0 s more",))]
    with pytest.raises(SystemExit) as end:
        soak.run(arguments("left"))
    assert end.value.code == 1 and "WRONG: it worked for 9.0 s more" in capsys.readouterr().out


@pytest.mark.slow
def test_a_command_is_killed_and_one_that_ends_says_what_it_printed(tmp_path):
    assert kills.kill(("-c", "print(1)"), tmp_path, 30).strip() == "1"
    assert kills.kill(("-c", "print(1, flush=True); import time; time.sleep(60)"), tmp_path, 2).strip() in ("", "1")


def test_what_a_killed_command_changed_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(kills.random, "uniform", lambda *_: 60)  # so late that it has ended
    code = (
        "import os, pathlib; folder = pathlib.Path(os.environ['ALIGNMENT_CACHE']); folder.mkdir(parents=True);"
        "(folder / 'a.entry').write_text(str(os.getpid()))"
    )
    _, wrong = kills._kill_repeatedly(("-c", code), tmp_path, 1)
    assert "a.entry is not what it should be" in wrong
