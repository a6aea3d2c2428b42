"""Precomputation of the results that the first visit of every page needs."""

from __future__ import annotations

import numpy as np

from alignment.dictionary.prompts import EXAMPLES
from alignment.interpolation.paths import InterpolationSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.projection.layouts import LayoutSettings
from alignment.study import Study
from dashboard.state import cached_results, evaluations
from dashboard.views.interpolation import data as interpolation
from dashboard.views.interpolation.grid import CORNERS, EDGE
from dashboard.views.latent_spaces import data as latent_spaces


def prepare_pages(study: Study) -> None:
    """Compute one after another the results that pages show by default, for a study with a generator.

    This calls the functions of the pages: a visitor who comes meanwhile waits for the same job, and sees its progress.
    ``latent-alignment build`` has put the slow parts into the cache.
    """
    for sentence in EXAMPLES[:4]:
        cached_results.pictures(study, DEFAULT_MAPPING, sentence, count=1)
    cached_results.figures(study, DEFAULT_MAPPING)
    cached_results.calibration(study, DEFAULT_MAPPING)
    settings = InterpolationSettings(interpolation.PROMPTS[:2])
    paths = {space: path for space, path in interpolation.paths(study, settings) if path}
    interpolation.curves_among_classes(study, paths)
    interpolation.grid(study, InterpolationSettings(CORNERS, steps=EDGE))
    interpolation.classes_with_sentences(study)
    cached_results.class_pictures(study)
    latent_spaces.facts(study, DEFAULT_MAPPING, held_out=True)
    latent_spaces.projections(study, latent_spaces.LayoutRequest(LayoutSettings(), DEFAULT_MAPPING, held_out=True))
    latent_spaces.hover_pictures(study, np.arange(len(study.classes)))
    evaluations.with_baselines(study, DEFAULT_MAPPING)  # of Mapping error
