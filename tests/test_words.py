"""Names that this project once had of its own stay retired; the table says what the field calls each of them.

Only what nobody would write in plain English is listed.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RETIRED = {
    r"\bwayfiles\b|\bway\.(gif|json|mp4|npz|png)": "InterpolationPath, InterpolationSettings",
    r"\bown_spread\b": "seed_neighbour_distances",
    r"\bLook\(|: Look\b": "DisplayOptions",
    r"\bdraw_series\b|\bseries\.py\b": "a list of prompts",
    r"\bclass Mapping\b|\bbase import Mapping\b": "MappingRegressor (collections.abc has a Mapping)",
    r"\bKernelMapping\b": "KernelRidgeMapping",
    r"\bimport artifacts as stages\b|\bstages\.\w": "artifacts",
    r"\b(CLEAR|FAR|MOST|PALE|PULL|QUICK|QUIET|RARE|SECONDS|WIDE)\b": "a noun with its unit",
    r"\bsnap_truncation\b": "nearest_truncation; a snap moves a point towards its nearest class",
    r"\bare_own\b|\bseed_reader\.own\b": "built-in seeds",
    r"\bserving\.[a-zA-Z]+\(|\bstate import .*\bserving\b": "limits.allowed()",
    r"\bimages[./]export\b|\bexport import (gif|grid|mp4|png)\b": "images.animations, images.picture_files",
    r"\bvectors[./]sums\b": "vectors.word_sums",
    r"\btraining[./]stage\b|\bstage\.py\b": "training_step",
    r"\ba row a\b|\ba number a\b|\ba module a\b|\ba file a\b": "one row per ...",
}
TEXT = (".py", ".js", ".css", ".html", ".md", ".toml")


def lines_with(word: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("not a checkout of git")
    return [
        f"{name}:{number}: {line.strip()}"
        for name in listed
        if name.endswith(TEXT) and name != "tests/test_words.py" and (ROOT / name).is_file()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(word, line)
    ]


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_is_not_used(word):
    found = lines_with(word)
    assert not found, f"say {RETIRED[word]}:\n" + "\n".join(found)
