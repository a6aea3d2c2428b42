"""Encoder sweep: every sentence encoded once, and the figures of classes those of an evaluation of all sentences."""

from dataclasses import replace

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.encoder_sweep import MAX_LAYERS, sweep_encoder
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import make_mapping
from alignment.vectors.class_means import group_means
from tests.alignment.evaluation.made_up_pairs import CLASS_VECTORS, MEMBERSHIP, N, X
from tests.alignment.mappings.toy import LABELS, PER_CLASS

TEXTS = [f"sentence {row}" for row in range(N)]
TEXTS[N - 5] = f"{TEXTS[1].upper()}!"  # a near-copy of a sentence about another class
TERMS = [f"word {k}" if row % PER_CLASS in (0, 2) else "" for row, k in enumerate(LABELS)] + [""] * 4


class DeepEncoder:
    """Twenty blocks, each of which adds noise to the vectors; keeps what it was asked for."""

    n_layers = 20
    noise = np.random.default_rng(1).normal(size=X.shape)

    def states(self, layer):
        return (X + 0.5 * layer * self.noise).astype(np.float32)

    def encode_layers(self, texts, **asked):
        self.texts, self.asked = texts, asked
        labels = np.unique(asked["groups"], return_inverse=True)[1]
        return {"mean": np.stack([group_means(self.states(layer), labels) for layer in asked["layers"]])}


@pytest.fixture
def pairs():
    return SeedPairs(np.zeros_like(X), MEMBERSHIP, CLASS_VECTORS, texts=TEXTS, terms=TERMS)


def test_layers_of_a_deep_encoder_are_evenly_spaced_with_the_first_and_the_last(pairs):
    encoder = DeepEncoder()
    table = sweep_encoder(encoder, make_mapping("ridge"), pairs)
    assert list(encoder.texts) == TEXTS and list(encoder.asked["words"]) == TERMS
    layers = table["layer"].tolist()
    assert layers[0] == 0 and layers[-1] == 20 and len(layers) == MAX_LAYERS
    assert set(np.diff(layers)) == {1, 2} and set(table["pooling"]) == {"mean"}


def test_figures_of_classes_are_those_of_all_sentences(pairs):
    table = sweep_encoder(DeepEncoder(), make_mapping("ridge"), pairs, random_state=3).set_index("layer")
    for layer in (0, 20):
        whole = replace(pairs, X=DeepEncoder().states(layer))
        expected = evaluate(make_mapping("ridge"), whole, whole.folds(random_state=3)).summary()
        for figure in ("p_at_1", "p_at_10", "mrr", "median_rank", "cka"):
            assert table.loc[layer, figure] == pytest.approx(expected[figure], rel=1e-4)


@pytest.mark.parametrize("lacking", ["texts", "terms"])
def test_texts_and_terms_are_needed(pairs, lacking):
    with pytest.raises(InputError, match="needs the texts and the terms"):
        sweep_encoder(DeepEncoder(), make_mapping("ridge"), replace(pairs, **{lacking: None, "groups": None}))
