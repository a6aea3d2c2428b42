"""Settings of a study: encoder, generator or class embeddings, classes, seeds and device."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from alignment.errors import InputError, check_whole
from alignment.execution.placement import resolve
from alignment.files.folders import cache_folder
from alignment.text.checkpoints import ENCODERS
from alignment.text.pooling import learned_pooling

CACHE = cache_folder()


def _named(field: str, value: object) -> str:
    """Name or path as text, with "~" expanded, because that of a page has passed through no shell."""
    if not isinstance(value, str | os.PathLike):
        raise InputError(f"{field} is the name of a model, a file or a folder, and not a {type(value).__name__}.")
    text = os.fspath(value)
    try:
        text.encode()  # as into a table, a settings file and the cache
    except UnicodeEncodeError as error:
        shown = text.encode(errors="backslashreplace").decode()
        raise InputError(f"The name {shown} is not UTF-8; give the file or folder another.") from error
    return os.path.expanduser(text) if text.startswith("~") else text


@dataclass(frozen=True)
class Settings:
    """Models, classes, seeds and device of a study.

    Parameters
    ----------
    encoder : str
        As for :class:`~alignment.text.encoder.TextEncoder`.
    layer : int
    pooling : str
        As for :class:`~alignment.text.encoder.TextEncoder`; "" is the encoder's default.
    generator : str
        As for :class:`~alignment.images.generator.ImageGenerator`; always "" with ``class_embeddings``.
    class_embeddings : str, optional
        File of a matrix to use as the class space in place of a generator; see
        :func:`~alignment.class_embeddings.embedding_files.read_embeddings`.
    classes : str, optional
        File of the classes of the space, one row per row of the space; see
        :func:`~alignment.dictionary.class_files.read_classes`.
    seeds : str, optional
        File of seeds that replace the built-in ones.
    added_seeds : str, optional
        File of additional seeds.
    vectors : str, optional
        Folder of encoded seeds in place of ``seeds``:
        :class:`~alignment.study.shards.encoded_seeds.EncodedSeeds`.
    device : {"auto", "cpu", "cuda", "mps"}
        Device of encoder, generator and mappings trained by torch; "auto" is a graphics card where there is one.
    """

    encoder: str = "minilm"
    layer: int = -1
    pooling: str = ""
    generator: str = "bundled"
    class_embeddings: str | None = None
    classes: str | None = None
    seeds: str | None = None
    added_seeds: str | None = None
    vectors: str | None = None
    device: str = "auto"

    def __post_init__(self):
        for name in ("encoder", "generator", "class_embeddings", "classes", "seeds", "added_seeds", "vectors"):
            if (value := getattr(self, name)) is not None or name in ("encoder", "generator"):
                object.__setattr__(self, name, _named(name, value))
        if self.class_embeddings:
            object.__setattr__(self, "generator", "")
        object.__setattr__(self, "layer", check_whole("layer", self.layer))
        if self.vectors and (self.seeds or self.added_seeds):
            raise InputError("Encoded seeds stand in place of others; leave --seeds and --add-seeds away.")
        if not self.pooling and self.encoder in ENCODERS:  # that of others is read from their files
            object.__setattr__(self, "pooling", learned_pooling(self.encoder))

    @property
    def class_space(self) -> str:
        """Name of the class space: the matrix of class embeddings, or the generator."""
        return self.class_embeddings or self.generator

    @property
    def has_own_seeds(self) -> bool:
        """Whether other seeds than the built-in ones are learned from."""
        return bool(self.seeds or self.added_seeds or self.vectors)

    @property
    def device_here(self) -> str:
        """Device on this machine: "cuda", "mps" or "cpu"."""
        return resolve(self.device)


def without_reading(settings: Settings) -> Settings:
    """Settings without layer and pooling: equal where one pass of the encoder serves for all."""
    return replace(settings, layer=-1, pooling="mean")
