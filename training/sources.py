"""Where the pictograms come from, how they are fetched, and their SVG text."""

import functools
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class Source:
    """One icon set, as the npm package that carries it."""

    package: str
    version: str
    title: str
    author: str
    home: str
    licence: str
    terms: str


SOURCES = {
    "noto": Source(
        "@iconify-json/noto",
        "1.2.9",
        "Noto Emoji",
        "Google",
        "https://github.com/googlefonts/noto-emoji",
        "Apache-2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
    ),
    "twemoji": Source(
        "@iconify-json/twemoji",
        "1.2.5",
        "Twemoji",
        "Twitter and other contributors",
        "https://github.com/jdecked/twemoji",
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "fluent-emoji-flat": Source(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "Fluent Emoji Flat",
        "Microsoft",
        "https://github.com/microsoft/fluentui-emoji",
        "MIT",
        "https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE",
    ),
    "game-icons": Source(
        "@iconify-json/game-icons",
        "1.2.4",
        "Game Icons",
        "Lorc, Delapouite and other contributors of game-icons.net",
        "https://game-icons.net",
        "CC-BY-3.0",
        "https://creativecommons.org/licenses/by/3.0/",
    ),
}


def fetch(folder=FOLDER):
    """Download every icon set with ``npm pack`` and unpack its ``icons.json``.

    Raises
    ------
    RuntimeError
        If npm is not installed or a package cannot be fetched.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm was not found; install Node.js with npm to fetch the icon sets")
    folder.mkdir(parents=True, exist_ok=True)
    for prefix, source in SOURCES.items():
        target = folder / f"{prefix}.json"
        if target.exists():
            continue
        name = f"{source.package}@{source.version}"
        run = subprocess.run([npm, "pack", name, "--silent"], cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"npm could not fetch {name}: {run.stderr.strip()}")
        archive = folder / run.stdout.split()[-1]
        with tarfile.open(archive) as tar:
            target.write_bytes(tar.extractfile("package/icons.json").read())
        archive.unlink()


@functools.cache
def _icons(prefix):
    path = FOLDER / f"{prefix}.json"
    if not path.exists():
        raise FileNotFoundError(f"{path.name} is missing; run `python -m training fetch` first")
    return json.loads(path.read_text(encoding="utf-8"))


def svg(glyph):
    """Return the SVG document of a glyph written ``prefix:name``.

    Raises
    ------
    ValueError
        If the icon set or the icon is unknown.
    """
    prefix, _, name = glyph.partition(":")
    if prefix not in SOURCES:
        raise ValueError(f"unknown icon set {prefix!r}; choose one of {', '.join(SOURCES)}")
    icons = _icons(prefix)
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
