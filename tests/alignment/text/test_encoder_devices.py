"""The encoder on a graphics card, as far as that can be tested without one: what is moved there stays where it is."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.text import hidden_states
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import POOLINGS

SENTENCES = ["I have a cat", "I have a dog", "I have a pony", "dog", "A very small café on the corner"]


@pytest.fixture
def card(monkeypatch):
    """A machine with a card, as far as names go: models stay on the CPU, whatever they are loaded for."""
    load = hidden_states.load_model
    monkeypatch.setattr("alignment.execution.placement.devices_here", lambda: {"cuda": "A card", "cpu": "processor"})
    monkeypatch.setattr(
        hidden_states, "load_model", lambda folder, fingerprint, dtype, device: load(folder, "", dtype, "cpu")
    )


@pytest.fixture
def short(monkeypatch):
    """Sets how many sentences fit the card's memory at a time; gives the sizes of the batches that were tried."""
    forward, tried = TextEncoder._forward, []

    def limited(fits):
        def in_memory(self, sentences):
            tried.append((self.placement.device, len(sentences)))
            if self.placement.device != "cpu" and len(sentences) > fits:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return forward(self, sentences)

        monkeypatch.setattr(TextEncoder, "_forward", in_memory)
        return tried

    return limited


def test_on_a_card_linear_layers_multiply_in_float32(card):
    encoder = TextEncoder()
    assert encoder.placement.device == "cuda"
    assert encoder.dtype == "float32" and encoder.computed_in == "float32 on cuda"
    assert TextEncoder(dtype="float16").computed_in == "float16 on cuda"
    assert TextEncoder(device="cpu", dtype="bfloat16").computed_in == "bfloat16"  # as it always was


def test_batches_that_exceed_the_cards_memory_are_halved(card, short):
    expected = TextEncoder(device="cpu", dtype="float32").encode(SENTENCES)
    tried, encoder = short(2), TextEncoder()
    assert_allclose(encoder.encode(SENTENCES), expected, atol=1e-5)
    assert tried == [("cuda", 1), ("cuda", 3), ("cuda", 1), ("cuda", 1), ("cuda", 1), ("cuda", 1)]
    assert len(encoder.placement.notes) == 1


def test_where_one_sentence_exceeds_it_the_cpu_encodes_them_all(card, short):
    expected = TextEncoder(device="cpu").encode(SENTENCES)
    tried, encoder = short(0), TextEncoder()
    np.testing.assert_array_equal(encoder.encode(SENTENCES), expected)  # not some of them by the card
    assert tried[0] == ("cuda", 1) and encoder.placement.device == "cpu" and "on cuda" not in encoder.computed_in
    assert len(encoder.placement.notes) == 1


def test_weights_that_exceed_it_are_loaded_for_the_cpu(card, monkeypatch):
    load = hidden_states.load_model

    def loaded(folder, fingerprint, dtype, device):
        if device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return load(folder, fingerprint, dtype, device)

    monkeypatch.setattr(hidden_states, "load_model", loaded)
    encoder = TextEncoder(pooling="subject")
    assert encoder.encode(SENTENCES).shape == (5, 1536)
    assert encoder.words("I have a cat")[0] == ["I", "have", "a", "cat"]
    assert encoder.placement.device == "cpu" and len(encoder.placement.notes) == 1


@pytest.mark.parametrize("key", POOLINGS)
def test_poolings_leave_their_tensors_on_the_device_of_the_states(key, monkeypatch):
    """On torch's meta device, tensors of another device would be an error, as on a card."""
    encoder = TextEncoder(pooling=key, dtype="float32", device="cpu")
    ((_, batch),) = encoder.token_batches(SENTENCES[:3], ["cat", "dog", "pony"])
    fields = {name: getattr(batch, name).to("meta") for name in ("states", "mask", "ids", "in_word")}
    moved = type(batch)(**fields, layers=[layer.to("meta") for layer in batch.layers], lexical_sums=batch.lexical_sums)
    table = torch.nn.Embedding(30522, 384, device="meta")
    monkeypatch.setattr(TextEncoder, "_model", lambda self, device: torch.nn.Module())
    monkeypatch.setattr(torch.nn.Module, "get_input_embeddings", lambda self: table, raising=False)
    pooled = encoder.pooling_function(moved)
    assert pooled.device.type == "meta" and pooled.shape == (3, encoder.dim)


@pytest.mark.parametrize("weighted", [False, True])
def test_lexical_sums_without_embedding_bag_are_the_same(weighted):
    encoder = TextEncoder(pooling="lexical", dtype="float32", device="cpu")
    ((_, batch),) = encoder.token_batches(SENTENCES[:3])
    weights = torch.rand(batch.ids.shape, generator=torch.Generator().manual_seed(0)) if weighted else None
    vectors = encoder._model("cpu").get_input_embeddings().weight.detach()
    total = encoder._rarity_weights[batch.ids] * (1 if weights is None else weights)
    expected = (vectors[batch.ids] * total.unsqueeze(-1)).sum(dim=1)
    assert_allclose(batch.lexical_sums(batch.ids, weights), expected, atol=1e-6)


def test_a_device_that_is_not_here_is_refused_before_a_download():
    if torch.cuda.is_available():
        pytest.skip("it is here")
    with pytest.raises(InputError, match=r"finds no device 'cuda' here; it can use .*cpu"):
        TextEncoder("some/repository", device="cuda")
