"""Study: one encoder, one class space, one seed dictionary, and every artifact they give, on demand and cached."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from alignment.classes import ClassTable
from alignment.comparison import compare, evaluate_prompts
from alignment.encoders import TextEncoder
from alignment.errors import InputError
from alignment.evaluation import EvaluationResult
from alignment.generators import ClassSpace, ImageGenerator, draw_noise, snap_truncation
from alignment.interpolation import even_places, path
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS, make_mapping
from alignment.metrics import similarities
from alignment.pairs import targets, training_pairs, voices
from alignment.prompts import evaluation_prompts
from alignment.seeds import Refusal, SeedDictionary, default_seeds, read_seeds

CACHE = Path(os.environ.get("ALIGNMENT_CACHE", Path(__file__).parents[1] / "cache"))
SPACES = ("text", "class", "noise")
DEFAULT_PULL = 0.7  # how far a mapped prompt is moved to its nearest class before it is drawn
MAX_COUNT = 64  # pictures of one prompt
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
        self._memory = joblib.Memory(str(cache), verbose=0, mmap_mode="r")
        self._lock = threading.RLock()
        self._comparing = threading.Lock()  # a comparison takes long, and prompts must not wait for it
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
        seeds = self._read_seeds(self.settings.seeds) if self.settings.seeds else self._own_seeds
        return seeds.merged(self._read_seeds(self.settings.added_seeds)) if self.settings.added_seeds else seeds

    @cached_property
    def _own_seeds(self) -> SeedDictionary:
        """The project's own seeds for this class space."""
        version = _version("seeds.py", "classes.py", "data/*.csv")
        return SeedDictionary(self._memory.cache(_default_seeds)(version, tuple(self.classes.indices)))

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
        return targets(self.membership, self.class_vectors)

    @cached_property
    def key(self) -> str:
        """What every fitted artifact depends on, as a hash."""
        return joblib.hash(
            (self._encoding, self.space.fingerprint, self.seeds.frame, _version("mappings/*.py", "pairs.py"))
        )

    @cached_property
    def _encoding(self) -> tuple:
        """What an encoded sentence depends on besides its text."""
        encoder = self.encoder
        return encoder.fingerprint, encoder.layer, encoder.pooling, _version("encoders.py")

    def build(self, progress: Progress | None = None) -> None:
        """Prepare what the first page and the first prompt need: the encoded seeds and the default mapping."""
        self._encode_seeds(progress)
        self.mapping(DEFAULT_MAPPING)

    def _encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """The seeds encoded; an edited dictionary takes what it shares with the project's own from the cache."""
        pairs = self.seeds.pairs(self.encoder.pooling == "word")
        own = self._own_seeds.pairs(self.encoder.pooling == "word")
        place = {pair: row for row, pair in enumerate(own)}
        new = list(dict.fromkeys(pair for pair in pairs if pair not in place))
        with self._lock:
            if pairs == own or 2 * (len(pairs) - len(new)) < len(own):  # nothing edited, or little shared
                return self._encode_pairs(pairs, progress)
            known = self._encode_pairs(own, progress)
            place |= {pair: len(own) + row for row, pair in enumerate(new)}
            return np.vstack([known, self._encode_pairs(new, progress)])[[place[pair] for pair in pairs]]

    def _encode_pairs(self, pairs: list[tuple[str, str]], progress: Progress | None) -> np.ndarray:
        report = progress and (lambda done, total: progress("Encoding seed sentences", done, total))
        encode = self._memory.cache(_encode, ignore=["encoder", "progress"])
        return encode(self._encoding, pairs, encoder=self.encoder, progress=report)

    def mapping(self, key: str = DEFAULT_MAPPING):
        """A mapping of the registry, fitted on all seeds."""
        with self._lock:
            if key not in self._mappings:
                make_mapping(key)  # an unknown key is refused before any work
                fit = self._memory.cache(_fit, ignore=["study"])
                self._mappings[key] = fit(self.key, key, study=self)
            return self._mappings[key]

    def compare(
        self, mappings: Sequence[str] | None = None, *, split: str = "classes", progress: Progress | None = None
    ) -> dict[str, EvaluationResult]:
        """Mappings judged on seeds they have not seen, beside the baselines.

        Parameters
        ----------
        mappings : keys of the registry, default all
        split : {"classes", "sentences", "kinds"}
            What is held out; see :func:`alignment.splits.splits`.

        Returns
        -------
        dict from mapping key or baseline name to EvaluationResult
        """
        keys = tuple(MAPPINGS if mappings is None else mappings)
        for key in keys:
            make_mapping(key)
        with self._comparing:
            return self._memory.cache(_compare, ignore=["study", "progress"])(
                self.key,
                keys,
                split,
                _version("evaluation.py", "comparison.py", "metrics.py", "results.py", "splits.py"),
                study=self,
                progress=progress,
            )

    def evaluate_prompts(self, mapping: str = DEFAULT_MAPPING) -> pd.DataFrame:
        """How often the test prompts find a right class under a mapping fitted on all seeds.

        Returns
        -------
        DataFrame, a row a group and one called "all"
            ``prompts``, ``hit_at_1``, ``hit_at_5``, ``hit_at_10``; see
            :func:`alignment.comparison.evaluate_prompts`.
        """
        prompts = evaluation_prompts(self.classes)
        vectors = self.map(prompts["prompt"].tolist(), mapping)
        return evaluate_prompts(vectors, self.class_vectors, prompts["rows"].tolist(), prompts["group"].tolist())

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
        pull: float = DEFAULT_PULL,
    ) -> np.ndarray:
        """Pictures of prompts, ``count`` of each with different noise, the same noise for every prompt.

        Parameters
        ----------
        pull : float in [0, 1]
            See :meth:`pulled`; 0 draws the mapped point itself.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
        """
        vectors = self.pulled(self.map(prompts, mapping), pull)
        return self.draw(vectors, count=count, truncation=truncation, noise_seed=noise_seed)

    def pulled(self, vectors: np.ndarray, share: float) -> np.ndarray:
        """Points of the target space moved towards the class each is nearest to: z + share (c - z).

        "A cat" is mapped between the cats the generator knows, and a picture of the mean of several classes is a blur;
        some of the way towards one of them gives a cat.

        Parameters
        ----------
        vectors : float array (m, d)
        share : float in [0, 1]

        Returns
        -------
        float32 array (m, d)
        """
        if not 0 <= share <= 1:  # NaN compares false
            raise InputError(f"The pull towards the nearest class must be from 0 to 1; got {share}.")
        nearest = similarities(vectors, self.class_vectors).argmax(axis=1)
        return np.asarray(vectors + share * (self.class_vectors[nearest] - vectors), dtype=np.float32)

    def draw(self, vectors: np.ndarray, *, count: int = 1, truncation: float = 0.4, noise_seed: int = 0) -> np.ndarray:
        """Pictures of points of the target space, float array (m, d): uint8 array (m, count, pixels, pixels, 3)."""
        if not 1 <= count <= MAX_COUNT:
            raise InputError(f"Between 1 and {MAX_COUNT} pictures can be made at once; got {count}.")
        noise = draw_noise(count, self.generator.config.z_dim, truncation=snap_truncation(truncation), seed=noise_seed)
        pictures = self.generator.generate(
            np.repeat(vectors, count, axis=0), truncation=truncation, noise=np.tile(noise, (len(vectors), 1))
        )
        return pictures.reshape(len(vectors), count, *pictures.shape[1:])

    def interpolate(
        self,
        prompts: Sequence[str],
        mapping: str = DEFAULT_MAPPING,
        *,
        steps: int = 9,
        space: str = "class",
        shape: str = "linear",
        even: bool = False,
        truncation: float = 0.4,
        noise_seed: int = 0,
    ) -> tuple[np.ndarray, np.ndarray]:
        """The way from one prompt to the next, as points and as pictures.

        Parameters
        ----------
        prompts : two or more
        steps : int
            Points on the whole way, the first and the last prompt included.
        space : {"text", "class", "noise"}
            Where the way is straight: before the mapping, after it, or after it with the noise changing as well, from
            ``noise_seed`` at the first prompt to ``noise_seed + 1`` at the second, and so on.
        shape : {"linear", "spherical"}
        even : bool
            Space the points so that each step changes the picture by about as much.

        Returns
        -------
        (float32 array (steps, d), uint8 array (steps, pixels, pixels, 3))
        """
        if space not in SPACES:
            raise InputError(f"Unknown space {space!r}; choose one of {', '.join(SPACES)}.")
        if len(prompts) * max(steps, 1) > 2000:
            raise InputError(f"A way of {steps} steps through {len(prompts)} prompts is too long; take fewer steps.")
        truncation = snap_truncation(truncation)
        seeds = range(noise_seed, noise_seed + len(prompts)) if space == "noise" else [noise_seed] * len(prompts)
        noises = np.vstack(
            [draw_noise(1, self.generator.config.z_dim, truncation=truncation, seed=seed) for seed in seeds]
        )
        stations = self.encode(prompts) if space == "text" else self.map(prompts, mapping)

        def points(at):
            way = path(stations, steps if at is None else len(at), shape=shape, at=at)
            return np.asarray(self.mapping(mapping).predict(way) if space == "text" else way, dtype=np.float32)

        def pictures(at):
            noise = path(noises, steps if at is None else len(at), at=at)
            return self.generator.generate(points(at), truncation=truncation, noise=noise)

        at = even_places(pictures, steps) if even else None
        return points(at), pictures(at)

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


@lru_cache
def _version(*patterns: str) -> str:
    """Hash of files of this package: the code and the data that a stage's results depend on."""
    folder = Path(__file__).parent
    return joblib.hash([path.read_bytes() for pattern in patterns for path in sorted(folder.glob(pattern))])


def _default_seeds(version: str, indices: tuple[int, ...]) -> pd.DataFrame:
    return default_seeds(ClassTable(indices)).frame


def _encode(encoding: tuple, pairs: list[tuple[str, str]], *, encoder: TextEncoder, progress) -> np.ndarray:
    sentences, words = zip(*pairs, strict=True) if pairs else ((), ())
    return encoder.encode(sentences, words=words, progress=progress)


def _fit(study_key: str, mapping_key: str, *, study: Study):
    voice = voices(study.seeds.terms, study.membership)  # a word counts once, however many templates it stands in
    return make_mapping(mapping_key).fit(*training_pairs(study.X, study.membership, study.class_vectors, voice))


def _compare(study_key: str, mapping_keys: tuple[str, ...], split: str, version: str, *, study: Study, progress):
    seeds = study.seeds.frame
    return compare(
        {key: make_mapping(key) for key in mapping_keys},
        study.X,
        study.membership,
        study.class_vectors,
        split=split,
        kinds=seeds["kind"].to_numpy(),
        frames=seeds["frame"].to_numpy(),
        texts=study.seeds.sentences,
        terms=study.seeds.terms,
        progress=progress,
    )
