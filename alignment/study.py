"""Study: one encoder, one class space, one seed dictionary, and every artifact they give, on demand and cached."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from alignment.classes import ClassTable
from alignment.encoders import TextEncoder
from alignment.errors import InputError
from alignment.generators import ClassSpace, ImageGenerator
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.metrics import similarities
from alignment.seeds import Refusal, SeedDictionary, default_seeds, read_seeds

CACHE = Path(os.environ.get("ALIGNMENT_CACHE", Path(__file__).parents[1] / "cache"))
Progress = Callable[[str, int, int], None]  # (stage, done, total)


@dataclass(frozen=True)
class Settings:
    """What a study is made of.

    Parameters
    ----------
    encoder : str
        As for :class:`~alignment.encoders.TextEncoder`.
    layer : int
    pooling : {"mean", "cls", "word"}
    generator : str
        As for :class:`~alignment.generators.ImageGenerator`.
    class_embeddings : str, optional
        A ``.npy`` matrix to use as the class space in place of a generator.
    seeds : str, optional
        A CSV of seeds to use in place of the project's own.
    added_seeds : str, optional
        A CSV of seeds to use besides.
    """

    encoder: str = "minilm"
    layer: int = -1
    pooling: str = "mean"
    generator: str = "bundled"
    class_embeddings: str | None = None
    seeds: str | None = None
    added_seeds: str | None = None


class Study:
    """Everything that can be asked of one pair of latent spaces.

    Artifacts are computed when first asked for and kept in ``cache`` under a key of all they depend on, so that a
    second study with the same settings does no work twice.

    Parameters
    ----------
    settings : Settings
    cache : Path
        Folder of the cache; a damaged entry in it is recomputed.

    Examples
    --------
    >>> study = Study()
    >>> study.nearest(["I have a lemon"]).loc[0, "name"]
    'lemon'
    """

    def __init__(self, settings: Settings = Settings(), *, cache: str | Path = CACHE):
        self.settings = settings
        self._memory = joblib.Memory(cache, verbose=0, mmap_mode="r")
        self._lock = threading.RLock()
        self._mappings: dict = {}
        self.encoder = TextEncoder(settings.encoder, layer=settings.layer, pooling=settings.pooling)
        self.space = (
            ClassSpace(settings.class_embeddings) if settings.class_embeddings else ImageGenerator(settings.generator)
        )
        self.refused: list[Refusal] = []  # rows left out of the user's own seeds

    @property
    def classes(self) -> ClassTable:
        """The classes of the target space, in the order of its rows."""
        return self.space.classes

    @property
    def class_vectors(self) -> np.ndarray:
        """The target space: float32 array (K, d), a row a class."""
        return self.space.class_embeddings

    @property
    def generator(self) -> ImageGenerator:
        """The generator.

        Raises
        ------
        InputError
            When the class space is a bare matrix.
        """
        if not self.space.draws:
            raise InputError("A matrix of class embeddings draws no pictures; choose a generator.")
        return self.space

    @cached_property
    def seeds(self) -> SeedDictionary:
        """The seed dictionary, restricted to the classes of the target space."""
        if self.settings.seeds:
            seeds = self._read_seeds(self.settings.seeds)
        else:
            seeds = SeedDictionary(self._memory.cache(_default_seeds)(_data_version(), tuple(self.classes.indices)))
        return seeds.merged(self._read_seeds(self.settings.added_seeds)) if self.settings.added_seeds else seeds

    def _read_seeds(self, path: str) -> SeedDictionary:
        seeds, refused = read_seeds(path)
        self.refused += refused
        seeds = seeds.restricted(self.classes)
        if not len(seeds):
            raise InputError(f"No sentence of {path} names a class of this class space.")
        return seeds

    @cached_property
    def membership(self):
        """Sparse bool array (n, K): which classes each seed sentence names."""
        return self.seeds.membership(self.classes)

    @cached_property
    def X(self) -> np.ndarray:
        """The source space: float32 array (n, d_text), a row a seed sentence."""
        return self._encode_seeds()

    @cached_property
    def Z(self) -> np.ndarray:
        """Targets of the seeds: float32 array (n, d), the mean vector of the classes each sentence names."""
        weights = self.membership / self.membership.sum(axis=1)[:, None]
        return np.asarray(weights @ self.class_vectors, dtype=np.float32)

    @cached_property
    def key(self) -> str:
        """What every fitted artifact depends on, as a hash."""
        return joblib.hash(
            (
                self.encoder.fingerprint,
                self.encoder.layer,
                self.encoder.pooling,
                self.space.fingerprint,
                self.seeds.frame,
            )
        )

    def build(self, progress: Progress | None = None) -> None:
        """Prepare what the first page and the first prompt need: the encoded seeds and the default mapping."""
        self.__dict__.setdefault("X", self._encode_seeds(progress))
        self.mapping(DEFAULT_MAPPING)

    def _encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        report = progress and (lambda done, total: progress("Encoding seed sentences", done, total))
        encode = self._memory.cache(_encode, ignore=["encoder", "progress"])
        with self._lock:
            return encode(
                self.encoder.fingerprint,
                self.encoder.layer,
                self.encoder.pooling,
                self.seeds.sentences,
                self.seeds.terms if self.encoder.pooling == "word" else None,
                encoder=self.encoder,
                progress=report,
            )

    def mapping(self, key: str = DEFAULT_MAPPING):
        """A mapping of the registry, fitted on all seeds."""
        with self._lock:
            if key not in self._mappings:
                make_mapping(key)  # an unknown key is refused before any work
                fit = self._memory.cache(_fit, ignore=["study"])
                self._mappings[key] = fit(self.key, key, study=self)
            return self._mappings[key]

    def encode(self, prompts: Sequence[str]) -> np.ndarray:
        """Prompts in the source space.

        Returns
        -------
        float32 array (m, d_text)

        Raises
        ------
        InputError
            For a prompt that is blank, overlong or unreadable to the encoder.
        """
        prompts = [self.encoder.check_prompt(prompt) for prompt in prompts]
        words = [self.named_term(prompt) for prompt in prompts] if self.encoder.pooling == "word" else None
        return self.encoder.encode(prompts, words=words)

    def map(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING) -> np.ndarray:
        """Prompts in the target space: float32 array (m, d)."""
        return np.asarray(self.mapping(mapping).predict(self.encode(prompts)), dtype=np.float32)

    def nearest(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING, *, top: int = 5) -> pd.DataFrame:
        """The classes nearest to each mapped prompt.

        Returns
        -------
        DataFrame, min(top, K) rows a prompt
            ``prompt``, ``rank`` (from 1), ``class`` (row of the class space), ``index`` (ImageNet), ``name``,
            ``similarity`` (cosine after centring on the mean class vector, -1 to 1).
        """
        if top < 1:
            raise InputError(f"At least one class must be asked for; got top={top}.")
        return self.nearest_to(self.map(prompts, mapping), prompts, top=top)

    def nearest_to(self, vectors: np.ndarray, labels: Sequence[str], *, top: int = 5) -> pd.DataFrame:
        """:meth:`nearest` for points of the target space, float array (m, d), labelled in the column ``prompt``."""
        similarity = similarities(vectors, self.class_vectors)  # (m, K)
        best = np.argsort(-similarity, axis=1, kind="stable")[:, :top]
        names, indices = self.classes.names, self.classes.indices
        return pd.DataFrame(
            (label, rank, int(k), indices[k], names[k], float(similarity[i, k]))
            for i, label in enumerate(labels)
            for rank, k in enumerate(best[i], start=1)
        ).set_axis(["prompt", "rank", "class", "index", "name", "similarity"], axis=1)

    def generate(
        self,
        prompts: Sequence[str],
        mapping: str = DEFAULT_MAPPING,
        *,
        count: int = 1,
        truncation: float = 0.4,
        noise_seed: int = 0,
    ) -> np.ndarray:
        """Pictures of prompts, ``count`` of each with different noise, the same noise for every prompt.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
        """
        if not 1 <= count <= 64:
            raise InputError(f"Between 1 and 64 pictures can be made at once; got {count}.")
        return self.draw(self.map(prompts, mapping), count=count, truncation=truncation, noise_seed=noise_seed)

    def draw(self, vectors: np.ndarray, *, count: int = 1, truncation: float = 0.4, noise_seed: int = 0) -> np.ndarray:
        """:meth:`generate` for points of the target space, float array (m, d)."""
        from alignment.generators import draw_noise, snap_truncation

        noise = draw_noise(count, truncation=snap_truncation(truncation), seed=noise_seed)
        pictures = self.generator.generate(
            np.repeat(vectors, count, axis=0), truncation=truncation, noise=np.tile(noise, (len(vectors), 1))
        )
        return pictures.reshape(len(vectors), count, *pictures.shape[1:])

    def named_term(self, prompt: str) -> str:
        """The longest seed term that stands in a prompt as a word, or "" (the whole sentence is then pooled)."""
        words = re.findall(r"[\w'-]+", prompt.casefold())
        spans = (
            " ".join(words[i:j]) for n in range(len(words), 0, -1) for i in range(len(words) - n + 1) for j in [i + n]
        )
        return next((span for span in spans if span in self._terms), "")

    @cached_property
    def _terms(self) -> set[str]:
        return {term.casefold() for term in self.seeds.terms if term}


def _data_version() -> str:
    """Hash of the files the default seeds are made from."""
    from alignment.classes import CLASSES_CSV
    from alignment.seeds import DATA

    return joblib.hash([path.read_bytes() for path in (CLASSES_CSV, DATA / "templates.csv", DATA / "hypernyms.csv", DATA / "grammar.csv")])


def _default_seeds(version: str, indices: tuple[int, ...]) -> pd.DataFrame:
    return default_seeds(ClassTable(indices)).frame


def _encode(fingerprint, layer, pooling, sentences, words, *, encoder, progress) -> np.ndarray:
    return encoder.encode(sentences, words=words, progress=progress)


def _fit(study_key: str, mapping_key: str, *, study: Study):
    return make_mapping(mapping_key).fit(study.X, study.Z)
