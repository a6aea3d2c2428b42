"""The published models' sizes and formats, with random weights, through the code that downloads them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.images import published_biggan
from alignment.images.checkpoints import GENERATORS, find_files, is_here
from alignment.images.generator import ImageGenerator
from alignment.text import checkpoints as encoders
from alignment.text.encoder import TextEncoder
from benchmarks.pictures import random_biggan

pytestmark = pytest.mark.slow  # files of 230 MB


@pytest.fixture(scope="module")
def biggan_deep_128():
    return random_biggan(128)


@pytest.fixture(scope="module")
def narrow_biggans():
    """The three published configurations with 8 channels for 128: all their keys, in little time."""
    import torch
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig, convert_tf_to_pytorch

    models = {}
    for pixels in (128, 256, 512):
        torch.manual_seed(pixels)
        config = getattr(convert_tf_to_pytorch, f"BigGAN{pixels}").to_dict() | {"channel_width": 8}
        model = BigGAN(BigGANConfig.from_dict(config))
        torch.nn.init.constant_(model.generator.bn.weight, 1.0)
        torch.nn.init.zeros_(model.generator.bn.bias)
        for module in model.modules():
            if hasattr(module, "weight_orig"):  # in training mode each takes a step of the power iteration
                for hook in list(module._forward_pre_hooks.values()) * 20:
                    hook(module, None)
            if hasattr(module, "gamma"):
                torch.nn.init.constant_(module.gamma, 0.5)  # else the attention adds nothing
        models[pixels] = model.eval()
    return models


def write_published(model, weights, config):
    """The two files as they were published: torch's format of 2019, weights transposed from TensorFlow's order."""
    import torch

    def transposed(value):
        if value.dim() == 4:  # kept as (height, width, in, out)
            return value.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1)
        return value.t().contiguous().t() if value.dim() == 2 else value

    state = {
        key: transposed(value.detach()) if key.endswith(("weight_orig", "embeddings.weight")) else value
        for key, value in model.state_dict().items()
    }
    torch.save(state, weights, _use_new_zipfile_serialization=False)
    config.write_text(model.config.to_json_string())


@pytest.fixture
def library(served, monkeypatch, tmp_path):
    """The library's addresses pointing at the served folder, its own cache empty: (served folder, cache)."""
    from pytorch_pretrained_biggan import file_utils, model

    folder, address = served
    for pixels in (128, 256, 512):
        for archive, file in (
            (model.PRETRAINED_MODEL_ARCHIVE_MAP, "weights.bin"),
            (model.PRETRAINED_CONFIG_ARCHIVE_MAP, "config.json"),
        ):
            monkeypatch.setitem(archive, f"biggan-deep-{pixels}", f"{address}/{pixels}/{file}")
        (folder / str(pixels)).mkdir()
    monkeypatch.setattr(file_utils, "PYTORCH_PRETRAINED_BIGGAN_CACHE", tmp_path / "biggan")
    return folder, tmp_path / "biggan"


def serve_published(folder, model):
    place = folder / str(model.config.output_dim)
    write_published(model, place / "weights.bin", place / "config.json")


def assert_draws_as(generator, model):
    """As the library draws, with the same noise, to a few thousandths of a step of 255."""
    import torch

    noise = np.linspace(-1, 1, 256, dtype=np.float32).reshape(2, 128)
    pictures = generator.forward(generator.class_embeddings[[281, 207]], noise, truncation=0.4)
    with torch.no_grad():
        theirs = model(torch.from_numpy(noise), torch.eye(1000)[[281, 207]], 0.4)
    np.testing.assert_allclose(pictures, theirs.permute(0, 2, 3, 1), atol=1e-4)
    assert pictures.std() > 0.1 and pictures[0].std(axis=(0, 1)).min() > 0.01  # not a blank picture


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


@pytest.mark.parametrize(("pixels", "keys"), [(128, 506), (256, 602), (512, 698)])
def test_the_published_format_is_read_and_drawn_as_the_library_does(narrow_biggans, tmp_path, pixels, keys):
    import torch
    from pytorch_pretrained_biggan import BigGAN

    weights = tmp_path / "pytorch_model.bin"
    write_published(narrow_biggans[pixels], weights, tmp_path / "config.json")
    state = torch.load(weights, weights_only=True)
    assert len(state) == keys and {value.dtype for value in state.values()} == {torch.float32}
    assert not any("num_batches" in key for key in state) and len(state["generator.bn.running_means"]) == 51
    assert {key.rsplit("_", 1)[1] for key in state if "conv_0.weight" in key} == {"orig", "u", "v"}
    assert weights.read_bytes()[:2] != b"PK"  # not a ZIP
    assert not state["generator.layers.0.conv_1.weight_orig"].is_contiguous()
    assert not state["embeddings.weight"].is_contiguous()

    theirs = BigGAN.from_pretrained(str(tmp_path)).eval()
    generator = ImageGenerator(tmp_path, dtype="float32")

    assert generator.pixels == pixels and generator.notes == []
    np.testing.assert_array_equal(generator.class_embeddings, theirs.embeddings.weight.detach().T)
    assert_draws_as(generator, theirs)


def test_biggan_deep_128_downloads_from_the_library_address_and_draws(library, biggan_deep_128):
    folder, cache = library
    serve_published(folder, biggan_deep_128)
    size, steps = (folder / "128" / "weights.bin").stat().st_size, []
    assert round(size / 1e6) == GENERATORS["biggan-deep-128"].download_mb == 211

    generator = ImageGenerator("biggan-deep-128", dtype="float32", progress=lambda *step: steps.append(step))

    assert steps[-1] == ("Downloading biggan-deep-128", size, size)
    assert sorted(path.name for path in (cache / "biggan-deep-128").glob("[!.]*")) == [
        "config.json",
        "pytorch_model.bin",
    ]
    assert generator.class_embeddings.shape == (1000, 128) and len(generator.classes) == 1000
    assert_draws_as(generator, biggan_deep_128)

    (folder / "128" / "weights.bin").unlink()  # once here, nothing is fetched again
    assert ImageGenerator("biggan-deep-128").fingerprint == generator.fingerprint


def test_a_sum_that_differs_is_said_and_the_sum_that_is_known_is_proof_enough(library, narrow_biggans, monkeypatch):
    folder, _ = library
    serve_published(folder, narrow_biggans[256])
    generator = ImageGenerator("biggan-deep-256")
    assert len(generator.notes) == 1 and "is not, byte for byte, the published file" in generator.notes[0]

    known = replace(published_biggan.MODELS["biggan-deep-256"], sha256=generator.fingerprint)
    monkeypatch.setitem(published_biggan.MODELS, "biggan-deep-256", known)
    monkeypatch.setattr(published_biggan, "load_model", lambda *_: pytest.fail("the module is built to check it"))
    assert ImageGenerator("biggan-deep-256").notes == []


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1000])


def test_a_damaged_file_is_fetched_once_more(library, narrow_biggans, monkeypatch):
    folder, cache = library
    serve_published(folder, narrow_biggans[512])
    weights = folder / "512" / "weights.bin"
    whole, fetched = weights.read_bytes(), []
    cut_short(weights)
    fetch = published_biggan.download

    def counted(address, path, **rest):
        if path.name == "pytorch_model.bin":
            fetched.append(address)
            if len(fetched) == 2:
                weights.write_bytes(whole)
        fetch(address, path, **rest)

    monkeypatch.setattr(published_biggan, "download", counted)
    assert ImageGenerator("biggan-deep-512").notes == []  # its sum is not known
    assert len(fetched) == 2

    cut_short(weights)
    cut_short(cache / "biggan-deep-512" / "pytorch_model.bin")
    assert not is_here("biggan-deep-512")
    with pytest.raises(InputError, match=r"sends is not what it should be: .* cannot be read as weights"):
        ImageGenerator("biggan-deep-512")
    assert len(fetched) == 4


def test_a_file_that_the_library_kept_is_taken_if_it_is_whole(library, narrow_biggans):
    from pytorch_pretrained_biggan import file_utils
    from pytorch_pretrained_biggan.model import PRETRAINED_CONFIG_ARCHIVE_MAP, PRETRAINED_MODEL_ARCHIVE_MAP

    folder, cache = library
    serve_published(folder, narrow_biggans[256])
    kept = {
        archive["biggan-deep-256"]: Path(file_utils.get_from_cache(archive["biggan-deep-256"], str(cache)))
        for archive in (PRETRAINED_CONFIG_ARCHIVE_MAP, PRETRAINED_MODEL_ARCHIVE_MAP)
    }
    assert is_here("biggan-deep-256") and find_files("biggan-deep-256") == tuple(kept.values())

    cut_short(kept[PRETRAINED_MODEL_ARCHIVE_MAP["biggan-deep-256"]])
    assert not is_here("biggan-deep-256")
    assert find_files("biggan-deep-256")[1] == cache / "biggan-deep-256" / "pytorch_model.bin"


def test_when_the_address_is_gone_the_message_says_what_to_put_where(library, narrow_biggans):
    _, cache = library
    with pytest.raises(InputError) as caught:
        ImageGenerator("biggan-deep-256")
    told = str(caught.value)
    assert "config.json answers 404; the file is no longer there. If the address is gone, copy its two files" in told
    assert f"config.json and pytorch_model.bin (234 MB), from a machine that has them into the folder {cache}" in told

    place = cache / "biggan-deep-256"
    place.mkdir(parents=True, exist_ok=True)
    write_published(narrow_biggans[256], place / "pytorch_model.bin", place / "config.json")
    assert ImageGenerator("biggan-deep-256").pixels == 256


@pytest.mark.parametrize("here", [["config.json"], ["pytorch_model.bin"]])
def test_a_hub_copy_of_a_generator_that_lacks_a_file_is_completed(hub, tiny_folder, here):
    from huggingface_hub import snapshot_download

    shutil.copytree(tiny_folder, hub / "someone" / "tiny")
    snapshot_download("someone/tiny", allow_patterns=here)
    assert not is_here("someone/tiny")
    assert ImageGenerator("someone/tiny").class_embeddings.shape == (5, 128)


@pytest.mark.parametrize(
    "here",
    [
        ["tokenizer*", "config.json"],
        ["model-00001*"],
        ["*.safetensors", "config.json", "tokenizer*"],  # without the list of the parts
        ["*.index.json", "model-00001*", "config.json", "tokenizer*"],
        ["*.safetensors*", "config.json", "tokenizer.json"],  # without settings that are there on the Hub
        ["pytorch_model.bin"],
        ["pytorch_model.bin", "config.json", "vocab.json"],
    ],
)
def test_a_hub_copy_of_an_encoder_that_lacks_a_file_is_completed(hub, encoder, here):
    import torch
    from huggingface_hub import snapshot_download
    from transformers import DistilBertConfig, DistilBertModel

    model = DistilBertModel(DistilBertConfig(dim=32, n_heads=2, n_layers=2, hidden_dim=64))
    repository = hub / "someone" / "encoder"
    model.save_pretrained(repository, max_shard_size="500KB")
    encoder._tokenizer.save_pretrained(repository)
    (repository / "vocab.json").write_text("{}")
    torch.save({}, repository / "pytorch_model.bin")  # the older of two formats, in which nothing is
    assert len([*repository.glob("model-*.safetensors")]) > 1
    snapshot_download("someone/encoder", allow_patterns=here)

    assert not encoders.is_here("someone/encoder")
    assert TextEncoder("someone/encoder").encode(["I have a cat"]).shape == (1, 32)
    assert encoders.is_here("someone/encoder")


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
