"""What is shown of a study and of its parts is one line, and costs nothing."""

import numpy as np
import pandas as pd
import pytest

from alignment.evaluation.calibration import Calibration
from alignment.evaluation.result import EvaluationResult
from alignment.images.generator import ImageGenerator
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Settings, Study
from alignment.text.encoder import TextEncoder


def test_nothing_is_loaded_to_be_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(TextEncoder, "_model", lambda *_: pytest.fail("the encoder is loaded"))
    monkeypatch.setattr(ImageGenerator, "_model", lambda *_: pytest.fail("the generator is loaded"))
    study = Study(cache=tmp_path)
    before = set(vars(study)), set(vars(study.encoder)), set(vars(study.space)), set(vars(study.classes))
    assert repr(study) == "<Study: minilm, layer -1, pooling subject -> bundled, 531 classes>"
    assert repr(study.evaluations) == f"<Evaluations of {study!r}>"
    assert repr(study.projections) == f"<Projections of {study!r}>"
    assert repr(study.confidence) == f"<Confidence of {study!r}>" and repr(study.pictures) == f"<Pictures of {study!r}>"
    assert repr(study.encoder) == "<TextEncoder: minilm, layer -1, pooling subject>"
    assert repr(study.generator) == "<ImageGenerator: bundled, 531 classes, 256 x 256 pixels>"
    named = ", ".join(study.classes.frame["name"].iloc[:3])
    assert repr(study.classes) == f"<ClassTable: 531 of 1,000 ImageNet classes: {named}, ...>"
    assert repr(study.cache) == f"<ArtifactCache: {tmp_path / 'artifacts'}>"
    assert before == (set(vars(study)), set(vars(study.encoder)), set(vars(study.space)), set(vars(study.classes)))
    assert not list(tmp_path.iterdir())


def test_results_say_what_they_hold(small_study):
    n = f"{len(small_study.seeds):,}"
    assert repr(small_study.space) == f"<EmbeddingMatrix: {small_study.space.source}, 5 classes of 8 numbers>"
    assert repr(small_study.seeds) == f"<SeedDictionary: {n} sentences>"
    assert repr(small_study.pairs) == f"<SeedPairs: {n} sentences of 1,536 numbers, 5 classes of 8>"
    assert repr(small_study.distance_to_seeds) == f"<DistanceToSeeds: {n} seeds of 1,536 numbers>"
    assert repr(small_study.directions).startswith("<Directions: 5 of 8 numbers, 1.00 of the variance>")
    settings = InterpolationSettings(("a cat", "a dog"), "ridge", steps=3)
    assert repr(small_study.interpolate(settings)) == "<InterpolationPath: 'a cat' to 'a dog', 3 steps, class space>"
    layouts = small_study.projections.principal_axes()
    assert repr(layouts["class"]).startswith("<Projection: 5 x 2 points, trustworthiness ")


def test_a_result_says_its_figure_once_it_is_known(rng):
    Z = rng.normal(size=(4, 3))
    result = EvaluationResult(Z[[0, 0, 1, 3]], range(4), [0, 0, 1, 2], Z, split="classes")
    assert repr(result) == "<EvaluationResult: held-out classes, 3 classes, 4 sentences>"
    assert result.summary()["p_at_10"] == 1
    assert repr(result) == "<EvaluationResult: held-out classes, 3 classes, 4 sentences, P@10 1.000>"


def test_a_calibration_is_not_its_arrays():
    made = Calibration(*[np.zeros(9)] * 5, threshold=0.25, sentences=pd.DataFrame({"prompt": ["a cat", "a dog"]}))
    assert repr(made) == "<Calibration: learned from 2 development sentences, threshold 0.250>"


def test_settings_are_shown_as_they_are_written():
    assert eval(repr(Settings(layer=2))) == Settings(layer=2)
