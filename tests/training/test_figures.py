"""The figures of the model card mean what they say."""

from types import SimpleNamespace

import numpy as np
import torch

from training import embedding, evaluate, factors
from training.renderer import Renderer


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


def test_response_is_one_where_a_factor_is_followed_and_zero_where_it_is_ignored():
    rng = np.random.default_rng(0)
    glyphs = np.ones((3, 2, 4, 64, 64), dtype=np.float32)
    glyphs[:, :, :3] = rng.uniform(size=(3, 2, 3, 64, 64))
    scenes = np.ones((1, 2, 4, 96, 96), dtype=np.float32)
    scenes[:, :, :3] = rng.uniform(size=(1, 2, 3, 96, 96))
    renderer = Renderer(glyphs, scenes, [0, 0, 0])
    followed = torch.ones(12)
    followed[factors.NAMES.index("tilt")] = 0

    def generator(condition, truncation):
        values = condition[:, : factors.NOISE] @ torch.from_numpy(factors.projection()).T
        return renderer.draw(condition[:, factors.NOISE :].argmax(dim=1), values * followed)[0]

    model = SimpleNamespace(generator=generator, embeddings=SimpleNamespace(weight=torch.eye(128)[:, :3]))
    figures = evaluate.response(model, renderer, every=1)
    for name, value in figures.items():
        assert abs(value - (name != "tilt")) < 1e-3
