"""Training of the token attention of the pooling ``subject``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.sparse import csr_array
from torch import Tensor
from torch.nn.functional import normalize
from tqdm import tqdm

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.evaluation.paraphrase_groups import paraphrase_covariance, paraphrase_groups
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import LEXICAL_LENGTH
from alignment.text.subject_attention import SUBJECT_WEIGHTS, SubjectAttention
from alignment.vectors.class_means import group_means, shares, unit_rows
from training.subject_sentences import composed_sentences

SENTENCES = 60_000
LAYERS = (3, 6)  # of MiniLM's six
HIDDEN_UNITS = 64
LEARNED_SHARE = 0.8  # of the weights; the rest are even
STEPS = 700
BATCH = 256
COMPOSED_SHARE = 0.65  # of a batch; the rest are seed sentences
LEARNING_RATE, WEIGHT_DECAY = 2e-3, 1e-3
TEMPERATURE = 0.05
SCALING_TOKENS = 20_000  # tokens used for mean and deviation of the features
CLASSES = 1000
logger = logging.getLogger(__name__)


@dataclass
class TokenStates:
    """Token states of n sentences, concatenated.

    Parameters
    ----------
    layers : dict from layer to float16 tensor (T, hidden size)
    lexical : float16 tensor (T, hidden size)
        ``w_t e_t``, as for the pooling ``lexical``.
    starts : int array (n + 1,)
        Sentence i has the tokens from ``starts[i]`` to ``starts[i + 1]``.
    """

    layers: dict[int, Tensor]
    lexical: Tensor
    starts: np.ndarray

    def batch(self, rows: np.ndarray) -> tuple[dict[int, Tensor], Tensor, Tensor]:
        """Padded states of every layer (b, t, d), lexical vectors (b, t, d) and mask (b, t) of some sentences."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        steps = np.arange(lengths.max())
        at = self.starts[rows][:, None] + np.minimum(steps, lengths[:, None] - 1)
        mask = torch.from_numpy((steps < lengths[:, None]).astype(np.float32))
        return {layer: states[at].float() for layer, states in self.layers.items()}, self.lexical[at].float(), mask


def token_states(encoder: TextEncoder, sentences: list[str]) -> TokenStates:
    """Encode sentences: hidden states of :data:`LAYERS` and of the last layer, and lexical vectors, of every token."""
    wanted = sorted({*LAYERS, encoder.n_layers})
    parts: dict[int, tuple[list[Tensor], Tensor]] = {}
    with tqdm(total=len(sentences), desc="Encoding", leave=False) as bar:
        for rows, batch in encoder.token_batches(sentences):
            b, t = batch.ids.shape
            single = batch.lexical_sums(batch.ids.reshape(-1, 1)).reshape(b, t, -1)
            for place, row in enumerate(rows):
                states = [batch.layers[layer][place].half() for layer in wanted]
                parts[int(row)] = (states, single[place].half())
            bar.update(len(rows))
    ordered = [parts[row] for row in range(len(sentences))]
    layers = {layer: torch.cat([states[place] for states, _ in ordered]) for place, layer in enumerate(wanted)}
    starts = np.r_[0, np.cumsum([len(lexical) for _, lexical in ordered])]
    return TokenStates(layers, torch.cat([lexical for _, lexical in ordered]), starts)


Pool = Callable[[TokenStates, np.ndarray], Tensor]
"""Function from the tokens of some sentences, given by their rows (b,), to their vectors, (b, 2 d)."""


def pooled(attention: SubjectAttention | None, states: TokenStates, rows: np.ndarray) -> Tensor:
    """Concatenated contextual and lexical mean, (b, 2 d), weighted by the attention, or evenly."""
    layers, lexical, mask = states.batch(rows)
    weights = mask / mask.sum(dim=1, keepdim=True) if attention is None else attention(layers, mask)
    last = layers[max(layers)]
    means = [(weights.unsqueeze(-1) * values).sum(1) for values in (last, lexical)]
    return torch.hstack([normalize(means[0], dim=1), LEXICAL_LENGTH * normalize(means[1], dim=1)])


EVENLY = partial(pooled, None)


class ClassKeys:
    """Directions of the classes in whitened text space, and cosines of pooled sentences with them."""

    def __init__(self, X: np.ndarray, membership: csr_array, groups: np.ndarray):
        _, first, labels = np.unique(groups, return_index=True, return_inverse=True)
        whitening = WithinClassWhitening().fit(X, np.arange(len(X)), paraphrase_covariance(X, groups)).whitening_
        means = group_means(unit_rows(unit_rows(X) @ whitening), labels)
        weights = shares(membership[first])
        texts = weights.T @ means / np.asarray(weights.sum(axis=0)).ravel()[:, None]
        self.whitening = torch.from_numpy(whitening).float()
        self.mean = torch.from_numpy(texts.mean(axis=0)).float()
        self.directions = torch.from_numpy(unit_rows(texts - texts.mean(axis=0))).float()

    def cosines(self, vectors: Tensor) -> Tensor:
        """Cosine (b, K) of pooled sentences (b, 2 d) with every class."""
        whitened = normalize(normalize(vectors, dim=1) @ self.whitening, dim=1)
        return normalize(whitened - self.mean, dim=1) @ self.directions.T


@dataclass
class Source:
    """Training sentences: their tokens, their classes, and their sampling probabilities.

    ``rows`` (m,) are those to sample from, with ``probability`` (m,), by default uniform.
    """

    states: TokenStates
    named: csr_array
    rows: np.ndarray
    probability: np.ndarray | None = None

    def loss(self, pool: Pool, keys: ClassKeys, size: int, rng: np.random.Generator) -> Tensor:
        """Cross-entropy over all classes for sampled sentences; any class of a sentence counts as right."""
        rows = rng.choice(self.rows, size, p=self.probability)
        logits = keys.cosines(pool(self.states, rows)) / TEMPERATURE
        right = torch.from_numpy(self.named[rows].toarray())
        return (logits.logsumexp(1) - logits.masked_fill(~right, -torch.inf).logsumexp(1)).mean()


@dataclass
class Material:
    """Training data: composed sentences and seed sentences, encoded.

    Parameters
    ----------
    composed : DataFrame
        From :func:`~training.subject_sentences.composed_sentences`.
    states : TokenStates
        Of the composed sentences.
    seeds : SeedDictionary
    keys : ClassKeys
        Made from the seeds; fixed during training.
    sources : [Source, Source]
        Composed sentences without held-out frames and terms, and the seeds.
    """

    composed: pd.DataFrame
    states: TokenStates
    seeds: SeedDictionary
    keys: ClassKeys
    sources: list[Source]

    @classmethod
    def encoded(cls, encoder: TextEncoder, sentences: int, seed: int) -> Material:
        """Compose ``sentences`` sentences, and encode them and the seeds."""
        classes = ClassTable(range(CLASSES))
        composed, seeds = composed_sentences(sentences, random_state=seed), default_seeds(classes)
        states = token_states(encoder, composed["sentence"].tolist())
        seed_states = token_states(encoder, seeds.sentences)
        membership = seeds.membership(classes)
        groups = paraphrase_groups(seeds.terms, membership)
        rarely = 1 / np.bincount(groups)[groups] ** 0.5
        sources = [
            Source(states, _membership(composed["classes"]), np.flatnonzero(composed["held_out"] == "train")),
            Source(seed_states, membership, np.arange(len(seeds)), rarely / rarely.sum()),
        ]
        keys = ClassKeys(pooled_rows(EVENLY, seed_states), membership, groups)
        return cls(composed, states, seeds, keys, sources)

    def keys_of(self, rows: np.ndarray, classes: np.ndarray) -> ClassKeys:
        """Keys of some classes, made from some of the seeds."""
        source = self.sources[1]
        X, groups = pooled_rows(EVENLY, source.states)[rows], paraphrase_groups(self.seeds.terms, source.named)[rows]
        return ClassKeys(X, source.named[rows][:, classes], groups)


def train(
    output: Path = SUBJECT_WEIGHTS,
    *,
    sentences: int = SENTENCES,
    steps: int = STEPS,
    seed: int = 0,
) -> None:
    """Train the attention on composed sentences and seed sentences, and write it to ``output``.

    The encoder and the class keys are fixed. The company of a subject is as wrong as every other class.
    """
    encoder = TextEncoder("minilm", dtype="float32")
    material = Material.encoded(encoder, sentences, seed)
    attention = learn_attention(material, encoder.hidden_size, steps=steps, seed=seed)
    for name, pool in (("even", EVENLY), ("learned", partial(pooled, attention))):
        for whose, found in nearest_shares(pool, material).items():
            logger.info("%s weights, held-out sentences: %s nearest in %.3f", name, whose, found)
    attention.save(output)


def learn_attention(material: Material, hidden_size: int, *, steps: int = STEPS, seed: int = 0) -> SubjectAttention:
    """Train the attention on the material."""
    torch.manual_seed(seed)
    attention = SubjectAttention(LAYERS, hidden_size, HIDDEN_UNITS, LEARNED_SHARE)
    features = torch.hstack([material.states.layers[layer][:SCALING_TOKENS].float() for layer in LAYERS])
    attention.mean, attention.deviation = features.mean(dim=0), features.std(dim=0) + 1e-3
    minimise_loss(attention, partial(pooled, attention), material, steps=steps, rate=LEARNING_RATE, seed=seed)
    return attention.eval()


def minimise_loss(
    model: torch.nn.Module, pool: Pool, material: Material, *, steps: int, rate: float, seed: int
) -> None:
    """Train the parameters of a model that ``pool`` uses to compute sentence vectors."""
    rng = np.random.default_rng(seed)
    sizes = [int(BATCH * COMPOSED_SHARE), BATCH - int(BATCH * COMPOSED_SHARE)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=0.1)
    for step in tqdm(range(steps), "Learning", leave=False):
        batches = zip(material.sources, sizes, strict=True)
        parts = [source.loss(pool, material.keys, size, rng) for source, size in batches]
        loss = sum((part * size / BATCH for part, size in zip(parts, sizes, strict=True)), start=torch.zeros(()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            logger.info("step %d, loss %.3f", step + 1, loss.item())


def pooled_rows(pool: Pool, states: TokenStates) -> np.ndarray:
    """Vectors of all sentences: float32 (n, 2 d)."""
    with torch.inference_mode():
        return torch.cat([pool(states, rows) for rows in _blocks(np.arange(len(states.starts) - 1))]).numpy()


def nearest_shares(pool: Pool, material: Material) -> dict[str, float]:
    """Share of sentences whose nearest class is the subject ("classes"), and of those where it is the "company".

    Over sentences with company whose frame and terms were held out.
    """
    composed = material.composed
    rows = np.flatnonzero((composed["held_out"] == "test") & (composed["company"].str.len() > 0))
    with torch.inference_mode():
        cosines = (material.keys.cosines(pool(material.states, block)) for block in _blocks(rows))
        first = np.concatenate([block.argmax(1).numpy() for block in cosines])
    return {
        whose: float(np.mean([k in named for k, named in zip(first, composed[whose].iloc[rows], strict=True)]))
        for whose in ("classes", "company")
    }


def _blocks(rows: np.ndarray) -> list[np.ndarray]:
    return np.array_split(rows, len(rows) // 1024 + 1)


def _membership(classes: pd.Series) -> csr_array:
    indices = np.concatenate([np.asarray(named) for named in classes])
    starts = np.r_[0, np.cumsum(classes.str.len())]
    return csr_array((np.ones(len(indices), bool), indices, starts), shape=(len(classes), CLASSES))
