"""Two spaces by themselves, and with a part that measures them."""

import gc
import weakref

import pytest

from alignment.study import Settings, Study
from alignment.study.confidence.confidence import Confidence
from alignment.study.evaluations import Evaluations
from alignment.study.paired_spaces import PairedSpaces


@pytest.fixture
def few(tiny_folder, tmp_path):
    """Settings of two classes with two sentences each."""
    seeds = tmp_path / "seeds.csv"
    seeds.write_text("sentence,class\na tench,0\nI see a tench,0\na goldfish,1\nI see a goldfish,1\n")
    return {"settings": Settings(generator=str(tiny_folder), seeds=str(seeds)), "cache": tmp_path / "cache"}


def test_a_part_needs_no_study(few):
    spaces, study = PairedSpaces(**few), Study(**few)
    found = Evaluations(spaces).evaluate("ridge", split="sentences").summary()
    assert found == study.evaluations.evaluate("ridge", split="sentences").summary()
    assert Confidence(spaces).terms.did_you_mean("I see a goldfsh") == "I see a goldfish"


@pytest.mark.parametrize("settings", ["few", "own_classes"])
def test_arrays_that_the_cache_takes_for_those_of_the_files_cannot_be_changed_in_place(settings, request):
    spaces = PairedSpaces(**request.getfixturevalue(settings))
    for array in (spaces.encode_seeds(), spaces.X, spaces.class_vectors, spaces.text_means, spaces.seed_distances):
        with pytest.raises(ValueError, match="read-only"):
            array *= 2
    assert spaces.map(["I see a goldfish"], "ridge").shape == (1, spaces.class_vectors.shape[1])


def test_spaces_that_are_measured_one_after_another_are_freed_at_once(few):
    spaces = PairedSpaces(**few)
    evaluations = Evaluations(spaces)
    evaluations.compare(["ridge"], split="sentences")
    held = weakref.ref(spaces)
    gc.disable()
    try:
        del spaces, evaluations
        assert held() is None
    finally:
        gc.enable()


def test_sentences_that_are_kept_are_counted_as_they_are_encoded(study, tmp_path):
    said, spaces = [], PairedSpaces(cache=tmp_path, encoder=study.encoder)
    spaces.kept_vectors(["A cat on a mat.", "A dog in the fog."], lambda *step: said.append(step))
    assert said[-1] == ("Encoding sentences", 2, 2)
