"""Files of visitors' own seed pairs: CSV in the cache, named by content and class list; old ones make room for new.

Where the cache cannot be written, a file lies in a temporary folder that is removed at the end of the process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from functools import lru_cache
from pathlib import Path

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_names import ClassNames, class_list_digest
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.execution.locks import Once
from alignment.files.folders import to_make_room, writable_folder
from alignment.files.writing import replace_file
from alignment.study import CACHE
from dashboard.state.file_stamps import Stamps, stamps_of

FOLDER = "seeds"  # of the cache
NAME = re.compile("[0-9a-f]{16}(?:-([0-9a-f]{8}))?")  # without ending: digests of content and class list
LIMIT_BYTES = 200_000_000  # of all seed files in the cache
_folders = Once()


def file_of(name: str) -> Path:
    """The seed file of this name, whether or not it is there."""
    paths = [folder / f"{name}.csv" for folder in folders()]
    return next(filter(Path.is_file, paths), paths[0])


def folders() -> list[Path]:
    """Folders of seed files: the one for new files, and that of the cache."""
    return [_written(CACHE / FOLDER), CACHE / FOLDER]


def _written(folder: Path) -> Path:
    """:func:`writable_folder`, the same as long as the process lasts; the folder itself where none can be written."""

    def find() -> Path:
        try:
            return writable_folder(folder)
        except OSError:
            return folder  # so that keeping the seeds says what is wrong

    return _folders.get(folder, find)


def save(folder: Path, seeds: SeedDictionary, names: ClassNames) -> Path:
    """Save the dictionary as a CSV file named by its content and by the class list ``names``, atomically; the least
    recently used files are removed to make room."""
    if not len(seeds):
        raise InputError("Without a single sentence there is nothing to learn from; keep at least one.")
    text = seeds.to_csv(names.key).encode()
    path = folder / f"{hashlib.sha256(text).hexdigest()[:16]}-{short_digest(names)}.csv"
    if not path.is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, text)
        except OSError as error:  # without its path, which visitors must not see
            raise InputError(f"Your sentences cannot be kept: {error.strerror or type(error).__name__}.") from error
    mark_used(path)
    _make_room(path)
    return path


def mark_used(path: Path) -> None:
    """Set the access time of a seed file to now; the modification time stays, as studies detect changes by it."""
    with contextlib.suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _make_room(kept: Path) -> None:
    """Remove the least recently used other seed files of the folder until the rest fits."""
    files = []
    for path in kept.parent.glob("*.csv"):
        with contextlib.suppress(OSError):  # removed by another visitor meanwhile
            state = path.stat()
            if NAME.fullmatch(path.stem):
                files.append((state.st_atime_ns, state.st_size, path))
    for path in to_make_room(kept, files, LIMIT_BYTES):
        with contextlib.suppress(OSError):
            path.unlink()


def is_seed_file(path: str) -> bool:
    """Whether this is the path of seeds that a visitor edited or uploaded."""
    return bool(NAME.fullmatch(Path(path).stem))


def is_for(path: str, class_file: str | None) -> bool:
    """Whether a seed file is for the classes of a class file (None: ImageNet's), by the digest in its name; a name
    without one stands for ImageNet's."""
    named = NAME.fullmatch(Path(path).stem)
    made_for = (named and named[1]) or _class_list_digest(None, ())
    return made_for == _class_list_digest(class_file, stamps_of(class_file))


@lru_cache(maxsize=32)
def _class_list_digest(class_file: str | None, stamps: Stamps) -> str:
    """Digest of a class file's list, cached by its stamps; "" if it cannot be read, which the study reports."""
    try:
        return short_digest(read_classes(class_file)[0].known if class_file else imagenet_names())
    except InputError:
        return ""


def short_digest(names: ClassNames) -> str:
    """Short digest of a class list, for file names: the same index means another class in another list."""
    return class_list_digest(names.frame)[:8]
