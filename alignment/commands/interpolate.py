"""The command interpolate: pictures between prompts, and the vectors or the settings of such a path."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from alignment.commands.notices import say
from alignment.commands.option_values import (
    check_draws_pictures,
    drawing_settings_of,
    overridden,
    refuse_blank,
    settings_of,
)
from alignment.commands.output_files import check_picture_output, print_written, write_text
from alignment.commands.studies import build_study, new_study
from alignment.errors import InputError
from alignment.execution.progress_bars import ProgressBars
from alignment.files.reading import read_file
from alignment.files.writing import write_file
from alignment.wording import counted

if TYPE_CHECKING:
    from alignment.interpolation.paths import InterpolationSettings
    from alignment.study import Study


def interpolate(arguments: Namespace) -> None:
    from alignment.images.animations import ANIMATIONS, check_size
    from alignment.interpolation.grid import check_grid
    from alignment.study import interpolation_files

    if bool(arguments.prompts) == bool(arguments.settings):
        raise InputError("Give either prompts or --settings FILE.json.")
    refuse_blank(arguments.prompts)
    if arguments.settings:
        if unused := overridden(arguments, but={"settings", "output", "grid", "device", "size", "and_back"}):
            say([f"left unused, because {arguments.settings} decides: {', '.join(unused)}"])
        models, interpolation = interpolation_files.from_json(read_file(arguments.settings))
        models = replace(models, device=arguments.device)
    else:
        models, interpolation = settings_of(arguments), _interpolation_settings(arguments)
    suffix = arguments.output.suffix.lower()
    if suffix not in (".json", ".npz"):
        check_draws_pictures(models.class_embeddings, "write to a name such as interpolation.npz")
    if arguments.grid and suffix in (".json", ".npz"):
        raise InputError("The grid is a picture; write to a name such as grid.png.")
    if (arguments.size is not None or arguments.and_back) and (arguments.grid or suffix not in ANIMATIONS):
        raise InputError("--size and --and-back are for animations; write to a name such as interpolation.gif.")
    if arguments.grid:
        check_grid(interpolation)
        if unused := _unused_by_grid(interpolation):
            say([f"left unused, because the grid is bilinear in class space: {', '.join(unused)}"])
    check_size(arguments.size)
    check_picture_output(arguments.output, () if arguments.grid else (".json", ".npz", *ANIMATIONS))
    if suffix == ".json":
        write_text(arguments.output, interpolation_files.to_json(models, interpolation).rstrip())
        shown = f"--settings {arguments.output} draws it"
        prompts = counted(len(interpolation.prompts), "prompt")
        return print_written(arguments.output, f"settings of an interpolation between {prompts}; {shown}")
    study = new_study(models)
    study.rows_through(interpolation)  # an unknown class is refused before sentences are encoded
    build_study(study, interpolation.prompts, interpolation.mapping)
    write = _write_interpolation_grid if arguments.grid else _write_interpolation_path
    rows = write(study, interpolation, arguments)
    names = [study.classes.labels[row] for row in rows]
    print_written(arguments.output, " > ".join(names))


def _interpolation_settings(arguments: Namespace) -> InterpolationSettings:
    from alignment.interpolation.paths import InterpolationSettings

    return InterpolationSettings(
        tuple(arguments.prompts),
        arguments.mapping,
        steps=arguments.steps,
        space=arguments.space,
        shape=arguments.shape,
        even=arguments.even,
        drawing=drawing_settings_of(arguments),
        through=tuple(arguments.through),
    )


def _unused_by_grid(interpolation: InterpolationSettings) -> list[str]:
    """Options of a path, not at their defaults, that a grid does not take."""
    of_a_grid = {"even": False, "shape": "linear", "space": "class"}
    return [f"--{name}" for name, value in of_a_grid.items() if getattr(interpolation, name) != value]


def _write_interpolation_path(study: Study, settings: InterpolationSettings, arguments: Namespace) -> list[int]:
    """Write a path in the format of the file's suffix; returns the nearest classes in order, without repetitions."""
    from alignment.images.animations import ANIMATIONS, save_animation
    from alignment.images.picture_files import grid, save_picture
    from alignment.study.interpolation_files import to_npz

    path = study.interpolate(settings, progress=ProgressBars())
    output = arguments.output
    suffix = output.suffix.lower()
    if suffix == ".npz":
        write_file(output, to_npz(path))
    else:
        assert path.pictures is not None, "files of pictures are refused where nothing draws any"
        if suffix in ANIMATIONS:
            save_animation(path.pictures, output, size=arguments.size, and_back=arguments.and_back)
        else:
            save_picture(grid(path.pictures, columns=settings.steps), output)
    return [row for i, row in enumerate(path.nearest) if i == 0 or row != path.nearest[i - 1]]


def _write_interpolation_grid(study: Study, settings: InterpolationSettings, arguments: Namespace) -> list[int]:
    """Write the grid between four prompts as a picture; returns the classes nearest to its corners."""
    from alignment.images.picture_files import grid, save_picture

    found = study.interpolate_grid(settings, progress=ProgressBars())
    save_picture(grid(found.pictures.reshape(-1, *found.pictures.shape[2:]), columns=settings.steps), arguments.output)
    return found.nearest[[0, 0, -1, -1], [0, -1, 0, -1]].tolist()
