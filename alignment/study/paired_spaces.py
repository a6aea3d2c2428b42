"""Text space and class space of a study, the seed pairs between them, and the mappings fitted on these."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment.class_embeddings.class_space import ClassSpace, EmbeddingMatrix
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.prompts import EXAMPLES
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError, check_type
from alignment.evaluation.out_of_distribution import DistanceToSeeds
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.execution.locks import Once, shared_property
from alignment.images.generator import ImageGenerator
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.progress import Progress, check_progress
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, artifact_key, digest, estimator_identity, source_digest
from alignment.study.cache.store import ArtifactCache
from alignment.study.mapping_files import (
    FittedMapping,
    MappingFile,
    check_mapping,
    check_suffix,
    detached,
    is_mapping_file,
    mapping_bytes,
    read_mapping,
)
from alignment.study.prompt_reader import PromptReader
from alignment.study.seed_reader import SeedReader
from alignment.study.sentence_vectors import SentenceVectors
from alignment.study.settings import CACHE, Settings
from alignment.text.encoder import TextEncoder
from alignment.text.readable_sentences import check_sentences
from alignment.vectors.class_means import class_means
from alignment.vectors.points import checked_points
from alignment.vectors.read_only import read_only

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class PairedSpaces:
    """A text space, a class space, the seeds in both, and mappings from one to the other.

    Artifacts are computed on first use and cached under a key of everything they depend on, so that a second object
    with the same settings computes none of them again.

    Parameters
    ----------
    settings : Settings
    cache : Path
        Folder of the cache; see :class:`~alignment.study.cache.store.ArtifactCache`.
    progress : callable, optional
        Reports the download of a published generator, in bytes.
    encoder : TextEncoder, optional
        The encoder of ``settings``, if it is already open.

    Attributes
    ----------
    seed_reader : SeedReader
    prompt_reader : PromptReader
    sentence_vectors : SentenceVectors
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        cache: str | Path = CACHE,
        progress: Progress | None = None,
        encoder: TextEncoder | None = None,
    ):
        settings = Settings() if settings is None else settings
        check_type(settings, Settings, "A study is made of Settings, such as Settings(encoder=...)")
        check_type(cache, (str, os.PathLike), "cache is the folder of what is computed, such as 'cache'")
        check_progress(progress)
        wanted = "encoder takes an open TextEncoder (to name one, pass Settings(encoder='minilm'))"
        check_type(encoder, (TextEncoder, type(None)), wanted)
        self.cache = ArtifactCache(cache)
        self._mappings, self._mapping_files = Once(), Once()
        self.encoder = encoder or TextEncoder(
            settings.encoder, layer=settings.layer, pooling=settings.pooling, device=settings.device
        )
        self.settings = settings = replace(settings, pooling=self.encoder.pooling)
        classes, notes = read_classes(settings.classes) if settings.classes else (None, [])
        self.space: ClassSpace = (
            EmbeddingMatrix(settings.class_embeddings, classes)
            if settings.class_embeddings
            else ImageGenerator(settings.generator, device=settings.device, classes=classes, progress=progress)
        )
        self.seed_reader = SeedReader(settings, self.encoder, self.classes, self.cache)
        self.prompt_reader = PromptReader(self.encoder, self.classes, self.seed_reader)
        self.sentence_vectors = SentenceVectors(self.encoder, self.seed_reader, self.cache)
        self._notices = [*notes, *self.encoder.notes, *self.space.notes]

    def __repr__(self) -> str:
        settings = self.settings
        read = f"{settings.encoder}, layer {settings.layer}, pooling {settings.pooling}"
        return f"<{type(self).__name__}: {read} -> {settings.class_space}, {len(self.classes):,} classes>"

    def __reduce__(self):
        """Pickle as settings and cache folder: a copy, in this process or another, reads the cached artifacts."""
        return partial(type(self), cache=self.cache.folder.parent), (self.settings,)

    @property
    def notices(self) -> list[str]:
        """Notices about data left out or read in an unusual way; those about seeds only once these are read."""
        return [*self._notices, *self.seed_reader.notices]

    @property
    def device_notices(self) -> list[str]:
        """Notices about models that did not fit on the graphics card."""
        generator = self.space.generator
        return [*self.encoder.placement.notes, *(generator.placement.notes if generator else [])]

    @property
    def classes(self) -> ClassTable:
        """Classes of the target space, in the order of its rows."""
        return self.space.classes

    @property
    def class_vectors(self) -> np.ndarray:
        """The target space: float32 array (K, d), one row per class, read-only."""
        return self.space.class_embeddings

    @property
    def generator(self) -> ImageGenerator:
        """Image generator of the class space.

        Raises
        ------
        InputError
            When the class space is a bare matrix.
        """
        if self.space.generator is None:
            raise InputError("A matrix of class embeddings draws no pictures; choose a generator.")
        return self.space.generator

    @property
    def seeds(self) -> SeedDictionary:
        """Seed dictionary, restricted to the classes of the target space and to sentences the encoder can read."""
        return self.seed_reader.seeds

    @shared_property
    def membership(self) -> csr_array:
        """Membership matrix, sparse bool array (n, K): whether a seed sentence names a class."""
        return self.seeds.membership(self.classes)

    @shared_property
    def X(self) -> np.ndarray:
        """The source space: float32 array (n, d_text), one row per seed sentence, read-only."""
        return self.sentence_vectors.of_seeds()

    @shared_property
    def text_means(self) -> np.ndarray:
        """Mean of every class's sentences in text space: read-only float32 array (K, d_text), NaN where it has none."""
        return read_only(class_means(self.X, self.membership))

    @shared_property
    def pairs(self) -> SeedPairs:
        """Seed pairs with their labels, on which mappings are fitted and evaluated."""
        seeds = self.seeds
        kinds, templates = seeds.frame["kind"].to_numpy(), seeds.frame["template"].to_numpy()
        labels = {"kinds": kinds, "templates": templates, "texts": seeds.sentences, "terms": seeds.terms}
        return SeedPairs(self.X, self.membership, self.class_vectors, **labels, device=self.settings.device_here)

    @shared_property
    def seed_distances(self) -> np.ndarray:
        """:func:`~alignment.evaluation.out_of_distribution.seed_neighbour_distances`, ascending."""
        key = artifact_key(artifacts.neighbour_distances, self.pairs_digest, about=self.about())
        return read_only(self.cache.fetch(key, lambda: artifacts.neighbour_distances(self.pairs)))

    @shared_property
    def distance_to_seeds(self) -> DistanceToSeeds:
        """Out-of-distribution measure: distance of sentences to the seeds."""
        return DistanceToSeeds(self.X, self.seed_distances)

    def about(self, *more: object) -> str:
        """Human-readable description of an artifact."""
        settings = self.settings
        names = (f"{settings.encoder} {settings.layer} {settings.pooling}", settings.class_space, *more)
        return " · ".join(map(str, names))

    @shared_property
    def class_space_digest(self) -> str:
        """Digest of everything that the class vectors and the classes named by seeds depend on."""
        return digest(self.space.fingerprint, self.classes.fingerprint, source_digest(type(self.space)))

    @shared_property
    def pairs_digest(self) -> str:
        """Digest of everything that :attr:`pairs` depends on."""
        trained_on = {self.settings.device_here} - {"cpu"}
        return digest(self.sentence_vectors.digest_of_seeds, self.class_space_digest, self.seeds.to_csv(), *trained_on)

    def mapping_key(self, mapping: str) -> ArtifactKey:
        """Cache key of a mapping of the registry, fitted on all seeds."""
        return self.key(artifacts.fitted_mapping, mapping)

    def key(self, compute: Callable, mapping: str, *more: object) -> ArtifactKey:
        """Cache key of a function's result on the seed pairs and a mapping of the registry."""
        depends_on = (self.pairs_digest, mapping, estimator_identity(make_mapping(mapping)), *more)
        return artifact_key(compute, *depends_on, about=self.about(mapping, *more))

    def build(self, progress: Progress | None = None, mapping: str | None = DEFAULT_MAPPING) -> None:
        """Prepare the first page: encode the seeds and examples, and fit a mapping if one is given.

        Raises
        ------
        InputError
            For an unknown mapping, or a mapping file for other spaces, before anything is encoded.
        """
        check_progress(progress)
        if mapping and is_mapping_file(mapping):
            self.mapping(mapping)
        elif mapping:
            make_mapping(mapping)
        if not self.sentence_vectors.has_seeds:  # do not read 150 MB where only the mapping may be needed
            self.encode_seeds(progress)
        if mapping:
            self.mapping(mapping, progress=progress)
        self.encode_examples()

    def encode_examples(self) -> None:
        """Cache the vectors of the example sentences, so that pages start without loading the encoder."""
        for example in EXAMPLES:
            self.encode([example])

    def encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """Return :attr:`X`, encoding the seeds if needed; ``progress`` counts sentences."""
        if "X" not in vars(self):
            self.X = self.sentence_vectors.of_seeds(progress)
        return self.X

    def mapping(self, key: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> FittedMapping:
        """Fit a mapping of the registry on all seeds, or read one from a file of ``export-mapping``; kept in memory.

        What is returned may be fitted on other data: the study keeps its own. Its arrays are read-only.

        Raises
        ------
        InputError
            For an unknown key, and a file that is damaged or of other spaces.
        """
        return detached(self._mappings.get(check_mapping(key), partial(self._read_or_fit, key, progress)))

    def is_fitted(self, mapping: str) -> bool:
        """Whether :meth:`mapping` would return at once."""
        return mapping in self._mappings

    def _read_or_fit(self, key: str, progress: Progress | None) -> FittedMapping:
        if is_mapping_file(key):
            return self._mapping_file(key).mapping
        make_mapping(key)  # an unknown key is refused before any work

        def fit() -> FittedMapping:
            return artifacts.fitted_mapping(key, self._training_pairs(key), progress)

        return self.cache.fetch(self.mapping_key(key), fit)

    def _training_pairs(self, mapping: str) -> SeedPairs:
        """Training pairs of a mapping: :attr:`pairs`, or means over all encoded shards where it learns from means."""
        encoded = self.seed_reader.encoded
        every = encoded.pairs_by_classes(mapping, self.class_vectors) if encoded else None
        return self.pairs if every is None else every

    def mapping_digest(self, mapping: str) -> str:
        """Digest of a fitted mapping, given as a key of the registry or a file of ``export-mapping``.

        That of a mapping file includes the seed pairs, because the confidence in its answers depends on them.
        """
        if is_mapping_file(mapping):
            return digest(self._mapping_file(mapping).sha256, self.pairs_digest)
        return self.mapping_key(mapping).digest

    def _mapping_file(self, path: str) -> MappingFile:
        """Read a mapping file once: later changes of the file are not seen."""
        sizes = (self.encoder.dim, self.class_vectors.shape[1])
        return self._mapping_files.get(path, lambda: read_mapping(path, self.models, sizes))

    def restore_mapping(self, mapping: str, fitted: FittedMapping) -> None:
        """Set a mapping that another process has fitted."""
        self._mappings.set(mapping, fitted)

    @property
    def models(self) -> dict[str, str | int]:
        """Models that a fitted mapping belongs to: names and digests, layer and pooling."""
        return {
            "encoder": self.settings.encoder,
            "encoder_sha256": self.encoder.fingerprint,
            "layer": self.encoder.layer % (self.encoder.n_layers + 1),
            "pooling": self.encoder.pooling,
            "class_space": self.settings.class_space,
            "class_space_sha256": self.space.fingerprint,
            "classes_sha256": self.classes.list_digest,
        }

    def export_mapping(self, key: str = DEFAULT_MAPPING, suffix: str = ".npz") -> bytes:
        """Content of a file of a fitted mapping: :func:`~alignment.study.mapping_files.mapping_bytes`.

        ``suffix`` is ".npz" for any mapping, or ".safetensors" for the matrix of a linear one.
        """
        check_suffix(suffix, key)  # before the mapping is fitted
        return mapping_bytes(self.mapping(key), {"mapping": key} | self.models, self.X, suffix)

    def encode(self, prompts: Sequence[str]) -> np.ndarray:
        """Encode prompts to the source space: float32 array (m, d_text).

        Raises
        ------
        InputError
            When they are not a list of sentences, or one is blank, too long or unreadable for the encoder.
        """
        sentences = self._with_words(self.prompt_reader.check_all(prompts))
        if len(sentences) == 1 and sentences[0][0] in EXAMPLES:  # cached: a first page need not load a model
            return self.sentence_vectors.of(sentences)
        return self.encoder.encode([text for text, _ in sentences], words=[word for _, word in sentences])

    def kept_vectors(self, sentences: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Encode readable sentences together, cached on disk: float32 array (n, d_text)."""
        return self.sentence_vectors.of(self._with_words(check_sentences(sentences)), progress)

    def _with_words(self, sentences: Sequence[str]) -> list[tuple[str, str]]:
        """Pair each sentence with the word to pool over, "" where the pooling needs none."""
        if not self.encoder.needs_words:
            return [(sentence, "") for sentence in sentences]
        return [(sentence, self.seeds.named_term(sentence)) for sentence in sentences]

    def map(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING) -> np.ndarray:
        """Encode and map prompts to the target space: float32 array (m, d)."""
        return self.map_vectors(self.encode(prompts), mapping)

    def map_vectors(self, vectors: np.ndarray, mapping: str = DEFAULT_MAPPING) -> np.ndarray:
        """Map points of text space, (m, d_text), to the target space: float32 array (m, d)."""
        return np.asarray(self.mapping(mapping).predict(self._text_points(vectors)), dtype=np.float32)

    def _text_points(self, vectors: np.ndarray) -> np.ndarray:
        """Points of text space as an array (m, d_text), if they are such."""
        return checked_points(vectors, self.encoder.dim, "text space")
