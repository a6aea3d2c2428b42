"""The versions that stored numbers depend on are those of every library that makes them."""

import re
from pathlib import Path

import pytest

from alignment.execution.software import LIBRARIES, PACKAGE

# They read, write or fetch files, or draw: what they give is compared by its content, or is not stored.
WITHOUT_EFFECT = {
    *("av", "charset-normalizer", "contourpy", "filelock", "httpx2", "huggingface-hub", "platformdirs", "protobuf"),
    *("pyarrow", "pydantic", "pyyaml", "safetensors", "threadpoolctl", "tqdm"),
}
BROUGHT_BY_OTHERS = {"pynndescent", "tokenizers"}


def test_of_every_dependency_it_is_known_whether_it_affects_stored_numbers():
    tomllib = pytest.importorskip("tomllib")  # Python 3.11
    project = tomllib.loads(Path(PACKAGE.parent, "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.match(r"[\w-]+", requirement)[0] for requirement in project["dependencies"]}
    assert named == {*LIBRARIES} - BROUGHT_BY_OTHERS | WITHOUT_EFFECT
