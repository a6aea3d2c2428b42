"""Projections of two spaces: positions of classes and sentences, as held out or as learned, and their layouts."""

from __future__ import annotations

from functools import partial

import numpy as np

from alignment.errors import check_type
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.projection.layouts import LayoutSettings, Projection
from alignment.study import artifacts
from alignment.study.cache.keys import artifact_key
from alignment.study.evaluations import Evaluations
from alignment.vectors.class_means import class_means


class Projections:
    """Where classes and sentences stand in text space, once mapped, and in class space, and projections of these.

    Parameters
    ----------
    evaluations : Evaluations
        Of the two spaces: held-out positions are those of its predictions.
    """

    def __init__(self, evaluations: Evaluations):
        self.evaluations, self.spaces = evaluations, evaluations.spaces

    def __repr__(self) -> str:
        return f"<Projections of {self.spaces!r}>"

    def mapped_seeds(
        self, mapping: str = DEFAULT_MAPPING, *, held_out: bool = True, progress: Progress | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Seeds mapped to the target space.

        Parameters
        ----------
        held_out : bool
            Whether a sentence is mapped by a mapping that has not seen its class, as in ``evaluations.evaluate``, or by
            the one fitted on all seeds, this sentence among them.

        Returns
        -------
        (int array (m,), float32 array (m, d))
            Rows of the seeds, and their mapped vectors; held out, only those that name a single class.
        """
        if held_out:
            result = self.evaluations.evaluate(mapping, progress=progress)
            return result.rows, result.predictions
        spaces = self.spaces
        key = artifact_key(artifacts.mapped_seeds, spaces.mapping_key(mapping), about=spaces.about(mapping))
        mapped = spaces.cache.fetch(key, lambda: artifacts.mapped_seeds(spaces.mapping(mapping), spaces.X))
        return np.arange(len(mapped)), mapped

    def class_positions(
        self, mapping: str = DEFAULT_MAPPING, *, held_out: bool = True, progress: Progress | None = None
    ) -> dict[str, np.ndarray]:
        """Positions of the classes in every space: "text" (K, d_text), "mapped" (K, d) and "class" (K, d), float32.

        In the first two a class is the mean of its sentences, or NaN where it has none. Held out, a mapped class is its
        prediction in that evaluation, so that the classes nearest to it fit its rank there.
        """
        spaces = self.spaces
        if held_out:
            result = self.evaluations.evaluate(mapping, progress=progress)
            mapped = np.full(spaces.class_vectors.shape, np.nan, dtype=np.float32)
            mapped[result.classes] = result.class_predictions
        else:
            mapped = class_means(self.mapped_seeds(mapping, held_out=False)[1], spaces.membership)
        return {"text": spaces.text_means, "mapped": mapped, "class": spaces.class_vectors}

    def layout(
        self,
        settings: LayoutSettings | None = None,
        mapping: str = DEFAULT_MAPPING,
        *,
        held_out: bool = True,
        progress: Progress | None = None,
    ) -> dict[str, Projection]:
        """:meth:`class_positions` in two or three dimensions; see :func:`~alignment.projection.layouts.fit_layout`.

        Parameters
        ----------
        settings : LayoutSettings, optional
            Method, number of dimensions, neighbourhoods; by default a UMAP of all spaces together, in two.
        mapping, held_out, progress
            As for :meth:`mapped_seeds`.

        Returns
        -------
        dict from "text", "mapped" and "class" to Projection
        """
        spaces, settings = self.spaces, LayoutSettings() if settings is None else settings
        check_type(settings, LayoutSettings, "A layout is made of LayoutSettings, such as LayoutSettings(method='pca')")
        mapped = spaces.mapping_key(mapping)
        if held_out:
            # Named, as the key of an evaluation does not say what of it is laid out.
            mapped = "class predictions", spaces.key(artifacts.mapping_evaluation, mapping, "classes")
        about = spaces.about(mapping, settings.method)
        key = artifact_key(artifacts.space_layout, spaces.pairs_digest, mapped, settings, about=about)
        positions = partial(self.class_positions, mapping, held_out=held_out, progress=progress)
        return spaces.cache.fetch(key, lambda: artifacts.space_layout(positions(), settings, progress))

    def principal_axes(self) -> dict[str, Projection]:
        """PCA of the classes in text space and in class space to two dimensions, without any mapping."""
        spaces, settings = self.spaces, LayoutSettings(method="pca")
        key = artifact_key(artifacts.space_layout, spaces.pairs_digest, settings, about=spaces.about(settings.method))

        def compute() -> dict[str, Projection]:
            return artifacts.space_layout({"text": spaces.text_means, "class": spaces.class_vectors}, settings)

        return spaces.cache.fetch(key, compute)
