"""What the options of a command ask for: settings of the study, of drawing, workers; and checks of them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.files.reading import exists, read_file

if TYPE_CHECKING:
    from alignment.execution.workers import Executor
    from alignment.images.drawing_settings import DrawingSettings
    from alignment.study import Settings


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


def overridden(arguments: Namespace, but: set[str]) -> list[str]:
    """Options of a command that were given, without those in ``but``."""
    default = arguments.subparser.get_default
    given = {key for key, value in vars(arguments).items() if value != default(key)}
    return sorted(f"--{key.replace('_', '-')}" for key in given - but - {"run", "rest", "subparser", "prompts"})


def check_draws_pictures(class_embeddings: str | None, instead: str = "choose a --generator") -> None:
    """Refuse a bare matrix as the class space of a command that draws; ``instead`` is what to do."""
    if class_embeddings:
        raise InputError(f"A matrix of class embeddings draws no pictures; {instead}.")


def refuse_missing(*files: str | Path | None) -> None:
    """Refuse a file that is not there before models are opened, which may download them; None is no file.

    Raises
    ------
    InputError
    """
    for file in files:
        if file and not exists(file):
            read_file(Path(file))  # which says so


def refuse_blank(prompts: Iterable[str | None]) -> None:
    """Refuse a prompt that is blank before models are opened; None is no prompt.

    Raises
    ------
    InputError
    """
    from alignment.text.readable_sentences import EMPTY_PROMPT

    if any(prompt is not None and not prompt.strip() for prompt in prompts):
        raise InputError(EMPTY_PROMPT)
