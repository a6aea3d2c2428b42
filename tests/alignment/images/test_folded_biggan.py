"""The folded forward pass draws what the library draws."""

from functools import lru_cache

import numpy as np
import pytest
import torch

from alignment.errors import InputError
from alignment.execution.cpu import can_pack
from alignment.images.checkpoints import find_files
from alignment.images.folded_biggan import FoldedBigGAN
from alignment.images.generator import ImageGenerator
from alignment.images.weights import load_model, read_config
from benchmarks.pictures import bundled_biggan, random_biggan, without_spectral_norm

pytestmark = pytest.mark.slow

ROW = 20  # truncation 0.4


SLOW = pytest.mark.slow
HALF_PRECISION = [
    ("bundled", torch.bfloat16),
    ("bundled", torch.float16),
    pytest.param(128, torch.bfloat16, marks=SLOW),
    pytest.param(128, torch.float16, marks=SLOW),
    pytest.param(256, torch.bfloat16, marks=SLOW),  # in float16 it takes a CPU half a minute
]


@pytest.fixture(scope="module")
def models():
    """The library's models at real size: the bundled weights, or random ones that make pictures with contrast."""
    return lru_cache(lambda name: bundled_biggan() if name == "bundled" else random_biggan(name))


@pytest.fixture(scope="module", params=["bundled", *(pytest.param(pixels, marks=SLOW) for pixels in (128, 256))])
def model(request, models):
    return models(request.param)


@pytest.fixture(scope="module")
def drawn(model):
    """A condition, and the library's own pictures of it: two, or one of a network that takes seconds."""
    classes = [1] if model.config.output_dim == 256 and model.config.num_classes == 1000 else [1, 200]
    noise = 0.4 * torch.randn(len(classes), 128, generator=torch.Generator().manual_seed(1))
    labels = torch.eye(model.config.num_classes)[classes]
    with torch.inference_mode():
        pictures = model(noise, labels, ROW / 50)
        condition = torch.cat([noise, model.embeddings(labels)], dim=1)
    assert pictures.std() > 0.3  # not blank ones
    return condition, pictures


@pytest.fixture(params=[True, False], ids=["packed", "unpacked"])
def packed(request, monkeypatch):
    """With oneDNN's packed weights and without, as on a graphics card."""
    if not request.param:
        monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    return request.param


@pytest.mark.slow
def test_float32_pictures_are_the_librarys(model, drawn, packed):
    condition, pictures = drawn
    ours = FoldedBigGAN(without_spectral_norm(model))(condition, ROW)
    assert ours.dtype == torch.float32 and ours.shape == pictures.shape
    assert (ours - pictures).abs().max() < 1e-4


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_all_tensors_are_on_the_device_of_the_model(tiny_biggan, monkeypatch, dtype):
    """On torch's meta device, tensors of another device would be an error, as on a card."""
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: torch.zeros(tensor.shape))  # meta tensors have no numbers
    folded = FoldedBigGAN(without_spectral_norm(tiny_biggan).to("meta"), dtype)
    pictures = folded(torch.zeros(3, 256), ROW)
    assert pictures.device.type == "meta" and pictures.shape == (3, 3, 8, 8) and pictures.dtype == torch.float32


@pytest.mark.parametrize(("model", "dtype"), HALF_PRECISION, indirect=["model"])
def test_pictures_in_half_precision_are_within_40_decibels(model, drawn, dtype):
    condition, pictures = drawn
    ours = FoldedBigGAN(without_spectral_norm(model), dtype)(condition[:1], ROW)
    assert 0 < (ours - pictures[:1]).square().mean() < 4 * 10**-4  # PSNR = 10 log10(2² / mean squared error)


@pytest.mark.parametrize(("dtype", "error"), [(torch.float32, 1e-9), (torch.bfloat16, 4e-4), (torch.float16, 4e-4)])
def test_where_onednn_does_not_serve_the_pictures_are_the_same(monkeypatch, dtype, error):
    model = load_model(read_config(find_files("bundled")[0]), find_files("bundled")[1])
    condition = 0.4 * torch.randn(2, 256, generator=torch.Generator().manual_seed(0))
    packed = FoldedBigGAN(model)(condition, ROW)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not can_pack(dtype)
    assert 0 < (FoldedBigGAN(model, dtype)(condition, ROW) - packed).square().mean() < error


@pytest.mark.parametrize(("asked", "units", "given"), [(None, True, "float32"), ("bfloat16", False, "bfloat16")])
def test_the_bundled_generator_draws_in_float32_unless_asked(monkeypatch, asked, units, given):
    monkeypatch.setattr("alignment.execution.placement.has_bfloat16_units", lambda: units)
    assert ImageGenerator(dtype=asked).dtype == given


@pytest.mark.parametrize(("units", "given"), [(True, "bfloat16"), (False, "float32")])
def test_a_wide_generator_draws_in_bfloat16_where_the_processor_has_the_units(monkeypatch, tiny_folder, units, given):
    monkeypatch.setattr("alignment.execution.placement.has_bfloat16_units", lambda: units)
    generator = ImageGenerator(tiny_folder)
    generator.config.channel_width = 128
    assert generator.dtype == given


def test_an_unknown_dtype_is_one_sentence():
    with pytest.raises(InputError, match="Unknown dtype 'float8'"):
        ImageGenerator(dtype="float8")


def test_bfloat16_pictures_look_the_same(generator):
    vectors = generator.class_embeddings[:4]
    ours = ImageGenerator(dtype="bfloat16").generate(vectors).astype(float)
    assert np.abs(ours - generator.generate(vectors)).mean() < 1  # of 255
