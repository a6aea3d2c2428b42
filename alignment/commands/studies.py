"""Opening the study that a command's options describe, with progress bars on the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import DEFAULT_MAPPING
from alignment.wording import counted

if TYPE_CHECKING:
    from alignment.execution.workers import Executor
    from alignment.images.drawing_settings import DrawingSettings
    from alignment.study import Settings, Study
    from alignment.study.shards.shard_results import ShardResult

SHOWN_REFUSALS = 20  # of the rows of shards


def settings_of(arguments: Namespace) -> Settings:
    """Settings that the options describe."""
    from alignment.study import Settings

    return Settings(
        encoder=arguments.encoder,
        layer=arguments.layer,
        pooling=arguments.pooling,
        generator=arguments.generator,
        class_embeddings=arguments.class_embeddings,
        classes=arguments.classes,
        seeds=arguments.seeds,
        added_seeds=arguments.add_seeds,
        vectors=arguments.vectors,
        device=arguments.device,
    )


def drawing_settings_of(arguments: Namespace) -> DrawingSettings:
    """How pictures are drawn, as the options describe it."""
    from alignment.images.drawing_settings import DrawingSettings

    return DrawingSettings(arguments.truncation, arguments.seed, arguments.snap)


def workers_of(arguments: Namespace, at_once: int = 1) -> AbstractContextManager[Executor]:
    """What runs the work, as a context: the workers that the options name, or this process, so many pieces at once."""
    from alignment.execution.workers import open_executor

    return open_executor(arguments.scheduler, arguments.workers, at_once)


def named_workers(arguments: Namespace) -> AbstractContextManager[Executor | None]:
    """:func:`workers_of` where the options name workers; None otherwise."""
    return workers_of(arguments) if names_workers(arguments) else nullcontext()


def names_workers(arguments: Namespace) -> bool:
    """Whether ``--scheduler`` or ``--workers`` was given."""
    return arguments.scheduler is not None or arguments.workers is not None


def check_draws_pictures(class_embeddings: str | None, instead: str = "choose a --generator") -> None:
    """Refuse a bare matrix as the class space of a command that draws; ``instead`` is what to do."""
    if class_embeddings:
        raise InputError(f"A matrix of class embeddings draws no pictures; {instead}.")


def new_study(settings: Settings) -> Study:
    """The study of these models before anything is encoded, for checks of what a command is to do with it."""
    from alignment.study import Study

    return Study(settings, progress=ProgressBars())


def refuse_blank(prompts: Iterable[str | None]) -> None:
    """Refuse a prompt that is blank before models are opened; None is no prompt.

    Raises
    ------
    InputError
    """
    from alignment.text.readable_sentences import EMPTY_PROMPT

    if any(prompt is not None and not prompt.strip() for prompt in prompts):
        raise InputError(EMPTY_PROMPT)


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


def overridden(arguments: Namespace, but: set[str]) -> list[str]:
    """Options of a command that were given, without those in ``but``."""
    default = arguments.subparser.get_default
    given = {key for key, value in vars(arguments).items() if value != default(key)}
    return sorted(f"--{key.replace('_', '-')}" for key in given - but - {"run", "rest", "subparser", "prompts"})


def say(notices: Iterable[str]) -> None:
    """Print notices about input that was left out or read in an unusual way, beside the answers."""
    for notice in notices:
        print(notice, file=sys.stderr)


def say_of_shards(shards: Sequence[ShardResult], folder: Path) -> None:
    """Tell what shards were taken for, the first rows that were left out, and where the list of all is."""
    from alignment.study.shards.shard_results import READ_IN_PART, REFUSED

    say(_once(shards))
    refused = [f"left out: {shard.path}, {one}" for shard in shards for one in shard.refused]
    cut = [f"{shard.path}, {one}" for shard in shards for one in shard.cut]
    for rows, named in ((refused, REFUSED), (cut, READ_IN_PART)):
        say(rows[:SHOWN_REFUSALS])
        if len(rows) > SHOWN_REFUSALS:
            say([f"and {len(rows) - SHOWN_REFUSALS:,} more: {folder / named} names them all"])


def _once(shards: Sequence[ShardResult]) -> list[str]:
    """What the files of shards were taken for: of what is said of several, that of the first, and how many more."""
    alike: dict[str, dict[str, str]] = {}  # path and note of each file, by what the note says
    for shard in shards:
        for note in shard.notes:
            alike.setdefault(note.removeprefix(shard.path), {})[shard.path] = note
    return [_with_count(list(notes.values())) for notes in alike.values()]


def _with_count(notes: list[str]) -> str:
    return notes[0] if len(notes) == 1 else f"{notes[0].rstrip('.')}; so in {counted(len(notes) - 1, 'more file')}."
