"""Code snippets that reproduce what a page shows: a command line, and Python."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from alignment.images.drawing_settings import DrawingSettings
from alignment.interpolation.paths import InterpolationSettings
from alignment.study.settings import Settings, without_reading

PROGRAM = ["python", "-m", "alignment"]
OPTIONS = {"added_seeds": "--add-seeds"}  # the others are named like their field
STUDY = "from alignment import Settings, Study"


@dataclass(frozen=True)
class CodeSnippet:
    """Command line and Python code of one result."""

    command: str
    python: str


def nearest_code(models: Settings, mapping: str, prompt: str, *, top: int) -> CodeSnippet:
    """Code for the classes nearest to a prompt."""
    options = [*_models(models), "--mapping", mapping, "--top", str(top)]
    lines = [STUDY, "", _study(models), f"print(study.nearest([{prompt!r}], {mapping!r}, top={top}))"]
    return CodeSnippet(_command("nearest", options, [prompt]), "\n".join(lines))


def pictures_code(models: Settings, mapping: str, prompt: str, *, count: int, drawing: DrawingSettings) -> CodeSnippet:
    """Code for pictures of a prompt, side by side in pictures.png."""
    options = [*_models(models), "--mapping", mapping, "--count", str(count), *_drawing(drawing)]
    lines = [
        "from alignment import DrawingSettings, Settings, Study",
        "from alignment.images.picture_files import grid, save_picture",
        "",
        _study(models),
        f"drawing = {drawing!r}",
        f"pictures = study.generate([{prompt!r}], {mapping!r}, count={count}, drawing=drawing)[0]",
        'save_picture(grid(pictures), "pictures.png")',
    ]
    return CodeSnippet(_command("generate", [*options, "--output", "pictures.png"], [prompt]), "\n".join(lines))


def interpolation_code(
    models: Settings, settings: InterpolationSettings, *, size: int | None = None, and_back: bool = False
) -> CodeSnippet:
    """Code for an interpolation as interpolation.gif, or its vectors as interpolation.npz without a generator.

    ``size`` and ``and_back`` are those of :func:`~alignment.images.animations.gif`.
    """
    film = "".join([f", size={size}" if size else "", ", and_back=True" if and_back else ""])
    output, content = "interpolation.gif", f"gif(path.pictures{film})"
    if models.class_embeddings:
        output, content = "interpolation.npz", "to_npz(path)"
    options = [*_models(models), "--mapping", settings.mapping, "--steps", str(settings.steps)]
    options += ["--space", settings.space, "--shape", settings.shape, *(["--even"] if settings.even else [])]
    lines = [
        "from pathlib import Path",
        "",
        "from alignment import DrawingSettings, InterpolationSettings, Settings, Study",
        "from alignment.study.interpolation_files import to_npz"
        if models.class_embeddings
        else "from alignment.images.animations import gif",
        "",
        _study(models),
        f"path = study.interpolate({settings!r})",
        f'Path("{output}").write_bytes({content})',
    ]
    options += [f"--through={name}" for name in settings.through]
    options += [*(["--size", str(size)] if size else []), *(["--and-back"] if and_back else [])]
    options += [*_drawing(settings.drawing), "--output", output]
    return CodeSnippet(_command("interpolate", options, list(settings.prompts)), "\n".join(lines))


def evaluation_code(models: Settings, mapping: str, split: str) -> CodeSnippet:
    """Code for the held-out figures of a mapping and of the baselines."""
    options = [*_models(models), "--mapping", mapping, "--split", split]
    lines = [
        STUDY,
        "from alignment.evaluation.result import summary_table",
        "",
        _study(models),
        f"table = summary_table(study.evaluations.compare([{mapping!r}], split={split!r}))",
        "print(table.T.to_string())",  # of a wide table pandas leaves out the middle
    ]
    return CodeSnippet(_command("evaluate", options, []), "\n".join(lines))


def _command(name: str, options: list[str], prompts: list[str]) -> str:
    guarded = ["--", *prompts] if any(prompt.startswith("-") for prompt in prompts) else prompts
    return shlex.join([*PROGRAM, name, *options, *guarded])


def _chosen(models: Settings) -> dict[str, str | int]:
    """Settings that differ from their defaults, which depend on the encoder."""
    default, default_encoder = Settings(encoder=models.encoder), Settings().encoder
    named = {field.name: getattr(models, field.name) for field in fields(models)}
    if models.class_embeddings:
        del named["generator"]
    return {
        name: value
        for name, value in named.items()
        if value != getattr(default, name) or (name == "encoder" and value != default_encoder)
    }


def _models(models: Settings) -> list[str]:
    options = ((OPTIONS.get(name, f"--{name.replace('_', '-')}"), value) for name, value in _chosen(models).items())
    return [word for name, value in options for word in (name, str(value))]


def _drawing(drawing: DrawingSettings) -> list[str]:
    values = {"--truncation": drawing.truncation, "--seed": drawing.noise_seed, "--snap": drawing.snap}
    return [word for name, value in values.items() for word in (name, str(value))]


def _study(models: Settings) -> str:
    return f"study = Study({_settings(models)})"


def _settings(models: Settings) -> str:
    return f"Settings({', '.join(f'{name}={value!r}' for name, value in _chosen(models).items())})"


def comparison_code(runs: Sequence[tuple[Settings, str]], split: str, *, random_space: bool = True) -> CodeSnippet:
    """Code for a comparison of runs: the fewest commands that name exactly these runs."""
    mappings: dict[Settings, list[str]] = {}
    for models, mapping in runs:
        mappings.setdefault(models, []).append(mapping)
    groups: dict[tuple[Settings, tuple[str, ...]], list[Settings]] = {}
    for models, keys in mappings.items():
        groups.setdefault((without_reading(models), tuple(dict.fromkeys(keys))), []).append(models)
    commands = []
    for (alike, keys), several in groups.items():
        for layers, poolings in _rectangles([(each.layer, each.pooling) for each in several]):
            chosen = replace(alike, pooling="")  # the encoder's default, which is left out
            options = [*_models(chosen), "--layer", *map(str, layers)]
            options += [*(["--pooling", *poolings] if any(poolings) else []), "--mapping", *keys]
            options += ["--split", split, *([] if random_space else ["--no-random-space"])]
            commands.append(_command("compare", options, []))
    lists = [
        f"runs_over([{', '.join(map(_settings, several))}], {list(keys)!r}, {split=}, {random_space=})"
        for (_, keys), several in groups.items()
    ]
    lines = [
        "from alignment import Settings",
        "from alignment.study import CACHE",
        "from alignment.study.runs.measure import measure_runs, runs_over",
        "from alignment.study.runs.table import RunTable",
        "",
        f"runs = {lists[0]}",
        *(f"runs += {each}" for each in lists[1:]),
        "print(measure_runs(runs, RunTable(CACHE)).rows)",
    ]
    return CodeSnippet("\n".join(commands), "\n".join(lines))


def _rectangles(cells: list[tuple[int, str]]) -> list[tuple[list[int], list[str]]]:
    """Group (layer, pooling) cells into products: poolings with the same layers share one product."""
    layers: dict[str, list[int]] = {}
    for layer, pooling in cells:
        layers.setdefault(pooling, []).append(layer)
    together: dict[tuple, list[str]] = {}
    for pooling, with_it in layers.items():
        together.setdefault((*sorted(set(with_it)), not pooling), []).append(pooling)  # "" is left out of a command
    return [(list(with_it), poolings) for (*with_it, _), poolings in together.items()]
