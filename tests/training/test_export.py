"""Exported weights are the library's own, and draw what the network drew."""

import numpy as np
import pytest
import torch
from pytorch_pretrained_biggan import BigGAN, BigGANConfig

from training import export, factors, train, weights
from training.network import Network, config


def pictures(model, classes, count, truncation=0.4):
    noise = torch.from_numpy(factors.noise(count, truncation, np.random.default_rng(0)))
    labels = torch.eye(classes)[torch.arange(count) % classes]
    with torch.no_grad():
        return model(noise, labels, truncation)


@pytest.mark.parametrize("resolution", [64, 128])
def test_the_library_computes_what_the_network_computes_and_gives_it_back(resolution):
    torch.manual_seed(0)
    network = Network(torch.randn(5, 128), resolution)
    for value in network.vectors.values():
        value.data += 0.1 * torch.randn_like(value)
    network.iterate(5)
    library = BigGAN(BigGANConfig.from_dict(network.config))
    library.load_state_dict({name: value.float() for name, value in weights.to_library(network).items()})
    values = torch.from_numpy(factors.noise(4, 0.4, np.random.default_rng(0)) @ factors.projection().T)
    with torch.no_grad():
        ours = network(network.normalised(), torch.arange(4), values)
        back = weights.from_library(library.state_dict(), resolution)
        again = back(back.normalised(), torch.arange(4), values)
    torch.testing.assert_close(pictures(library, 5, 4), ours, atol=0.02, rtol=0)
    torch.testing.assert_close(again, ours, atol=0.02, rtol=0)


def test_a_grown_network_at_first_enlarges_what_the_smaller_one_draws():
    torch.manual_seed(0)
    small = Network(torch.randn(5, 128), 64)
    rng = np.random.default_rng(0)
    train.calibrate(small, rng)
    large = train.grown(small, 128, rng)
    assert large.config == config(5, 128) and torch.equal(large.embeddings, small.embeddings)
    classes, values = train.sample(4, 5, rng)
    with torch.no_grad():
        few, many = (model(model.normalised(), classes, values) for model in (small, large))
    error = (torch.nn.functional.avg_pool2d(many, 2) - few).abs().mean()
    assert many.shape == (4, 3, 128, 128) and error < 0.3 * (few - few.mean(dim=0)).abs().mean()


@pytest.fixture(scope="module")
def shipped():
    return BigGAN.from_pretrained(str(export.FOLDER))


def test_shipped_weights_are_strict_and_small(shipped):
    path = export.FOLDER / "pytorch_model.bin"
    assert path.stat().st_size < 15e6
    kept = torch.load(path, weights_only=True)
    assert kept.keys() == shipped.state_dict().keys()
    assert all(value.dtype == torch.float16 and value.isfinite().all() for value in kept.values())


def test_shipped_pictures_are_the_same_in_train_and_eval_mode(shipped):
    classes = shipped.config.num_classes
    shipped.train()
    first, second = pictures(shipped, classes, 4), pictures(shipped, classes, 4)
    shipped.eval()
    third = pictures(shipped, classes, 4)
    torch.testing.assert_close(first, second, atol=2e-3, rtol=0)
    torch.testing.assert_close(first, third, atol=2e-3, rtol=0)


def test_shipped_pictures_show_different_things(shipped):
    made = pictures(shipped.eval(), shipped.config.num_classes, 16)
    assert made.isfinite().all()
    assert (made[:, None] - made[None]).abs().mean(dim=(2, 3, 4)).add(torch.eye(16)).min() > 0.02
