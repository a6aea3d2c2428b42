"""The network on top of a rotation against an independent computation of the formula."""

import numpy as np
import pytest
import torch
from scipy import linalg
from scipy.spatial.distance import jensenshannon
from scipy.special import softmax

from alignment.mappings.neural import CHECK_EVERY, NeuralMapping, _divergence
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, MEANS, X, Z


def test_without_training_it_is_procrustes_on_directions():
    mapping = NeuralMapping(hidden=0, max_iter=1, learning_rate=1e-12, validation_fraction=0).fit(X, Z)
    centre = CLASS_VECTORS.mean(axis=0)
    texts = unit_rows(MEANS - MEANS.mean(axis=0))
    rotation, _ = linalg.orthogonal_procrustes(
        np.pad(texts, ((0, 0), (0, 0))), np.pad(CLASS_VECTORS - centre, ((0, 0), (0, D_TEXT - D_CLASS)))
    )
    cosines = np.einsum(
        "kd,kd->k", unit_rows(mapping.predict(MEANS) - centre), unit_rows(texts @ rotation[:, :D_CLASS])
    )
    np.testing.assert_allclose(cosines, 1.0, atol=1e-6)


@pytest.mark.parametrize("loss", ["squared", "infonce"])
def test_training_lowers_the_loss(loss):

    def loss_after(steps):
        mapping = NeuralMapping(loss=loss, hidden=8, max_iter=steps, penalty=0.0, validation_fraction=0).fit(X, Z)
        shifted = torch.from_numpy(mapping._map(unit_rows(MEANS - mapping.x_mean_)))
        return float(mapping._loss(shifted, torch.from_numpy(CLASS_VECTORS - mapping.z_mean_)))

    assert loss_after(15) < loss_after(1)


def test_infonce_by_loops(rng):

    mapping = NeuralMapping(temperature=0.3)
    P, T = unit_rows(rng.normal(size=(4, 3))), unit_rows(rng.normal(size=(4, 3)))
    expected = 0.0
    for i in range(4):
        rows, columns = np.exp(P[i] @ T.T / 0.3), np.exp(P @ T[i] / 0.3)
        expected -= (np.log(rows[i] / rows.sum()) + np.log(columns[i] / columns.sum())) / 4
    assert float(mapping._loss(torch.from_numpy(P), torch.from_numpy(T))) == pytest.approx(expected)
    other = float(mapping._loss(torch.from_numpy(P), torch.from_numpy(T), torch.from_numpy(T)))
    assert other == pytest.approx(
        -np.mean([np.log(np.exp(P[i] @ T[i] / 0.3) / np.exp(P[i] @ T.T / 0.3).sum()) for i in range(4)])
    )


def test_squared_error_by_loops(rng):
    mapping = NeuralMapping(loss="squared")
    mapping.scale_ = 0.3
    P, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = np.mean([np.sum((0.3 * P[i] - T[i]) ** 2) for i in range(4)]) / np.mean(
        [np.sum(T[i] ** 2) for i in range(4)]
    )
    assert float(mapping._loss(torch.from_numpy(P), torch.from_numpy(T))) == pytest.approx(expected)


def test_a_network_by_its_formula():
    mapping = NeuralMapping(hidden=8, max_iter=30, penalty=0.0).fit(X, Z)
    V, b, W = mapping.weights_
    expected = []
    for x in X:
        u = (x - mapping.x_mean_) / np.linalg.norm(x - mapping.x_mean_)
        units = np.array([max(v, 0.0) for v in u @ V + b])
        expected.append(mapping.z_mean_ + mapping.scale_ * (u @ mapping.rotation_ + units @ W))
    np.testing.assert_allclose(mapping.predict(X), expected)
    assert np.abs(W).max() > 0.01


def test_a_large_penalty_leaves_the_rotation():
    options = {"hidden": 0, "learning_rate": 1e-4, "max_iter": 60, "validation_fraction": 0}
    free, held = (NeuralMapping(penalty=penalty, **options).fit(X, Z).weights_[0] for penalty in (0.0, 1e6))
    assert np.abs(held).max() < 0.1 * np.abs(free).max()


def test_the_weight_of_structure_decides_what_it_changes():
    options = {"hidden": 0, "penalty": 0.0, "max_iter": 30, "validation_fraction": 0}
    none, little, much = (NeuralMapping(structure=each, **options).fit(X, Z).predict(X) for each in (0.0, 1e-4, 10.0))
    assert 20 * np.abs(little - none).max() < np.abs(much - none).max()


@pytest.mark.parametrize("loss", ["squared", "infonce"])
def test_goes_on_while_classes_kept_aside_are_found_better(loss):
    mapping = NeuralMapping(loss=loss, hidden=0, penalty=0.0, max_iter=60).fit(X, Z)
    assert mapping.n_iter_ > 2 * CHECK_EVERY


def test_predictions_of_the_classes_have_the_scale_of_least_squared_error():
    mapping = NeuralMapping(hidden=0, penalty=0.0, max_iter=30).fit(X, Z)
    P, T = mapping.predict(MEANS) - mapping.z_mean_, CLASS_VECTORS - mapping.z_mean_
    assert np.sum(P * T) / np.sum(P * P) == pytest.approx(1.0)


def test_stops_when_classes_kept_aside_are_found_no_better(rng):
    noise = rng.normal(size=X.shape)  # nothing to learn: more steps can only do harm
    mapping = NeuralMapping(hidden=0, penalty=0.0, learning_rate=0.1, max_iter=500).fit(noise, Z)
    assert mapping.n_iter_ < 200


def test_neighbourhoods_apart_by_loops(rng):
    before, after = rng.normal(size=(5, 4)), rng.normal(size=(5, 3))

    def chances(A):
        directions = unit_rows(A) - unit_rows(A).mean(axis=0)
        return softmax(directions @ directions.T / 0.2, axis=1)

    P, Q = chances(before), chances(after)
    expected = sum(
        np.mean(jensenshannon(*(np.linalg.matrix_power(side, level) for side in (P, Q)), axis=1) ** 2) / level
        for level in (1, 2)
    )
    found = _divergence(torch.from_numpy(before), torch.from_numpy(after), 0.2, levels=2)
    assert float(found) == pytest.approx(expected / 2)


def test_structure_keeps_neighbourhoods():

    def apart(structure):
        mapping = NeuralMapping(hidden=0, penalty=0.0, structure=structure, max_iter=30, validation_fraction=0).fit(
            X, Z
        )
        directions = unit_rows(MEANS - mapping.x_mean_)
        mapped = torch.from_numpy(mapping._map(directions))
        return float(_divergence(torch.from_numpy(directions), mapped, mapping.temperature, levels=1))

    assert apart(100.0) < apart(0.0)
