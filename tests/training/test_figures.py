"""The figures of the model card mean what they say."""

import numpy as np
import torch

from training import embedding, evaluate


def test_tree_distances_count_edges():
    paths = [("thing", "animal", "cat"), ("thing", "animal", "dog"), ("thing", "animal", "dog"), ("thing", "tool")]
    np.testing.assert_array_equal(
        embedding.tree_distances(paths), [[0, 4, 4, 5], [4, 0, 2, 5], [4, 2, 0, 5], [5, 5, 5, 0]]
    )


def test_first_vectors_follow_the_tree():
    paths = [("thing", "animal")] * 5 + [("thing", "tool")] * 5
    vectors = embedding.first_vectors(paths)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), embedding.LENGTH, rtol=1e-5)
    figures = evaluate.class_space(vectors, ["animal"] * 5 + ["tool"] * 5)
    assert figures["cosine_within"] > figures["cosine_between"]
    assert figures["neighbour_agreement"] == 1


def test_class_space_by_hand():
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    figures = evaluate.class_space(vectors, ["a", "a", "b", "b"])
    assert figures["cosine_within"] == 1
    assert figures["cosine_between"] == 0
    assert figures["neighbour_agreement"] == 1
    assert np.isclose(figures["neighbour_agreement_by_chance"], 1 / 3)


def test_plateau_is_the_longest_still_stretch():
    steps = torch.tensor([0, 1, 2, 2, 2, 2, 3, 4, 5, 5, 6], dtype=torch.float32)
    assert evaluate.plateau(steps.view(-1, 1, 1, 1)) == 0.3
    assert evaluate.plateau(torch.linspace(0, 1, 11).view(-1, 1, 1, 1)) == 0
