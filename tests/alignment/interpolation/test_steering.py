"""Points moved by hand, and noise chosen among pictures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.images.truncation_and_noise import draw_noise
from alignment.interpolation.steering import blend_classes, directions, move_along, move_away, noises_around


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
    shifted = move_along(space[:2], found, [0, 2, 0]) - space[:2]
    assert_allclose(shifted, np.tile(2 * found.spreads[1] * found.vectors[1], (2, 1)), rtol=1e-4, atol=1e-5)
    assert (move_along(space, found, []) == space).all()


def test_mixed_is_the_weighted_mean(space):
    assert_allclose(blend_classes(space, {2: 1.0, 5: 3.0}), (space[[2]] + 3 * space[[5]]) / 4, rtol=1e-5)
    assert_allclose(blend_classes(space, {2: 0.2}), space[[2]], rtol=1e-6)


@pytest.mark.parametrize("weights", [{}, {1: 0.0}, {1: -1.0, 2: 2.0}])
def test_a_mix_of_nothing_is_refused(space, weights):
    with pytest.raises(InputError, match="weight"):
        blend_classes(space, weights)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({1: float("nan")}, r"The weights of a mix must be finite numbers, one after another; got \[nan\]"),
        ({1: float("inf"), 2: 1.0}, "The weights of a mix must be finite numbers"),
        ({1: "half"}, "The weights of a mix must be finite numbers"),
        ({1: [1.0, 2.0]}, "The weights of a mix must be finite numbers"),
        ({30: 1.0}, "row of a class of a mix must be a whole number from 0 to 29; got 30"),
        ({-1: 1.0}, "from 0 to 29; got -1"),
        ({"lemon": 1.0}, "from 0 to 29; got 'lemon'"),
        ([0.5, 0.5], "a dictionary from rows of classes to weights"),
        (None, "a dictionary from rows of classes to weights"),
    ],
)
def test_weights_that_are_none_are_refused(space, weights, message):
    with pytest.raises(InputError, match=message):
        blend_classes(space, weights)


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        ([1.0] * 6, "There are 5 directions to move along; got 6 amounts"),
        ([np.nan], "The amounts must be finite numbers"),
        (["far"], "The amounts must be finite numbers"),
        (1.0, "The amounts must be finite numbers"),
        ([[1.0, 2.0]], "The amounts must be finite numbers"),
    ],
)
def test_amounts_that_are_none_are_refused(space, amounts, message):
    with pytest.raises(InputError, match=message):
        move_along(space[:1], directions(space), amounts)


def test_points_of_another_size_are_refused(space):
    message = "Points of class space are rows of 5 finite numbers each"
    found, centre = directions(space), space.mean(axis=0)
    for points in (space[:1, :3], space[0], space[:1] * np.nan, [[1.0] * 5, [2.0]]):
        with pytest.raises(InputError, match=message):
            move_along(points, found, [1.0])
        with pytest.raises(InputError, match=message):
            move_away(points, space[[3]], centre, 0.5)
        with pytest.raises(InputError, match=message):
            move_away(space[:1], points, centre, 0.5)
    for count in (0, 2):
        with pytest.raises(InputError, match=f"wanted in 1 row; there are {count}"):
            move_away(space[:1], space[:count], centre, 0.5)
    for strength in (np.nan, "much", None):
        with pytest.raises(InputError, match="The strength must be finite numbers"):
            move_away(space[:1], space[:1], centre, strength)


def test_subtracted(space):
    centre = space.mean(axis=0)
    assert_allclose(move_away(space[:2], space[[3]], centre, 0.5), space[:2] - 0.5 * (space[[3]] - centre), rtol=1e-5)
    assert (move_away(space[:2], space[[3]], centre, 0) == space[:2]).all()


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


def test_a_variation_is_half_fresh_noise_clipped_at_two_deviations():
    chosen = draw_noise(1, 4000, truncation=0.5, seed=3)
    varied = noises_around(2, 4000, truncation=0.5, seed=3, trail=(0,))[1:]
    assert np.std(varied) == pytest.approx(np.std(chosen), rel=0.05)
    assert np.corrcoef(varied, chosen)[0, 1] == pytest.approx(np.sqrt(0.75), abs=0.03)
    assert 0.9 < np.abs(varied).max() <= 1.0


def test_the_last_seed_is_followed_by_the_first():
    assert (noises_around(2, 4, truncation=1.0, seed=2**32 - 1)[1] == draw_noise(1, 4, truncation=1.0, seed=0)[0]).all()


def test_study_mixes_steers_and_varies(study):
    lemon, banana = (study.classes.names.index(name) for name in ("lemon", "banana"))
    blend = blend_classes(study.class_vectors, {lemon: 0.9, banana: 0.1})
    assert study.nearest_to(blend, [""]).loc[0, "name"] == "lemon"
    cat = study.map(["I have a cat"])
    assert (study.steer(cat) == cat).all()
    away = study.steer(cat, against=study.map(["a dog"]), strength=1.0)
    assert not np.allclose(away, cat)
    drawing = DrawingSettings(noise_seed=4)
    pictures = study.pictures.vary(cat, count=3, drawing=drawing)[0]
    single = study.pictures.draw(cat, drawing=drawing)[0, 0]
    assert_allclose(pictures[0].astype(int), single.astype(int), atol=1)  # rounding differs with the batch


@pytest.mark.parametrize("trail", [1, "01", [0, 1.5], [0, -1], {0, 1}])
def test_a_trail_is_a_list_of_whole_numbers(trail):
    with pytest.raises(InputError, match="trail"):
        noises_around(2, 4, truncation=0.4, seed=0, trail=trail)
    expected = noises_around(2, 4, truncation=0.4, seed=0, trail=[0, 1])
    assert (noises_around(2, 4, truncation=0.4, seed=0, trail=np.array([0, 1])) == expected).all()
