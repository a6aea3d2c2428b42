"""Opening the study of a command, with progress bars on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alignment.commands.notices import say
from alignment.commands.option_values import refuse_missing
from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import DEFAULT_MAPPING

if TYPE_CHECKING:
    from alignment.study import Settings, Study


def new_study(settings: Settings) -> Study:
    """The study of these models before anything is encoded, for checks of what a command is to do with it."""
    from alignment.study import Study

    refuse_missing(settings.class_embeddings, settings.classes, settings.seeds, settings.added_seeds, settings.vectors)
    return Study(settings, progress=ProgressBars())


def open_study(settings: Settings, prompts: Sequence[str] = (), mapping: str | None = DEFAULT_MAPPING) -> Study:
    """:func:`build_study` of :func:`new_study`."""
    study = new_study(settings)
    build_study(study, prompts, mapping)
    return study


def build_study(study: Study, prompts: Sequence[str] = (), mapping: str | None = DEFAULT_MAPPING) -> None:
    """Encode what a study needs, and fit a mapping if one is named, with bars for what takes long.

    Raises
    ------
    InputError
        For one of these prompts that cannot be read, or a mapping file that does not fit, before sentences are encoded.
    """
    for prompt in prompts:
        study.prompt_reader.check(prompt)
    study.build(ProgressBars(), mapping)
    say([*study.notices, *study.prompt_reader.notices(prompts)])
