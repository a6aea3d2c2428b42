"""Points moved by hand, and noise chosen among pictures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.images.truncation_and_noise import draw_noise
from alignment.interpolation.steering import directions, mixed, moved, noises_around, subtracted


@pytest.fixture
def space():
    return (np.random.default_rng(0).normal(size=(30, 5)) * [9, 5, 3, 2, 1]).astype(np.float32)


def test_directions_are_those_of_the_covariance(space):
    found = directions(space)
    assert_allclose(found.vectors @ found.vectors.T, np.eye(5), atol=1e-5)
    along = (space - space.mean(axis=0)) @ found.vectors.T
    assert_allclose(along.std(axis=0), found.spreads, rtol=1e-4)
    assert_allclose(
        found.shares, np.sort(np.linalg.eigvalsh(np.cov(space.T)))[::-1] / np.cov(space.T).trace(), rtol=1e-4
    )
    assert [low[0] for low in found.low] == along.argmin(axis=0).tolist()
    assert [high[0] for high in found.high] == along.argmax(axis=0).tolist()


def test_moved_goes_standard_deviations_along(space):
    found = directions(space)
    shifted = moved(space[:2], found, [0, 2, 0]) - space[:2]
    assert_allclose(shifted, np.tile(2 * found.spreads[1] * found.vectors[1], (2, 1)), rtol=1e-4, atol=1e-5)
    assert (moved(space, found, []) == space).all()


def test_mixed_is_the_weighted_mean(space):
    assert_allclose(mixed(space, {2: 1.0, 5: 3.0}), (space[[2]] + 3 * space[[5]]) / 4, rtol=1e-5)
    assert_allclose(mixed(space, {2: 0.2}), space[[2]], rtol=1e-6)


@pytest.mark.parametrize("weights", [{}, {1: 0.0}, {1: -1.0, 2: 2.0}, {1: float("nan")}])
def test_a_mix_of_nothing_is_refused(space, weights):
    with pytest.raises(InputError, match="weight"):
        mixed(space, weights)


def test_subtracted(space):
    centre = space.mean(axis=0)
    assert_allclose(subtracted(space[:2], space[[3]], centre, 0.5), space[:2] - 0.5 * (space[[3]] - centre), rtol=1e-5)
    assert (subtracted(space[:2], space[[3]], centre, 0) == space[:2]).all()


def test_a_trail_starts_at_a_seed_and_follows_the_choices():
    first = noises_around(9, 16, truncation=0.4, seed=5)
    assert (first[3] == draw_noise(1, 16, truncation=0.4, seed=8)[0]).all()
    around = noises_around(9, 16, truncation=0.4, seed=8, trail=(0,))
    assert (around[0] == first[3]).all()
    on = noises_around(9, 16, truncation=0.4, seed=8, trail=(0, 5))
    assert (on[0] == around[5]).all()
    assert len(np.unique(np.vstack([around, on[1:]]), axis=0)) == 17
    assert np.abs(on).max() <= 0.8
    near, far = np.linalg.norm(around[1:] - around[0], axis=1), np.linalg.norm(first - around[0], axis=1)
    assert near.max() < np.delete(far, 3).min()


def test_the_last_seed_is_followed_by_the_first():
    assert (noises_around(2, 4, truncation=1.0, seed=2**32 - 1)[1] == draw_noise(1, 4, truncation=1.0, seed=0)[0]).all()


def test_study_mixes_steers_and_varies(study):
    lemon, banana = (study.classes.names.index(name) for name in ("lemon", "banana"))
    assert study.nearest_to(mixed(study.class_vectors, {lemon: 0.9, banana: 0.1}), [""]).loc[0, "name"] == "lemon"
    cat = study.map(["I have a cat"])
    assert (study.steer(cat) == cat).all()
    away = study.steer(cat, against=study.map(["a dog"]), strength=1.0)
    assert not np.allclose(away, cat)
    drawing = DrawingSettings(noise_seed=4)
    pictures = study.pictures.vary(cat, count=3, drawing=drawing)[0]
    single = study.pictures.draw(cat, drawing=drawing)[0, 0]
    assert_allclose(pictures[0].astype(int), single.astype(int), atol=1)  # rounding differs with the batch
