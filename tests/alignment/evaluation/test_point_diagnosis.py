"""Points and prompts that are out of the ordinary are told from those that are not."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.dictionary.prompts import evaluation_prompts
from alignment.evaluation.out_of_distribution import FAR_QUANTILE, DistanceToSeeds, seed_neighbour_distances
from alignment.evaluation.point_diagnosis import _reason, diagnose
from alignment.vectors.similarity import centred_directions

NAMES = [f"class {k}" for k in range(40)]


@pytest.fixture
def space():
    return np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32) + 3


def test_a_class_itself_is_as_clear_as_can_be(space):
    table = diagnose(space, space, NAMES)
    assert table["reason"].str.endswith("the picture should be clear.").all()
    assert table["nearest"].tolist() == list(range(40))
    assert_allclose(table["distance_low"], table["distance"].min())
    assert_allclose(table["distance_high"], table["distance"].max())
    assert_allclose(table["norm"].mean(), 1, rtol=1e-5)
    assert (table["norm"] <= table["norm_high"] + 1e-5).all() and (table["norm"] >= table["norm_low"] - 1e-5).all()


def test_where_nothing_is_drawn_no_picture_is_spoken_of(space):
    centre = space.mean(axis=0)
    points = centre + np.array([[0.0], [0.4], [1], [1.3], [5]]) * (space[:1] - centre)
    told = diagnose(points, space, NAMES, drawn=False)["reason"]
    assert told.str.fullmatch(r"[^.]+\.").all() and not told.str.contains("picture|generator|washed|features").any()
    assert told[2] == "Close to class 0."


def test_each_reason_has_its_point(space):
    centre = space.mean(axis=0)
    wide = space * [20, 1, 1, 1, 1, 1, 1, 1]  # classes differ most along the first axis
    away = wide.mean(axis=0) + np.array([0, 0, 0, 0, 0, 0, 0, 12])  # not long, but where no class is
    longest = np.linalg.norm(space - centre, axis=1).argmax()
    assert "washed out" in diagnose(centre + 0.4 * (space[:1] - centre), space, NAMES)["reason"][0]
    assert "Similar to no single class" in diagnose(centre[None], space, NAMES)["reason"][0]
    assert "Far from every class" in diagnose(centre + 5 * (space[:1] - centre), space, NAMES)["reason"][0]
    assert "Far from every class" in diagnose(away[None], wide, NAMES)["reason"][0]
    table = diagnose(centre + 1.3 * (space[longest : longest + 1] - centre), space, NAMES)
    assert table["norm"][0] > table["norm_high"][0] and "clear" not in table["reason"][0]


def test_only_a_point_close_to_one_class_is_called_clear(space):
    """Points between two classes: their cosine to the first falls from 1 to about 0.7."""
    centre = space.mean(axis=0)
    a, b = space[:2] - centre
    b = b - (b @ a) / (a @ a) * a  # so that the angle to the first is known
    b *= np.linalg.norm(a) / np.linalg.norm(b)
    for cosine, begins, blurred in [(0.96, "Close to class 0: ", False), (0.94, "A mixture of classes", True)]:
        table = diagnose(centre + cosine * a[None] + np.sqrt(1 - cosine**2) * b[None], space, NAMES)
        assert table["similarity"][0] == pytest.approx(cosine, abs=1e-5)
        assert table["reason"][0].startswith(begins) and ("may be blurred" in table["reason"][0]) is blurred


def test_a_mixture_below_the_range_of_the_classes_is_said_to_be_near_their_middle(space):
    table = diagnose(space, space, NAMES)
    row = next(table.itertuples())
    low = row._replace(similarity=0.8, norm=0.9, distance=0.9 * row.distance_low)
    assert _reason(low, "cat", "dog") == (
        "A mixture of classes, most of all of cat and dog",
        ": by Mahalanobis distance it is nearer to the middle than any class, and the picture may be blurred",
    )
    assert "middle" not in _reason(low._replace(distance=1.1 * row.distance_low), "cat", "dog")[1]


def test_figures_do_not_depend_on_the_other_points(space):
    points = np.random.default_rng(1).normal(size=(5, 8))
    assert_allclose(diagnose(points, space, NAMES)["distance"][2], diagnose(points[2:3], space, NAMES)["distance"][0])


def test_distances_of_seeds_leave_their_own_group_out():
    X = np.array([[1, 0], [1, 0.01], [0, 1], [-1, -1]], dtype=np.float32)
    alone, together = seed_neighbour_distances(X, np.arange(4)), seed_neighbour_distances(X, np.array([0, 0, 1, 2]))
    assert alone[0] < 0.01 < together[0]
    assert (np.diff(together) >= 0).all() and seed_neighbour_distances(X, np.zeros(4, int)).tolist() == [2] * 4


def test_the_distance_to_the_seeds_by_loops(rng):
    X, x = rng.normal(size=(60, 5)) + 3, rng.normal(size=(6, 5)) + 3
    groups = np.arange(60) // 2
    centre = X.mean(axis=0)

    def distance(a, b):
        return 1 - (a - centre) @ (b - centre) / np.linalg.norm(a - centre) / np.linalg.norm(b - centre)

    between = [min(distance(X[i], X[j]) for j in range(60) if groups[j] != groups[i]) for i in range(60)]
    found = seed_neighbour_distances(X, groups)
    assert_allclose(found, sorted(between), atol=1e-9)
    table = DistanceToSeeds(X, found).table(x)
    expected = np.array([[distance(a, b) for b in X] for a in x])
    assert table["seed"].tolist() == expected.argmin(axis=1).tolist()
    assert_allclose(table["distance"], expected.min(axis=1))
    assert_allclose(table["share"], [np.mean(found < one) for one in expected.min(axis=1)])
    assert table["far"].tolist() == [one > np.quantile(found, FAR_QUANTILE) for one in expected.min(axis=1)]


def test_a_seed_itself_is_not_far():
    X = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    distances = seed_neighbour_distances(X, np.arange(50))
    table = DistanceToSeeds(X, distances).table(X[[7]])
    assert table["seed"][0] == 7 and abs(table["distance"][0]) < 1e-5 and not table["far"][0]
    assert table["share"][0] == 0


def test_distances_to_seeds_are_centred_cosines():
    X = np.random.default_rng(0).normal(size=(1201, 8)).astype(np.float32) + 3
    x = np.random.default_rng(1).normal(size=(4, 8)).astype(np.float32) + 3
    centre = X.mean(axis=0)
    expected = centred_directions(x, centre) @ centred_directions(X, centre).T
    assert_allclose(DistanceToSeeds(X, np.zeros(1)).cosines(x), expected, atol=1e-5)
    alike = np.full((3, 8), 0.1, dtype=np.float32)  # none has a direction
    assert not DistanceToSeeds(alike, np.zeros(1)).cosines(x).any()


def test_nonsense_is_far_and_everyday_sentences_are_not(study):
    far = study.out_of_distribution(study.encode(["asdkjh qwoeiu", "the stock market fell", "I have a cat"]))
    assert far["far"].tolist() == [True, True, False]
    assert far["share"][0] >= FAR_QUANTILE and far["sentence"][2] in study.seeds.sentences
    prompts = study.out_of_distribution(study.encode(evaluation_prompts(study.classes).table["prompt"].tolist()))["far"]
    print(f"{prompts.mean():.1%} of {len(prompts)} test prompts are called far")
    assert prompts.mean() < 0.06
