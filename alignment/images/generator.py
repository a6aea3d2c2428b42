"""The class space of a BigGAN, and pictures of its points."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.devices.cpu import has_bfloat16_units, threads_for
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.files.downloads import file_sha256
from alignment.images import published
from alignment.images.checkpoints import find_files
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.images.noise import TRUNCATION_STEPS, draw_noise, snap_truncation
from alignment.images.weights import load_model, read_config
from alignment.progress import Progress

SINGLE_THREAD_ACTIVATIONS = 2**20  # in the largest layer, of all pictures of a call; more are faster with all threads
BATCH_ACTIVATIONS = 2**22  # in the largest layer, of the pictures drawn at a time; more exceed the processor's cache
BFLOAT16_MIN_CHANNELS = 128  # channel width of the published models; narrower ones gain too little from bfloat16


class ImageGenerator:
    """Points of the class space to pictures, by a BigGAN-deep in the format of pytorch_pretrained_biggan.

    Parameters
    ----------
    source : str or Path
        "bundled"; "biggan-deep-128", "-256" or "-512"; a Hub repository id; or a local folder with ``config.json``
        and ``pytorch_model.bin`` (or ``model.safetensors``). A ``classes.csv`` in the folder (columns ``class`` and
        ``index``) says which ImageNet class each row is; without it the rows are ImageNet's in order.
    dtype : {"float32", "bfloat16"}, optional
        Of weights and activations. By default bfloat16 for networks as wide as the published ones where the processor
        multiplies it faster, else float32. bfloat16 pictures differ from float32 ones by less than one step of 255 on
        average (PSNR above 40 dB); single pixels may differ by a few steps with the number of pictures in a batch.
    classes : ClassTable, optional
        What its classes are, in place of what ``classes.csv`` says.
    progress : callable, optional
        Follows a download, in bytes.

    Attributes
    ----------
    class_embeddings : float32 array (K, 128)
        The space Z: row k is what the generator is conditioned on for class k.
    classes : ClassTable of K classes

    Raises
    ------
    InputError
        For an unknown source, and for weights that are missing, damaged, or not exactly this model's.

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
        classes: ClassTable | None = None,
        progress: Progress | None = None,
    ):
        if dtype not in (None, "float32", "bfloat16"):
            raise InputError(f"Unknown dtype {dtype!r}; choose 'float32' or 'bfloat16'.")
        self.source = str(source)
        self._dtype = dtype
        config_file, self._weights_file = find_files(self.source, progress)
        self.config = read_config(config_file)
        count = self.config.num_classes
        if classes is not None and len(classes) != count:
            raise InputError(f"The generator {source} draws {count:,} classes, but {len(classes):,} are named.")
        self.classes = classes or _read_classes(config_file.parent / "classes.csv", count)
        self.notes = published.notes(self.source, self._weights_file)

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
        """The generator itself, as a :class:`~alignment.images.class_space.ClassSpace` has one."""
        return self

    @cached_property
    def class_embeddings(self) -> np.ndarray:
        return self._model.class_embeddings

    @cached_property
    def dtype(self) -> str:
        """What the generator computes in: "float32" or "bfloat16"."""
        return self._dtype or (
            "bfloat16" if self.config.channel_width >= BFLOAT16_MIN_CHANNELS and has_bfloat16_units() else "float32"
        )

    @cached_property
    def _model(self):
        import torch

        from alignment.images.folded_biggan import FoldedBigGAN

        return FoldedBigGAN(load_model(self.config, self._weights_file), getattr(torch, self.dtype))

    def generate(
        self,
        vectors: np.ndarray,
        *,
        truncation: float = DEFAULT_DRAWING.truncation,
        noise_seed: int = DEFAULT_DRAWING.noise_seed,
        noise: np.ndarray | None = None,
        batch_size: int | None = None,
    ) -> np.ndarray:
        """Pictures of points of the class space.

        Parameters
        ----------
        vectors : float array (n, 128)
            Class embeddings, mapped sentences, or anything between.
        truncation : float in (0, 1]
            Spread of the noise; set to the nearest of 0.02, 0.04, ..., 1, for which the model holds statistics.
        noise_seed : int
            Row i has the same noise for every n, so that pictures of different vectors can be compared.
        noise : float array (n, 128), optional
            Noise vectors to use instead of drawing them from ``noise_seed``.
        batch_size : int, optional
            Pictures drawn at a time; by default as many as fit the processor's cache.

        Returns
        -------
        uint8 array (n, pixels, pixels, 3), red-green-blue
        """
        pixels = self.forward(vectors, truncation=truncation, noise_seed=noise_seed, noise=noise, batch_size=batch_size)
        return np.round((pixels + 1) * 127.5).astype(np.uint8)

    def forward(
        self,
        vectors: np.ndarray,
        *,
        truncation: float = DEFAULT_DRAWING.truncation,
        noise_seed: int = DEFAULT_DRAWING.noise_seed,
        noise: np.ndarray | None = None,
        batch_size: int | None = None,
    ) -> np.ndarray:
        """As :meth:`generate`, but the generator's own float output: (n, pixels, pixels, 3) in [-1, 1]."""
        import torch

        truncation = snap_truncation(truncation)
        vectors = np.asarray(vectors, dtype=np.float32)
        size = self.config.z_dim
        if vectors.ndim != 2 or vectors.shape[1] != size or not np.isfinite(vectors).all():
            raise InputError(
                f"Pictures are made from finite vectors of {size} numbers each; got shape {vectors.shape}."
            )
        if noise is None:
            noise = draw_noise(len(vectors), size, truncation=truncation, seed=noise_seed)
        condition = torch.from_numpy(np.hstack([noise, vectors]).astype(np.float32))  # (n, 256)
        step = round(truncation * TRUNCATION_STEPS)
        batch_size = batch_size or pictures_at_once(self.config)
        small = len(vectors) * self.pixels**2 * self.config.channel_width <= SINGLE_THREAD_ACTIVATIONS
        with torch.inference_mode(), threads_for(small):
            batches = [self._model(rows, step) for rows in condition.split(batch_size)]  # (b, 3, h, w) each
        if not batches:
            return np.empty((0, self.pixels, self.pixels, 3), np.float32)
        pixels = torch.cat(batches).permute(0, 2, 3, 1).contiguous().numpy()
        if not np.isfinite(pixels).all():
            raise InputError("The mapped point lies too far from all classes to be drawn; choose another mapping.")
        return pixels


def pictures_at_once(config) -> int:
    """The batch size at which a BigGAN of this configuration is fastest."""
    return max(1, BATCH_ACTIVATIONS // (config.output_dim**2 * config.channel_width))


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
