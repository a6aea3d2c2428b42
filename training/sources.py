"""Icon sets: the npm packages of the pictograms, their download, and the files of a pictogram."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class IconSet:
    """One icon set and its npm package."""

    package: str
    version: str
    title: str
    author: str
    home: str
    licence: str
    terms: str
    is_rendered: bool = False
    """Whether it holds renderings, one WebP file per code point, rather than drawings."""


_FLUENT_TERMS = "https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE"

SOURCES = {
    "fluent-emoji-3d": IconSet(
        "@lobehub/fluent-emoji-3d",
        "1.1.0",
        "Fluent Emoji 3D",
        "Microsoft",
        "https://github.com/microsoft/fluentui-emoji",
        "MIT",
        _FLUENT_TERMS,
        is_rendered=True,
    ),
    "noto": IconSet(
        "@iconify-json/noto",
        "1.2.9",
        "Noto Emoji",
        "Google",
        "https://github.com/googlefonts/noto-emoji",
        "Apache-2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
    ),
    "twemoji": IconSet(
        "@iconify-json/twemoji",
        "1.2.5",
        "Twemoji",
        "Twitter and other contributors",
        "https://github.com/jdecked/twemoji",
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "fluent-emoji-flat": IconSet(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "Fluent Emoji Flat",
        "Microsoft",
        "https://github.com/microsoft/fluentui-emoji",
        "MIT",
        _FLUENT_TERMS,
    ),
    "game-icons": IconSet(
        "@iconify-json/game-icons",
        "1.2.4",
        "Game Icons",
        "Lorc, Delapouite and other contributors of game-icons.net",
        "https://game-icons.net",
        "CC-BY-3.0",
        "https://creativecommons.org/licenses/by/3.0/",
    ),
}

EMOJI_SETS = ("twemoji", "noto", "fluent-emoji-flat")
"""Sets that name emoji by their code points; a name of a later set replaces that of an earlier one."""


def source_of(pictogram: str) -> IconSet:
    """Icon set of a pictogram ``set:name``.

    Raises
    ------
    ValueError
        If the set is unknown.
    """
    name = pictogram.partition(":")[0]
    if name not in SOURCES:
        raise ValueError(f"unknown icon set {name!r}; choose one of {', '.join(SOURCES)}")
    return SOURCES[name]


def fetch(folder: Path = FOLDER) -> None:
    """Download every icon set with ``npm pack`` and unpack it.

    Of sets of drawings, ``icons.json`` is kept, and for emoji ``chars.json``, which names code points; of sets of
    renderings all files.

    Raises
    ------
    RuntimeError
        If npm is not installed or a package cannot be fetched.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm was not found; install Node.js with npm to fetch the icon sets")
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in SOURCES.items():
        if not (folder / name).exists():
            _unpack(_download(npm, f"{source.package}@{source.version}", folder), folder / name)


def _download(npm: str, package: str, folder: Path) -> Path:
    run = subprocess.run([npm, "pack", package, "--silent"], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"npm could not fetch {package}: {run.stderr.strip()}")
    return folder / run.stdout.split()[-1]


def _unpack(archive: Path, target: Path) -> None:
    """Extract the needed files of an archive to a folder, which is created only when all are extracted."""
    part = target.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None and member.name.endswith((".webp", "/icons.json", "/chars.json")):
                (part / Path(member.name).name).write_bytes(file.read())
    part.rename(target)
    archive.unlink()


@functools.cache
def _read(name: str, file: str) -> dict[str, Any]:
    path = FOLDER / name / file
    if not path.exists():
        raise FileNotFoundError(f"{name} is missing; run `python -m training fetch` first")
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def _code_points() -> dict[str, str]:
    """Code points of emoji by name."""
    return {name: code for emoji in EMOJI_SETS for code, name in _read(emoji, "chars.json").items()}


def webp(pictogram: str) -> bytes:
    """Read the WebP file of a rendered pictogram ``set:name``.

    Raises
    ------
    ValueError
        If it is not in the set.
    """
    prefix, _, name = pictogram.partition(":")
    code = _code_points().get(name, name).split("-")
    for path in sorted((FOLDER / prefix).glob(f"{code[0]}*.webp")):
        if [part for part in path.stem.split("-") if part != "fe0f"] == code:
            return path.read_bytes()
    raise ValueError(f"the icon set {prefix} has no icon {name!r}")


def svg(pictogram: str) -> str:
    """SVG document of a drawn pictogram ``set:name``.

    Raises
    ------
    ValueError
        If the icon set or the icon is unknown.
    """
    source_of(pictogram)
    prefix, _, name = pictogram.partition(":")
    icons = _read(prefix, "icons.json")
    name = icons.get("aliases", {}).get(name, {}).get("parent", name)
    if name not in icons["icons"]:
        raise ValueError(f"the icon set {prefix} has no icon {name!r}")
    icon = icons["icons"][name]
    width = icon.get("width", icons.get("width", 16))
    height = icon.get("height", icons.get("height", 16))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}" width="256" height="256">{icon["body"]}</svg>'
    )
