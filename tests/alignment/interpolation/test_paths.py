import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.interpolation.paths import (
    INTERPOLATION_SPACES,
    InterpolationSettings,
    class_weights,
    interpolate,
    top_classes,
)
from alignment.vectors.similarity import similarities

PROMPTS = ("a cat", "a fox", "a sports car")


@pytest.mark.parametrize("even", [False, True])
@pytest.mark.parametrize("shape", ["linear", "spherical"])
@pytest.mark.parametrize("space", INTERPOLATION_SPACES)
def test_a_path_begins_and_ends_with_the_prompts_own_pictures(study, space, shape, even):
    settings = InterpolationSettings(
        PROMPTS, steps=5, space=space, shape=shape, even=even, drawing=DrawingSettings(0.5, noise_seed=4)
    )
    path = study.interpolate(settings)
    last_seed = settings.drawing.noise_seed + 2 * (space == "noise")
    for picture, prompt, seed in ((path.pictures[0], PROMPTS[0], 4), (path.pictures[-1], PROMPTS[-1], last_seed)):
        own = study.generate([prompt], drawing=DrawingSettings(0.5, seed))[0, 0]
        assert_allclose(picture.astype(int), own.astype(int), atol=1)  # rounding differs with the batch
    assert path.positions[0] == 0 and path.positions[-1] == 1 and (np.diff(path.positions) > 0).all()
    assert path.pictures.shape[0] == len(path.points) == len(path.noises) == len(path.picture_changes) + 1 == 5
    if not even:
        middle = study.snap_to_nearest_class(study.map([PROMPTS[1]]), settings.drawing.snap)[0]
        assert_allclose(path.points[2], middle, atol=1e-4)


def test_the_spaces_differ_in_what_lies_between(study):
    text, straight, noise = (
        study.interpolate(InterpolationSettings(PROMPTS[:2], steps=3, space=space)) for space in INTERPOLATION_SPACES
    )
    assert_allclose(text.points[[0, 2]], straight.points[[0, 2]], atol=1e-4)
    assert_allclose(straight.points[1], straight.points[[0, 2]].mean(axis=0), atol=1e-5)
    assert np.abs(text.points[1] - straight.points[1]).max() > 0.01
    assert_allclose(noise.points, straight.points)
    assert np.ptp(straight.noises, axis=0).max() == 0 < np.ptp(noise.noises, axis=0).min()


def test_a_path_through_no_class_reads_no_seeds(study, monkeypatch):
    monkeypatch.setitem(vars(study), "text_means", None)  # seconds for many classes
    assert len(study.interpolate(InterpolationSettings(PROMPTS, steps=2)).texts) == len(PROMPTS)


@pytest.mark.parametrize("space", INTERPOLATION_SPACES)
def test_a_path_goes_through_a_class_before_the_last_prompt(study, space):
    settings = InterpolationSettings(PROMPTS, steps=7, space=space, through=("lemon",))
    path = study.interpolate(settings)
    lemon = study.classes.row("lemon")
    assert_allclose(path.points[4], study.class_vectors[lemon], atol=1e-4)
    own = study.snap_to_nearest_class(study.map([PROMPTS[1]]), settings.drawing.snap)[0]
    assert_allclose(path.points[2], own, atol=1e-4)
    assert path.nearest[4] == lemon and settings.waypoints == 4
    assert_allclose(path.texts[2], study.text_means[lemon])


def test_a_class_that_no_sentence_names_is_no_waypoint(study, monkeypatch):
    named = study.membership.toarray()
    named[:, study.classes.row("lemon")] = False
    monkeypatch.setitem(vars(study), "membership", csr_array(named))
    with pytest.raises(InputError, match="names the class lemon"):
        study.interpolate(InterpolationSettings(PROMPTS, through=("lemon",)))
    with pytest.raises(InputError, match="nonsense"):
        study.interpolate(InterpolationSettings(PROMPTS, through=("nonsense",)))


def test_snap_adds_no_discontinuity(study):
    """The points move as smoothly as without snap: no step is longer by more than the shifts' own change."""
    free, drawn = (
        study.interpolate(InterpolationSettings(PROMPTS[:2], steps=21, drawing=DrawingSettings(snap=snap))).points
        for snap in (0, 0.7)
    )
    shifts = np.linalg.norm(drawn - free, axis=1)
    assert shifts[0] > 1e-3
    assert_allclose(np.diff(drawn, n=2, axis=0), 0, atol=1e-4)


def test_even_steps_change_the_picture_more_evenly(study):
    uneven, even = (
        study.interpolate(InterpolationSettings(("a lemon", "a violin"), space="text", even=even))
        for even in (False, True)
    )
    assert even.picture_changes.max() < 0.6 * uneven.picture_changes.max()
    assert np.std(even.picture_changes) < 0.5 * np.std(uneven.picture_changes)


def test_weights_are_largest_for_the_nearest_class(study):
    path = study.interpolate(InterpolationSettings(("a lemon", "a violin")))
    nearest = similarities(path.curve, study.class_vectors).argmax(axis=1)
    assert [study.classes.names[row] for row in nearest[[0, -1]]] == ["lemon", "violin"]
    assert_allclose(path.weights.sum(axis=1), 1, rtol=1e-5)
    assert (path.weights.argmax(axis=1) == nearest).all()


def test_top_classes_are_ordered_along_the_path(study):
    paths = [
        study.interpolate(InterpolationSettings(("a lemon", "a violin", "a sports car"), steps=2, space=space))
        for space in INTERPOLATION_SPACES
    ]
    names = [study.classes.names[row] for row in top_classes(paths, 3)]
    assert names == ["lemon", "violin", "sports car"]


def test_class_weights_fall_by_e_every_twentieth():
    classes = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])  # their mean is the origin
    point = np.array([[3.0, 2.0]])
    first, second, _ = class_weights(point, classes)[0]
    difference = np.subtract(*similarities(point, classes)[0, :2])
    assert_allclose(np.log(first / second), difference / 0.05, rtol=1e-5)


def test_progress_counts_every_picture_and_may_end_the_work(study):
    reports = []
    path = study.interpolate(
        InterpolationSettings(PROMPTS, steps=5, even=True), progress=lambda *report: reports.append(report)
    )
    assert [done for _, done, _ in reports] == sorted({done for _, done, _ in reports})
    assert reports[-1][1] == reports[-1][2] == 5 + 4 * 5 - 3 and len(path.pictures) == 5

    def stop(*report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.interpolate(InterpolationSettings(PROMPTS), progress=stop)


def test_without_a_generator_there_are_only_points():
    rng = np.random.default_rng(0)
    texts, carry, classes = rng.normal(size=(2, 4)), rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
    path = interpolate(InterpolationSettings(("a", "b"), steps=4), texts, lambda X: X @ carry, classes, None)
    assert path.points.shape == (4, 3) and path.weights.shape == (101, 6)
    assert path.pictures is None and path.noises is None
    with pytest.raises(InputError, match="need pictures"):
        interpolate(InterpolationSettings(("a", "b"), even=True), texts, lambda X: X @ carry, classes, None)


def test_a_grid_has_the_prompts_own_pictures_in_its_corners(study):
    prompts = (*PROMPTS, "a lemon")
    grid = study.interpolate_grid(InterpolationSettings(prompts, steps=3, drawing=DrawingSettings(noise_seed=2)))
    assert grid.pictures.shape[:2] == grid.nearest.shape == (3, 3)
    corners = grid.pictures[[0, 0, 2, 2], [0, 2, 0, 2]].astype(int)
    assert_allclose(corners, study.generate(prompts, drawing=DrawingSettings(noise_seed=2))[:, 0].astype(int), atol=1)
    assert study.classes.names[grid.nearest[2, 2]] == "lemon"
    with pytest.raises(InputError, match="between 4 prompts; got 3"):
        study.interpolate_grid(InterpolationSettings(PROMPTS))
    with pytest.raises(InputError, match="through no class"):
        study.interpolate_grid(InterpolationSettings(prompts, through=("lemon",)))
    with pytest.raises(InputError, match="at most 22"):
        study.interpolate_grid(InterpolationSettings(prompts, steps=23))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prompts": ("a cat",)}, "at least 2 prompts"),
        ({"prompts": "a cat"}, r"Prompts are a list of sentences, such as \['I have a cat'\]"),
        ({"prompts": None}, "Prompts are a list of sentences"),
        ({"prompts": ("a cat", 3)}, "Prompt 2 of 2 is 3, and no sentence"),
        ({"through": "lemon"}, r"Classes that an interpolation goes through are a list, such as .*, and not 'lemon'"),
        ({"through": None}, "Classes that an interpolation goes through are a list"),
        ({"drawing": None}, "drawing is DrawingSettings, .* and not None"),
        ({"steps": "9"}, "whole number from 2 to 500; got '9'"),
        ({"steps": 9.0}, r"whole number from 2 to 500; got 9\.0"),
        ({"steps": 1}, "from 2 to 500; got"),
        ({"steps": 501}, "from 2 to 500; got"),
        ({"space": "picture"}, "Unknown space"),
        ({"shape": "wavy"}, "Unknown shape"),
    ],
)
def test_invalid_settings_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        InterpolationSettings(**{"prompts": PROMPTS} | wrong)


def test_lists_of_prompts_and_classes_are_kept_as_tuples():
    settings = InterpolationSettings(["a cat", "a dog"], through=["lemon"])
    assert settings == InterpolationSettings(("a cat", "a dog"), through=("lemon",)) and hash(settings)
