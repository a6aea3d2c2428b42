"""The BigGAN generator: its class space, and pictures of points in it."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable, check_classes, unnamed_rows_notes
from alignment.errors import InputError, check_type
from alignment.execution.cpu import threads_for
from alignment.execution.placement import PlacedModel, fastest_dtype
from alignment.files.digests import file_sha256
from alignment.images import published_biggan
from alignment.images.checkpoints import find_files
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.images.truncation_and_noise import TRUNCATION_STEPS, draw_noise, nearest_truncation
from alignment.images.weights import load_model, read_config
from alignment.progress import Progress, at_step, check_progress
from alignment.vectors.points import checked_points
from alignment.vectors.read_only import read_only

if TYPE_CHECKING:
    from alignment.images.folded_biggan import FoldedBigGAN

SINGLE_THREAD_ACTIVATIONS = 2**20  # in the largest layer, of all pictures of a call; more are faster with all threads
BATCH_ACTIVATIONS = 2**22  # in the largest layer, of the pictures drawn at a time; more exceed the processor's cache
GPU_ACTIVATIONS = 2**28  # the same on a GPU: 1 GB in float32
MIN_HALF_CHANNELS = 128  # channel width of the published models; narrower ones gain too little from half precision


class ImageGenerator(PlacedModel):
    """A BigGAN-deep in the format of pytorch_pretrained_biggan, which draws points of its class space.

    Parameters
    ----------
    source : str or Path
        "bundled"; "biggan-deep-128", "-256" or "-512"; a Hub repository id; or a local folder with ``config.json``
        and ``pytorch_model.bin`` (or ``model.safetensors``). A ``classes.csv`` in the folder (columns ``class`` and
        ``index``) gives the ImageNet class of each row; without it the rows are ImageNet's in order.
    dtype : {"float32", "bfloat16", "float16"}, optional
        Of weights and activations. By default, for networks as wide as the published ones, what the device multiplies
        fastest (bfloat16, or float16 on older cards), else float32. Pictures in either differ from float32 ones by less
        than one step of 255 on average (PSNR above 40 dB); single pixels may differ by a few steps with the number of
        pictures in a batch. Where float16 overflows, float32 is used from then on.
    device : {"auto", "cpu", "cuda", "mps"}
        Where it draws; "auto" is a graphics card where torch can use one. In float32 the pictures, -1 to 1, differ from
        the library's by less than 1e-4 on the processor; a card computes the same sums in another order, not in TF32.
        Where its memory is short, batches are smaller, or all are drawn on the processor; a note reports it.
    classes : ClassTable, optional
        Its classes, in place of those in ``classes.csv``.
    progress : callable, optional
        Called during a download, with bytes.

    Attributes
    ----------
    class_embeddings : float32 array (K, 128)
        The space Z: row k is what the generator is conditioned on for class k.
    classes : ClassTable of K classes

    Raises
    ------
    InputError
        For an unknown source, dtype or device, and for weights that are missing, damaged, or of another model.

    References
    ----------
    Brock, Donahue and Simonyan 2019, Large Scale GAN Training for High Fidelity Natural Image Synthesis,
    arXiv:1809.11096 (the deep variant of its appendix B).

    Examples
    --------
    >>> generator = ImageGenerator()
    >>> generator.generate(generator.class_embeddings[:2], truncation=0.4, noise_seed=0).shape
    (2, 256, 256, 3)
    """

    def __init__(
        self,
        source: str | Path = "bundled",
        *,
        dtype: str | None = None,
        device: str = "auto",
        classes: ClassTable | None = None,
        progress: Progress | None = None,
    ):
        check_type(source, (str, os.PathLike), "A generator is named, such as 'bundled', or a folder")
        check_classes(classes)
        check_progress(progress)
        super().__init__(device, "pictures", dtype)
        self.source = str(source)
        config_file, self._weights_file = find_files(self.source, progress)
        self.config = read_config(config_file)
        count = self.config.num_classes
        if classes is not None and len(classes) != count:
            raise InputError(
                f"The generator {source} draws {count:,} classes, but {len(classes):,} are named; a space of these "
                "has a matrix of class vectors of its own, as --class-embeddings FILE."
            )
        list_file = config_file.parent / "classes.csv"
        self.classes = classes or _read_classes(list_file, count)
        unnamed = classes is None and not list_file.is_file()
        self.notes = [
            *published_biggan.notes(self.source, self._weights_file),
            *(unnamed_rows_notes(self.source, count) if unnamed else []),
        ]

    def __repr__(self) -> str:
        return f"<ImageGenerator: {self.source}, {len(self.classes):,} classes, {self.pixels} x {self.pixels} pixels>"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights."""
        return file_sha256(self._weights_file)

    @property
    def pixels(self) -> int:
        """Width and height of a picture."""
        return int(self.config.output_dim)

    @property
    def generator(self) -> ImageGenerator:
        """The generator itself, as required by :class:`~alignment.class_embeddings.class_space.ClassSpace`."""
        return self

    @cached_property
    def class_embeddings(self) -> np.ndarray:
        return read_only(self.placement.once(lambda device: self._model(device).class_embeddings))

    def _default_dtype(self, device: str) -> str:
        return fastest_dtype(device) if self.config.channel_width >= MIN_HALF_CHANNELS else "float32"

    def _load(self, device: str, dtype: str) -> FoldedBigGAN:
        import torch

        from alignment.images.folded_biggan import FoldedBigGAN

        return FoldedBigGAN(load_model(self.config, self._weights_file).to(device), getattr(torch, dtype))

    def generate(
        self,
        vectors: np.ndarray,
        *,
        truncation: float = DEFAULT_DRAWING.truncation,
        noise_seed: int = DEFAULT_DRAWING.noise_seed,
        noise: np.ndarray | None = None,
    ) -> np.ndarray:
        """Pictures of points of the class space.

        Parameters
        ----------
        vectors : float array (n, 128)
            Class embeddings, mapped sentences, or anything between.
        truncation : float in (0, 1]
            Spread of the noise; rounded to 0.02, 0.04, ..., 1, for which the model has batch-norm statistics.
        noise_seed : int
            Row i has the same noise for every n, so that pictures of different vectors can be compared.
        noise : float array (n, 128), optional
            Noise vectors to use instead of drawing them from ``noise_seed``.

        Returns
        -------
        uint8 array (n, pixels, pixels, 3), red-green-blue
        """
        vectors, truncation = checked_points(vectors, self.config.z_dim), nearest_truncation(truncation)
        if noise is None:
            noise = draw_noise(len(vectors), self.config.z_dim, truncation=truncation, seed=noise_seed)
        return np.round((self.forward(vectors, noise, truncation=truncation) + 1) * 127.5).astype(np.uint8)

    def forward(
        self, vectors: np.ndarray, noise: np.ndarray, *, truncation: float = DEFAULT_DRAWING.truncation
    ) -> np.ndarray:
        """Raw generator output for points and noise, (n, 128) each: float32 (n, pixels, pixels, 3) in [-1, 1]."""
        import torch

        size = self.config.z_dim
        vectors = checked_points(vectors, size).astype(np.float32)
        noise = checked_points(noise, size, "the noise", len(vectors))
        condition = torch.from_numpy(np.hstack([noise, vectors]).astype(np.float32))  # (n, 256)
        step = round(nearest_truncation(truncation) * TRUNCATION_STEPS)
        pixels = self._draw(condition, step)
        if not np.isfinite(pixels).all() and self.dtype == "float16":
            self._dtype = "float32"
            pixels = self._draw(condition, step)
        if not np.isfinite(pixels).all():
            raise InputError("The mapped point lies too far from all classes to be drawn; choose another mapping.")
        return pixels

    def _draw(self, condition, step: int) -> np.ndarray:
        """Pictures, float32 (n, pixels, pixels, 3), of conditions (n, 256), drawn in batches."""
        import torch

        def draw_batch(device, rows):
            at_step()
            return self._model(device)(rows, step).permute(0, 2, 3, 1).contiguous().cpu()  # (b, h, w, 3)

        batch_size = pictures_at_once(self.config, self.placement.device)
        small = len(condition) * self.pixels**2 * self.config.channel_width <= SINGLE_THREAD_ACTIVATIONS
        with torch.inference_mode(), threads_for(small):
            batches = [pictures for _, pictures in self.placement.run_in_batches(draw_batch, condition, batch_size)]
        return torch.cat(batches).numpy()


def pictures_at_once(config, device: str = "cpu") -> int:
    """Batch size at which a BigGAN of this configuration is fast on a device."""
    activations = BATCH_ACTIVATIONS if device == "cpu" else GPU_ACTIVATIONS
    return max(1, activations // (config.output_dim**2 * config.channel_width))


def _read_classes(path: Path, count: int) -> ClassTable:
    if not path.is_file():
        return ClassTable(range(count))
    try:
        rows = pd.read_csv(path).sort_values("class")
        indices, order = rows["index"].tolist(), rows["class"].tolist()
    except (ValueError, KeyError) as error:
        raise InputError(f"{path} must be a CSV with the columns 'class' and 'index'.") from error
    if order != list(range(count)):
        raise InputError(f"{path} must name the classes 0 to {count - 1}, each once.")
    return ClassTable(indices)
