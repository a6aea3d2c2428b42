"""The cache folder, a writable fallback for any folder, and which files to evict to limit a folder's size."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Folder of cached artifacts: ``ALIGNMENT_CACHE``, else ``cache/`` of a checkout, else the user's cache folder."""
    if named := os.environ.get("ALIGNMENT_CACHE"):
        return Path(named)
    root = Path(__file__).parents[2]
    if (root / "pyproject.toml").is_file():
        return root / "cache"
    return platformdirs.user_cache_path("latent-alignment", appauthor=False)


def give_home() -> str:
    """Make a temporary folder the home of a user who has none that can be entered; return what to say of that, or "".

    Libraries look for models and settings in it as they are imported, and fail where there is none, as for a user
    that a container knows by number alone, or where it is a file.
    """
    home = os.path.expanduser("~")
    if home != "~" and _can_be_home(home):
        return ""
    name = "USERPROFILE" if os.name == "nt" else "HOME"
    os.environ[name] = str(_temporary_folder())
    return f"This user has no home that can be read; what would be kept there is not kept. {name}=FOLDER names one."


def _can_be_home(folder: str) -> bool:
    """Whether a folder can be entered, or is simply not there, which libraries take for an empty one."""
    try:
        return stat.S_ISDIR(os.stat(folder).st_mode) and os.access(folder, os.X_OK)
    except FileNotFoundError:
        return True
    except OSError:  # a file, or a folder that may not be entered, lies where it would be
        return False


def writable_folder(folder: Path) -> Path:
    """Create a folder if need be; where it cannot be written, return a temporary one that is removed at exit."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _temporary_folder()


def _temporary_folder() -> Path:
    """A new folder that is removed at exit."""
    temporary = tempfile.mkdtemp(prefix="latent-alignment-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


def to_make_room(kept: Path, others: Iterable[tuple[float, int, Path]], limit_bytes: int) -> Iterator[Path]:
    """Yield the files to remove so that the rest fits, least recently used first; ``kept`` is never removed.

    Parameters
    ----------
    others : (when it was last used, size in bytes, path) of all that lies there, ``kept`` among them

    Examples
    --------
    >>> there = [(3.0, 5, Path("new")), (1.0, 5, Path("old")), (2.0, 5, Path("older than new"))]
    >>> [path.name for path in to_make_room(Path("new"), there, 10)]
    ['old']
    """
    ordered = sorted(others)
    total = sum(size for _, size, _ in ordered)
    for _, size, path in ordered:
        if total <= limit_bytes:
            return
        if path != kept:
            total -= size
            yield path
