"""The published models' sizes and formats, with random weights, through the code that downloads them."""

import json

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.images.generator import ImageGenerator
from alignment.text.encoder import TextEncoder
from benchmarks.pictures import random_biggan


@pytest.fixture
def hub(served, monkeypatch, tmp_path):
    """An empty Hub cache, and the Hub's address pointing at the served folder."""
    from huggingface_hub import constants

    folder, address = served
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_XET_CACHE", str(tmp_path / "xet"))
    return folder


@pytest.fixture(scope="module")
def biggan_deep_128():
    return random_biggan(128)


@pytest.mark.slow
def test_distilbert_downloads_from_the_hub_and_encodes(hub, encoder):
    import torch
    from transformers import DistilBertConfig, DistilBertForMaskedLM

    torch.manual_seed(0)
    DistilBertForMaskedLM(DistilBertConfig()).save_pretrained(hub / "distilbert-base-uncased")
    encoder._tokenizer.save_pretrained(hub / "distilbert-base-uncased")  # the same vocabulary of 30,522 word pieces

    distilbert = TextEncoder("distilbert-base-uncased", layer=3)

    assert (distilbert.dim, distilbert.n_layers) == (768, 6)
    vectors = distilbert.encode(["I have a cat", "a motorcyclette"])
    assert vectors.shape == (2, 768) and np.isfinite(vectors).all()


def test_biggan_deep_128_downloads_from_the_library_address_and_draws(served, monkeypatch, tmp_path, biggan_deep_128):
    import torch
    from pytorch_pretrained_biggan import file_utils, model

    folder, address = served
    torch.save(biggan_deep_128.state_dict(), folder / "weights.bin")
    (folder / "config.json").write_text(biggan_deep_128.config.to_json_string())
    monkeypatch.setitem(model.PRETRAINED_MODEL_ARCHIVE_MAP, "biggan-deep-128", f"{address}/weights.bin")
    monkeypatch.setitem(model.PRETRAINED_CONFIG_ARCHIVE_MAP, "biggan-deep-128", f"{address}/config.json")
    monkeypatch.setattr(file_utils, "PYTORCH_PRETRAINED_BIGGAN_CACHE", tmp_path / "biggan")

    generator = ImageGenerator("biggan-deep-128", dtype="float32")

    vectors = generator.class_embeddings[[281, 207]]
    noise = np.linspace(-1, 1, 256, dtype=np.float32).reshape(2, 128)
    assert generator.class_embeddings.shape == (1000, 128) and len(generator.classes) == 1000
    pictures = generator.forward(vectors, truncation=0.4, noise=noise)
    with torch.no_grad():
        theirs = biggan_deep_128(torch.from_numpy(noise), torch.eye(1000)[[281, 207]], 0.4)
    assert pictures.shape == (2, 128, 128, 3)
    np.testing.assert_allclose(pictures, theirs.permute(0, 2, 3, 1), atol=1e-4)
    assert pictures.std() > 0.3  # not a blank picture

    (folder / "weights.bin").unlink()  # once here, nothing is fetched again
    assert ImageGenerator("biggan-deep-128").fingerprint == generator.fingerprint


def test_a_generator_on_the_hub(hub, biggan_deep_128):
    from safetensors.torch import save_file

    repository = hub / "someone" / "biggan"
    repository.mkdir(parents=True)
    save_file(
        {key: value.contiguous() for key, value in biggan_deep_128.state_dict().items()},
        repository / "model.safetensors",
    )
    (repository / "config.json").write_text(json.dumps(biggan_deep_128.config.to_dict()))

    assert ImageGenerator("someone/biggan").generate(np.zeros((1, 128))).shape == (1, 128, 128, 3)


@pytest.mark.parametrize("load", [TextEncoder, ImageGenerator])
def test_a_name_the_hub_does_not_know_is_one_sentence(hub, load):
    with pytest.raises(InputError, match="'no/such' is not on this machine and could not be fetched"):
        load("no/such")


def test_no_network_is_one_sentence(monkeypatch, tmp_path):
    from huggingface_hub import constants
    from pytorch_pretrained_biggan import file_utils, model

    nobody = "http://127.0.0.1:9"
    monkeypatch.setattr(constants, "ENDPOINT", nobody)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(file_utils, "PYTORCH_PRETRAINED_BIGGAN_CACHE", tmp_path / "biggan")
    for archive in (model.PRETRAINED_MODEL_ARCHIVE_MAP, model.PRETRAINED_CONFIG_ARCHIVE_MAP):
        for name in ("biggan-deep-128", "biggan-deep-256"):
            monkeypatch.setitem(archive, name, nobody)

    for load, name in (
        (TextEncoder, "distilbert-base-uncased"),
        (ImageGenerator, "biggan-deep-128"),
        (ImageGenerator, "biggan-deep-256"),
        (ImageGenerator, "someone/biggan"),
    ):
        with pytest.raises(InputError, match=f"'{name}' is not on this machine"):
            load(name)
