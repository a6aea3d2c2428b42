"""The command fetch: models downloaded beforehand."""

from __future__ import annotations

from alignment.commands.studies import ProgressBars, say
from alignment.errors import InputError


def fetch(arguments) -> None:
    """Download models; what fails does not keep the others from being fetched."""
    from alignment.images import checkpoints as generators
    from alignment.text import checkpoints as encoders

    failed = []
    for name in arguments.names:
        try:
            if name in generators.GENERATORS:
                _, weights = generators.find_files(name, ProgressBars())
                folder = weights.parent
            else:
                folder = encoders.find_folder(name)
            print(f"{name}: here, in {folder}", flush=True)
        except InputError as error:
            say([f"{name}: {error}"])
            failed.append(name)
    if failed:
        raise InputError(f"Not fetched: {', '.join(failed)}.")
