"""Study: one encoder, one class space, one seed dictionary, and every artifact they give, on demand and cached."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.prompts import EXAMPLES, PROMPTS_CSV, evaluation_prompts
from alignment.dictionary.seed_files import Refusal, read_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.evaluation.class_traits import class_traits
from alignment.evaluation.comparison import run_in_turn
from alignment.evaluation.out_of_distribution import out_of_distribution
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs, class_means
from alignment.evaluation.splits import Fold
from alignment.images.class_space import ClassSpace, snap_to_nearest_class
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings
from alignment.images.generator import ImageGenerator
from alignment.images.noise import draw_noise
from alignment.interpolation.grid import InterpolationGrid, interpolate_grid
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings, interpolate
from alignment.interpolation.steering import Directions, directions, mixed, moved, noises_around, subtracted
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS, make_mapping
from alignment.progress import Progress
from alignment.projection.layouts import LayoutSettings, Projection
from alignment.study import artifacts
from alignment.study.cache import MISSING, ArtifactCache
from alignment.study.cache_keys import ArtifactKey, artifact_key, digest, source_digest
from alignment.study.settings import CACHE, Settings
from alignment.text.encoder import TextEncoder
from alignment.vectors.similarity import similarities

MAX_COUNT = 64  # pictures of one prompt


class Study:
    """One pair of latent spaces: the seeds, the mappings between them, and their evaluation.

    Artifacts are computed when first asked for and kept in ``cache`` under a key of everything they depend on, so that
    a second study with the same settings computes none of them again.

    Parameters
    ----------
    settings : Settings
    cache : Path
        Folder of the cache; see :class:`~alignment.study.cache.ArtifactCache`.

    Examples
    --------
    >>> study = Study()
    >>> study.nearest(["I have a lemon"]).loc[0, "name"]
    'lemon'
    """

    def __init__(self, settings: Settings | None = None, *, cache: str | Path = CACHE):
        self.settings = settings = Settings() if settings is None else settings
        self.cache = ArtifactCache(cache)
        self._lock = threading.RLock()
        self._comparing = threading.Lock()  # a comparison takes long, and prompts must not wait for it
        self._mappings: dict = {}
        self._folds: dict[str, list[Fold]] = {}
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
        key = artifact_key(artifacts.seed_table, self.classes.indices, about=self._space_name)
        return SeedDictionary(self.cache.fetch(key, lambda: artifacts.seed_table(self.classes)))

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
        """The source space: float32 array (n, d_text), one row per seed sentence."""
        return self._encode_seeds()

    @cached_property
    def pairs(self) -> SeedPairs:
        """Everything a mapping is fitted and evaluated on."""
        seeds = self.seeds
        kinds, templates = seeds.frame["kind"].to_numpy(), seeds.frame["template"].to_numpy()
        return SeedPairs(self.X, self.membership, self.class_vectors, kinds, templates, seeds.sentences, seeds.terms)

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
        reads = (encoder.fingerprint, encoder.layer, encoder.pooling, encoder.dtype)
        about = f"{self.settings.encoder} {encoder.layer} {encoder.pooling}, {len(sentences):,} sentences"
        return artifact_key(artifacts.sentence_vectors, *reads, sentences, about=about)

    @cached_property
    def _class_space_digest(self) -> str:
        """What the class vectors and the classes named by seeds depend on."""
        return digest(self.space.fingerprint, self.classes.indices, source_digest(type(self.space)))

    @cached_property
    def _pairs_digest(self) -> str:
        """What :attr:`pairs` depends on."""
        sentences = self.seeds.sentences_with_terms(self.encoder.pooling == "word")
        return digest(self._vectors_key(sentences), self._class_space_digest, self.seeds.to_csv())

    def _mapping_key(self, mapping: str) -> ArtifactKey:
        return artifact_key(artifacts.fitted_mapping, self._pairs_digest, mapping, about=self._about(mapping))

    def _evaluation_key(self, mapping: str, split: str) -> ArtifactKey:
        about = self._about(mapping, split)
        return artifact_key(artifacts.mapping_evaluation, self._pairs_digest, mapping, split, about=about)

    def build(self, progress: Progress | None = None) -> None:
        """Prepare what the first page needs: the seeds and examples encoded, and the default mapping."""
        self._encode_seeds(progress)
        self.mapping(DEFAULT_MAPPING)
        for example in EXAMPLES:
            self.encode([example])

    def _encode_seeds(self, progress: Progress | None = None) -> np.ndarray:
        """The seeds encoded; an edited dictionary takes what it shares with the project's own from the cache."""
        sentences = self.seeds.sentences_with_terms(self.encoder.pooling == "word")
        own = self._own_seeds.sentences_with_terms(self.encoder.pooling == "word")
        place = {sentence: row for row, sentence in enumerate(own)}
        new = list(dict.fromkeys(sentence for sentence in sentences if sentence not in place))
        with self._lock:
            if sentences == own or 2 * (len(sentences) - len(new)) < len(own):  # nothing edited, or little shared
                return self._vectors(sentences, progress)
            known = self._vectors(own, progress)
            place |= {sentence: len(own) + row for row, sentence in enumerate(new)}
            return np.vstack([known, self._vectors(new, progress)])[[place[sentence] for sentence in sentences]]

    def _vectors(self, sentences: list[tuple[str, str]], progress: Progress | None = None) -> np.ndarray:
        compute = partial(artifacts.sentence_vectors, self.encoder, sentences, progress)
        return self.cache.fetch(self._vectors_key(sentences), compute)

    def mapping(self, key: str = DEFAULT_MAPPING):
        """A mapping of the registry, fitted on all seeds."""
        with self._lock:
            if key not in self._mappings:
                make_mapping(key)  # an unknown key is refused before any work
                fit = lambda: artifacts.fitted_mapping(key, self.pairs)  # noqa: E731
                self._mappings[key] = self.cache.fetch(self._mapping_key(key), fit)
            return self._mappings[key]

    def compare(
        self, mappings: Sequence[str] | None = None, *, split: str = "classes", progress: Progress | None = None
    ) -> dict[str, EvaluationResult]:
        """Mappings evaluated on seeds they have not seen, with the baselines.

        Parameters
        ----------
        mappings : keys of the registry, default all
        split : {"classes", "sentences", "kinds"}
            What is held out; see :func:`~alignment.evaluation.splits.splits`.

        Returns
        -------
        dict from mapping key or baseline name to EvaluationResult
        """
        names = tuple(MAPPINGS if mappings is None else mappings)
        for name in names:
            make_mapping(name)  # an unknown key is refused before any work
        jobs = {
            name: (self._evaluation_key(name, split), partial(artifacts.mapping_evaluation, name)) for name in names
        }
        about = self._about("baselines", split)
        baselines = artifact_key(artifacts.baseline_evaluations, self._pairs_digest, split, about=about)
        jobs["baselines"] = (baselines, artifacts.baseline_evaluations)
        results = {name: self.cache.read(key) for name, (key, _) in jobs.items()}
        new = {name: partial(self._evaluated, split, *jobs[name]) for name in jobs if results[name] is MISSING}
        with self._comparing if new else nullcontext():
            results |= run_in_turn(new, progress)
        return results | results.pop("baselines")

    def _evaluated(self, split: str, key: ArtifactKey, compute: Callable, *, progress: Progress | None):
        return self.cache.fetch(key, lambda: compute(self.pairs, self.folds(split), progress=progress))

    def folds(self, split: str) -> list[Fold]:
        """Which seeds are learned from and which evaluated, the same for every mapping."""
        with self._lock:
            if split not in self._folds:
                self._folds[split] = self.pairs.folds(split)
            return self._folds[split]

    def encoder_sweep(self, mapping: str = "ridge", *, progress: Progress | None = None) -> pd.DataFrame:
        """A mapping on held-out classes with every layer and pooling of the encoder.

        See :func:`~alignment.evaluation.encoder_sweep.sweep_encoder`; the study's own layer and pooling have no effect.
        """
        make_mapping(mapping)
        reads = (self.encoder.fingerprint, self.encoder.dtype, self._class_space_digest, self.seeds.to_csv())
        key = artifact_key(artifacts.encoder_sweep_table, *reads, mapping, about=self._about(mapping))
        sweep = artifacts.encoder_sweep_table
        return self.cache.fetch(key, lambda: sweep(self.encoder, mapping, self.pairs, progress))

    def learning_curve(self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> pd.DataFrame:
        """A mapping learned from fewer seeds: :func:`~alignment.evaluation.ablations.learning_curve`."""
        return self._ablation(artifacts.learning_curve_table, mapping, progress)

    def seed_kinds(self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> pd.DataFrame:
        """What each kind of seeds contributes: :func:`~alignment.evaluation.ablations.seed_kinds`."""
        return self._ablation(artifacts.seed_kinds_table, mapping, progress)

    def _ablation(self, measure: Callable, mapping: str, progress: Progress | None) -> pd.DataFrame:
        make_mapping(mapping)
        key = artifact_key(measure, self._pairs_digest, mapping, about=self._about(mapping))
        return self.cache.fetch(key, lambda: measure(mapping, self.pairs, progress))

    def class_traits(self) -> pd.DataFrame:
        """What might explain the error of a class, one row per class.

        See :func:`~alignment.evaluation.class_traits.class_traits`.
        """
        pieces, place = self.encoder.name_pieces(self.classes.names)
        return class_traits(self.class_vectors, self.seeds.counts(self.classes), pieces, place)

    def mapped_seeds(
        self, mapping: str = DEFAULT_MAPPING, *, held_out: bool = True, progress: Progress | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Seeds in the target space.

        Parameters
        ----------
        held_out : bool
            Whether a sentence is mapped by a mapping that has not seen its class, as in :meth:`compare`, or by the one
            fitted on all seeds, this sentence among them.

        Returns
        -------
        (int array (m,), float32 array (m, d))
            Which seeds, and where they are mapped; held out, only those that name a single class.
        """
        if held_out:
            result = self.compare([mapping], progress=progress)[mapping]
            return result.rows, result.predictions
        key = artifact_key(artifacts.mapped_seeds, self._mapping_key(mapping), about=self._about(mapping))
        mapped = self.cache.fetch(key, lambda: artifacts.mapped_seeds(self.mapping(mapping), self.X))
        return np.arange(len(mapped)), mapped

    def spaces(
        self, mapping: str = DEFAULT_MAPPING, *, held_out: bool = True, progress: Progress | None = None
    ) -> dict[str, np.ndarray]:
        """The classes as points of every space: "text" (K, d_text), "mapped" (K, d) and "class" (K, d), float32.

        In the first two a class is the mean of its sentences, or NaN where it has none.
        """
        rows, mapped = self.mapped_seeds(mapping, held_out=held_out, progress=progress)
        return {
            "text": self.text_means,
            "mapped": class_means(mapped, self.membership[rows]),
            "class": self.class_vectors,
        }

    @cached_property
    def text_means(self) -> np.ndarray:
        """Mean of every class's sentences in text space: float32 array (K, d_text), NaN for a class without any."""
        return class_means(self.X, self.membership)

    def nearest_in_text(self, vectors: np.ndarray, *, top: int = 5) -> list[tuple[str, ...]]:
        """Names of the classes whose sentences are, on average, nearest to points of text space, nearest first."""
        known = np.flatnonzero(np.isfinite(self.text_means).all(axis=1))
        best = np.argsort(-similarities(vectors, self.text_means[known]), axis=1, kind="stable")[:, :top]
        names = np.asarray(self.classes.names, dtype=object)
        return [tuple(names[known[row]]) for row in best]

    def layout(
        self,
        settings: LayoutSettings | None = None,
        mapping: str = DEFAULT_MAPPING,
        *,
        held_out: bool = True,
        progress: Progress | None = None,
    ) -> dict[str, Projection]:
        """:meth:`spaces` in two or three dimensions; see :func:`~alignment.projection.layouts.fit_layout`."""
        make_mapping(mapping)
        settings = settings or LayoutSettings()
        mapped = self._evaluation_key(mapping, "classes") if held_out else self._mapping_key(mapping)
        about = self._about(mapping, settings.method)
        key = artifact_key(artifacts.space_layout, self._pairs_digest, mapped, settings, about=about)
        spaces = partial(self.spaces, mapping, held_out=held_out, progress=progress)
        return self.cache.fetch(key, lambda: artifacts.space_layout(spaces(), settings, progress))

    def class_pictures(self, pixels: int = 64, *, progress: Progress | None = None) -> np.ndarray:
        """Every class as the generator draws it, made small: uint8 array (K, pixels, pixels, 3)."""
        generator = self.generator
        drawn_by = (generator.fingerprint, generator.dtype, self.classes.indices)
        key = artifact_key(artifacts.class_pictures, *drawn_by, pixels, about=self._space_name)
        return self.cache.fetch(key, lambda: artifacts.class_pictures(generator, pixels, progress))

    def evaluate_prompts(self, mapping: str = DEFAULT_MAPPING, *, source: Path = PROMPTS_CSV) -> pd.DataFrame:
        """How often prompts find a right class under a mapping fitted on all seeds.

        Parameters
        ----------
        mapping : key of the registry
        source : Path
            A CSV as :func:`~alignment.dictionary.prompts.evaluation_prompts` reads it; by default the test prompts.

        Returns
        -------
        DataFrame, one row per group and one called "all"
            ``prompts``, ``hit_at_1``, ``hit_at_5``, ``hit_at_10``; see
            :func:`~alignment.evaluation.prompt_accuracy.evaluate_prompts`.
        """
        make_mapping(mapping)
        prompts = evaluation_prompts(self.classes, source)
        key = artifact_key(artifacts.prompt_evaluation, self._mapping_key(mapping), prompts, about=self._about(mapping))
        mapped = lambda: self.map(prompts["prompt"].tolist(), mapping)  # noqa: E731
        return self.cache.fetch(key, lambda: artifacts.prompt_evaluation(mapped(), self.class_vectors, prompts))

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
        prompts = [self.check_prompt(prompt) for prompt in prompts]
        words = [self.seeds.named_term(prompt) if self.encoder.pooling == "word" else "" for prompt in prompts]
        if len(prompts) == 1 and prompts[0] in EXAMPLES:  # kept, so that a first page need not wait for a model
            return self._vectors([(prompts[0], words[0])])
        return self.encoder.encode(prompts, words=words)

    def check_prompt(self, prompt: str) -> str:
        """The prompt without surrounding blanks, if it can be read; see :meth:`TextEncoder.check_prompt`."""
        return prompt.strip() if prompt.strip() in EXAMPLES else self.encoder.check_prompt(prompt)

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
        drawing: DrawingSettings = DEFAULT_DRAWING,
    ) -> np.ndarray:
        """Pictures of prompts, ``count`` of each with different noise, the same noise for every prompt.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
        """
        vectors = self.snap_to_nearest_class(self.map(prompts, mapping), drawing.snap)
        return self.draw(vectors, count=count, drawing=drawing)

    def snap_to_nearest_class(self, vectors: np.ndarray, share: float) -> np.ndarray:
        """Move points towards their nearest class: :func:`~alignment.images.class_space.snap_to_nearest_class`."""
        return snap_to_nearest_class(vectors, self.class_vectors, share)

    def draw(self, vectors: np.ndarray, *, count: int = 1, drawing: DrawingSettings = DEFAULT_DRAWING) -> np.ndarray:
        """Pictures of points of the target space, (m, d), as they are: uint8 array (m, count, pixels, pixels, 3)."""
        if not 1 <= count <= MAX_COUNT:
            raise InputError(f"Between 1 and {MAX_COUNT} pictures can be made at once; got {count}.")
        size = self.generator.config.z_dim
        noise = draw_noise(count, size, truncation=drawing.truncation, seed=drawing.noise_seed)
        return self._draw_with(vectors, noise, drawing.truncation)

    def vary(
        self,
        vectors: np.ndarray,
        *,
        count: int = 1,
        drawing: DrawingSettings = DEFAULT_DRAWING,
        trail: Sequence[int] = (),
    ) -> np.ndarray:
        """Pictures of points (m, d) to choose from; see :func:`~alignment.interpolation.steering.noises_around`.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
        """
        size = self.generator.config.z_dim
        noise = noises_around(count, size, truncation=drawing.truncation, seed=drawing.noise_seed, trail=trail)
        return self._draw_with(vectors, noise, drawing.truncation)

    def _draw_with(self, vectors: np.ndarray, noise: np.ndarray, truncation: float) -> np.ndarray:
        """Each of the points (m, d) with each of the noise vectors (count, d_noise)."""
        rows, noises = np.repeat(vectors, len(noise), axis=0), np.tile(noise, (len(vectors), 1))
        pictures = self.generator.generate(rows, truncation=truncation, noise=noises)
        return pictures.reshape(len(vectors), len(noise), *pictures.shape[1:])

    def map_words(self, prompt: str, mapping: str = DEFAULT_MAPPING) -> tuple[list[str], np.ndarray]:
        """A prompt's words, and each one's own hidden state in the target space: (w words, float32 array (w, d)).

        Raises
        ------
        InputError
            For a prompt that cannot be encoded, or without a word.
        """
        words, states = self.encoder.words(self.encoder.check_prompt(prompt))
        if not words:
            raise InputError("This prompt holds no word; write a sentence such as 'I have a cat'.")
        return words, np.asarray(self.mapping(mapping).predict(states), dtype=np.float32)

    def out_of_distribution(self, vectors: np.ndarray) -> pd.DataFrame:
        """How far sentences, (m, d_text), lie from all seeds, and the nearest seed's ``sentence``.

        See :func:`~alignment.evaluation.out_of_distribution.out_of_distribution`.
        """
        table = out_of_distribution(vectors, self.X, self.seed_distances)
        return table.assign(sentence=[self.seeds.sentences[row] for row in table["seed"]])

    @cached_property
    def seed_distances(self) -> np.ndarray:
        """:func:`~alignment.evaluation.out_of_distribution.seed_neighbour_distances`, ascending."""
        key = artifact_key(artifacts.neighbour_distances, self._pairs_digest, about=self._about())
        return self.cache.fetch(key, lambda: artifacts.neighbour_distances(self.X, self.pairs.groups))

    @cached_property
    def directions(self) -> Directions:
        """The principal directions of the target space: :func:`~alignment.interpolation.steering.directions`."""
        return directions(self.class_vectors)

    def mix(self, weights: dict[int, float]) -> np.ndarray:
        """Classes, by row, blended into one point (1, d): :func:`~alignment.interpolation.steering.mixed`."""
        return mixed(self.class_vectors, weights)

    def steer(
        self, vectors: np.ndarray, *, amounts: Sequence[float] = (), against: np.ndarray | None = None, strength=0.0
    ) -> np.ndarray:
        """Points (m, d) moved along :attr:`directions`, and away from the point ``against`` (1, d)."""
        vectors = moved(vectors, self.directions, amounts)
        return vectors if against is None else subtracted(vectors, against, self.class_vectors.mean(axis=0), strength)

    def interpolate(
        self, settings: InterpolationSettings, *, texts: np.ndarray | None = None, progress: Progress | None = None
    ) -> InterpolationPath:
        """The path from each prompt to the next: :func:`~alignment.interpolation.paths.interpolate`."""
        generator = self.space if self.space.draws else None
        texts, predict = self._texts_and_mapping(settings, texts)
        return interpolate(settings, texts, predict, self.class_vectors, generator, progress)

    def interpolate_grid(
        self, settings: InterpolationSettings, *, texts: np.ndarray | None = None, progress: Progress | None = None
    ) -> InterpolationGrid:
        """The grid between four prompts: :func:`~alignment.interpolation.grid.interpolate_grid`."""
        texts, predict = self._texts_and_mapping(settings, texts)
        return interpolate_grid(settings, texts, predict, self.class_vectors, self.generator, progress)

    def _texts_and_mapping(
        self, settings: InterpolationSettings, texts: np.ndarray | None
    ) -> tuple[np.ndarray, Callable]:
        """The prompts in text space, unless they are given, and the mapping's ``predict``.

        Each prompt is encoded by itself, because rounding differs with the batch: its picture is then the same in
        every interpolation.
        """
        texts = np.vstack([self.encode([prompt]) for prompt in settings.prompts]) if texts is None else texts
        return texts, self.mapping(settings.mapping).predict
