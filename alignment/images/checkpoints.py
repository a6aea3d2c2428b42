"""BigGAN checkpoints: the known ones, and the files of any, local or on the Hub."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError, did_you_mean
from alignment.files.hub import hub_copy
from alignment.files.reading import is_file, is_folder
from alignment.images import published_biggan
from alignment.progress import Progress

BUNDLED_FOLDER = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class KnownGenerator:
    """Label and size of a generator in the menu."""

    label: str
    pixels: int
    download_mb: float


GENERATORS = {
    "bundled": KnownGenerator("Bundled BigGAN-deep (toy-like scenes)", pixels=256, download_mb=0),
    **{
        name: KnownGenerator(f"BigGAN-deep {model.pixels}", model.pixels, model.megabytes)
        for name, model in published_biggan.MODELS.items()
    },
}


def is_here(source: str) -> bool:
    """Whether a generator can be loaded without a download."""
    if source in published_biggan.MODELS:
        return published_biggan.copy_here(source) is not None
    return (
        source == "bundled"
        or is_folder(source)
        or hub_copy(source, published_biggan.HUB_FILES, published_biggan.is_complete) is not None
    )


def find_files(source: str, progress: Progress | None = None) -> tuple[Path, Path]:
    """Configuration and weights files of a generator, downloaded if need be."""
    if source in published_biggan.MODELS:
        return published_biggan.find_files(source, progress)
    folder = BUNDLED_FOLDER if source == "bundled" else Path(source)
    if is_file(folder):
        raise InputError(
            f"{source} is a file, and a generator is a folder; give that of its config.json and weights, or a matrix "
            "of class embeddings as --class-embeddings."
        )
    if not is_folder(folder) and "/" not in source:
        meant, known = did_you_mean(source, GENERATORS), ", ".join(GENERATORS)
        known = f"{f'{meant} Known' if meant else ': known'} are {known}, a folder, or OWNER/NAME on the Hub."
        raise InputError(f"{source[:80]!r} is no generator{known}")
    if not is_folder(folder):
        folder = published_biggan.hub_files(source)
    if files := published_biggan.files_in(folder):
        return files
    raise InputError(f"{folder} holds no generator: it needs config.json and pytorch_model.bin (or model.safetensors).")
