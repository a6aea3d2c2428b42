"""The model card and its pictures, from the shipped weights and figures.json."""

import json

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from training import catalogue, factors
from training.evaluate import PAIRS, WAY, draw, generator, way
from training.export import FOLDER
from training.sources import SOURCES
from training.train import RUNS, textures

CELL = 128


def _tiles(pictures):
    """Return pictures (n, 3, h, w) in [-1, 1] as a list of images."""
    pixels = ((pictures + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    return [Image.fromarray(each) for each in pixels]


def grid(pictures, columns, labels=None):
    """Return one image of all pictures in rows, each over its label."""
    tiles, high = _tiles(pictures), CELL + 2 + (11 if labels else 0)
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * (CELL + 2), rows * high), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(8.5)
    for i, tile in enumerate(tiles):
        left, top = i % columns * (CELL + 2), i // columns * high
        sheet.paste(tile, (left, top))
        if labels:
            label = labels[i]
            while pen.textlength(label, font=font) > CELL:
                label = label[:-1]
            pen.text((left, top + CELL), label, fill="black", font=font)
    return sheet


def pictures(model, entries, folder):
    """Write the contact sheet, a sheet of variations and the ten ways."""
    names, vectors = [entry.name for entry in entries], model.embeddings.weight.T.detach()
    canonical = draw(model, vectors, torch.zeros(len(names), factors.NOISE), 0.4)
    grid(canonical, 20, names).save(folder / "contact_sheet.jpg", quality=88)
    shown = np.linspace(0, len(names) - 1, 12).round().astype(int)
    noise = torch.from_numpy(factors.noise(16, 1.0, np.random.default_rng(3)))
    varied = draw(model, vectors[shown].repeat_interleave(16, 0), noise.repeat(len(shown), 1), 1.0)
    grid(varied, 16).save(folder / "variations.jpg", quality=88)
    ways = [way(model, entries, first, second)[:: WAY // 10] for first, second in PAIRS]
    grid(torch.cat(ways), len(ways[0])).save(folder / "ways.jpg", quality=88)


def rendered_sheet():
    """Write the renderer's canonical picture of every class into the folder of runs."""
    entries = catalogue.read()
    drawn, _ = textures(entries).draw(torch.arange(len(entries)), torch.zeros(len(entries), len(factors.NAMES)))
    grid(drawn, 20, [entry.name for entry in entries]).save(RUNS / "rendered.png")


def _judgement(figures):
    """Return one line a target: met, or by how much it was missed."""
    by, space = figures["by_truncation"], figures["class_space"]
    margin = space["cosine_within"] - space["cosine_between"]
    at_least = [
        ("pictures named rightly at truncation 0.4", by["0.4"]["accuracy"], 0.97, ".1%"),
        ("pictures named rightly at truncation 1.0", by["1.0"]["accuracy"], 0.93, ".1%"),
        ("cosine within groups above that between", margin, 0.15, ".3f"),
        ("nearest class of the same group", space["neighbour_agreement"], 0.60, ".1%"),
    ]
    at_most = [
        ("mean absolute error at truncation 0.4", by["0.4"]["mean_absolute_error"], 0.05, ".3f"),
        ("mean absolute error at truncation 1.0", by["1.0"]["mean_absolute_error"], 0.05, ".3f"),
        ("longest plateau of ten ways", max(figures["plateaus"].values()), 1 / 3, ".1%"),
    ]
    lines = []
    for limits, sign, bound in ((at_least, 1, "at least"), (at_most, -1, "at most")):
        for name, value, target, form in limits:
            missed = sign * (target - value)
            verdict = f"missed by {missed:{form}}" if missed > 0 else "met"
            lines.append(f"| {name} | {value:{form}} | {bound} {target:{form}} | {verdict} |")
    return lines


def _credits(entries):
    """Return one line for every icon set in use."""
    used = [glyph.split(":")[0] for entry in entries for glyph in entry.glyphs]
    lines = []
    for prefix, source in SOURCES.items():
        if count := used.count(prefix):
            package = f"`{source.package}@{source.version}`"
            title, licence = f"[{source.title}]({source.home})", f"[{source.licence}]({source.terms})"
            lines.append(f"| {title} | {source.author} | {licence} | {package} | {count} |")
    return lines


def _spoken(factor):
    return factor.replace("_", " or ")


def _stage(stage):
    """Return in words how long the network was trained at one resolution."""
    pixels, step, batch = stage["resolution"], stage["step"], stage["batch"]
    return f"{step} steps of {batch} pictures ({step * batch} pictures, all different) at {pixels} pixels"


def card(folder=FOLDER):
    """Render README.md, the model card, and its pictures."""
    entries, model = catalogue.read(), generator(folder)
    pictures(model, entries, folder)
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    template = (catalogue.PATH.parent / "card.md").read_text(encoding="utf-8")
    by, space, training = figures["by_truncation"], figures["class_space"], figures["training"]
    weakest = figures["least_recognised"]["0.4"].items()
    text = template.format(
        classes=figures["classes"],
        parameters=f"{figures['parameters'] / 1e6:.2f}",
        megabytes=figures["megabytes"],
        targets="\n".join(_judgement(figures)),
        rendered_04=f"{by['0.4']['accuracy_of_rendered']:.1%}",
        rendered_10=f"{by['1.0']['accuracy_of_rendered']:.1%}",
        within=f"{space['cosine_within']:.3f}",
        between=f"{space['cosine_between']:.3f}",
        chance=f"{space['neighbour_agreement_by_chance']:.1%}",
        weakest=", ".join(f"{name} ({share:.0%})" for name, share in weakest if share < 1) or "none",
        response="\n".join(f"| {_spoken(name)} | {slope:.2f} |" for name, slope in figures["response"].items()),
        ways="\n".join(f"| {name} | {length:.0%} |" for name, length in figures["plateaus"].items()),
        stages="; ".join(map(_stage, training)),
        hours=f"{sum(stage['seconds'] for stage in training) / 3600:.1f}",
        error=f"{training[-1]['error']:.3f}",
        seed=training[-1]["seed"],
        versions=", ".join(f"{name} {version}" for name, version in figures["versions"].items()),
        credits="\n".join(_credits(entries)),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
