"""Gallery files: a ZIP of pictures with their settings, names and links."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Container
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alignment.errors import InputError
from alignment.files.reading import parse_json
from alignment.images.checkpoints import GENERATORS
from alignment.images.drawing_settings import MAX_COUNT
from alignment.images.picture_files import MAX_BYTES, pixel_count, png, read_whole_picture
from alignment.images.truncation_and_noise import NOISE_SEEDS
from alignment.mappings import MAPPINGS
from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state import limits
from dashboard.state.query_params import parameters_of

MAX_ITEMS = 24
MAX_NAME_CHARACTERS = 60
MAX_LINK_CHARACTERS = 80_000  # of a sentence and one to move away from, each letter an emoji, and the classes of a mix
MAX_LIST_BYTES = MAX_ITEMS * 160_000  # of links and sentences as long as that, in JSON
MAX_MEMBERS = 100  # of a list in the settings
GAP = 2  # at least the pixels between two pictures of a sheet
LIST = "gallery.json"
SAFE_NAME = re.compile(rf"\w[\w -]{{0,{MAX_NAME_CHARACTERS - 1}}}")  # maximum length of a file name on every system


Text = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS)]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class GalleryItem:
    """A picture, or a sheet of pictures, and the settings that determine it.

    ``link`` is the page's query string at the time.
    """

    number: int
    picture: np.ndarray
    settings: dict
    link: str


class _Entry(BaseModel):
    """What the list in a gallery file says of one picture; what else it says is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: Text
    file: Text
    link: Annotated[str, Field(max_length=MAX_LINK_CHARACTERS)]
    prompt: Text
    mapping: Text
    truncation: Share
    snap: Share
    noise_seed: Annotated[int, Field(ge=0, lt=NOISE_SEEDS)]
    count: Annotated[int, Field(ge=1, le=MAX_COUNT)] = 1
    trail: Annotated[list[int], Field(max_length=MAX_MEMBERS)] = []
    mix: Annotated[dict[Text, float], Field(max_length=MAX_MEMBERS)] = {}
    directions: Annotated[list[float], Field(max_length=MAX_MEMBERS)] = []
    negative: Text = ""
    strength: float = 0.0
    encoder: Text = ""
    layer: int = 0
    pooling: Text = ""
    generator: Text = ""
    class_embeddings: Text = ""
    classes: Text = ""
    seeds: Text = ""
    device: Text = ""


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
        links = [f"?{item.link}" for item, _ in kept]  # of any length: a list in another tab is in it
        listed = [note | {"link": _usable(link)} for note, link in zip(notes, links, strict=True)]
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
            entries = [_checked(entry) for entry in parse_json(_read(file, LIST, MAX_LIST_BYTES))[:MAX_ITEMS]]
            _check_pixels(entries, file)
            return [_item(number, entry, file) for number, entry in enumerate(entries, start=1)]
    except InputError:
        raise
    except Exception as error:  # zipfile and Pillow raise many kinds of errors
        raise InputError("This is no saved gallery, or a damaged one.") from error


def _checked(entry: object) -> dict:
    """The known keys of an entry.

    Raises
    ------
    InputError
        For a text that is longer than any of the page.
    ValidationError
        For what is missing, or of another kind.
    """
    if isinstance(entry, dict) and isinstance(entry.get("link"), str):
        entry = entry | {"link": _usable(entry["link"])}
    try:
        return _Entry.model_validate(entry).model_dump(exclude_unset=True)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            if problem["type"] == "string_too_long":
                raise InputError(
                    f"The {problem['loc'][0]} of a picture in this gallery has {len(problem['input']):,} characters; "
                    f"the limit is {problem['ctx']['max_length']:,}."
                ) from error
        raise


def _usable(link: str) -> str:
    """A link, empty if it is longer than any that draws a picture."""
    return link if len(link) <= MAX_LINK_CHARACTERS else "?"


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
    return item, name[:MAX_NAME_CHARACTERS]


def _read(file: zipfile.ZipFile, name: str, most: int = MAX_BYTES) -> bytes:
    """A file of the archive, of at most so many bytes: those that it states, as no more are unpacked."""
    member = file.getinfo(name)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack more than is asked for
        raise ValueError("compressed in another way")
    if (size := member.file_size) > most:
        raise InputError(f"{name} unpacks to {size / 1e6:.1f} MB; in a gallery it has up to {most / 1e6:g} MB.")
    return file.read(member)


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
