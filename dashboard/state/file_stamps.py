"""File stamps: size and modification time, to detect changed files without reading them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from alignment.study import Settings

MAX_FILES = 1000  # of a folder and its direct subfolders: a model has fewer

Stamps = tuple[tuple[str, int, int], ...]


def stamps_of(*sources: str | None) -> Stamps:
    """Path, size in bytes and modification time in ns of files and of those in folders; model names have none."""
    found = []
    for source in filter(None, sources):
        try:
            path = Path(source)
            files = [path] if path.is_file() else sorted(islice(_files_in(path), MAX_FILES))
            states = [(file, file.stat()) for file in files]
        except (OSError, ValueError):  # reported when the file is read
            continue
        found += [(str(file), state.st_size, state.st_mtime_ns) for file, state in states]
    return tuple(found)


def _files_in(folder: Path):
    if folder.is_dir():
        yield from (path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file())


def of_settings(settings: Settings) -> Stamps:
    """Stamps of every file that a study of these settings reads, except those in the cache."""
    named = settings.class_embeddings, settings.classes, settings.seeds, settings.added_seeds, settings.vectors
    return stamps_of(settings.encoder, settings.generator, *named)
