"""The command build: prepares everything that first visits of the dashboard's pages need."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from alignment.commands.notices import say
from alignment.commands.option_values import named_workers, settings_of
from alignment.commands.studies import open_study
from alignment.errors import InputError
from alignment.execution.progress_bars import ProgressBars

T = TypeVar("T")


def build(arguments: Namespace) -> None:
    with named_workers(arguments) as workers:  # those that do not answer are refused before anything is encoded
        study = open_study(settings_of(arguments))
        can_hold_out = _or_reason("the figures on what was not learned", partial(study.evaluations.folds, "classes"))
        if can_hold_out:  # the figures of the dashboard's first page
            study.evaluations.headline_figures(progress=ProgressBars(), executor=workers)
    study.confidence.calibration(progress=ProgressBars())  # which the dashboard's first page asks for too
    _ = study.seed_distances  # which a calibration that is kept does not ask for; Generate does
    generator = study.space.generator
    if generator and generator.source == "bundled":  # half a minute; a large one takes many
        study.pictures.of_classes(progress=ProgressBars())
    first = partial(study.projections.layout, held_out=bool(can_hold_out), progress=ProgressBars())  # of Latent spaces
    if _or_reason("layouts", first):
        study.projections.principal_axes()  # of Interpolation
    if can_hold_out:
        study.evaluations.compare([], progress=ProgressBars())  # the baselines of Mapping error
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )


def _or_reason(what: str, compute: Callable[[], T]) -> T | None:
    """Compute a result, or report why there are too few classes or seeds for it and return None."""
    try:
        return compute()
    except InputError as error:
        say([f"left out, {what}: {error}"])
        return None
