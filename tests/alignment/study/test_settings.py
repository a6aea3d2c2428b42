"""Settings of a study, however they were typed."""

from pathlib import Path

import pytest

from alignment.errors import InputError
from alignment.study import Settings, Study


@pytest.mark.parametrize("name", ["encoder", "generator", "class_embeddings", "classes", "seeds", "vectors"])
def test_the_home_folder_may_be_a_tilde(name):
    assert getattr(Settings(**{name: "~/models/mine"}), name) == str(Path.home() / "models/mine")
    assert Settings().class_embeddings is None and Settings(encoder="a~b").encoder == "a~b"


@pytest.mark.parametrize("name", ["encoder", "generator", "class_embeddings", "classes", "seeds", "vectors"])
def test_a_name_that_is_not_utf8_is_refused(name):
    with pytest.raises(InputError, match=r"^The name caf\\udce9\.csv is not UTF-8; give the file or folder another\.$"):
        Settings(**{name: "caf\udce9.csv"})
    assert getattr(Settings(**{name: "café.csv"}), name) == "café.csv"


def test_a_path_is_a_name():
    settings = Settings(encoder=Path("models/mine"), classes=Path("~/classes.csv"))
    assert settings.encoder == "models/mine" and settings.classes == str(Path.home() / "classes.csv")


@pytest.mark.parametrize("wrong", [{"classes": [1]}, {"seeds": 3}, {"layer": "3"}, {"layer": 2.0}, {"layer": True}])
def test_a_value_of_another_type_is_refused_by_name(wrong):
    with pytest.raises(InputError, match=f"^{list(wrong)[-1]} (is|must be) "):
        Settings(**wrong)


@pytest.mark.parametrize("named", [{}, {"classes": "own.csv"}, {"seeds": "s"}, {"added_seeds": "s"}, {"vectors": "v"}])
def test_seeds_that_are_named_are_own_ones(named):
    assert Settings(**named).has_own_seeds is bool({*named} - {"classes"})


def test_a_study_is_made_of_settings():
    with pytest.raises(InputError, match="A study is made of Settings"):
        Study("minilm")


def test_with_a_matrix_no_generator_is_named():
    settings = Settings(generator="biggan-deep-256", class_embeddings="own.npy")
    assert (settings.generator, settings.class_space) == ("", "own.npy")
