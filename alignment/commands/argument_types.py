"""What the texts of options and arguments are read as; texts of the wrong form are refused."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from alignment.mappings import MAPPINGS

ALL = "all"  # of the layers, poolings or mappings
SEPARATORS = tuple({"/", os.sep})


def as_name(text: str) -> str:
    """A name that is not empty, as that of a shell's variable that was not set is."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def as_path(text: str) -> Path:
    return Path(as_name(text))


def as_output_file(text: str) -> Path:
    """Path of a file to write."""
    if text.endswith(SEPARATORS):
        raise argparse.ArgumentTypeError(f"{text} names a folder; name a file in it")
    return as_path(text)


class Output(argparse.Action):
    """A file, or, with a slash at its end, a folder (``into_folder``) that may not be there yet."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option_string: Any = None
    ) -> None:
        """Keep what the path alone forgets."""
        namespace.output, namespace.into_folder = Path(values), values.endswith(SEPARATORS)


def as_layer(text: str) -> int | str:
    return text if text == ALL else int(text)


def as_mapping(text: str) -> str:
    """A key of the registry, or the name of a file."""
    if text in MAPPINGS:
        return text
    from alignment.study.mapping_files import is_mapping_file

    if is_mapping_file(text):
        return text
    raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {', '.join(MAPPINGS)}, or name a file)")
