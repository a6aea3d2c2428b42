"""Weights by subject: what an untrained network does, what is stored, what the bundled weights find."""

import numpy as np
import pytest
import torch

from alignment.errors import InputError
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import SUBJECT_LENGTH
from alignment.text.subject_attention import SubjectAttention

PAIRS = [  # what the sentence is about, and the company it keeps
    ("A dog watching food cook in an oven", "dog", "oven"),
    ("A bird is eating bread on the table", "bird", "bread"),
    ("A dog lies near the bookshelves", "dog", "bookshelves"),
    ("On the sofa next to a lamp sleeps a cat", "cat", "lamp"),
]


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder(pooling="subject", dtype="float32")


def random_states(layers=3, b=2, t=5, d=4):
    return list(torch.randn((layers, b, t, d), generator=torch.Generator().manual_seed(0)))


def test_an_untrained_network_weighs_all_tokens_alike():
    mask = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    weights = SubjectAttention((0, 2), 4, 3, share=0.8)(random_states(), mask)
    np.testing.assert_allclose(weights.detach(), mask / mask.sum(dim=1, keepdim=True), atol=1e-6)


def test_weights_by_a_loop():
    attention = SubjectAttention((0, 2), 4, 3, share=0.8)
    for parameter in attention.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    states, mask = random_states(), torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    with torch.no_grad():
        weights = attention(states, mask)
        for row, tokens in enumerate((3, 5)):
            features = torch.cat([states[0][row, :tokens], states[2][row, :tokens]], dim=-1)
            logits = attention.outer(torch.nn.functional.gelu(attention.inner(features)))[:, 0]
            expected = 0.8 * logits.softmax(dim=0) + 0.2 / tokens
            np.testing.assert_allclose(weights[row, :tokens], expected, atol=1e-6)
            assert not weights[row, tokens:].any()


def test_what_is_saved_is_loaded(tmp_path):
    attention = SubjectAttention((1,), 4, 3, share=0.6)
    torch.nn.init.normal_(attention.outer.weight)
    attention.mean += 1.0
    attention.save(tmp_path / "weights.safetensors")
    read = SubjectAttention.load(tmp_path / "weights.safetensors")
    assert (read.layers, read.share) == ((1,), 0.6)
    mask = torch.ones((2, 5), dtype=torch.int64)
    with torch.no_grad():
        np.testing.assert_array_equal(read(random_states(), mask), attention(random_states(), mask))


@pytest.mark.parametrize(("sentence", "subject", "company"), PAIRS)
def test_the_subject_weighs_more_than_its_company(encoder, sentence, subject, company):
    words = encoder.subject_weights([sentence])[0]
    weights = {sentence[place.start : place.stop]: weight for place, weight in words}
    assert sum(weight for _, weight in words) == pytest.approx(1, abs=1e-5)
    assert weights[subject] > 2 * weights[company]


def test_the_pooling_is_lexical_beside_lexical_by_weights(encoder):
    sentence = PAIRS[0][0]
    vector = encoder.encode([sentence])[0]
    lexical = TextEncoder(pooling="lexical", dtype="float32").encode([sentence])[0]
    np.testing.assert_allclose(vector[: len(lexical)], lexical, atol=1e-6)
    weighted = vector[len(lexical) :]
    assert np.linalg.norm(weighted) == pytest.approx(SUBJECT_LENGTH * np.linalg.norm(lexical), rel=1e-5)
    dog, oven = TextEncoder(pooling="lexical", dtype="float32").encode(["dog", "oven"])
    gain = [(weighted / np.linalg.norm(weighted) - lexical / np.linalg.norm(lexical)) @ word for word in (dog, oven)]
    assert gain[0] > 0 > gain[1]
    half = len(lexical) // 2  # after which come the vectors that the vocabulary holds, weighted in the same way
    more = weighted[half:] / np.linalg.norm(weighted[half:]) - lexical[half:] / np.linalg.norm(lexical[half:])
    assert more @ dog[half:] > 0 > more @ oven[half:]


def test_it_is_refused_for_another_encoder(tmp_path):
    with pytest.raises(InputError, match="was learned for 'minilm' alone"):
        TextEncoder(str(tmp_path), pooling="subject")
