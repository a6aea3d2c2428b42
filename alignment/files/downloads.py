"""Weights from this machine, else from the Hugging Face Hub; the size of a download is logged before it starts."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from alignment.errors import InputError

logger = logging.getLogger(__name__)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text; read again only when its size or date changes."""
    status = path.stat()
    return _sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, modified: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def hub_copy(
    repo_id: str, patterns: Sequence[str], complete: Callable[[Path], bool] = lambda folder: True
) -> Path | None:
    """Folder of a Hub repository that is already on this machine, or None; ``complete`` tells if no file is missing."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repo_id, allow_patterns=list(patterns), local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError):
        return None
    return folder if complete(folder) else None


def hub_folder(
    repo_id: str,
    patterns: Sequence[str],
    complete: Callable[[Path], bool] = lambda folder: True,
    older_weights: Sequence[str] = (),
) -> Path:
    """Folder with a Hub repository's files, downloaded on first use.

    Parameters
    ----------
    repo_id : str
        "name" or "owner/name".
    patterns : sequence of str
        File names to fetch, as globs; of several weight formats the caller names the ones it reads.
    complete : callable
        Whether a folder on this machine lacks no file; one that does is completed.
    older_weights : sequence of str
        Globs of weights to fetch where a repository has no safetensors.

    Raises
    ------
    InputError
        When the Hub cannot be reached or has no such model.
    """
    import httpx2
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import filter_repo_objects

    if folder := hub_copy(repo_id, patterns, complete):
        return folder
    try:
        # One small request first: without a network the library would retry for most of a minute.
        info = HfApi().model_info(repo_id, files_metadata=True, timeout=10)
        files = info.siblings or ()
        has_safetensors = any(file.rfilename.endswith(".safetensors") for file in files)
        fetched = [*patterns, *(() if has_safetensors else older_weights)]
        wanted = filter_repo_objects(files, allow_patterns=fetched, key=lambda file: file.rfilename)
        logger.info(
            "Downloading %s from the Hugging Face Hub: %.0f MB", repo_id, sum(f.size or 0 for f in wanted) / 1e6
        )
        return Path(snapshot_download(repo_id, allow_patterns=fetched))
    except HFValidationError as error:
        raise InputError(
            f"{repo_id[:80]!r} is neither a known model, nor a folder here, nor a valid Hub name."
        ) from error
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        raise InputError(
            f"{repo_id!r} is not on this machine and could not be fetched from the Hugging Face Hub; check the name "
            "and the network connection."
        ) from error
