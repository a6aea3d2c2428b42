"""The two spaces of a study, the seeds that pair them, and the mappings fitted on the seeds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.prompts import EXAMPLES
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.images.class_space import ClassSpace, EmbeddingMatrix
from alignment.images.generator import ImageGenerator
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.progress import Once, Progress, interruptible
from alignment.study import artifacts
from alignment.study.cache.keys import (
    ArtifactKey,
    artifact_key,
    callers_code,
    digest,
    estimator_identity,
    source_digest,
)
from alignment.study.cache.store import ArtifactCache
from alignment.study.encoded_seeds import EncodedSeeds
from alignment.study.languages import english_words, seed_languages, sentences_read, unread_language, words_of
from alignment.study.mapping_files import is_mapping_file, mapping_bytes, read_mapping
from alignment.study.notices import SHOWN_CHARACTERS, in_another_language, listed
from alignment.study.settings import CACHE, Settings
from alignment.text.encoder import TextEncoder
from alignment.text.languages import Language


class FittedStudy:
    """A text space, a class space, the seeds in both, and mappings from one to the other.

    Artifacts are computed when first asked for and kept in ``cache`` under a key of everything they depend on, so that
    a second object with the same settings computes none of them again.

    Parameters
    ----------
    settings : Settings
    cache : Path
        Folder of the cache; see :class:`~alignment.study.cache.store.ArtifactCache`.
    progress : callable, optional
        Follows the download of a published generator, in bytes.
    """

    def __init__(
        self, settings: Settings | None = None, *, cache: str | Path = CACHE, progress: Progress | None = None
    ):
        self.settings = settings = Settings() if settings is None else settings
        self.cache = ArtifactCache(cache)
        self._lock = threading.RLock()
        self._mappings = Once()
        self.encoder = TextEncoder(
            settings.encoder, layer=settings.layer, pooling=settings.pooling, device=settings.device
        )
        self.settings = settings = replace(settings, pooling=self.encoder.pooling)
        classes, notes = read_classes(settings.classes) if settings.classes else (None, [])
        self.space: ClassSpace = (
            EmbeddingMatrix(settings.class_embeddings, classes)
            if settings.class_embeddings
            else ImageGenerator(settings.generator, device=settings.device, classes=classes, progress=progress)
        )
        self.notices = [*notes, *self.encoder.notes, *self.space.notes]

    @property
    def classes(self) -> ClassTable:
        """The classes of the target space, in the order of its rows."""
        return self.space.classes

    @property
    def class_vectors(self) -> np.ndarray:
        """The target space: float32 array (K, d), one row per class."""
        return self.space.class_embeddings

    @property
    def generator(self) -> ImageGenerator:
        """The generator.

        Raises
        ------
        InputError
            When the class space is a bare matrix.
        """
        if self.space.generator is None:
            raise InputError("A matrix of class embeddings draws no pictures; choose a generator.")
        return self.space.generator

    @cached_property
    def seeds(self) -> SeedDictionary:
        """The seed dictionary, restricted to the classes of the target space and to what the encoder can read."""
        if self.encoded_seeds:
            seeds = self.encoded_seeds.seeds
            self.notices += self.encoded_seeds.notices
            self.notices += seed_languages(seeds.sentences, self.settings.vectors or "", self.encoder)
            return seeds
        if self.settings.seeds:
            seeds = self._read_seeds(self.settings.seeds)
        elif self.classes.are_imagenets:
            seeds = self._own_seeds
        else:  # names may be in any language
            seeds = self._readable(self._own_seeds, "the classes' names")
        return seeds.merged(self._read_seeds(self.settings.added_seeds)) if self.settings.added_seeds else seeds

    @cached_property
    def encoded_seeds(self) -> EncodedSeeds | None:
        """The seeds of ``settings.vectors``, if that is given."""
        folder = self.settings.vectors
        return EncodedSeeds(folder, self.encoder, self.classes) if folder else None

    @cached_property
    def _own_seeds(self) -> SeedDictionary:
        """The project's own seeds for this class space, or those made from the names of its classes."""
        key = artifact_key(artifacts.seed_table, self.classes.fingerprint, about=self._space_name)
        return SeedDictionary(self.cache.fetch(key, lambda: artifacts.seed_table(self.classes)))

    def _read_seeds(self, path: str) -> SeedDictionary:
        seeds, refused, notes = read_seeds(path, self.classes.known)
        here = seeds.restricted(self.classes)
        if not len(here):
            raise InputError(f"None of the {len(seeds):,} sentences of {path} names a class of this class space.")
        lacking = f"{len(seeds) - len(here):,} of {len(seeds):,} sentences of {path}"
        self.notices += [
            *notes,
            *([f"left out: {lacking}, whose classes this class space lacks"] if len(here) < len(seeds) else []),
            *listed([f"left out: {path}, {refusal}" for refusal in refused]),
        ]
        return self._readable(here, path)

    def _readable(self, seeds: SeedDictionary, source: str) -> SeedDictionary:
        """The seeds that the encoder can read; the others, and those that it cuts, are counted and named."""
        readable, cut = self.encoder.read_sentences(seeds.sentences)
        if not readable.any():
            raise InputError(f"The text encoder knows no word in any of the {len(seeds):,} sentences of {source}.")
        for what, rows in (
            ("left out, because the encoder knows no word of them", ~readable),
            ("read only in part, because they are longer than the encoder's limit", readable & cut),
        ):
            if rows.any():
                shown = [repr(sentence[:SHOWN_CHARACTERS]) for sentence in seeds.frame["sentence"][rows]]
                named = ", ".join(listed(shown))
                self.notices.append(f"{what}: {rows.sum():,} of {len(seeds):,} sentences of {source}: {named}")
        kept = SeedDictionary(seeds.frame[readable])
        self.notices += seed_languages(kept.sentences, source, self.encoder)
        return kept

    @cached_property
    def membership(self):
        """Sparse bool array (n, K): which classes each seed sentence names."""
        return self.seeds.membership(self.classes)

    @cached_property
    def X(self) -> np.ndarray:
        """The source space: float32 array (n, d_text), one row per seed sentence."""
        return self._encode_seeds()

    @cached_property
    def pairs(self) -> SeedPairs:
        """Everything a mapping is fitted and evaluated on."""
        seeds = self.seeds
        kinds, templates = seeds.frame["kind"].to_numpy(), seeds.frame["template"].to_numpy()
        labels = {"kinds": kinds, "templates": templates, "texts": seeds.sentences, "terms": seeds.terms}
        return SeedPairs(self.X, self.membership, self.class_vectors, **labels, device=self.settings.device_here)

    @property
    def _space_name(self) -> str:
        return self.settings.class_embeddings or self.settings.generator

    def _about(self, *more: object) -> str:
        """What an artifact is for, for people."""
        encoder = self.settings
        names = (f"{encoder.encoder} {encoder.layer} {encoder.pooling}", self._space_name, *more)
        return " · ".join(map(str, names))

    def _vectors_key(self, sentences: Sequence[tuple[str, str]]) -> ArtifactKey:
        """The key of sentences in text space."""
        encoder = self.encoder
        pooling = callers_code(encoder.pooling_function)
        reads = (encoder.fingerprint, encoder.layer, encoder.pooling, pooling, encoder.computed_in)
        about = f"{self.settings.encoder} {encoder.layer} {encoder.pooling}, {len(sentences):,} sentences"
        return artifact_key(artifacts.sentence_vectors, *reads, sentences, about=about)

    @cached_property
    def _class_space_digest(self) -> str:
        """What the class vectors and the classes named by seeds depend on."""
        return digest(self.space.fingerprint, self.classes.fingerprint, source_digest(type(self.space)))

    @cached_property
    def _pairs_digest(self) -> str:
        """What :attr:`pairs` depends on."""
        sentences = self.seeds.sentences_with_terms(self.encoder.needs_words)
        vectors = self.encoded_seeds.digest if self.encoded_seeds else self._vectors_key(sentences)
        trained_on = {self.settings.device_here} - {"cpu"}
        return digest(vectors, self._class_space_digest, self.seeds.to_csv(), *trained_on)

    def _mapping_key(self, mapping: str) -> ArtifactKey:
        return self._key(artifacts.fitted_mapping, mapping)

    def _key(self, compute: Callable, mapping: str, *more: object) -> ArtifactKey:
        """The key of what a function makes of the seed pairs and a mapping of the registry."""
        depends_on = (self._pairs_digest, mapping, estimator_identity(make_mapping(mapping)), *more)
        return artifact_key(compute, *depends_on, about=self._about(mapping, *more))

    def build(self, progress: Progress | None = None) -> None:
        """Prepare what the first page needs: the seeds and examples encoded, and the default mapping."""
        self._encode_seeds(progress)
        self.mapping(DEFAULT_MAPPING, progress=progress)
        for example in EXAMPLES:
            self.encode([example])

    def encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """:attr:`X`; ``progress`` follows the sentences where they are not encoded yet."""
        if "X" not in vars(self):
            vars(self)["X"] = self._encode_seeds(progress)
        return self.X

    def _encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """The seeds encoded, if sentences differ at all."""
        vectors = self._encode_all_seeds(progress)
        if len(vectors) > 1 and (vectors == vectors[0]).all():
            raise InputError(
                f"Every sentence has the same vector at layer {self.settings.layer} with the pooling "
                f"{self.settings.pooling!r}, so nothing can be learned from them; choose another layer or pooling."
            )
        return vectors

    def _encode_all_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """An edited dictionary takes what it shares with the project's own from the cache."""
        if self.encoded_seeds:
            return self.encoded_seeds.X
        sentences = self.seeds.sentences_with_terms(self.encoder.needs_words)
        own = self._own_seeds.sentences_with_terms(self.encoder.needs_words)
        place = {sentence: row for row, sentence in enumerate(own)}
        new = list(dict.fromkeys(sentence for sentence in sentences if sentence not in place))
        with interruptible(self._lock):
            if sentences == own or 2 * (len(sentences) - len(new)) < len(own):  # nothing edited, or little shared
                return self._vectors(sentences, progress)
            known = self._vectors(own, progress)
            place |= {sentence: len(own) + row for row, sentence in enumerate(new)}
            return np.vstack([known, self._vectors(new, progress)])[[place[sentence] for sentence in sentences]]

    def _vectors(self, sentences: list[tuple[str, str]], progress: Progress | None = None) -> np.ndarray:
        compute = partial(artifacts.sentence_vectors, self.encoder, sentences, progress)
        return self.cache.fetch(partial(self._vectors_key, sentences), compute)

    def mapping(self, key: str = DEFAULT_MAPPING, *, progress: Progress | None = None):
        """A mapping of the registry, fitted on all seeds, or the one in a file of ``export-mapping``."""
        return self._mappings.get(key, partial(self._fitted, key, progress))

    def _fitted(self, key: str, progress: Progress | None):
        if is_mapping_file(key):
            return read_mapping(key, self.models)
        make_mapping(key)  # an unknown key is refused before any work
        fit = lambda: artifacts.fitted_mapping(key, self._learned_pairs(key), progress)  # noqa: E731
        return self.cache.fetch(self._mapping_key(key), fit)

    def _learned_pairs(self, mapping: str) -> SeedPairs:
        """What a mapping of the registry learns from, where there are more sentences than :attr:`pairs` holds too."""
        every = self.encoded_seeds.pairs_by_classes(mapping, self.class_vectors) if self.encoded_seeds else None
        return self.pairs if every is None else every

    @property
    def models(self) -> dict[str, str | int]:
        """What a fitted mapping expects of both sides: names and digests of the models, layer and pooling."""
        return {
            "encoder": self.settings.encoder,
            "encoder_sha256": self.encoder.fingerprint,
            "layer": self.encoder.layer % (self.encoder.n_layers + 1),
            "pooling": self.encoder.pooling,
            "class_space": self._space_name,
            "class_space_sha256": self.space.fingerprint,
            "classes_sha256": self.classes.list_digest,
        }

    def export_mapping(self, key: str = DEFAULT_MAPPING, suffix: str = ".npz") -> bytes:
        """A fitted mapping as the content of a file: :func:`~alignment.study.mapping_files.mapping_bytes`."""
        return mapping_bytes(self.mapping(key), {"mapping": key} | self.models, self.X, suffix)

    def encode(self, prompts: Sequence[str]) -> np.ndarray:
        """Prompts in the source space: float32 array (m, d_text).

        Raises
        ------
        InputError
            For a prompt that is blank, overlong or unreadable to the encoder.
        """
        sentences = self._with_words([self.check_prompt(prompt) for prompt in prompts])
        if len(sentences) == 1 and sentences[0][0] in EXAMPLES:  # kept, so that a first page need not wait for a model
            return self._vectors(sentences)
        return self.encoder.encode([text for text, _ in sentences], words=[word for _, word in sentences])

    def kept_vectors(self, sentences: Sequence[str]) -> np.ndarray:
        """Sentences that the encoder can read, float32 array (n, d_text), encoded together and kept on disk."""
        return self._vectors(self._with_words(sentences))

    def _with_words(self, sentences: Sequence[str]) -> list[tuple[str, str]]:
        """Each sentence with the word that is pooled, "" where the pooling needs none."""
        if not self.encoder.needs_words:
            return [(sentence, "") for sentence in sentences]
        return [(sentence, self.seeds.named_term(sentence)) for sentence in sentences]

    def prompt_notices(self, prompts: Sequence[str]) -> list[str]:
        """What should be known of how prompts are read: which are cut, and which are in another language."""
        prompts = [prompt for prompt in prompts if prompt not in EXAMPLES]  # they need not wait for a model
        if not prompts:
            return []
        readable, cut = self.encoder.read_sentences(prompts)
        long = [prompt for prompt, is_cut in zip(prompts, cut, strict=True) if is_cut]
        why = "read only in part, because it is longer than the encoder's limit"
        read = [prompt for prompt, is_read in zip(prompts, readable, strict=True) if is_read]  # others are refused
        return [
            *listed([f"{why}: {prompt[:SHOWN_CHARACTERS]!r}" for prompt in long]),
            *listed([in_another_language(found, prompt) for prompt in read if (found := self.other_language(prompt))]),
        ]

    def other_language(self, prompt: str) -> Language | None:
        """The language of a prompt, where it is surely none that the encoder was trained on."""
        return None if prompt.strip() in EXAMPLES else unread_language(prompt, self._english_words, self.encoder)

    @cached_property
    def _english_words(self) -> Set[str]:
        """Words that English prompts may hold: those of the seeds that are in English, and of the project's own."""
        are_own = self.seeds is self._own_seeds and self.classes.are_imagenets
        sentences = self.seeds.sentences if are_own else sentences_read(self.seeds.sentences, self.encoder)
        return english_words() | words_of(sentences)

    def check_prompt(self, prompt: str) -> str:
        """The prompt without surrounding blanks, if it can be read; see :meth:`TextEncoder.check_prompt`."""
        return prompt.strip() if prompt.strip() in EXAMPLES else self.encoder.check_prompt(prompt)

    def map(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING) -> np.ndarray:
        """Prompts in the target space: float32 array (m, d)."""
        return self.map_vectors(self.encode(prompts), mapping)

    def map_vectors(self, vectors: np.ndarray, mapping: str = DEFAULT_MAPPING) -> np.ndarray:
        """Points of text space, (m, d_text), in the target space: float32 array (m, d)."""
        return np.asarray(self.mapping(mapping).predict(vectors), dtype=np.float32)
