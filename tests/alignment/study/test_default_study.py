"""The default study: the real encoder, the bundled generator, the project's seeds."""

from dataclasses import replace

import numpy as np
import pytest

from alignment.dictionary.seeds import SeedDictionary
from alignment.mappings import MAPPINGS
from alignment.study import Study


@pytest.mark.parametrize(
    ("prompt", "indices"),
    [
        ("I have a cat", {281, 282, 283, 284, 285}),
        ("My car broke down", {817, 511, 436, 751, 627, 656, 609, 661, 468}),
        ("We ate pizza on Friday", {963}),
        ("a dog", set(range(151, 269))),
        ("She plays the violin", {889}),
    ],
)
def test_everyday_sentences_find_their_class(study, prompt, indices):
    assert study.nearest([prompt], top=1).loc[0, "index"] in indices


@pytest.fixture(scope="module")
def few_sentences(study, tmp_path_factory):
    """Three sentences for each of sixty classes of the real generator."""
    folder = tmp_path_factory.mktemp("few")
    frame = study.seeds.frame
    classes = frame["classes"].map(lambda named: named[0] if len(named) == 1 else None)
    rows = frame[classes.isin(classes.dropna().unique()[:60])].groupby(classes).head(3)
    (folder / "few.csv").write_text(SeedDictionary(rows).to_csv(study.classes.known.key), encoding="utf-8")
    return Study(replace(study.settings, seeds=str(folder / "few.csv")), cache=folder / "cache")


@pytest.mark.parametrize("mapping", list(MAPPINGS))
def test_every_mapping_gives_finite_points_that_can_be_drawn(few_sentences, mapping):
    pictures = few_sentences.generate(["I have a cat"], mapping, count=1)
    assert pictures.shape == (1, 1, few_sentences.generator.pixels, few_sentences.generator.pixels, 3)


def test_a_picture_shows_its_own_class(study):
    """A prompt's picture is closer to the class's own picture, at the same noise, than to any other of a sample."""
    rows = [study.classes.row("lemon"), *range(0, len(study.classes), 8)]
    pictures = study.pictures.draw(study.class_vectors[rows])[:, 0].astype(float)
    mapped = study.generate(["I have a lemon"])[0, 0].astype(float)
    distance = np.abs(pictures - mapped).mean(axis=(1, 2, 3))
    assert (distance[0] <= distance).all()
