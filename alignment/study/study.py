"""Study: one pair of latent spaces, with nearest classes, pictures, interpolations and evaluations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.errors import InputError, check_texts, check_type, check_whole
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings, check_drawing
from alignment.images.snap import snap_to_nearest_class
from alignment.interpolation.grid import InterpolationGrid, interpolate_grid
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings, interpolate
from alignment.interpolation.steering import Directions, directions, move_along, move_away
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.study.confidence.confidence import Confidence
from alignment.study.evaluations import Evaluations
from alignment.study.paired_spaces import PairedSpaces
from alignment.study.pictures import Pictures
from alignment.study.projections import Projections
from alignment.study.settings import CACHE, Settings
from alignment.text.encoder import TextEncoder
from alignment.vectors.points import checked_points
from alignment.vectors.similarity import directions_from_mean, nearest_classes

SENTENCE_CLASSES = 10  # nearest classes whose sentences are compared with a point


class Study(PairedSpaces):
    """One pair of latent spaces: the main interface of the library.

    Its own methods answer prompts; the attributes hold evaluations, projections, confidence and pictures. In all of
    them

    * ``mapping`` is a key of :data:`~alignment.mappings.MAPPINGS`, fitted on all seeds at first use, or, except in
      evaluations and projections, a file of :meth:`export_mapping`;
    * ``progress`` is called with (what is being done, steps done, steps in all), as ``print`` can be;
    * prompts that are no list of readable sentences raise InputError.

    Parameters
    ----------
    settings, cache, progress, encoder
        As for :class:`~alignment.study.paired_spaces.PairedSpaces`, which holds the models, the seeds and the fitted
        mappings.

    Attributes
    ----------
    evaluations : Evaluations
        Evaluations of mappings.
    projections : Projections
        Positions of classes and sentences in the spaces, and their layouts.
    confidence : Confidence
        Confidence in answers.
    pictures : Pictures
        Drawing points of class space, and inverting pictures to points.

    Examples
    --------
    >>> study = Study()
    >>> study.nearest(["I have a lemon"]).loc[0, "name"]
    'lemon'
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        cache: str | Path = CACHE,
        progress: Progress | None = None,
        encoder: TextEncoder | None = None,
    ):
        super().__init__(settings, cache=cache, progress=progress, encoder=encoder)
        self.evaluations = Evaluations(self)
        self.projections = Projections(self.evaluations)
        self.confidence = Confidence(self)
        self.pictures = Pictures(self)

    def nearest_in_text(self, vectors: np.ndarray, *, top: int = 5) -> list[tuple[str, ...]]:
        """Labels of the classes the means of whose sentences are nearest to points of text space, nearest first.

        Parameters
        ----------
        vectors : float array (m, d_text)
        top : int, at least 1

        Returns
        -------
        list of m tuples of min(top, classes with sentences) labels, as in ``classes.labels``
        """
        top = check_whole("top", top, 1)
        vectors, known = self._text_points(vectors), np.flatnonzero(np.isfinite(self.text_means).all(axis=1))
        best = nearest_classes(vectors, self.text_means[known], top)[0]
        labels = np.asarray(self.classes.labels, dtype=object)
        return [tuple(labels[known[row]]) for row in best]

    def nearest(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING, *, top: int = 5) -> pd.DataFrame:
        """Classes nearest to each mapped prompt.

        Parameters
        ----------
        prompts : list of m sentences
        mapping : str
        top : int, at least 1

        Returns
        -------
        DataFrame, min(top, K) rows per prompt
            ``prompt``, ``rank`` (from 1), ``class`` (row of :attr:`class_vectors`), ``index`` (ImageNet), ``name`` (its
            label), ``similarity`` (cosine after centring on the mean class vector, -1 to 1).
        """
        check_whole("top", top, 1)
        return self.nearest_to(self.map(prompts, mapping), prompts, top=top)

    def nearest_to(self, vectors: np.ndarray, labels: Sequence[object], *, top: int = 5) -> pd.DataFrame:
        """:meth:`nearest` for points of the target space, float array (m, d), with labels in the column ``prompt``.

        Raises
        ------
        InputError
            For points that are none, not finite or of another size, and for more or fewer labels.
        """
        top = check_whole("top", top, 1)
        vectors = self._points(vectors)
        labels = check_texts(labels, "Labels are a list, one for each point")
        if len(labels) != len(vectors):
            raise InputError(f"Each point needs one label; there are {len(vectors)} points and {len(labels)} labels.")
        best, similarity = nearest_classes(vectors, self.class_vectors, top)
        names, indices = self.classes.labels, self.classes.indices
        return pd.DataFrame(
            (label, rank, int(k), indices[k], names[k], float(similarity[i, rank - 1]))
            for i, label in enumerate(labels)
            for rank, k in enumerate(best[i], start=1)
        ).set_axis(["prompt", "rank", "class", "index", "name", "similarity"], axis=1)

    def _points(self, vectors: np.ndarray) -> np.ndarray:
        """Points of the target space as an array (m, d), if they are such."""
        return checked_points(vectors, self.class_vectors.shape[1])

    def generate(
        self,
        prompts: Sequence[str],
        mapping: str = DEFAULT_MAPPING,
        *,
        count: int = 1,
        drawing: DrawingSettings = DEFAULT_DRAWING,
    ) -> np.ndarray:
        """Draw prompts, ``count`` pictures of each with different noise, the same noise for every prompt.

        Parameters
        ----------
        prompts : list of m sentences
        mapping : str
        count : int, 1 to 64
        drawing : DrawingSettings
            ``truncation``, the spread of the noise; ``noise_seed``; and ``snap``, the share by which each mapped prompt
            is moved towards its nearest class, 0 for none.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
            RGB.

        Raises
        ------
        InputError
            Also when the class space is a bare matrix, which draws nothing.

        Examples
        --------
        >>> drawing = DrawingSettings(truncation=0.3, noise_seed=7, snap=0.5)
        >>> Study().generate(["a lemon"], count=2, drawing=drawing).shape
        (1, 2, 256, 256, 3)
        """
        check_drawing(drawing)
        vectors = self.snap_to_nearest_class(self.map(prompts, mapping), drawing.snap)
        return self.pictures.draw(vectors, count=count, drawing=drawing)

    def snap_to_nearest_class(self, vectors: np.ndarray, share: float) -> np.ndarray:
        """Move points (m, d) towards their nearest class by a share, 0 to 1: float32 array (m, d).

        See :func:`~alignment.images.snap.snap_to_nearest_class`.
        """
        return snap_to_nearest_class(vectors, self.class_vectors, share)

    def nearest_sentence(self, vector: np.ndarray, mapping: str = DEFAULT_MAPPING) -> tuple[str, float]:
        """Seed sentence that is mapped nearest to a point of the target space (1, d), and its similarity.

        Only sentences that name one of the :data:`SENTENCE_CLASSES` nearest classes are searched.
        """
        vector = self._points(vector)
        if len(vector) != 1:
            raise InputError(f"A sentence is found for one point, an array of one row; there are {len(vector)} rows.")
        rows = nearest_classes(vector, self.class_vectors, SENTENCE_CLASSES)[0][0]
        about = np.flatnonzero(np.asarray(self.membership[:, rows].sum(axis=1)).ravel())
        if not len(about):
            raise InputError("No seed sentence names a class near this point.")
        mapped = directions_from_mean(self.map_vectors(self.X[about], mapping), self.class_vectors)
        similarity = mapped @ directions_from_mean(vector, self.class_vectors)[0]
        best = int(similarity.argmax())
        return self.seeds.sentences[about[best]], float(similarity[best])

    def map_words(self, prompt: str, mapping: str = DEFAULT_MAPPING) -> tuple[list[str], np.ndarray]:
        """Words of a prompt, and the hidden state of each mapped to the target space: (w words, float32 array (w, d)).

        Raises
        ------
        InputError
            For a prompt that cannot be encoded, or without a word.
        """
        words, states = self.encoder.words(self.prompt_reader.check(prompt))
        if not words:
            raise InputError("This prompt holds no word; write a sentence such as 'I have a cat'.")
        return words, self.map_vectors(states, mapping)

    def out_of_distribution(self, vectors: np.ndarray) -> pd.DataFrame:
        """Distance of sentences, (m, d_text), to the seeds, and the nearest seed's ``sentence``.

        See :meth:`~alignment.evaluation.out_of_distribution.DistanceToSeeds.table`.
        """
        table, sentences = self.distance_to_seeds.table(self._text_points(vectors)), self.seeds.sentences
        return table.assign(sentence=[sentences[row] for row in table["seed"]])

    @cached_property
    def directions(self) -> Directions:
        """Principal directions of the target space: :func:`~alignment.interpolation.steering.directions`."""
        return directions(self.class_vectors)

    def steer(
        self, vectors: np.ndarray, *, amounts: Sequence[float] = (), against: np.ndarray | None = None, strength=0.0
    ) -> np.ndarray:
        """Move points along principal directions of the classes, and away from another point.

        Parameters
        ----------
        vectors : float array (m, d)
        amounts : at most r numbers
            Along each of :attr:`directions`, in standard deviations of the classes.
        against : float array (1, d), optional
            Point to move away from.
        strength : float
            How far: ``z - strength (against - c̄)``, with c̄ the mean class vector.

        Returns
        -------
        float32 array (m, d)

        Raises
        ------
        InputError
            As :func:`~alignment.interpolation.steering.move_along` and ``move_away``.
        """
        vectors = move_along(vectors, self.directions, amounts)
        return vectors if against is None else move_away(vectors, against, self.class_vectors.mean(axis=0), strength)

    def interpolate(
        self, settings: InterpolationSettings, *, texts: np.ndarray | None = None, progress: Progress | None = None
    ) -> InterpolationPath:
        """Interpolate from each prompt to the next: :func:`~alignment.interpolation.paths.interpolate`.

        Parameters
        ----------
        settings : InterpolationSettings
            Prompts, mapping, steps and everything else that determines the pictures.
        texts : float array (p, d_text), optional
            The prompts in text space, where they are known.
        progress : callable, optional
            Counts pictures.

        Returns
        -------
        InterpolationPath
            Without pictures where the class space is a bare matrix.

        Raises
        ------
        InputError
            Also for a class in ``settings.through`` that is unknown or that no seed sentence names.
        """
        _check_settings(settings)
        through = self.rows_through(settings)
        texts, predict = self._texts_and_mapping(settings, texts)
        if through:  # else no sentence of the classes is read
            texts = np.insert(texts, [len(texts) - 1] * len(through), self.text_means[through], axis=0)
        return interpolate(
            settings, texts, predict, self.class_vectors, self.space.generator, progress, through=through
        )

    def rows_through(self, settings: InterpolationSettings) -> list[int]:
        """Rows of the classes that an interpolation goes through; no sentence is encoded for it.

        Raises
        ------
        InputError
            For a name that no class has, and a class that no seed sentence names.
        """
        rows = [self.classes.row(name) for name in settings.through]
        for row in rows:
            if not self.membership[:, [row]].nnz:
                name = self.classes.labels[row]
                raise InputError(f"No seed sentence names the class {name}, so it has no place in text space.")
        return rows

    def interpolate_grid(
        self, settings: InterpolationSettings, *, texts: np.ndarray | None = None, progress: Progress | None = None
    ) -> InterpolationGrid:
        """Interpolate a grid between four prompts: :func:`~alignment.interpolation.grid.interpolate_grid`.

        Parameters
        ----------
        settings : InterpolationSettings
            Of four prompts (upper left, upper right, lower left, lower right); ``steps`` along an edge, at most 22.
        texts : float array (4, d_text), optional
            The prompts in text space, where they are known.
        progress : callable, optional
            Counts pictures.
        """
        _check_settings(settings)
        texts, predict = self._texts_and_mapping(settings, texts)
        return interpolate_grid(settings, texts, predict, self.class_vectors, self.generator, progress)

    def _texts_and_mapping(
        self, settings: InterpolationSettings, texts: np.ndarray | None
    ) -> tuple[np.ndarray, Callable]:
        """Prompts in text space, encoded unless given, and the mapping's ``predict``.

        Each prompt is encoded separately, because rounding depends on the batch: its picture is then the same in every
        interpolation.
        """
        if texts is None:
            texts = np.vstack([self.encode([prompt]) for prompt in settings.prompts])
        texts = checked_points(texts, self.encoder.dim, "text space", len(settings.prompts))
        return texts, self.mapping(settings.mapping).predict


def _check_settings(settings: InterpolationSettings) -> None:
    wanted = "An interpolation is made of InterpolationSettings, such as InterpolationSettings(('a cat', 'a fox'))"
    check_type(settings, InterpolationSettings, wanted)
