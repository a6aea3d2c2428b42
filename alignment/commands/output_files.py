"""Files that commands write, with one-sentence errors."""

from __future__ import annotations

import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.files.csv_cells import to_csv
from alignment.files.json_text import json_text
from alignment.files.writing import is_written_in_place, write_file

if TYPE_CHECKING:
    import pandas as pd

OR_FOLDER = ", or name a folder/"  # where there are many prompts
READ = ("prompts", "file", "settings", "seeds", "add_seeds", "classes", "class_embeddings")  # options, as argparse
WRITTEN = ("output", "json", "csv", "html")  # names them


def check_inputs_are_kept(arguments: Namespace) -> None:
    """Refuse to write over a file that the same command reads.

    Raises
    ------
    InputError
    """
    for option in WRITTEN:
        output = getattr(arguments, option, None)
        if not isinstance(output, str | Path) or not os.path.isfile(output):  # such as --json without a file
            continue
        for given in (getattr(arguments, name, None) for name in READ):
            for path in given if isinstance(given, list) else [given]:
                if isinstance(path, str | Path) and os.path.isfile(path) and os.path.samefile(path, output):
                    raise InputError(f"{output} is read, and would be written over; give --{option} another name.")


def check_output(path: Path, suffixes: Collection[str] | None = None, instead: str = "") -> None:
    """Refuse a file that could not be written, before the work whose result it would hold.

    Parameters
    ----------
    suffixes : collection of str, optional
        Endings that its name may have; by default any.
    instead : str
        What else may be named, for the message about another ending.

    Raises
    ------
    InputError
    """
    if suffixes is not None and path.suffix.lower() not in suffixes:
        raise InputError(f"{path} must end in one of {', '.join(sorted(filter(None, suffixes)))}{instead}.")
    try:
        if path.is_dir():
            raise InputError(f"Cannot write {path}: it is a folder; name a file in it.")
        if not path.parent.is_dir():
            raise InputError(f"Cannot write {path}: there is no folder {path.parent}.")
        if not path.exists():
            path.touch(exist_ok=False)
            path.unlink()
        elif not is_written_in_place(path):
            path.open("r+b").close()
            with tempfile.TemporaryFile(dir=path.resolve().parent):  # it is replaced by a file written beside it
                pass
    except (OSError, ValueError) as error:  # InputError is a ValueError
        if isinstance(error, InputError):
            raise
        raise InputError(f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.") from error


def check_picture_output(path: Path, others: Collection[str] = (), instead: str = "") -> None:
    """:func:`check_output` of a file of pictures, or of what has one of the other endings; the usual ones are named."""
    from alignment.images.picture_files import picture_suffixes

    if path.suffix.lower() not in picture_suffixes() | set(others):
        usual = ", ".join([".png", ".jpg", ".webp", *others])
        raise InputError(f"{path} does not end in a format that can be written; end it in one of {usual}{instead}.")
    check_output(path)


def print_written(path: Path, what: str, *, beside_json: bool = False) -> None:
    """Print what a file or folder was written with, as the answer of a command.

    Parameters
    ----------
    beside_json : bool
        Whether standard output is JSON, which another program reads; it is printed to standard error then.
    """
    print(f"{path}: {what}", file=sys.stderr if beside_json else sys.stdout)


def write_figures(arguments: Namespace, records: dict | list, table: pd.DataFrame, what: str) -> None:
    """Write figures to the files that ``--json`` and ``--csv`` name, and print so."""
    if arguments.json:
        write_text(arguments.json, json_text(records))
        print_written(arguments.json, what)
    if arguments.csv:
        write_text(arguments.csv, to_csv(table).rstrip())
        print_written(arguments.csv, what)


def write_text(path: Path, text: str) -> None:
    write_file(path, f"{text}\n".encode())
