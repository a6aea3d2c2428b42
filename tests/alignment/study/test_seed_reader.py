"""Seeds made from the names of classes that have no sentences."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.study import Settings, Study


def named(tmp_path, *names, header="name"):
    """A study of classes that have these names and no sentences."""
    np.save(tmp_path / "named.npy", np.random.default_rng(0).normal(size=(len(names), 8)))
    (tmp_path / "named.csv").write_text("\n".join([header, *names]) + "\n", encoding="utf-8")
    settings = Settings(class_embeddings=str(tmp_path / "named.npy"), classes=str(tmp_path / "named.csv"))
    return Study(settings, cache=tmp_path / "cache")


def test_names_that_the_encoder_does_not_know_stand_in_no_sentence(tmp_path):
    study = named(tmp_path, "cat", "🐶", "🚚", "dog")
    assert set(study.seeds.frame["classes"]) == {(0,), (3,)}
    told = "the encoder cannot tell the names of these classes apart: 🐶, 🚚; give sentences about them (--add-seeds)"
    assert study.notices == [told]
    with pytest.raises(InputError, match=r"^The encoder cannot tell .* apart: 🐱, 🐶, 🚚; give sentences about them"):
        named(tmp_path, "🐱", "🐶", "🚚").build()


def test_names_that_the_encoder_reads_alike_are_said_and_stand_in_sentences(tmp_path):
    study = named(tmp_path, "China", "dog", "china", "résumé", "resume", "oak", "🐶")
    assert study.seeds.frame["classes"].explode().nunique() == 6
    told = "the encoder cannot tell the names of these classes apart: 🐶, China, china, résumé, resume; give sentences"
    assert [notice.startswith(told) for notice in study.notices] == [True]


def test_names_in_another_language_are_counted_not_their_sentences(tmp_path):
    study = named(tmp_path, "قطة", "كلب", "شجرة", "سيارة", "بيت")
    assert study.seeds.frame["classes"].nunique() == 5
    (told,) = study.notices
    assert told.startswith("100% of the classes' names are not in English (most look like Arabic), and the text")
    study = named(tmp_path, "قطة", "كلب", "tree", "car", "house")
    assert study.seeds and study.notices[0].startswith("40% of the classes' names are not in English")


def test_descriptions_in_another_language_are_counted_with_the_names(tmp_path):
    rows = ["name,description", "cat,Un chat dort sur le lit", "dog,Un chien court dans le parc", "oak,", "fir,"]
    study = named(tmp_path, *rows[1:], header=rows[0])
    assert study.seeds
    (told,) = study.notices
    assert told.startswith("33% of the classes' names and descriptions are not in English (most look like French)")


def test_digits_are_names(tmp_path):
    study = named(tmp_path, *"0123456789")
    assert "A 7." in study.seeds.sentences and study.notices == []


def test_digits_can_be_asked_for(tmp_path):
    check = named(tmp_path, *"0123456789", "x (ray)").prompt_reader.check
    for prompt in ("7", " a 7 ", "7, 8?", "X (ray)"):
        assert check(prompt) == prompt.strip()
    for prompt in ("x", "🐱", "a b"):
        with pytest.raises(InputError):
            check(prompt)
