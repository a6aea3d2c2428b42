"""The pages of docs/ say what the code says, and their links lead somewhere."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_the_figures_of_the_readme_are_what_the_code_says():
    command = [sys.executable, "docs/generate.py", "--check"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_pages_are_built_and_every_link_leads_somewhere(tmp_path):
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    pages = {name: (tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("command-line", "library")}
    assert "--learning-curve" in pages["command-line"] and "snap_to_nearest_class" in pages["library"]


def test_the_film_is_small_enough_to_load():
    assert (ROOT / "docs" / "film.gif").stat().st_size < 3e6


def test_what_a_unicorn_is_said_to_be_is_what_it_is(study):
    """It is no class; README, the limits and the class room name the one that is nearest."""
    name = study.nearest(["A unicorn"], top=1)["name"].iloc[0]
    for path in ("README.md", "docs/limits.md", "docs/class-room.md"):
        text = " ".join((ROOT / path).read_text(encoding="utf-8").split())
        assert name in text[text.lower().index("unicorn") :][:400], path
