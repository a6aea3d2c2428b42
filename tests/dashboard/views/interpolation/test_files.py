"""What a settings file asks of the page: the same models, or a refusal."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from alignment.errors import InputError
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Settings
from alignment.study.interpolation_files import from_json, to_json
from dashboard.views.interpolation import files

BETWEEN = InterpolationSettings(("a lemon", "a cat"))


@pytest.fixture
def opened(monkeypatch):
    """The widgets' values."""
    state = {}
    monkeypatch.setattr(files.st, "session_state", state)
    return state


def test_a_matrix_is_opened_as_a_model_of_ones_own(opened):
    saved = json.loads(to_json(Settings(class_embeddings="own.npy"), BETWEEN))
    saved["models"]["generator"] = "bundled"  # as the command line wrote it once
    files.restore(*from_json(json.dumps(saved)))
    assert (opened["pair"], opened["encoder"], opened["generator"]) == ("own", "minilm", "own.npy")
    files.restore(Settings(), BETWEEN)
    assert opened["pair"] == "bundled"


def test_an_encoder_of_ones_own_is_opened_with_its_default_pooling(opened):
    for encoder, pooling in (("own-encoder", "mean"), ("minilm", "subject")):
        files.restore(*from_json(to_json(Settings(encoder=encoder, class_embeddings="own.npy"), BETWEEN)))
        assert (opened["pair"], opened["encoder"], opened["pooling"]) == ("own", encoder, pooling)


def test_encoded_seeds_are_refused(opened):
    with pytest.raises(InputError, match="learned from the encoded seeds in encoded, which pages do not read"):
        files.restore(Settings(vectors="encoded"), BETWEEN)
    assert not opened


@pytest.mark.parametrize(
    ("models", "between", "said"),
    [
        (Settings(added_seeds="more.csv"), BETWEEN, "learned from other seed sentences"),
        (Settings(), replace(BETWEEN, through=("fox", "wolf", "lion", "lynx")), "at most 3 classes"),
        (Settings(), InterpolationSettings(tuple("abcdefg")), "at most 6 sentences"),
    ],
)
def test_what_the_page_has_no_room_for_is_refused(opened, models, between, said):
    with pytest.raises(InputError, match=said):
        files.restore(models, between)
    assert not opened


def test_on_a_server_for_others_models_of_ones_own_are_refused(opened, monkeypatch):
    monkeypatch.setattr(files.limits, "allowed", lambda: files.limits.PUBLIC)
    with pytest.raises(InputError, match="models that this server does not offer"):
        files.restore(Settings(class_embeddings="own.npy"), BETWEEN)
    assert not opened


def test_films_are_saved_as_they_are_chosen_and_pictures_side_by_side(monkeypatch):
    saved = {}
    monkeypatch.setattr(
        files, "save_button", lambda label, content, name, kind: saved.update({name: (content(), kind)})
    )
    shades = np.array([0, 120, 240], np.uint8)
    pictures = np.broadcast_to(shades[:, None, None, None], (3, 32, 32, 3))
    files._picture_buttons(pictures, 3, {"size": 64, "and_back": True})
    (film, _), (video, kind), (sheet, _) = (saved[f"interpolation.{end}"] for end in ("gif", "mp4", "png"))
    with Image.open(io.BytesIO(film)) as frames:
        assert (frames.n_frames, frames.size) == (4, (64, 64)), "there and back"
    assert video[4:8] == b"ftyp" and kind == "video/mp4"
    with Image.open(io.BytesIO(sheet)) as side_by_side:
        assert side_by_side.width > 3 * 32 and side_by_side.height < 2 * 32
