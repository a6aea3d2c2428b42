"""What tells whether files have changed on disk: their sizes and times, which cost no reading."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from alignment.study import Settings

MAX_FILES = 1000  # of a folder, its own and those of the folders in it: a model has fewer

Stamps = tuple[tuple[str, int, int], ...]


def stamps_of(*sources: str | None) -> Stamps:
    """Path, size and time of the last change of the files, and of those in folders; names of models have none."""
    found = []
    for source in filter(None, sources):
        try:
            path = Path(source)
            files = [path] if path.is_file() else sorted(islice(_files_in(path), MAX_FILES))
            states = [(file, file.stat()) for file in files]
        except (OSError, ValueError):  # whoever reads it says what is wrong
            continue
        found += [(str(file), state.st_size, state.st_mtime_ns) for file, state in states]
    return tuple(found)


def _files_in(folder: Path):
    if folder.is_dir():
        yield from (path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file())


def of_settings(settings: Settings) -> Stamps:
    """The stamps of every file that a study of these settings reads, but for those of the cache."""
    named = settings.class_embeddings, settings.classes, settings.seeds, settings.added_seeds, settings.vectors
    return stamps_of(settings.encoder, settings.generator, *named)
