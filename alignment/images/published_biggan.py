"""The published BigGAN-deep checkpoints: verified local copies, and the download where there is none."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from alignment.errors import InputError
from alignment.files.digests import file_sha256
from alignment.files.folders import writable_folder
from alignment.files.http_download import DamagedFileError, DownloadError, download
from alignment.files.hub import hub_copy, hub_folder
from alignment.files.reading import parse_json
from alignment.images.weights import load_model, read_config
from alignment.progress import DOWNLOADING, Progress

logger = logging.getLogger(__name__)

CONFIG, WEIGHTS, SAFETENSORS = "config.json", "pytorch_model.bin", "model.safetensors"
HUB_FILES = (CONFIG, "classes.csv")
ATTEMPTS = 2  # a file that fails the check is fetched once more


@dataclass(frozen=True)
class PublishedModel:
    """Facts about a published model's files; the SHA-256 is from public sources, not computed from the file."""

    pixels: int
    megabytes: float
    sha256: str = ""  # of the weights
    mirror: str = ""  # a Hub repository with the same weights


MODELS = {
    "biggan-deep-128": PublishedModel(
        pixels=128,
        megabytes=211,
        sha256="b86146a8cfcde4cda135adba4b2806f78b3abe2dac9d0fd090cc3ab318604ad9",
        mirror="osanseviero/BigGAN-deep-128",
    ),
    "biggan-deep-256": PublishedModel(
        pixels=256,
        megabytes=234,
        sha256="5900ef4065047e3aa0d1b66197b7f2664dceb59b27080e414ad57e203c485bc5",
    ),
    "biggan-deep-512": PublishedModel(pixels=512, megabytes=236),
}


def files_in(folder: Path) -> tuple[Path, Path] | None:
    """Configuration and weights files in a folder, or None unless both are there."""
    config = folder / CONFIG
    weights = next((folder / name for name in (WEIGHTS, SAFETENSORS) if (folder / name).is_file()), None)
    return (config, weights) if config.is_file() and weights else None


def is_complete(folder: Path) -> bool:
    """Whether a folder has both configuration and weights: a download may have been interrupted."""
    return files_in(folder) is not None


def hub_files(repository: str) -> Path:
    """Folder of a generator on the Hub, downloaded if need be."""
    needs = f"{CONFIG} and {WEIGHTS} (or {SAFETENSORS})"
    return hub_folder(repository, HUB_FILES, is_complete, needs=needs, weights=(SAFETENSORS,), older_weights=(WEIGHTS,))


def copy_here(name: str) -> tuple[Path, Path] | None:
    """Configuration and weights files of an intact local copy of a published model, or None."""
    return next((files for files in _copies(name) if not _fault(name, *files)), None)


def find_files(name: str, progress: Progress | None = None) -> tuple[Path, Path]:
    """Configuration and weights files of a published model, downloaded if there is no intact local copy.

    Raises
    ------
    InputError
        When they cannot be downloaded: it names the files to copy, and the folder to put them in.
    """
    return copy_here(name) or _fetch(name, progress)


def notes(name: str, weights: Path) -> list[str]:
    """A note where weights are usable but differ from the published file by SHA-256; else none."""
    if name not in MODELS or not MODELS[name].sha256 or file_sha256(weights) == MODELS[name].sha256:
        return []
    return [
        f"{weights} is not, byte for byte, the published file of {name} (its sha256 differs); it is used, because "
        "every key and shape is right and every number finite."
    ]


def _addresses(name: str) -> tuple[str, str]:
    from pytorch_pretrained_biggan.model import PRETRAINED_CONFIG_ARCHIVE_MAP, PRETRAINED_MODEL_ARCHIVE_MAP

    return PRETRAINED_CONFIG_ARCHIVE_MAP[name], PRETRAINED_MODEL_ARCHIVE_MAP[name]


def _library_folder() -> Path:
    from pytorch_pretrained_biggan import file_utils

    return Path(file_utils.PYTORCH_PRETRAINED_BIGGAN_CACHE)


def _copies(name: str) -> Iterator[tuple[Path, Path]]:
    """Yield candidate files of the model: from the folder of its name, the library's cache, and the Hub's cache."""
    if files := files_in(_library_folder() / name):
        yield files
    origins = {}
    for record in _library_folder().glob("*.json"):
        try:
            origins[parse_json(record.read_text(encoding="utf-8"))["url"]] = record.with_suffix("")
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not a record of the library's
    config, weights = (origins.get(address) for address in _addresses(name))
    if config and weights and config.is_file() and weights.is_file():
        yield config, weights
    mirror = MODELS[name].mirror
    if mirror and (folder := hub_copy(mirror, HUB_FILES, is_complete)):
        files = files_in(folder)
        assert files is not None
        yield files


def _fault(name: str, config: Path, weights: Path) -> str:
    """Error message for candidate files of a published model; "" where they are usable."""
    try:
        stamps = [(status.st_size, status.st_mtime_ns) for status in (config.stat(), weights.stat())]
    except OSError as error:  # removed meanwhile
        return f"{weights} cannot be read: {error.strerror}."
    return _fault_of(MODELS[name].sha256, config, weights, *stamps)


@lru_cache(maxsize=16)
def _fault_of(sha256: str, config: Path, weights: Path, *stamps: tuple[int, int]) -> str:
    """Compare the SHA-256 with the published one; where it differs or is unknown, build the model as a check."""
    try:
        settings = read_config(config)
        if not sha256 or file_sha256(weights) != sha256:
            load_model(settings, weights)
    except InputError as error:
        return str(error)
    return ""


def _fetch(name: str, progress: Progress | None) -> tuple[Path, Path]:
    """Fetch a published model: from the library's addresses first, then from its mirror on the Hub."""
    model = MODELS[name]
    logger.info("Downloading %s: %.0f MB", name, model.megabytes)
    try:
        return _download(name, progress)
    except DownloadError as error:
        problem = str(error)
    if model.mirror:
        logger.info("%s", problem)
        with contextlib.suppress(InputError):
            files = files_in(hub_files(model.mirror))
            if files and not _fault(name, *files):
                return files
    raise InputError(
        f"{name!r} is not on this machine and could not be downloaded: {problem} If the address is gone, copy its two "
        f"files, {CONFIG} and {WEIGHTS} ({model.megabytes:.0f} MB), from a machine that has them into the folder "
        f"{_library_folder() / name}, or into any folder, and give that one in place of the name "
        "(--generator FOLDER)."
    )


def _download(name: str, progress: Progress | None) -> tuple[Path, Path]:
    """Download both files into the folder of the model's name, as ``BigGAN.from_pretrained(folder)`` reads them."""
    folder = writable_folder(_library_folder() / name)
    config, weights = folder / CONFIG, folder / WEIGHTS
    config_address, weights_address = _addresses(name)
    stage, check = f"{DOWNLOADING} {name}", partial(_check, name, config)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            download(config_address, config, stage=stage, check=read_config)
            download(weights_address, weights, stage=stage, progress=progress, check=check)
            break
        except DamagedFileError as error:
            if attempt == ATTEMPTS:
                raise
            config.unlink(missing_ok=True)
            logger.info("%s It is fetched once more.", error)
    return config, weights


def _check(name: str, config: Path, weights: Path) -> None:
    if fault := _fault(name, config, weights):
        raise InputError(fault)
