"""Drawing points of class space with the generator, and inverting pictures to points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings, check_count, check_drawing
from alignment.images.inversion import STEPS, Inversion, check_steps, check_target, invert
from alignment.images.truncation_and_noise import draw_noise
from alignment.interpolation.steering import noises_around
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import ArtifactKey, artifact_key
from alignment.study.paired_spaces import PairedSpaces
from alignment.vectors.points import checked_points

THUMBNAIL_PIXELS = 96  # width and height of the picture of a class beside its name


class Pictures:
    """Draws with the generator; every method raises InputError where the class space is a bare matrix.

    Parameters
    ----------
    spaces : PairedSpaces
    """

    def __init__(self, spaces: PairedSpaces):
        self.spaces = spaces

    def __repr__(self) -> str:
        return f"<Pictures of {self.spaces!r}>"

    def of_classes(self, *, progress: Progress | None = None) -> np.ndarray:
        """Thumbnail of every class, cached on disk: uint8 array (K, THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, 3)."""
        compute = partial(artifacts.class_pictures, self.spaces.generator, THUMBNAIL_PIXELS, progress)
        return self.spaces.cache.fetch(self._classes_key, compute)

    def are_kept_of_classes(self) -> bool:
        """Whether the thumbnails of :meth:`of_classes` are cached."""
        return self.spaces.cache.has(self._classes_key())

    def _classes_key(self) -> ArtifactKey:
        generator, pixels = self.spaces.generator, THUMBNAIL_PIXELS
        drawn_by = (generator.fingerprint, generator.computed_in, self.spaces.classes.fingerprint)
        return artifact_key(artifacts.class_pictures, *drawn_by, pixels, about=self.spaces.settings.class_space)

    def draw(self, vectors: np.ndarray, *, count: int = 1, drawing: DrawingSettings = DEFAULT_DRAWING) -> np.ndarray:
        """Draw points of the target space.

        Parameters
        ----------
        vectors : float array (m, d)
        count : int, 1 to 64
            Pictures of each point, with different noise; the noise is the same for every point.
        drawing : DrawingSettings
            Truncation and noise seed; ``snap`` has no effect, because points are drawn as they are.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)

        Raises
        ------
        InputError
            For points that are none, not finite or of another size, and a count out of range.
        """
        count, drawing = check_count(count), check_drawing(drawing)
        size = self.spaces.generator.config.z_dim
        noise = draw_noise(count, size, truncation=drawing.truncation, seed=drawing.noise_seed)
        return self._with_noise(vectors, noise, drawing.truncation)

    def vary(
        self,
        vectors: np.ndarray,
        *,
        count: int = 1,
        drawing: DrawingSettings = DEFAULT_DRAWING,
        trail: Sequence[int] = (),
    ) -> np.ndarray:
        """Draw variations of points; see :func:`~alignment.interpolation.steering.noises_around`.

        Parameters
        ----------
        vectors, count, drawing
            As for :meth:`draw`.
        trail : sequence of int
            Choices so far, each the number of a picture of the call before, from 0; the next vary the last of them.

        Returns
        -------
        uint8 array (m, count, pixels, pixels, 3)
        """
        count, drawing = check_count(count), check_drawing(drawing)
        size = self.spaces.generator.config.z_dim
        noise = noises_around(count, size, truncation=drawing.truncation, seed=drawing.noise_seed, trail=trail)
        return self._with_noise(vectors, noise, drawing.truncation)

    def _with_noise(self, vectors: np.ndarray, noise: np.ndarray, truncation: float) -> np.ndarray:
        """Draw each of the points (m, d) with each of the noise vectors (count, d_noise)."""
        vectors = checked_points(vectors, self.spaces.class_vectors.shape[1])
        rows, noises = np.repeat(vectors, len(noise), axis=0), np.tile(noise, (len(vectors), 1))
        pictures = self.spaces.generator.generate(rows, truncation=truncation, noise=noises)
        return pictures.reshape(len(vectors), len(noise), *pictures.shape[1:])

    def invert(
        self,
        picture: np.ndarray,
        *,
        truncation: float = DEFAULT_DRAWING.truncation,
        steps: int = STEPS,
        progress: Progress | None = None,
    ) -> Inversion:
        """Find the point and noise whose picture is closest to a picture: :func:`~alignment.images.inversion.invert`.

        Parameters
        ----------
        picture : uint8 array (pixels, pixels, 3), or Image of Pillow
            As from :func:`~alignment.images.picture_files.read_picture`.
        truncation : float in (0, 1]
            Of the noise that is searched for too.
        steps : int
            Of the optimiser.
        """
        check_steps(steps)
        check_target(self.spaces.generator, picture)
        classes = self.of_classes(progress=progress)
        return invert(self.spaces.generator, picture, classes, truncation=truncation, steps=steps, progress=progress)
