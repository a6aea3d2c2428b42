"""What a settings file asks of the page: the same models, or a refusal."""

import json

import pytest

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
