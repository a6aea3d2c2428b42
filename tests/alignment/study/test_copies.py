"""A study and what it gives can be copied and sent to other processes, as joblib and multiprocessing do."""

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest

from alignment.dictionary.classes import ClassTable, imagenet_classes
from alignment.evaluation.calibration import Calibration
from alignment.images.generator import ImageGenerator
from alignment.study import Study
from alignment.study.mapping_files import _arrays
from alignment.study.portable_study import PortableStudy

COPIES = [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
PROMPTS = ["I have a dog", "an old oak"]


@pytest.fixture(scope="module")
def used_study(small_study):
    """A study whose locks are taken, whose models are loaded and whose parts have computed something."""
    small_study.nearest(PROMPTS, "ridge")
    small_study.evaluations.evaluate("ridge")
    small_study.confidence.of(PROMPTS, "ridge")
    return small_study


@pytest.mark.parametrize("copied", COPIES)
def test_a_study_and_its_parts(used_study, copied):
    expected = used_study.nearest(PROMPTS, "ridge")
    again = copied(used_study)
    assert again is not used_study and again.settings == used_study.settings and again.cache.folder.is_dir()
    pd.testing.assert_frame_equal(again.nearest(PROMPTS, "ridge"), expected)
    figures = copied(used_study.evaluations).evaluate("ridge").summary()
    assert figures == used_study.evaluations.evaluate("ridge").summary()
    assert copied(used_study.confidence).of(PROMPTS, "ridge") is None  # as of these classes
    np.testing.assert_array_equal(copied(used_study.encoder).encode(PROMPTS), used_study.encoder.encode(PROMPTS))


def test_a_study_is_sent_as_its_settings(used_study):
    assert len(pickle.dumps(used_study)) < 2_000 < used_study.X.nbytes


def test_what_is_fitted_and_measured(used_study):
    mapping, result = used_study.mapping("ridge"), used_study.evaluations.evaluate("ridge")
    for copied in COPIES:
        np.testing.assert_array_equal(copied(mapping).predict(used_study.X), mapping.predict(used_study.X))
        assert copied(result).summary() == result.summary()


@pytest.mark.parametrize("key", ["ridge", "relative-ridge", "ensemble"])  # one alone, steps, and one made of others
def test_a_mapping_fitted_on_other_data_leaves_the_studys_as_it_is(own_classes, tmp_path, key):
    """Its answers changed, and what was computed with it was kept for every later study."""
    study, later = (Study(own_classes["settings"], cache=tmp_path) for _ in range(2))
    expected, mapped = study.nearest(PROMPTS, key), study.mapping(key).predict(study.X)
    mapping = study.mapping(key)
    mapping.fit(study.X[::-1][:40], study.pairs.targets[:40])
    for name, value in mapping.get_params().items():
        if name.endswith(("gamma", "n_anchors")):
            mapping.set_params(**{name: 2 * value})
    assert not np.allclose(mapping.predict(study.X), mapped)
    pd.testing.assert_frame_equal(study.nearest(PROMPTS, key), expected)
    for each in (study, later):
        np.testing.assert_array_equal(each.projections.mapped_seeds(key, held_out=False)[1], mapped.astype(np.float32))


def test_mappings_that_are_asked_for_share_their_arrays(used_study):
    first, second = used_study.mapping("ridge"), used_study.mapping("ridge")
    assert first is not second and np.shares_memory(first.coef_, second.coef_)


def test_pairs_of_a_study_cannot_be_changed(used_study):
    """Folds follow their kinds and texts, and what is learned from them is kept under the digest of the seeds."""
    pairs = used_study.pairs
    assert isinstance(pairs.texts, tuple) and isinstance(pairs.terms, tuple)
    for array in (pairs.X, pairs.class_vectors, pairs.kinds, pairs.templates, pairs.groups):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = array[::-1]


@pytest.mark.parametrize("key", ["ridge", "relative-ridge", "ensemble", "late-fusion"])
def test_arrays_of_a_mapping_that_is_handed_out_cannot_be_changed(used_study, key):
    """With ``mapping.coef_ *= 2`` every answer of the study was another one."""
    arrays = list(_arrays(used_study.mapping(key)))
    assert len(arrays) > 3
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_tables_that_are_handed_out_may_be_changed(used_study):
    """A column that was put into another order no longer belonged to the vectors of the seeds."""
    classes = used_study.classes
    tables = (lambda: used_study.seeds.frame, lambda: classes.frame, lambda: classes.known.frame, imagenet_classes)
    for table_of in tables:
        expected, table = table_of().copy(), table_of()
        first, second = table.columns[:2]
        table[first] = table[first].tolist()[::-1]
        table["length"] = 1
        del table[second]
        pd.testing.assert_frame_equal(table_of(), expected)


def test_lists_that_are_handed_out_cannot_be_changed_or_are_copies(used_study):
    """With ``names.sort()`` every answer had the name of another class."""
    classes = used_study.classes
    for listed in (classes.names, classes.labels, classes.indices, classes.readable_names, ClassTable([1]).groups):
        assert isinstance(listed, tuple)
    used_study.evaluations.folds("classes").pop()
    folds = used_study.evaluations.folds("classes")
    assert len(folds) == 5
    directions = used_study.directions
    for listed in (directions.low, directions.low[0], directions.high, directions.high[0]):
        assert isinstance(listed, tuple)
    for array in (folds[0].train, folds[0].test, folds[0].known, directions.vectors, directions.spreads):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_a_confidence_model_that_is_handed_out_may_be_changed(own_classes):
    """Sentences that were sorted, or given another column, were so for everyone who asked for the model."""
    confidence, weights = Study(**own_classes).confidence, np.zeros(3)
    confidence.restore_calibration("ridge", Calibration(*[weights] * 5, 0.5, pd.DataFrame({"prompt": ["a cat"]})))
    changed = confidence.calibration("ridge")
    changed.right[:] = 1
    changed.sentences["prompt"] = "a dog"
    kept = confidence.calibration("ridge")
    assert not kept.right.any() and kept.sentences["prompt"].tolist() == ["a cat"]


def test_another_process_asks_it(used_study):
    expected = used_study.nearest(PROMPTS, "ridge")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pd.testing.assert_frame_equal(pool.submit(used_study.nearest, PROMPTS, "ridge").result(), expected)


@pytest.mark.parametrize("copied", COPIES)
def test_a_generator_that_has_drawn(tiny_folder, copied):
    generator = ImageGenerator(str(tiny_folder))
    vectors = generator.class_embeddings[:1]
    drawn = generator.generate(vectors, noise_seed=0)
    again = copied(generator)
    np.testing.assert_array_equal(again.generate(vectors, noise_seed=0), drawn)
    np.testing.assert_array_equal(again.class_embeddings, generator.class_embeddings)


def test_two_lists_at_once_are_answered_by_their_own_studies(used_study):
    """A drawn list that is read beside one that is being drawn made that one load its models anew."""
    first, second = PortableStudy.of(used_study, "ridge"), PortableStudy.of(used_study, "procrustes")
    assert first.open() is second.open() is pickle.loads(pickle.dumps(first)).open() is used_study
