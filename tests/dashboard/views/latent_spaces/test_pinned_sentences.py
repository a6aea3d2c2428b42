"""Sentences that a visitor pins into the spaces: where they stand, what is said of them, files of them."""

import numpy as np
import pytest

from alignment.errors import InputError
from dashboard.views.latent_spaces import pinned_sentences
from dashboard.views.latent_spaces.pinned_sentences import read_sentences

LEMON = 951


def test_pinned_sentences(visit, scenes, study):
    app = visit("latent-spaces", pins=["I have a lemon", "a red car"])
    first, second = scenes[-1].pins
    assert (first.mark, first.label, second.mark) == (1, "I have a lemon", 2)
    assert set(first.positions) == {"text", "mapped", "class"} and first.nearest[0] == "lemon"
    lemon = scenes[-1].positions["class"][study.classes.row(LEMON)]
    distances = np.linalg.norm(scenes[-1].positions["class"] - first.positions["class"], axis=1)
    assert np.linalg.norm(lemon - first.positions["class"]) < np.quantile(distances, 0.2)
    rows = next(frame.value for frame in app.dataframe if "sentence" in frame.value)
    sentences = rows["sentence"].tolist()
    assert sentences == ["I have a lemon", "a red car"] and rows["nearest once mapped"][0].startswith("lemon")
    in_text, found = study.nearest_in_text(study.encode(sentences)), study.nearest(sentences)
    mapped = [tuple(found.loc[found["prompt"] == sentence, "name"]) for sentence in sentences]
    assert rows["nearest in text space"].tolist() == [", ".join(names) for names in in_text]
    assert rows["nearest once mapped"].tolist() == [", ".join(names) for names in mapped] and mapped != in_text
    assert rows.columns[1:3].tolist() == ["sentence", "nearest once mapped"]  # the answer first
    assert "sentence" in app.dataframe[0].value  # above the columns, as wide as the page


def test_what_a_pinned_sentence_is_read_without_is_said(visit, scenes, few_seeds):
    pins = ["Ich habe eine Katze", "a 🚗 on the road", "= fish - shark"]
    app = visit("latent-spaces", seeds=few_seeds, layout="PCA", pins=pins)
    language, not_read = (warning.value.replace("\\", "") for warning in app.warning)
    assert "looks like German, which the text encoder was not trained on" in language
    assert "'🚗' is not read in 'a 🚗 on the road'" in not_read and len(scenes[-1].pins) == 3


def test_a_sentence_that_cannot_be_pinned_is_refused_in_place(visit, scenes, few_seeds):
    app = visit("latent-spaces", seeds=few_seeds, pins=["🙂🙂", "<b>fish</b> $x$"])
    assert ["none of the words" in error.value for error in app.error] == [True]
    assert [pin.label for pin in scenes[-1].pins] == ["<b>fish</b> $x$"] and not app.exception


def test_a_file_of_sentences(visit, scenes, few_seeds, threads_of):
    read_by = threads_of(pinned_sentences, "read_sentences")
    app = visit("latent-spaces", seeds=few_seeds, pins=["a fish"])
    app.file_uploader(key="pins_file").upload("mine.txt", b"a shark\n\na red car\n", "text/plain").run()
    assert [pin.label for pin in scenes[-1].pins] == ["a fish", "a shark", "a red car"] and not app.exception
    assert any("every line is read as a prompt" in caption.value for caption in app.caption)
    assert {*read_by} == {"job"}  # in the queue with which visitors take turns


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"one\r\n two \n\none", "mine.txt", ["one", "two"]),
        (b'\xef\xbb\xbfclass,sentence\n1,a cat\n2,"a dog, black"\n', "mine.csv", ["a cat", "a dog, black"]),
        (b"prompt\na cat\na dog\n", "mine.txt", ["a cat", "a dog"]),
    ],
)
def test_files_are_read(data, name, found):
    assert read_sentences(data, name)[0] == found


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\n".join(b"%d" % i for i in range(101))])
def test_files_that_cannot_be_used(data):
    with pytest.raises(InputError):
        read_sentences(data, "mine.txt")
