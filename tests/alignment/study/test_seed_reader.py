"""Seeds made from the names of classes that have no sentences."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.study import Settings, Study, seed_reader


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


def test_threads_that_ask_at_once_read_the_seeds_once(tmp_path, monkeypatch):
    together, read, slowly = Barrier(4), [], seed_reader.read_seeds

    def reading(*given):
        read.append(given)
        time.sleep(0.1)  # so that others ask meanwhile
        return slowly(*given)

    monkeypatch.setattr(seed_reader, "read_seeds", reading)
    (tmp_path / "seeds.csv").write_text("sentence,class\nA cat.,cat\nA dog.,dog\nA fox.,fox\n")
    study = named(tmp_path, "cat", "dog")
    reader = seed_reader.SeedReader(
        Settings(seeds=str(tmp_path / "seeds.csv")), study.encoder, study.classes, study.cache
    )

    def ask(_):
        together.wait()
        return reader.seeds

    with ThreadPoolExecutor(4) as threads:
        assert len({id(seeds) for seeds in threads.map(ask, range(4))}) == len(read) == len(reader.notices) == 1


def test_seeds_that_are_refused_again_are_not_noted_twice(tmp_path):
    (tmp_path / "seeds.csv").write_text("sentence,class\nA cat.,cat\nA fox.,fox\n\U0001f431,dog\n")
    study = named(tmp_path, "cat", "dog")
    settings = Settings(seeds=str(tmp_path / "seeds.csv"), added_seeds=str(tmp_path / "none.csv"))
    reader = seed_reader.SeedReader(settings, study.encoder, study.classes, study.cache)
    for _ in range(2):
        with pytest.raises(InputError):
            _ = reader.seeds
    assert len(reader.notices) == len(set(reader.notices)) > 0
