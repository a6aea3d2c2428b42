"""What the lesson shows, computed with the bundled models."""

import numpy as np
import pytest

from alignment.evaluation.few_seeds import SeedAmount
from alignment.study.lesson import (
    FEW_SEEDS_MAPPING,
    cosine,
    learned_stage,
    most_variable_number,
    plane_positions,
    with_one_number_moved,
)


def test_all_seeds_give_the_mapping_that_the_study_has(study):
    learned = learned_stage(study, SeedAmount(), ["I have a cat"])
    assert learned.seeds == len(study.seeds) and learned.known.all()
    np.testing.assert_allclose(learned.vectors, study.map(["I have a cat"], FEW_SEEDS_MAPPING), atol=1e-3)
    found = study.evaluations.evaluate_prompts(FEW_SEEDS_MAPPING).loc["all"]
    assert (learned.prompts, learned.right) == (found["prompts"], round(found["hit_at_1"] * found["prompts"]))


def test_more_seeds_make_more_test_prompts_right(study):
    few, more = (learned_stage(study, SeedAmount(classes, 4), ["a cat"]) for classes in (20, 200))
    assert few.known.sum() == 20 and few.right < more.right


def test_positions_on_the_plane_are_centred_and_widest_first(study):
    positions = plane_positions(study, study.class_vectors)
    np.testing.assert_allclose(positions.mean(axis=0), 0, atol=1e-4)
    assert positions[:, 0].var() >= positions[:, 1].var()


def test_one_number_moves_and_the_others_stay(study):
    vectors = study.class_vectors
    number = most_variable_number(vectors)
    moved = with_one_number_moved(vectors, 3, number, 2.0)
    assert np.flatnonzero(moved[0] != vectors[3]).tolist() == [number]
    assert moved[0, number] - vectors[3, number] == pytest.approx(2 * vectors[:, number].std(), rel=1e-4)


def test_cosine_of_arrows():
    assert cosine(np.array([1.0, 0.0]), np.array([3.0, 3.0])) == pytest.approx(np.sqrt(0.5))
