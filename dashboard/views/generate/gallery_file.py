"""Gallery files: a ZIP of pictures with their settings, names and links."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from alignment.errors import InputError
from alignment.files.reading import parse_json
from alignment.images.checkpoints import GENERATORS
from alignment.images.picture_files import MAX_BYTES, pixel_count, png, read_whole_picture
from alignment.mappings import MAPPINGS
from dashboard.state import limits
from dashboard.state.query_params import parameters_of

MAX_ITEMS = 24
MAX_NAME_CHARACTERS = 60
GAP = 2  # at least the pixels between two pictures of a sheet
LIST = "gallery.json"
SAFE_NAME = re.compile(rf"\w[\w -]{{0,{MAX_NAME_CHARACTERS - 1}}}")  # maximum length of a file name on every system


@dataclass(frozen=True)
class GalleryItem:
    """A picture, or a sheet of pictures, and the settings that determine it.

    ``link`` is the page's query string at the time.
    """

    number: int
    picture: np.ndarray
    settings: dict
    link: str


def archive(kept: list[tuple[GalleryItem, str]]) -> bytes:
    """ZIP of the pictures, each with its settings, and of names and links as JSON.

    Parameters
    ----------
    kept : list of (item, its name)
    """
    taken = {f"picture_{item.number}" for item, _ in kept}
    notes = []
    for item, name in kept:
        called = file_name(item, name, taken)
        taken.add(called.casefold())
        notes.append(item.settings | {"name": name, "file": f"{called}.png"})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:  # PNG is compressed already
        for (item, _), note in zip(kept, notes, strict=True):
            file.writestr(note["file"], png(item.picture, note=note))
        listed = [note | {"link": f"?{item.link}"} for (item, _), note in zip(kept, notes, strict=True)]
        file.writestr(LIST, json.dumps(listed, indent=2))
    return buffer.getvalue()


def file_name(item: GalleryItem, name: str, taken: Container[str] = ()) -> str:
    """File name without extension: the picture's name if it is safe and not taken, else its number.

    Parameters
    ----------
    taken : names of other files, casefolded
    """
    wanted = name.strip()
    return wanted if SAFE_NAME.fullmatch(wanted) and wanted.casefold() not in taken else f"picture_{item.number}"


def read_archive(content: bytes) -> list[tuple[GalleryItem, str]]:
    """Pictures of a file that :func:`archive` wrote, with their names; at most ``MAX_ITEMS``.

    Raises
    ------
    InputError
        For any other file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = parse_json(_read(file, LIST))[:MAX_ITEMS]
            _check_pixels(entries, file)
            return [_item(number, entry, file) for number, entry in enumerate(entries, start=1)]
    except InputError:
        raise
    except Exception as error:  # zipfile and Pillow raise many kinds of errors
        raise InputError("This is no saved gallery, or a damaged one.") from error


def max_pixels() -> int:
    """Maximum pixels of a gallery: sheets of as many pictures as allowed, of the generator with most pixels."""
    side = math.ceil(math.sqrt(limits.allowed().pictures))
    finest = max(generator.pixels for generator in GENERATORS.values())
    return MAX_ITEMS * (side * (finest + GAP)) ** 2


def _check_pixels(entries: list[dict], file: zipfile.ZipFile) -> None:
    """Refuse more pixels than a gallery can have, before decoding any (decompression bombs)."""
    count, most = 0, max_pixels()
    for entry in entries:
        count += pixel_count(_read(file, entry["file"]), entry["file"])
        if count > most:
            raise InputError(f"The pictures of this gallery have more than the {most:,} pixels that fit in all.")


def _item(number: int, entry: dict, file: zipfile.ZipFile) -> tuple[GalleryItem, str]:
    name, link, source = entry.pop("name"), entry.pop("link").removeprefix("?"), entry.pop("file")
    picture = read_whole_picture(_read(file, source), source)
    item = GalleryItem(number, picture, entry, parameters_of(link))
    facts(item)  # refuses settings that cannot be described
    entry["prompt"].encode()  # nor is half of a surrogate pair text
    return item, name[:MAX_NAME_CHARACTERS].encode().decode()


def _read(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > MAX_BYTES:  # the stated size, which is all that is read
        raise ValueError("too large")
    return file.read(name)


def facts(item: GalleryItem) -> list[str]:
    """Settings that differ from picture to picture, in words."""
    settings = item.settings
    lines = [
        MAPPINGS[settings["mapping"]].label,
        f"truncation {settings['truncation']:g}",
        f"snap {settings['snap']:g}",
        f"noise {settings['noise_seed']}",
    ]
    lines += ["mixed from " + ", ".join(settings["mix"])] if settings.get("mix") else []
    lines += ["steered"] if any(settings.get("directions", ())) or settings.get("negative") else []
    lines += ["learned from your own seed pairs"] if "seeds" in settings else []
    return lines
