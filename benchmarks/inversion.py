"""GAN inversion of pictures that the generator drew: accuracy of the class found, and reconstruction error."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from alignment.images.inversion import STEPS
from alignment.images.picture_files import read_picture
from alignment.images.truncation_and_noise import draw_noise
from alignment.study import Study
from alignment.vectors.similarity import similarities
from benchmarks.reporting import markdown_table

HELP = "from a picture back to its class and noise"
NOISE_SEED = 7  # none that the search begins with
CLASS_SEED = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pictures", type=int, default=50, help="drawn, each of another class (default 50)")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of each search (default {STEPS})")
    parser.add_argument(
        "--file", type=Path, nargs="*", default=[], help="pictures to look at besides, such as photographs"
    )


def run(arguments) -> None:
    study = Study()
    study.build()
    generator, names = study.generator, study.classes.names
    rows = np.random.default_rng(CLASS_SEED).choice(len(names), arguments.pictures, replace=False)
    noises = draw_noise(len(rows), generator.config.z_dim, truncation=0.4, seed=NOISE_SEED)
    found, errors, seconds = [], [], []
    for row, noise in zip(rows, noises, strict=True):
        picture = generator.generate(study.class_vectors[[row]], noise=noise[None])[0]
        begun = time.perf_counter()
        result = study.pictures.invert(picture, steps=arguments.steps)
        seconds.append(time.perf_counter() - begun)
        nearest = int(similarities(result.vector[None], study.class_vectors).argmax())
        found.append(nearest == row)
        errors.append((result.start_error, result.error))
        print(f"{names[row]}: {names[nearest]}, difference {result.start_error:.1f} to {result.error:.1f}", flush=True)
    first, last = np.median(errors, axis=0)
    cells = [len(rows), sum(found), f"{first:.1f}", f"{last:.1f}", f"{np.median(seconds):.0f}"]
    columns = ["pictures", "class found", "median difference before", "after", "seconds each"]
    print(f"\n{markdown_table([cells], columns)}")
    for file in arguments.file:
        result = study.pictures.invert(read_picture(file, generator.pixels), steps=arguments.steps)
        nearest = study.nearest_to(result.vector[None], [""], top=3)
        told = ", ".join(f"{row.name} {row.similarity:.2f}" for row in nearest.itertuples(index=False))
        print(f"{file.name}: {told}; difference {result.start_error:.1f} to {result.error:.1f}", flush=True)
