"""The model card and its pictures, from the shipped weights and figures.json."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from alignment.images.generator import ImageGenerator
from training import catalogue, class_vectors, drawings, factors, naming, sheets, textures
from training.catalogue import Entry
from training.checkpoints import BUNDLED, Record
from training.evaluate import PATH_PICTURES, PATHS, load, path_pictures
from training.measures import draw
from training.naming import Named
from training.sources import SOURCES
from training.textures import RUNS
from training.train import RESOLUTIONS

TEMPLATE = Path(__file__).parent / "card.md"
OTHER_CLASSES = (
    "All stages but the last are of the generator before, of {kept} classes and twelve factors: it is in the "
    "history of the repository, as `alignment/images/bundled` at commit 251703f. With that folder as "
    "`--start-from`, `python -m training train --resume --keep-classes` repeats the last stage {run}, up to the "
    "order in which a GPU adds numbers and the number of steps it takes in the time. The class vectors of those "
    "classes are taken over and drawn back towards WordNet's order by {share} of their length, the others are "
    "placed among them (orthogonal Procrustes), and all stay as they are put."
)
"""Text about a run that continued from a generator of other classes, as for the shipped one."""

COLUMNS = 20
"""Classes in a row of the contact sheet."""

Figures = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A figure and its target bound."""

    name: str
    value: float
    bound: float
    form: str
    at_least: bool = True

    def line(self) -> str:
        """Row of the table of targets: met, missed by how much, or not measured (NaN)."""
        missed = self.bound - self.value if self.at_least else self.value - self.bound
        verdict = "met" if missed <= 0 else "not measured" if math.isnan(missed) else f"missed by {missed:{self.form}}"
        word = "at least" if self.at_least else "at most"
        return f"| {self.name} | {self.value:{self.form}} | {word} {self.bound:{self.form}} | {verdict} |"


def targets(figures: Figures, named: Sequence[Named]) -> list[Target]:
    """Targets of the generator, with the figures reached."""
    near, far, space = figures["by_truncation"]["0.4"], figures["by_truncation"]["1.0"], figures["class_space"]
    by_kind = far["error_by_kind"]
    mirrored = by_kind["mirror"] / by_kind["none"] if by_kind["mirror"] and by_kind["none"] else float("nan")
    shares = naming.share_right(named)
    plateau = max(path["plateau"] for path in figures["paths"].values())
    error, named = "mean absolute error at truncation", "pictures named rightly at truncation"
    return [
        Target(f"{named} 0.4", near["accuracy"], 0.99, ".1%"),
        Target(f"{named} 1.0", far["accuracy"], 0.99, ".1%"),
        Target(f"{error} 0.4", near["mean_absolute_error"], 0.02, ".4f", at_least=False),
        Target(f"{error} 1.0", far["mean_absolute_error"], 0.03, ".4f", at_least=False),
        Target("error of mirrored pictures, in errors with no switch thrown", mirrored, 1.2, ".2f", at_least=False),
        Target("cosine within groups above that between", space["cosine_within"] - space["cosine_between"], 0.2, ".3f"),
        Target("nearest class of the same group", space["neighbour_agreement"], 0.72, ".1%"),
        Target(f"longest plateau of {len(PATHS)} paths", plateau, 1 / 3, ".1%", at_least=False),
        *(Target(f"named on sight, {view} view", share, 0.95, ".1%") for view, share in shares.items()),
        Target("megabytes", figures["megabytes"], 15, ".2f", at_least=False),
    ]


def card(folder: Path = BUNDLED) -> None:
    """Render README.md, the model card, and its pictures."""
    entries = catalogue.read()
    draw_pictures(load(folder), entries, folder)
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    (folder / "README.md").write_text(text(figures, entries), encoding="utf-8")


def draw_pictures(model: ImageGenerator, entries: Sequence[Entry], folder: Path) -> None:
    """Write the contact sheet, a sheet of variations and the paths."""
    names, vectors = [entry.name for entry in entries], torch.from_numpy(model.class_embeddings)
    canonical = draw(model, vectors, torch.zeros(len(names), factors.NOISE_SIZE), 0.4)
    sheets.write(folder / "contact_sheet.jpg", canonical, COLUMNS, names)
    shown, noise = vectors[sheets.varied_classes(len(names))], sheets.varied_noise()
    varied = draw(model, shown.repeat_interleave(len(noise), 0), noise.repeat(len(shown), 1), 1.0)
    sheets.write(folder / "variations.jpg", varied, len(noise))
    paths = [path_pictures(model, entries, first, last)[:: PATH_PICTURES // 10] for first, last in PATHS]
    sheets.write(folder / "paths.jpg", torch.cat(paths), len(paths[0]))


def draw_rendered(runs: Path = RUNS) -> None:
    """Write the renderer's canonical picture of every class into the folder of runs."""
    entries = catalogue.read()
    values = torch.zeros(len(entries), len(factors.NAMES))
    drawn, _ = textures.load(entries, runs).draw(torch.arange(len(entries)), values)
    sheets.sheet(drawn, COLUMNS, [entry.name for entry in entries]).save(runs / "rendered.png")


def text(figures: Figures, entries: Sequence[Entry]) -> str:
    """The model card in Markdown."""
    near, far = figures["by_truncation"]["0.4"], figures["by_truncation"]["1.0"]
    space, training = figures["class_space"], figures["training"]
    seen = naming.read()
    wrong = [each for each in seen if not each.right]
    return TEMPLATE.read_text(encoding="utf-8").format(
        classes=figures["classes"],
        parameters=f"{figures['parameters'] / 1e6:.2f}",
        megabytes=figures["megabytes"],
        targets="\n".join(target.line() for target in targets(figures, seen)),
        per_class=figures["pictures_per_class"],
        rendered_04=f"{near['accuracy_of_rendered']:.1%}",
        rendered_10=f"{far['accuracy_of_rendered']:.1%}",
        kinds=_kinds(far["error_by_kind"]),
        within=f"{space['cosine_within']:.3f}",
        between=f"{space['cosine_between']:.3f}",
        chance=f"{space['neighbour_agreement_by_chance']:.1%}",
        weakest_04=_weakest(near["least_recognised"]),
        weakest_10=_weakest(far["least_recognised"]),
        response="\n".join(f"| {_words(name)} | {slope:.2f} |" for name, slope in figures["response"].items()),
        paths="\n".join(_path(name, measured) for name, measured in figures["paths"].items()),
        factors=len(factors.NAMES),
        idle=factors.NOISE_SIZE - len(factors.NAMES),
        stages="; ".join(map(_stage, training)),
        minutes=f"{sum(stage['seconds'] for stage in training) / 60:.1f}",
        device=training[-1].get("device", "an unnamed device"),
        origin=_origin(training),
        error=f"{training[-1]['error']:.3f}",
        versions=", ".join(f"{name} {version}" for name, version in figures["versions"].items()),
        credits="\n".join(credits_of(entries)),
        drawn=len({name for name in _pictograms(entries) if name.startswith(drawings.PREFIX)}),
        looked=len(seen),
        unnamed=len(wrong),
        misnamed=", ".join(f"{each.name} ({each.said})" for each in wrong) or "none",
    )


def _origin(training: Sequence[Record]) -> str:
    """Sentences on the origin of the initial weights."""
    last = training[-1]
    kept = last.get("kept_class_vectors")
    run = f"(seed {last['seed']}; torch {last.get('torch', 'of an unnamed version')})"
    if kept is None:
        return f"The last stage, `python -m training train --resume` {run}, goes on from the weights before it."
    if len(training) == len(RESOLUTIONS):
        return f"All is one run of `python -m training train` {run}; {kept} class vectors are of the generator before."
    return OTHER_CLASSES.format(kept=kept, run=run, share=class_vectors.RETURN_SHARE)


def _path(name: str, measured: Figures) -> str:
    """Row of the table of interpolation paths."""
    plateau, step = f"{measured['plateau']:.0%}", f"{measured['largest_step']:.1f}"
    return f"| {name} | {plateau} | {step} | {measured['confidence']:.0%} | {measured['least_confidence']:.0%} |"


def _pictograms(entries: Sequence[Entry]) -> set[str]:
    return {name for entry in entries for name, _ in entry.drawings}


def credits_of(entries: Sequence[Entry]) -> list[str]:
    """Table rows of the icon sets in use, with their numbers of distinct pictograms."""
    named = _pictograms(entries)
    placed = {part for name in named if name.startswith(drawings.PREFIX) for part in drawings.pictograms_of(name)}
    used = [name.split(":")[0] for name in named | placed]
    lines = []
    for prefix, source in SOURCES.items():
        if count := used.count(prefix):
            package = f"`{source.package}@{source.version}`"
            title, licence = f"[{source.title}]({source.home})", f"[{source.licence}]({source.terms})"
            lines.append(f"| {title} | {source.author} | {licence} | {package} | {count} |")
    return lines


def _kinds(errors: dict[str, float | None]) -> str:
    words = {name: _words(name) for name in errors} | {"none": "no switch thrown"}
    return ", ".join(f"{words[name]} {error:.4f}" for name, error in errors.items() if error is not None)


def _weakest(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} ({share:.0%})" for name, share in shares.items()) or "none"


def _words(name: str) -> str:
    return {"left_right": "left or right", "up_down": "up or down"}.get(name, name.replace("_", " "))


def _stage(stage: Record) -> str:
    """Text on the steps and pictures of training at one resolution."""
    pixels, steps, batch = stage["resolution"], stage["step"], stage["batch"]
    return f"{steps} steps of {batch} pictures ({steps * batch} pictures, all different) at {pixels} pixels"
