"""Mappings that torch trains on a card, as far as that can be tested without one."""

import numpy as np
import pytest
import torch

from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.execution import placement
from alignment.mappings import MAPPINGS, make_mapping
from alignment.mappings.learned_attention import LearnedAttention, _sum_by_label
from alignment.mappings.linear_softmax import LinearSoftmax
from alignment.mappings.neural import NeuralMapping
from alignment.mappings.torch_mapping import TorchMapping
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, NEW, X, Z

FAMILIES = [LinearSoftmax, LearnedAttention, NeuralMapping, lambda **given: NeuralMapping(loss="squared", **given)]


@pytest.fixture
def card(monkeypatch):
    """A machine with a card, as far as names go."""
    monkeypatch.setattr(placement, "devices_here", lambda: {"cuda": "A card", "cpu": "processor"})
    monkeypatch.setattr(placement, "_warned", set())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_card_too_small_leaves_the_training_to_the_cpu(family, card, monkeypatch, caplog):
    move = torch.Tensor.to

    def moved(tensor, device, *rest):
        if device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return move(tensor, device, *rest)

    monkeypatch.setattr(torch.Tensor, "to", moved)
    mapping = family(device="cuda").fit(X, Z)
    np.testing.assert_array_equal(mapping.predict(NEW), family().fit(X, Z).predict(NEW))  # from the start again
    said = "The graphics card has too little memory free for these mappings; the CPU is used."
    assert [record.message for record in caplog.records] == [said]


@pytest.mark.parametrize("family", FAMILIES)
def test_all_tensors_are_on_the_device_of_the_training(family, monkeypatch):
    """On torch's meta device, tensors of another device would be an error, as on a card."""
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: torch.zeros(tensor.shape))  # meta tensors have no numbers
    monkeypatch.setattr(torch.Tensor, "__float__", lambda tensor: 0.0)
    adam = torch.optim.Adam
    monkeypatch.setattr(torch.optim, "Adam", lambda parameters, fused=False, **given: adam(parameters, **given))
    monkeypatch.setattr(torch.optim, "LBFGS", lambda parameters, **_: Stepping())
    family()._fit_on("meta", X, Z, **({"membership": None, "groups": None} if family is LearnedAttention else {}))


class Stepping:
    """An optimiser that calls the closure, and changes nothing."""

    def zero_grad(self):
        pass

    def step(self, closure):
        closure()


def test_pairs_say_where_the_mappings_of_the_registry_are_trained(monkeypatch):
    trained_on = []

    def fit_on(mapping, device, X, Z, **metadata):
        trained_on.append((type(mapping).__name__, mapping.device))

    for family in (LinearSoftmax, LearnedAttention, NeuralMapping):
        monkeypatch.setattr(family, "_fit_on", fit_on)
    monkeypatch.setattr(placement, "devices_here", lambda: {"mps": "A card", "cpu": "processor"})
    pairs = SeedPairs(X, np.eye(len(CLASS_VECTORS), dtype=bool)[LABELS], CLASS_VECTORS, device="mps")
    for key in ("linear-softmax", "learned-attention", "mlp-squared", "mlp-contrastive"):
        fit_pairs(make_mapping(key), pairs.subset(np.arange(len(X))))
    assert {device for _, device in trained_on} == {"mps"} and len(trained_on) == 4


def test_every_mapping_that_torch_trains_is_trained_on_the_cpu_unless_asked():
    """So that its key in the cache is what it was before there was a choice."""
    for key in MAPPINGS:
        mapping = make_mapping(key)
        assert "device" not in repr(mapping)
        parts = [mapping, *mapping.get_params().values()]
        assert all(part.device == "cpu" for part in parts if isinstance(part, TorchMapping))


def test_sums_by_label_are_the_same_on_a_card():
    values, labels = torch.rand(50), torch.randint(0, 7, (50,))
    expected = torch.zeros(7).index_put((labels,), values, accumulate=True)
    torch.testing.assert_close(_sum_by_label(values, labels, 7), expected)
