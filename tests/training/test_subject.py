"""Sentences with a subject and company, and a short training run on them."""

import numpy as np
import pandas as pd
import pytest

from alignment.dictionary.classes import ClassTable, imagenet_classes
from alignment.dictionary.default_seeds import default_seeds
from alignment.dictionary.templates import Word
from alignment.evaluation import calibration
from alignment.text.subject_attention import SubjectAttention
from benchmarks.prompt_files import TEST
from training import subject, subject_sentences
from training.subject_sentences import composed_sentences


def test_frames_have_a_subject_and_the_company_they_say():
    frames = pd.read_csv(subject_sentences.FRAMES_CSV, keep_default_na=False)
    assert len(frames) >= 400 and not frames["frame"].duplicated().any()
    has_company = frames["frame"].str.contains(r"\{[Oo]\}")
    assert (has_company == (frames["company"] != "none")).all()
    assert frames["frame"].str.contains(r"\{[Ss]\}").all()


def test_every_group_of_things_is_of_some_kind():
    kinds = pd.read_csv(subject_sentences.KINDS_CSV).set_index("kind")["groups"].str.split("|")
    things = set(imagenet_classes()["group"]) - {"person"}
    assert set(kinds.explode()) == things
    frames = pd.read_csv(subject_sentences.FRAMES_CSV)
    without = {*subject_sentences.ANY, subject_sentences.WITHOUT_COMPANY}
    assert set(frames["subject"]) | set(frames["company"]) - without <= set(kinds.index) | without


@pytest.mark.slow
def test_sentences_are_composed_with_the_classes_of_both():
    table = composed_sentences(3000)
    assert len(table) == 3000 and table["sentence"].str.fullmatch(r"[^\[\]{}|]+").all()
    assert all(not set(named) & set(company) for named, company in zip(table["classes"], table["company"], strict=True))
    shares = table["held_out"].value_counts(normalize=True)
    assert shares["train"] > 0.4 and shares["test"] > 0.005
    pd.testing.assert_frame_equal(table, composed_sentences(3000))


@pytest.mark.slow
def test_held_out_frames_and_terms_are_never_learned():
    table = composed_sentences(6000)
    train, test = (table[table["held_out"] == part] for part in ("train", "test"))
    assert not set(train["sentence"]) & set(test["sentence"])


@pytest.mark.parametrize(("frame", "several"), [("{S} [sits|sit] by {O}", "sit"), ("the {s} near an old {o}", None)])
def test_verbs_agree_with_the_subject(frame, several):
    rng = np.random.default_rng(0)
    sentences = {subject_sentences._fill(frame, Word("dog", "count"), Word("oven", "count"), rng) for _ in range(60)}
    assert all(("dogs sit " in s) or ("dog sits " in s) or several is None for s in sentences)
    assert several is None or {"dogs sit" in s for s in sentences} == {True, False}


@pytest.mark.slow
def test_a_short_run_finds_more_subjects_and_writes_weights(tmp_path, caplog, monkeypatch):
    seeds = subject.default_seeds

    def few(classes):
        every = seeds(classes)
        return type(every)(every.frame.groupby(every.frame["classes"], sort=False).head(2))

    monkeypatch.setattr(subject, "default_seeds", few)
    file = tmp_path / "weights.safetensors"
    with caplog.at_level("INFO"):
        subject.train(file, sentences=1000, steps=60)
    found = {line.split()[0]: float(line.split()[-1]) for line in caplog.messages if "classes nearest" in line}
    assert found["learned"] > found["even"]
    assert SubjectAttention.load(file).outer.weight.any()


@pytest.mark.slow
def test_captions_that_measure_are_no_seeds_and_not_among_500_composed_sentences():
    development, test = (set(pd.read_csv(folder / "subject.csv")["prompt"]) for folder in (calibration.DATA, TEST))
    assert min(len(development), len(test)) >= 300 and not development & test
    learned = {sentence.casefold() for sentence in default_seeds(ClassTable(range(1000))).sentences}
    learned |= {sentence.casefold() for sentence in composed_sentences(500)["sentence"]}
    assert not {caption.casefold() for caption in development | test} & learned
