"""The network that learns is the library's own, and every device computes the same."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from pytorch_pretrained_biggan import BigGAN, BigGANConfig

from training import factors, growing, library_weights, operations
from training.network import Network, config
from training.sampling import sample
from training.textures import RESOLUTION


def pictures(model, classes, count, truncation=0.4):
    noise = torch.from_numpy(factors.draw_noise(count, truncation, np.random.default_rng(0)))
    labels = torch.eye(classes)[torch.arange(count) % classes]
    with torch.no_grad():
        return model(noise, labels, truncation)


@pytest.mark.slow
def test_the_library_computes_what_the_network_computes_and_gives_it_back():
    torch.manual_seed(0)
    network = Network(torch.randn(5, 128))
    for value in network.vectors.values():
        value.data += 0.1 * torch.randn_like(value)
    network.converge()
    library = BigGAN(BigGANConfig.from_dict(network.config))
    library.load_state_dict({name: v.float() for name, v in library_weights.to_library(network).items()})
    values = torch.from_numpy(factors.draw_noise(4, 0.4, np.random.default_rng(0)) @ factors.projection().T)
    with torch.no_grad():
        ours = network(network.normalised(), torch.arange(4), values)
        back = library_weights.from_library(library.state_dict(), RESOLUTION)
        again = back(back.normalised(), torch.arange(4), values)
    for theirs in (pictures(library, 5, 4), again):  # up to the rounding of weights to float16
        assert (theirs - ours).abs().mean() < 0.005 < 0.5 < ours.std()
        torch.testing.assert_close(theirs, ours, atol=0.15, rtol=0)


def test_statistics_that_are_all_the_same_take_the_room_of_one(tmp_path):
    weights = library_weights.to_library(Network(torch.randn(5, 128), 64))
    rows = {name: value for name, value in weights.items() if ".running_" in name}
    assert all(len(value) == 51 and value.stride(0) == 0 for value in rows.values()) and rows
    torch.save(weights, tmp_path / "weights.bin")
    plain = {name: value.contiguous() for name, value in weights.items()}
    torch.save(plain, tmp_path / "plain.bin")
    saved = (tmp_path / "plain.bin").stat().st_size - (tmp_path / "weights.bin").stat().st_size
    assert saved > 0.9 * 2 * 50 * sum(value.shape[1] for value in rows.values())


def test_converged_spectral_norms_are_the_largest_singular_values():
    torch.manual_seed(0)
    network = Network(torch.randn(5, 128), 64)
    network.matrices["layers/0/conv_1"].data += 0.1 * torch.randn(128, 128, 3, 3)
    network.converge()
    weight = network.normalised()["layers/0/conv_1"].flatten(1)
    assert torch.linalg.matrix_norm(weight, 2).item() == pytest.approx(1, rel=1e-5)


def test_configurations_end_at_the_resolution():
    for resolution in (64, 128, 256):
        layers = config(3, resolution)["layers"]
        assert 4 * 2 ** sum(doubles for doubles, _, _ in layers) == resolution
    assert config(3, 256)["layers"][: len(config(3, 64)["layers"])] == config(3, 64)["layers"]


@pytest.mark.slow
def test_a_grown_network_at_first_enlarges_what_the_smaller_one_draws(monkeypatch):
    monkeypatch.setattr(growing, "CALIBRATION_PICTURES", 8)
    torch.manual_seed(0)
    small = Network(torch.randn(5, 128), 64)
    growing.calibrate(small)
    weights = {name: value.detach() for name, value in small.named_parameters()}
    assert growing.blocks(weights) == len(small.config["layers"])
    large = growing.grown(weights, 128)
    assert large.config == config(5, 128) and torch.equal(large.embeddings, small.embeddings)
    classes, values = sample(4, 5)
    maps = {}

    def last(model, name):
        def watch(norm, x):
            if norm == name:
                maps[model] = x

        with torch.no_grad():
            model(model.normalised(), classes, values, watch=watch)
        return maps[model]

    few, many = last(small, "bn"), last(large, "bn")
    kept = few[:, : many.shape[1]]
    alike = torch.cosine_similarity(F.avg_pool2d(many, 2).flatten(1), kept.flatten(1))
    assert many.shape == (4, 64, 128, 128) and alike.min() > 0.8


@pytest.mark.parametrize("function", [operations.ModulatedReLU.apply, operations.modulated_relu])
def test_modulation_has_the_value_and_gradients_of_plain_torch(function):
    same_as_plain(function, lambda x, g, s: torch.relu(x * g[..., None, None] + s[..., None, None]), "cpu")


def test_doubling_and_halving_have_the_gradients_of_plain_torch():
    same_as_plain(lambda x, g, s: operations.doubled(x), lambda x, g, s: F.interpolate(x, scale_factor=2), "cpu")
    same_as_plain(lambda x, g, s: operations.first_half(x), lambda x, g, s: x[:, :4], "cpu")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("channels", [8, 32, 512])
def test_the_kernels_compute_what_plain_torch_computes(channels):
    assert operations.triton_kernels is not None
    same_as_plain(operations.modulated_relu, operations.ModulatedReLU.apply, "cuda", channels)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_draws_what_the_processor_draws(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)  # with it pictures differ by up to 0.02
    torch.manual_seed(0)
    network = Network(torch.randn(5, 128), 64)
    growing.calibrate(network)
    classes, values = sample(4, 5)
    on_gpu = copy.deepcopy(network).cuda()
    with torch.no_grad():
        ours = network(network.normalised(), classes, values)
        theirs = on_gpu(on_gpu.normalised(), classes.cuda(), values.cuda())
    torch.testing.assert_close(theirs.cpu(), ours, atol=1e-2, rtol=0)


def same_as_plain(function, plain, device, channels=8):
    """Assert that values and gradients of two functions of (x, gain, shift) agree."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, channels, 12, 10, generator=generator).contiguous(memory_format=torch.channels_last)
    gain, shift = (torch.randn(3, channels, generator=generator) for _ in range(2))
    results = []
    for each in (function, plain):
        inputs = [value.to(device).detach().clone().requires_grad_() for value in (x, gain, shift)]
        y = each(*inputs)
        weight = torch.linspace(-1, 1, y.numel(), device=device).view(y.shape)
        grads = torch.autograd.grad((y * weight).sum(), inputs, allow_unused=True)
        results.append([y, *[grad for grad in grads if grad is not None]])
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)
