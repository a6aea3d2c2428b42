"""Settings of a study, however they were typed."""

from pathlib import Path

import pytest

from alignment.errors import InputError
from alignment.study import Settings


@pytest.mark.parametrize("name", ["encoder", "generator", "class_embeddings", "classes", "seeds", "vectors"])
def test_the_home_folder_may_be_a_tilde(name):
    assert getattr(Settings(**{name: "~/models/mine"}), name) == str(Path.home() / "models/mine")
    assert Settings().class_embeddings is None and Settings(encoder="a~b").encoder == "a~b"


@pytest.mark.parametrize("name", ["encoder", "generator", "class_embeddings", "classes", "seeds", "vectors"])
def test_a_name_that_is_not_utf8_is_refused(name):
    with pytest.raises(InputError, match=r"^The name caf\\udce9\.csv is not UTF-8; give the file or folder another\.$"):
        Settings(**{name: "caf\udce9.csv"})
    assert getattr(Settings(**{name: "café.csv"}), name) == "café.csv"
