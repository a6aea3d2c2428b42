"""Folders that can be written, whatever the user, the installation and the home folder are like."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Where artifacts are kept: ``ALIGNMENT_CACHE``, else ``cache/`` of a checkout, else the user's cache folder."""
    if named := os.environ.get("ALIGNMENT_CACHE"):
        return Path(named)
    root = Path(__file__).parents[2]
    if (root / "pyproject.toml").is_file():
        return root / "cache"
    return platformdirs.user_cache_path("latent-alignment", appauthor=False)


def writable_folder(folder: Path) -> Path:
    """The folder, made if need be; where it cannot be written, one that is removed at the end of the process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        temporary = tempfile.mkdtemp(prefix="latent-alignment-")
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return Path(temporary)
