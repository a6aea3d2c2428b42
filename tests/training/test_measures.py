"""The figures of the model card mean what they say."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from training import evaluate, factors, measures
from training.renderer import Looks, Renderer
from training.sampling import projection_tensor


def test_class_space_by_hand():
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    figures = measures.class_space(vectors, ["a", "a", "b", "b"])
    assert figures["cosine_within"] == 1
    assert figures["cosine_between"] == 0
    assert figures["neighbour_agreement"] == 1
    assert np.isclose(figures["neighbour_agreement_by_chance"], 1 / 3)


def test_plateau_is_the_longest_still_stretch():
    steps = torch.tensor([0, 1, 2, 2, 2, 2, 3, 4, 5, 5, 6], dtype=torch.float32)
    assert measures.longest_plateau(steps.view(-1, 1, 1, 1)) == 0.3
    assert measures.longest_plateau(torch.linspace(0, 1, 11).view(-1, 1, 1, 1)) == 0


def test_largest_step_is_in_mean_steps():
    assert measures.largest_step(torch.linspace(0, 1, 11).view(-1, 1, 1, 1)) == pytest.approx(1)
    assert measures.largest_step(torch.tensor([0.0, 0, 0, 1, 1]).view(-1, 1, 1, 1)) == pytest.approx(4)


@pytest.fixture(scope="module")
def renderer():
    rng = np.random.default_rng(0)
    drawings = np.full((9, 5, 64, 64), 255, dtype=np.uint8)
    drawings[:, :3] = rng.integers(0, 256, size=(9, 3, 64, 64))
    drawings[:, 4] = 0
    scenes = np.full((1, 2, 2, 4, 96, 96), 255, dtype=np.uint8)
    scenes[:, :, :, :3] = rng.integers(0, 256, size=(1, 2, 2, 3, 96, 96))
    looks = Looks(np.arange(9).reshape(3, 3), np.ones((3, 3, 3)), np.zeros(3), np.ones(3))
    return Renderer(drawings, scenes, looks)


def model_of(renderer, change):
    """A stand-in for the generator: the renderer itself, after a change of factors and pictures."""

    def forward(vectors, noise, *, truncation):
        values = torch.from_numpy(noise) @ projection_tensor().T
        pictures = change(renderer, torch.from_numpy(vectors).argmax(dim=1), values)
        return pictures.permute(0, 2, 3, 1).numpy()

    return SimpleNamespace(forward=forward, class_embeddings=np.eye(3, 128, dtype=np.float32))


def test_response_is_one_where_a_factor_is_followed_and_zero_where_it_is_ignored(renderer):
    followed = torch.ones(len(factors.NAMES))
    followed[factors.NAMES.index("tilt")] = 0
    model = model_of(renderer, lambda renderer, labels, values: renderer.draw(labels, values * followed)[0])
    for name, value in measures.response(model, renderer, every=1).items():
        assert abs(value - (name != "tilt")) < 1e-3


def test_errors_are_told_apart_by_kind_of_picture(renderer):
    """A generator that is 0.1 off, and 0.3 where pictures are mirrored."""

    def off(renderer, labels, values):
        mirrored = factors.thrown(values)["mirror"]
        return renderer.draw(labels, values)[0] + torch.where(mirrored, 0.3, 0.1).view(-1, 1, 1, 1)

    named = torch.eye(3)

    def expert(pictures):
        return named[[0] * len(pictures)]

    entries = [SimpleNamespace(name=name) for name in ("cat", "dog", "cow")]
    figures = evaluate.at_truncation(model_of(renderer, off), entries, renderer, expert, 1.0, 20)
    assert figures["error_by_kind"]["mirror"] == pytest.approx(0.3, abs=1e-4)
    assert figures["error_by_kind"]["none"] == pytest.approx(0.1, abs=1e-4)
    assert 0.1 < figures["error_by_kind"]["style"] < 0.3  # some of these are mirrored too
    assert 0.1 < figures["mean_absolute_error"] < 0.3
    assert figures["accuracy"] == pytest.approx(1 / 3)  # everything is called a cat
    assert figures["least_recognised"] == {"dog": 0, "cow": 0}
