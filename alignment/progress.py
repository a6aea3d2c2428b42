"""Progress callbacks, and cancellation of long work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

from alignment.errors import InputError

Progress = Callable[[str, float, int], object]
"""Called with (what is being done, steps done, steps in all); an exception that it raises ends the work.

Half a step may be done: a run of several, for instance.
"""

DOWNLOADING = "Downloading"
LOOK_SECONDS = 0.2  # between two checks for cancellation

T = TypeVar("T")
Step = Callable[[int, int], object]
_step: ContextVar[Step] = ContextVar("step", default=lambda done, total: None)


def check_progress(progress: Any) -> None:
    """Refuse a ``progress`` that cannot be called, such as True.

    Raises
    ------
    InputError
    """
    if progress is not None and not callable(progress):
        raise InputError(
            f"progress is called with (what is being done, done, total), such as print; got {progress!r:.60}."
        )


@contextmanager
def following(call: Step) -> Iterator[None]:
    """Pass every :func:`at_step` in this context on to ``call``, which may raise to cancel the work."""
    token = _step.set(call)
    try:
        yield
    finally:
        _step.reset(token)


def at_step(done: int = 0, total: int = 0) -> None:
    """Report that work is between two steps, ``done`` of ``total`` where that is known.

    For inner iterations to which no callback can be passed, such as those of a fit with scikit-learn's signature:
    :func:`following` receives their progress and may cancel them here by an exception.
    """
    _step.get()(done, total)


def reported(items: Collection[T], progress: Progress | None, stage: str | Callable[[T], str]) -> Iterator[T]:
    """Iterate over items of work; before each, and at the end, ``progress`` is told how many are done.

    Parameters
    ----------
    items : sized collection
    progress : callable, optional
    stage : str, or callable
        What is being done; a callable says it of an item.
    """
    text = ""
    for done, item in enumerate(items):
        text = stage if isinstance(stage, str) else stage(item)
        if progress is not None:
            progress(text, done, len(items))
        yield item
    if progress is not None and text:
        progress(text, len(items), len(items))


def run_in_turn(jobs: Mapping[str, Callable], progress: Progress | None) -> dict:
    """Run jobs one after the other; ``progress`` reports them as one piece of work.

    Parameters
    ----------
    jobs : dict from name to callable
        Each takes ``progress``, to be called with (stage, steps done, steps).

    Returns
    -------
    dict from name to what the job returned
    """
    results = {}
    for number, (name, job) in enumerate(jobs.items()):
        results[name] = job(progress=progress and partial(_report, progress, number, len(jobs)))
    return results


def _report(progress: Progress, number: int, jobs: int, name: str, done: float, steps: int) -> None:
    progress(name, number * steps + done, jobs * steps)


def counts_bytes(stage: str) -> bool:
    """Whether the steps of a stage are bytes."""
    return stage.startswith(DOWNLOADING)


def progress_text(stage: str, done: float, total: int) -> str:
    """Progress as text: "Encoding: 1,000 of 12,000", "Downloading biggan-deep-256: 28.1 of 234.4 MB".

    The stage alone where it is one step.
    """
    if counts_bytes(stage):
        return f"{stage}: {done / 1e6:.1f} of {total / 1e6:.1f} MB"
    return f"{stage}: {int(done):,} of {total:,}" if total > 1 else stage
