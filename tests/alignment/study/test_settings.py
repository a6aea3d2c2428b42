"""Settings of a study, however they were typed."""

from pathlib import Path

import pytest

from alignment.study import Settings


@pytest.mark.parametrize("name", ["encoder", "generator", "class_embeddings", "classes", "seeds", "vectors"])
def test_the_home_folder_may_be_a_tilde(name):
    assert getattr(Settings(**{name: "~/models/mine"}), name) == str(Path.home() / "models/mine")
    assert Settings().class_embeddings is None and Settings(encoder="a~b").encoder == "a~b"
