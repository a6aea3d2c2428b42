"""The command build: what first visits of the dashboard's pages need, prepared."""

from __future__ import annotations

from contextlib import nullcontext

from alignment.commands.studies import ProgressBars, open_study, settings_of, workers_of


def build(arguments) -> None:
    from alignment.projection.layouts import LayoutSettings

    study = open_study(settings_of(arguments))
    executor = workers_of(arguments) if arguments.scheduler or arguments.workers is not None else nullcontext()
    with executor as workers:  # the figures of the dashboard's first page, which asks for confidence too
        study.headline_figures(progress=ProgressBars(), executor=workers)
    study.calibration()
    generator = study.space.generator
    if generator and generator.source == "bundled":  # half a minute; a large one takes many
        study.class_pictures(progress=ProgressBars())
    study.layout(progress=ProgressBars())  # of Latent spaces
    study.layout(LayoutSettings(method="pca"), held_out=False, progress=ProgressBars())  # of Interpolation
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )
