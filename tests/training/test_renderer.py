"""Rendered pictures are deterministic, canonical at zero noise, and smooth in the noise."""

import numpy as np
import pytest
import torch

from training import factors
from training.renderer import Renderer


@pytest.fixture(scope="module")
def renderer():
    rng = np.random.default_rng(0)
    glyphs = np.zeros((3, 2, 4, 64, 64), dtype=np.float32)
    glyphs[:, :, :, 16:48, 20:44] = rng.uniform(size=(3, 2, 4, 1, 1))
    glyphs[:, :, 3, 16:48, 20:44] = 1
    scenes = rng.uniform(size=(2, 2, 4, 96, 96)).astype(np.float32)
    scenes[:, 0, 3] = 1
    return Renderer(glyphs, scenes, [0, 1, 1])


def draw(renderer, noise):
    values = torch.from_numpy(noise @ factors.projection().T).float()
    return renderer.draw(torch.zeros(len(noise), dtype=torch.long), values)[0]


def test_pictures_have_the_right_form_and_are_deterministic(renderer):
    noise = factors.noise(4, 1.0, np.random.default_rng(1))
    first, second = draw(renderer, noise), draw(renderer, noise)
    assert first.shape == (4, 3, 64, 64)
    assert first.min() >= -1 and first.max() <= 1
    assert torch.equal(first, second)


def test_a_small_change_of_noise_is_a_small_change_of_picture(renderer):
    rng = np.random.default_rng(2)
    noise = factors.noise(32, 1.0, rng)
    nudge = rng.normal(size=noise.shape)
    nudge = (1e-3 * nudge / np.linalg.norm(nudge, axis=1, keepdims=True)).astype(np.float32)
    change = (draw(renderer, noise + nudge) - draw(renderer, noise)).abs().mean(dim=(1, 2, 3))
    assert change.max() < 0.01


def test_only_the_twelve_directions_matter(renderer):
    rng = np.random.default_rng(3)
    noise, projection = factors.noise(2, 1.0, rng), factors.projection()
    idle = rng.normal(size=noise.shape).astype(np.float32)
    idle -= idle @ projection.T @ projection
    torch.testing.assert_close(draw(renderer, noise + idle), draw(renderer, noise), atol=1e-3, rtol=0)


def test_spread_grows_with_truncation(renderer):
    spread = []
    for truncation in (0.0, 0.4, 1.0):
        noise = factors.noise(64, truncation, np.random.default_rng(4))
        pictures = draw(renderer, noise)
        spread.append((pictures - draw(renderer, np.zeros((1, 128), np.float32))).abs().mean().item())
    assert spread[0] == 0 < spread[1] < spread[2]


def test_projection_is_orthonormal_and_noise_is_truncated():
    projection = factors.projection()
    np.testing.assert_allclose(projection @ projection.T, np.eye(12), atol=1e-6)
    noise = factors.noise(1000, 0.4, np.random.default_rng(5))
    assert np.abs(noise).max() <= 0.8
    assert 0.33 < noise.std() < 0.37
