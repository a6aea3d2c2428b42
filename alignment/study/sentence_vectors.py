"""Sentence vectors (embeddings in text space): encoded once, and cached on disk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from alignment.errors import InputError
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, artifact_key, callers_code
from alignment.study.cache.store import ArtifactCache
from alignment.study.seed_reader import SeedReader
from alignment.text.encoder import TextEncoder
from alignment.vectors.read_only import read_only


class SentenceVectors:
    """Encodes the seeds and other sentences that are worth caching.

    Parameters
    ----------
    encoder : TextEncoder
    seed_reader : SeedReader
    cache : ArtifactCache
    """

    def __init__(self, encoder: TextEncoder, seed_reader: SeedReader, cache: ArtifactCache):
        self._encoder, self._seed_reader, self._cache = encoder, seed_reader, cache

    def key(self, sentences: Sequence[tuple[str, str]]) -> ArtifactKey:
        """Cache key of sentence vectors, for sentences with the word to pool over."""
        encoder = self._encoder
        pooling = callers_code(encoder.pooling_function)
        layer = encoder.layer % (encoder.n_layers + 1)  # the last one under both its numbers
        reads = (encoder.fingerprint, layer, encoder.pooling, pooling, encoder.computed_in)
        about = f"{encoder.source} {encoder.layer} {encoder.pooling}, {len(sentences):,} sentences"
        return artifact_key(artifacts.sentence_vectors, *reads, sentences, about=about)

    @property
    def digest_of_seeds(self) -> str:
        """Digest of everything that the seeds' vectors depend on."""
        encoded = self._seed_reader.encoded
        return encoded.digest if encoded else self.key(self._seed_sentences()).digest

    @property
    def has_seeds(self) -> bool:
        """Whether the vectors of the seeds are cached."""
        return self._cache.has(self.key(self._seed_sentences()))

    def keep_seeds(self, X: np.ndarray) -> None:
        """Cache the vectors of the seeds that were encoded elsewhere, float32 array (n, d_text)."""
        self._cache.write(self.key(self._seed_sentences()), X)

    def of(self, sentences: list[tuple[str, str]], progress: Progress | None = None) -> np.ndarray:
        """Vectors of sentences, each with the word to pool over ("" for all): float32 array (n, d_text)."""
        compute = partial(artifacts.sentence_vectors, self._encoder, sentences, progress)
        return self._cache.fetch(partial(self.key, sentences), compute)

    def of_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """Vectors of the seeds: float32 array (n, d_text), read-only.

        Raises
        ------
        InputError
            When all have the same vector.
        """
        vectors = self._encode_seeds(progress)
        if len(vectors) > 1 and (vectors == vectors[0]).all():
            raise InputError(
                f"Every sentence has the same vector at layer {self._encoder.layer} with the pooling "
                f"{self._encoder.pooling!r}, so nothing can be learned from them; choose another layer or pooling."
            )
        return read_only(vectors)

    def _encode_seeds(self, progress: Progress | None) -> np.ndarray:
        """Encode the seeds; an edited dictionary takes sentences shared with the built-in seeds from the cache."""
        if self._seed_reader.encoded:
            return self._seed_reader.encoded.X
        sentences = self._seed_sentences()
        built_in = self._seed_reader.built_in.sentences_with_terms(with_terms=self._encoder.needs_words)
        place = {sentence: row for row, sentence in enumerate(built_in)}
        new = list(dict.fromkeys(sentence for sentence in sentences if sentence not in place))
        little_is_shared = 2 * (len(sentences) - len(new)) < len(built_in)
        if sentences == built_in or little_is_shared:
            return self.of(sentences, progress)
        known = self.of(built_in, progress)
        place |= {sentence: len(built_in) + row for row, sentence in enumerate(new)}
        return np.vstack([known, self.of(new, progress)])[[place[sentence] for sentence in sentences]]

    def _seed_sentences(self) -> list[tuple[str, str]]:
        return self._seed_reader.seeds.sentences_with_terms(with_terms=self._encoder.needs_words)
