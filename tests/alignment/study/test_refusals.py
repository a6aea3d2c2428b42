"""What a study is asked for by mistake is refused in one sentence that says what it takes."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.interpolation.paths import InterpolationSettings

POINT = np.ones((1, 8))


@pytest.mark.parametrize(
    "points", [POINT * np.nan, POINT * np.inf, POINT[0], POINT[:, :5], POINT[..., None], np.array([["a"] * 8])]
)
def test_points_that_are_not_rows_of_finite_numbers(small_study, points):
    message = "^Points of class space are rows of 8 finite numbers each; got .* of shape "
    with pytest.raises(InputError, match=message):
        small_study.nearest_to(points, ["a"])
    with pytest.raises(InputError, match=message):
        small_study.nearest_sentence(points)
    with pytest.raises(InputError, match=message):
        small_study.steer(points, amounts=[1.0])
    with pytest.raises(InputError, match=message):
        small_study.snap_to_nearest_class(points, 0.5)


def test_a_label_for_every_point_and_one_point_for_a_sentence(small_study):
    with pytest.raises(InputError, match="there are 1 points and 2 labels"):
        small_study.nearest_to(POINT, ["a", "b"])
    with pytest.raises(InputError, match="for one point, an array of one row; there are 2 rows"):
        small_study.nearest_sentence(np.ones((2, 8)))


@pytest.mark.parametrize("top", [0, -1, 1.5])
def test_fewer_classes_than_one(small_study, top):
    with pytest.raises(InputError, match=f"^At least one class must be asked for; got top={top}"):
        small_study.nearest_to(POINT, ["a"], top=top)
    with pytest.raises(InputError, match=f"^At least one class must be asked for; got top={top}"):
        small_study.nearest(["a cat"], top=top)


def test_texts_of_another_size_or_number(small_study):
    settings = InterpolationSettings(("a cat", "a dog"))
    for texts in (np.zeros((2, 5)), np.full((2, small_study.encoder.dim), np.nan)):
        with pytest.raises(InputError, match=r"^Points of text space are rows of 1,536 finite numbers each; got "):
            small_study.interpolate(settings, texts=texts)
        with pytest.raises(InputError, match=r"^Points of text space are rows of 1,536 finite numbers each; got "):
            small_study.map_vectors(texts)
    with pytest.raises(InputError, match=r"^Points of text space are wanted in 2 rows; there are 3"):
        small_study.interpolate(settings, texts=np.zeros((3, small_study.encoder.dim)))


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        (["a cat", " "], "^Prompt 1 of the list, ' ': The prompt is empty"),
        (["a cat", "a dog", "🦄"], "^Prompt 2 of the list, '🦄': The text encoder knows none"),
        (["  "], "^The prompt is empty"),
    ],
)
def test_the_one_of_several_prompts_that_cannot_be_read_is_named(small_study, prompts, message):
    with pytest.raises(InputError, match=message):
        small_study.nearest(prompts)


def test_several_prompts_are_answered_as_each_by_itself(small_study):
    prompts = ["a cat", " a dog", "a cat", "a horse in a field"]
    table = small_study.nearest(prompts, top=2)
    assert table["prompt"].tolist() == [prompt for prompt in prompts for _ in range(2)]
    alone = [small_study.nearest([prompt], top=2)["name"].tolist() for prompt in prompts]
    assert table["name"].tolist() == [name for names in alone for name in names]
