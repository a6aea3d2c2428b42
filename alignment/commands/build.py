"""The command build: what the dashboard's first pages need, prepared."""

from __future__ import annotations

from alignment.commands.studies import ProgressBars, open_study, settings_of


def build(arguments) -> None:
    study = open_study(settings_of(arguments))
    study.headline_figures(progress=ProgressBars())  # of the dashboard's first page, which asks for confidence too
    study.calibration()
    generator = study.space.generator
    if generator and generator.source == "bundled":  # half a minute; a large one takes many
        study.class_pictures(progress=ProgressBars())
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )
