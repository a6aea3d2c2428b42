"""What the texts of options and arguments are read as; texts of the wrong form are refused."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from alignment.errors import did_you_mean, name_in_any_case
from alignment.files.reading import is_folder
from alignment.images.checkpoints import GENERATORS
from alignment.mappings import MAPPINGS
from alignment.text.checkpoints import ENCODERS

ALL = "all"  # of the layers, poolings or mappings
SEPARATORS = tuple({"/", os.sep})


def as_name(text: str) -> str:
    """A name that is not empty, as that of a shell's variable that was not set is."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def as_encoder(text: str) -> str:
    """A name of an encoder or a folder; a known one may be of another case, unless there is such a folder."""
    return _as_model(text, ENCODERS)


def as_generator(text: str) -> str:
    """A name of a generator or a folder, as for :func:`as_encoder`."""
    return _as_model(text, GENERATORS)


def _as_model(text: str, known: Collection[str]) -> str:
    text = as_name(text)
    return text if is_folder(text) else name_in_any_case(text, known)


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
    """A number of a layer, or all.

    Raises
    ------
    ArgumentTypeError
    """
    try:
        return text if text == ALL else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r:.80} is no layer; give a whole number, or {ALL}") from None


def as_mapping(text: str) -> str:
    """A key of the registry, in any case, or the name of a file.

    Raises
    ------
    ArgumentTypeError
    """
    from alignment.study.mapping_files import MAPPING_FILES, is_mapping_file

    text = name_in_any_case(text, MAPPINGS)
    if text in MAPPINGS or is_mapping_file(text):
        return text
    instead = did_you_mean(text, MAPPINGS) or f", nor a file of one that ends in {' or '.join(MAPPING_FILES)}"
    raise argparse.ArgumentTypeError(f"there is no mapping {text!r:.80}{instead}")
