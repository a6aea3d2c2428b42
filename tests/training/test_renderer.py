"""Rendered pictures are deterministic, canonical at zero noise, and smooth in the noise."""

import dataclasses

import numpy as np
import pytest
import torch

from training import factors
from training.renderer import Looks, Renderer
from training.sampling import MAX_TRUNCATION, MIN_TRUNCATION, sample


@pytest.fixture(scope="module")
def renderer():
    rng = np.random.default_rng(0)
    drawings = np.zeros((9, 5, 64, 64), dtype=np.uint8)
    drawings[:, :, 16:48, 20:44] = rng.integers(0, 255, size=(9, 5, 1, 1))
    drawings[:, :3, 16:48, 20:28] //= 3  # their left is darker
    drawings[:, 3, 16:48, 20:44] = 255
    drawings[:, 4, 44:52, 16:48] = 200
    scenes = rng.integers(0, 255, size=(2, 2, 2, 4, 6, 6), dtype=np.uint8).repeat(16, -1).repeat(16, -2)
    scenes[:, :, 0, 3] = 255
    looks = Looks(np.arange(9).reshape(3, 3), np.ones((3, 3, 3)), np.array([0, 1, 1]), np.ones(3))
    return Renderer(drawings, scenes, looks)


def draw(renderer, noise):
    values = torch.from_numpy(noise @ factors.projection().T).float()
    return renderer.draw(torch.zeros(len(noise), dtype=torch.long), values)[0]


def test_pictures_have_the_right_form_and_are_deterministic(renderer):
    noise = factors.draw_noise(4, 1.0, np.random.default_rng(1))
    first, second = draw(renderer, noise), draw(renderer, noise)
    assert first.shape == (4, 3, 64, 64)
    assert first.min() >= -1 and first.max() <= 1
    assert torch.equal(first, second)


def test_masks_lie_where_the_thing_is(renderer):
    picture, mask = renderer.draw(torch.arange(3), torch.zeros(3, len(factors.NAMES)))
    assert mask.shape == (3, 1, 64, 64) and mask.min() == 0 and mask[:, 0, 34, 32].min() > 0.99
    assert picture.shape == (3, 3, 64, 64)


def test_the_shadow_darkens_the_ground_alone(renderer):
    no_shadow = Renderer(renderer.drawings.clone(), renderer.scenes, renderer.looks)
    no_shadow.drawings[:, 4] = 0
    with_it, mask = renderer.draw(torch.arange(3), torch.zeros(3, len(factors.NAMES)))
    without, _ = no_shadow.draw(torch.arange(3), torch.zeros(3, len(factors.NAMES)))
    assert (with_it <= without + 1e-6).all() and (without - with_it).max() > 0.1
    assert ((without - with_it) * (mask > 0.999)).abs().max() < 1e-3


def test_reduced_pictures_are_the_same_pictures(renderer):
    values = torch.from_numpy(factors.draw_noise(3, 0.4, np.random.default_rng(0)) @ factors.projection().T)
    small, _ = renderer.reduced(32).draw(torch.arange(3), values)
    large, _ = renderer.draw(torch.arange(3), values)
    assert small.shape == (3, 3, 32, 32)
    assert (torch.nn.functional.avg_pool2d(large, 2) - small).abs().mean() < 0.06


@pytest.mark.parametrize("name", factors.SWITCHES)
def test_switches_are_thrown_where_they_should(renderer, name):
    at = factors.SWITCHES[name]
    values = torch.zeros(6, len(factors.NAMES))
    limited = torch.tensor([0.0, at - 0.3, at + 0.3, 1.8, -at - 0.3, -1.8])
    values[:, factors.NAMES.index(name)] = 2 * torch.atanh(limited / 2)
    pictures, _ = renderer.draw(torch.zeros(6, dtype=torch.long), values)
    for one, other in ((0, 1), (2, 3), (4, 5)):
        torch.testing.assert_close(pictures[one], pictures[other], atol=1e-3, rtol=0)
    assert (pictures[0] - pictures[2]).abs().max() > 0.1
    assert ((pictures[0] - pictures[4]).abs().max() > 0.1) == (name in factors.TWO_SIDED)
    assert factors.thrown(values)[name].tolist() == [False, False, True, True, *[name in factors.TWO_SIDED] * 2]


def test_each_style_is_its_drawing_in_its_light(renderer):
    """Style 2 of class 0 is drawing 1; a gain of 0 leaves it black."""
    looks = renderer.looks
    gains = looks.gains.clone()
    gains[0, 1] = 0
    dark = Renderer(renderer.drawings, renderer.scenes, dataclasses.replace(looks, gains=gains))
    values = torch.zeros(2, len(factors.NAMES))
    values[1, factors.NAMES.index("style")] = 1.5
    pictures, _ = dark.draw(torch.zeros(2, dtype=torch.long), values)
    assert pictures[1, :, 34, 32].max() < -0.99 < pictures[0, :, 34, 32].max()


def test_light_from_the_right_brightens_the_right_and_moves_the_shadow_to_the_left(renderer):
    values = torch.zeros(2, len(factors.NAMES))
    values[:, factors.NAMES.index("light")] = torch.tensor([-1.0, 1.0])
    from_left, from_right = renderer.draw(torch.zeros(2, dtype=torch.long), values)[0]
    brightness = (from_right - from_left).mean(dim=0)
    assert brightness[30, 42] > 0 > brightness[30, 22]
    no_shadow = dataclasses.replace(renderer.looks, shadows=torch.zeros(3))
    plain = Renderer(renderer.drawings, renderer.scenes, no_shadow).draw(torch.zeros(2, dtype=torch.long), values)[0]
    left, right = (plain - torch.stack([from_left, from_right])).mean(dim=1)  # shadows of the light from there
    assert right[48, 19] > left[48, 19] and left[48, 45] > right[48, 45]


def test_hours_darken_late_and_warm_early(renderer):
    values = torch.zeros(3, len(factors.NAMES))
    values[:, factors.NAMES.index("daytime")] = torch.tensor([-1.5, 0.0, 1.5])
    dawn, noon, dusk = renderer.draw(torch.zeros(3, dtype=torch.long), values)[0].mean(dim=(2, 3))
    assert (dusk < noon).all() and dusk[2] - dusk[0] > noon[2] - noon[0] and dawn[2] < noon[2]


def test_a_small_change_of_noise_is_a_small_change_of_picture(renderer):
    rng = np.random.default_rng(2)
    noise = factors.draw_noise(32, 1.0, rng)
    nudge = rng.normal(size=noise.shape)
    nudge = (1e-3 * nudge / np.linalg.norm(nudge, axis=1, keepdims=True)).astype(np.float32)
    change = (draw(renderer, noise + nudge) - draw(renderer, noise)).abs().mean(dim=(1, 2, 3))
    assert change.max() < 0.01


def test_only_the_directions_of_the_factors_matter(renderer):
    rng = np.random.default_rng(3)
    noise, projection = factors.draw_noise(2, 1.0, rng), factors.projection()
    idle = rng.normal(size=noise.shape).astype(np.float32)
    idle -= idle @ projection.T @ projection
    torch.testing.assert_close(draw(renderer, noise + idle), draw(renderer, noise), atol=1e-3, rtol=0)


def test_spread_grows_with_truncation(renderer):
    spread = []
    for truncation in (0.0, 0.4, 1.0):
        noise = factors.draw_noise(64, truncation, np.random.default_rng(4))
        pictures = draw(renderer, noise)
        spread.append((pictures - draw(renderer, np.zeros((1, 128), np.float32))).abs().mean().item())
    assert spread[0] == 0 < spread[1] < spread[2]


def test_projection_is_orthonormal_and_noise_is_truncated():
    projection = factors.projection()
    np.testing.assert_allclose(projection @ projection.T, np.eye(len(factors.NAMES)), atol=1e-6)
    noise = factors.draw_noise(1000, 0.4, np.random.default_rng(5))
    assert np.abs(noise).max() <= 0.8
    assert 0.33 < noise.std() < 0.37


def test_further_factors_leave_the_first_twelve_their_directions():
    rng = np.random.default_rng(factors.SEED)
    basis, _ = np.linalg.qr(rng.normal(size=(factors.NOISE_SIZE, factors.FIRST_FACTORS)))
    np.testing.assert_allclose(factors.projection()[: factors.FIRST_FACTORS], basis.T, atol=1e-6)


def test_samples_are_spread_over_classes_and_truncations():
    torch.manual_seed(0)
    classes, values = sample(20_000, 5)
    assert classes.bincount().min() > 3800 and values.shape == (20_000, len(factors.NAMES))
    # the standard deviation of a normal cut at two is 0.880; truncation t is spread evenly from a to b
    a, b = MIN_TRUNCATION, MAX_TRUNCATION
    wanted = 0.880 * ((a**2 + a * b + b**2) / 3) ** 0.5
    smooth = [i for i, name in enumerate(factors.NAMES) if name not in factors.SWITCHES]
    assert abs(values[:, smooth].std().item() - wanted) < 0.01
    assert sample(1000, 5, torch.tensor(0.2))[1][:, smooth].std() < 0.2


def test_switches_are_thrown_in_about_a_third_of_the_samples_and_seldom_near_the_canonical_view():
    torch.manual_seed(0)
    for name, thrown in factors.thrown(sample(20_000, 5)[1]).items():
        assert 0.25 < thrown.float().mean() < 0.5, name
    for name, thrown in factors.thrown(sample(20_000, 5, torch.tensor(0.2))[1]).items():
        assert 0.02 < thrown.float().mean() < 0.08, name
