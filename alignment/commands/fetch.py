"""The command fetch: downloads models beforehand."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from alignment.commands.notices import say
from alignment.errors import InputError
from alignment.execution.progress_bars import ProgressBars


def fetch(arguments: Namespace) -> None:
    """Download models; a failure does not stop the others."""
    failed = []
    for name in arguments.names:
        try:
            print(f"{name}: here, in {_fetched(name)}", flush=True)
        except InputError as error:
            say([f"{name}: {error}"])
            failed.append(name)
    if failed:
        raise InputError(f"Not fetched: {', '.join(failed)}.")


def _fetched(name: str) -> Path:
    """The folder of a text encoder or of a generator, downloaded if need be."""
    from alignment.files.hub import UnusableRepository
    from alignment.images import checkpoints as generators
    from alignment.text import checkpoints as encoders

    if name not in generators.GENERATORS:
        try:
            return encoders.find_folder(name)
        except UnusableRepository as no_encoder:
            try:
                return generators.find_files(name)[1].parent
            except InputError:
                raise no_encoder from None
    return generators.find_files(name, ProgressBars())[1].parent
