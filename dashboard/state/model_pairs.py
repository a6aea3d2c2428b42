"""Pairs of text encoder and generator that the sidebar offers."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.images import checkpoints as generators
from alignment.text import checkpoints as encoders
from dashboard.state import limits

OWN = "own"


@dataclass(frozen=True)
class Pair:
    """A text encoder and a generator, offered together."""

    label: str
    encoder: str
    generator: str


PAIRS = {
    "bundled": Pair("Bundled", "minilm", "bundled"),
    "biggan-deep-128": Pair("DistilBERT + BigGAN-deep-128", "distilbert-base-uncased", "biggan-deep-128"),
    "biggan-deep-256": Pair("DistilBERT + BigGAN-deep-256", "distilbert-base-uncased", "biggan-deep-256"),
    "biggan-deep-512": Pair("DistilBERT + BigGAN-deep-512", "distilbert-base-uncased", "biggan-deep-512"),
    OWN: Pair("Own models", "", ""),
}


def offered_pairs() -> dict[str, Pair]:
    """The pairs that visitors of this server may choose."""
    allowed = limits.allowed()
    if allowed.own_models and allowed.downloads:
        return PAIRS
    own = {OWN: PAIRS[OWN]} if allowed.own_models else {}
    named = {key: pair for key, pair in PAIRS.items() if key != OWN}
    return {key: pair for key, pair in named.items() if allowed.downloads or _is_here(pair)} | own


def _is_here(pair: Pair) -> bool:
    return encoders.is_here(pair.encoder) and generators.is_here(pair.generator)
