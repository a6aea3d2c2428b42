"""Model repositories of the Hugging Face Hub: local copies, downloads (their size is logged first), file hashes."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.files.http_download import network_remedy

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)
SHOWN_FILES = 3  # of a repository that cannot be used

logger = logging.getLogger(__name__)


class UnusableRepository(InputError):
    """A repository of the Hub without a usable model of the requested kind."""


class NotTheHub(Exception):
    """Another server, such as a login page, answered in place of the Hub."""


def hub_copy(repo_id: str, files: Sequence[str], complete: Callable[[Path], bool]) -> Path | None:
    """Folder of a Hub repository's complete local copy, or None; for parameters see :func:`hub_folder`."""
    folder, is_incomplete = _cached_snapshot(repo_id, files)
    return folder if folder and not is_incomplete and complete(folder) else None


def _cached_snapshot(repo_id: str, files: Sequence[str]) -> tuple[Path | None, bool]:
    """Folder of a repository in the Hub's cache, if any, and whether files are known to be missing there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, IncompleteSnapshotError, LocalEntryNotFoundError

    check_repo_name(repo_id)
    try:
        return Path(snapshot_download(repo_id, allow_patterns=[*files], local_files_only=True)), False
    except IncompleteSnapshotError as error:
        return Path(error.snapshot_path), True
    except (LocalEntryNotFoundError, HfHubHTTPError):
        return None, False


def check_repo_name(repo_id: str) -> None:
    """Refuse text that is not a valid name of a Hub repository, such as the path of a missing folder.

    Raises
    ------
    InputError
    """
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise InputError(
            f"{repo_id[:80]!r} is neither a known model, nor a folder here, nor a valid Hub name."
        ) from error


def hub_folder(
    repo_id: str,
    files: Sequence[str],
    complete: Callable[[Path], bool],
    *,
    needs: str,
    weights: Sequence[str],
    older_weights: Sequence[str],
) -> Path:
    """Folder with a Hub repository's files, downloaded on first use.

    Parameters
    ----------
    repo_id : str
        "name" or "owner/name".
    files : sequence of str
        Globs of all needed files besides the weights.
    complete : callable
        Whether a local folder can be used: its weights are complete, in one format or the other.
    needs : str
        The files that such a folder needs, for messages.
    weights : sequence of str
        Globs of weights.
    older_weights : sequence of str
        Globs of weights to fetch where a repository has none of ``weights``.

    Raises
    ------
    UnusableRepository
        When its files cannot be used.
    InputError
        When the Hub cannot be reached or has no such repository.
    """
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    copy, is_incomplete = _cached_snapshot(repo_id, files)
    usable = copy is not None and complete(copy)
    if copy and usable and not is_incomplete:
        return copy
    try:
        # One small request first: without a network the library would retry for most of a minute.
        info = _model_info(repo_id)
        fetched = [*files, *(() if usable else weights if _matching_files(info, weights) else older_weights)]
        size = sum(file.size or 0 for file in _matching_files(info, fetched))
        logger.info("Downloading %s from the Hugging Face Hub: %.0f MB", repo_id, size / 1e6)
        folder = Path(snapshot_download(repo_id, allow_patterns=fetched))
    except (HfHubHTTPError, httpx2.HTTPError, OSError, NotTheHub) as error:
        if copy and usable:  # only optional files are missing
            return copy
        raise InputError(
            f"{repo_id!r} is not on this machine and could not be fetched from the Hugging Face Hub: "
            f"{_why_not_fetched(repo_id, error)}."
        ) from error
    if not complete(folder):
        holds = _largest_files(info)
        reason = f"it needs {needs}, and holds {holds}"
        raise UnusableRepository(f"{repo_id!r} on the Hugging Face Hub cannot be used: {reason}.")
    return folder


def _model_info(repo_id: str) -> ModelInfo:
    """The Hub's metadata of a repository, with the sizes of its files.

    Raises
    ------
    NotTheHub
        When the answer is not from the Hub.
    """
    from huggingface_hub import HfApi

    try:
        return HfApi().model_info(repo_id, files_metadata=True, timeout=10)
    except OSError:  # some of which are ValueErrors too
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # the answer is other JSON, or not JSON
        raise NotTheHub from error


def _matching_files(info: ModelInfo, patterns: Sequence[str]) -> list:
    """Files of a repository that match any of the globs."""
    from huggingface_hub.utils import filter_repo_objects

    return [*filter_repo_objects(info.siblings or (), allow_patterns=[*patterns], key=attrgetter("rfilename"))]


def _largest_files(info: ModelInfo) -> str:
    """Names of the largest files of a repository, which show the format of its weights."""
    largest = sorted(info.siblings or (), key=lambda file: -(file.size or 0))[:SHOWN_FILES]
    return ", ".join(file.rfilename for file in largest) or "nothing"


def _why_not_fetched(repo_id: str, error: Exception) -> str:
    """Reason for a message why a repository could not be fetched, with the remedy."""
    from huggingface_hub import constants
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    if isinstance(error, GatedRepoError):
        return f"accept its licence at {constants.ENDPOINT}/{repo_id}, then give a token with 'hf auth login'"
    if isinstance(error, RepositoryNotFoundError):
        return "it shows none of that name; check the name, and give a token with 'hf auth login' if it is private"
    if isinstance(error, OfflineModeIsEnabled) or constants.HF_HUB_OFFLINE:
        return "HF_HUB_OFFLINE is set; unset it, or give a folder with its files"
    if isinstance(error, HfHubHTTPError):
        return f"it answered {error.response.status_code}; check the name and the token, or try again later"
    if isinstance(error, NotTheHub):
        return f"what {constants.ENDPOINT} answers is not the Hub's; a login page or a proxy may stand in between"
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        return f"{error.strerror}; make room in {constants.HF_HUB_CACHE}, or set HF_HOME to another folder"
    return network_remedy(error)
