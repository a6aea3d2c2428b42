"""Encoding several text spaces (layers, poolings) in one pass of an encoder: the pass is slow, the pooling is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from alignment.progress import Progress
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.pooling import POOLINGS
from alignment.text.sentence_transformers_folder import OWN_POOLING

TOGETHER_BYTES = 512_000_000  # of vectors in memory at once


def is_to_encode(spaces: PairedSpaces) -> bool:
    """Whether the seeds are not encoded yet, and can share a pass with other spaces: built-in seeds, pooled by an entry
    of the registry."""
    settings = spaces.settings
    can_share = settings.pooling != OWN_POOLING and not settings.has_own_seeds
    return can_share and not spaces.sentence_vectors.has_seeds


def taken_together(several: Sequence[PairedSpaces]) -> Iterator[list[PairedSpaces]]:
    """Split spaces, in order, into groups whose vectors fit into memory."""
    group: list[PairedSpaces] = []
    size = 0
    for spaces in several:
        taken = 4 * spaces.encoder.dim * len(spaces.seeds)
        if group and size + taken > TOGETHER_BYTES:
            yield group
            group, size = [], 0
        group.append(spaces)
        size += taken
    if group:
        yield group


def encode_for_every_pooling(spaces: PairedSpaces, progress: Progress) -> None:
    """Encode the seeds of spaces with all poolings of the same layer, unless those of the spaces are cached.

    Another pooling can then be chosen without another pass. As many as fit into memory, the chosen pooling first.
    """
    if not is_to_encode(spaces):
        return
    settings, cache = spaces.settings, spaces.cache.folder.parent
    poolings = (key for key, one in POOLINGS.items() if key != settings.pooling and one.suits(settings.encoder))
    others = (PairedSpaces(replace(settings, pooling=pooling), cache=cache) for pooling in poolings)
    new = [other for other in others if is_to_encode(other)]
    encode_together(next(taken_together([spaces, *new])), progress)


def encode_together(several: Sequence[PairedSpaces], progress: Progress) -> None:
    """Encode the seeds of spaces that differ only in layer and pooling, and cache each as if encoded alone.

    The vectors are the same to the last bit, because batches depend only on the sentences' numbers of tokens. Nothing
    is cached where the memory of a card was too short for some of them, which were then encoded on the CPU.
    """
    encoder, seeds = several[0].encoder, several[0].seeds
    begun_in = encoder.computed_in
    poolings = [(spaces.encoder.layer, spaces.encoder.pooling_function) for spaces in several]
    vectors = [np.empty((len(seeds), spaces.encoder.dim), dtype=np.float32) for spaces in several]

    def report(done: int, total: int) -> None:
        progress(f"Encoding for {len(several)} text spaces", done, total)

    for rows, batch in encoder.token_batches(seeds.sentences, seeds.terms, progress=report):
        for into, (layer, pool) in zip(vectors, poolings, strict=True):
            into[rows] = pool(replace(batch, states=batch.layers[layer])).cpu().numpy()
    if encoder.computed_in == begun_in:
        for spaces, X in zip(several, vectors, strict=True):
            spaces.sentence_vectors.keep_seeds(X)
