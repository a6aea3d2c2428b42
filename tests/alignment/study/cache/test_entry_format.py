"""Every kind of artifact comes back from the cache as it was, and nothing in an entry is run."""

import io
import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import MAPPINGS, make_mapping
from alignment.projection.layouts import LayoutSettings, fit_layout
from alignment.study.cache.entry_format import from_bytes, to_bytes

K, PER_CLASS = 24, 6


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(K, 8)).astype(np.float32)
    owners = np.repeat(np.arange(K), PER_CLASS)
    X = (vectors @ rng.normal(size=(8, 16)))[owners] + 0.3 * rng.normal(size=(len(owners), 16))
    membership = csr_array(np.eye(K, dtype=bool)[owners])
    return SeedPairs(X.astype(np.float32), membership, vectors, groups=np.arange(len(owners)) // 2)


@pytest.mark.parametrize("key", MAPPINGS)
def test_a_fitted_mapping_predicts_the_very_same(key, pairs):
    mapping = fit_pairs(make_mapping(key), pairs)
    again = from_bytes(to_bytes(mapping))
    new = np.random.default_rng(1).normal(size=(5, 16)).astype(np.float32)
    np.testing.assert_array_equal(again.predict(new), mapping.predict(new))
    assert repr(again) == repr(mapping)


@pytest.mark.parametrize("split", ["classes", "sentences"])
def test_an_evaluation_keeps_every_figure(split, pairs):
    result = evaluate(make_mapping("ridge"), pairs, pairs.folds(split))
    again = from_bytes(to_bytes(result))
    assert again.summary() == result.summary() and again.split == split
    pd.testing.assert_frame_equal(again.per_class(), result.per_class())
    pd.testing.assert_frame_equal(again.nearest(3), result.nearest(3))
    assert again.confidence_interval() == result.confidence_interval()
    kinds = ["label", "own"] * (len(pairs) // 2)
    pd.testing.assert_frame_equal(again.per_kind(kinds), result.per_kind(kinds))


@pytest.mark.parametrize("method", ["pca", "t-sne"])
def test_a_projection_places_new_points_in_the_same_places(method):
    rng = np.random.default_rng(0)
    spaces = {"text": rng.normal(size=(12, 6)), "mapped": rng.normal(size=(12, 4)), "class": rng.normal(size=(12, 4))}
    layout = fit_layout(spaces, LayoutSettings(method=method, n_neighbors=3))
    again = from_bytes(to_bytes(layout))
    assert list(again) == list(layout)
    for name, projection in layout.items():
        np.testing.assert_array_equal(again[name].points, projection.points)
        np.testing.assert_array_equal(again[name].place(spaces[name]), projection.place(spaces[name]))
        assert again[name].trustworthiness == projection.trustworthiness


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"sentence": ["A cat.", 'Ein "Käse", 🐱'], "classes": [(281, 282), ()], "n": [1, 2]}),
        pd.DataFrame({"a": [1.5, np.nan], "b": [True, False], "c": [None, "x"]}),
        pd.DataFrame({"figure": [0.1, 0.2]}, index=pd.Index(["cat", "all"], name="group")),
        pd.DataFrame({"kind": ["own", "own"], "learned": ["all", "alone"], "p": [1.0, 2.0]}).set_index(
            ["kind", "learned"]
        ),
        pd.DataFrame({"a": [], "b": []}),
    ],
)
def test_tables(table):
    pd.testing.assert_frame_equal(from_bytes(to_bytes(table)), table)


def test_plain_values_and_the_order_of_arrays_in_memory():
    value = {"a": (1, 2.5, None, True, "x"), 3: [np.float64(0.1), np.int64(7)], "z": float("inf")}
    assert from_bytes(to_bytes(value)) == value
    columns = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert from_bytes(to_bytes(columns)).flags.f_contiguous  # sums of products differ in their last digit otherwise
    assert isinstance(from_bytes(to_bytes(np.float32(1.5))), np.float32)


@pytest.mark.parametrize("value", [object(), np.array([object()]), {"f": len}, SeedPairs])
def test_what_is_not_data_is_refused(value):
    with pytest.raises(TypeError, match="cannot hold"):
        to_bytes(value)


class Planted:
    def __reduce__(self):
        return pytest.fail, ("a pickle was run",)


@pytest.mark.parametrize("structure", ['{"estimator": ["os.system", {"dict": []}, {"dict": []}]}', '{"_decoder": 1}'])
def test_only_known_types_are_made(structure):
    buffer = io.BytesIO()
    np.savez(buffer, structure=np.frombuffer(structure.encode(), np.uint8))
    with pytest.raises((KeyError, AttributeError)):
        from_bytes(buffer.getvalue())


def test_a_planted_pickle_is_not_run():
    for content in (pickle.dumps(Planted()), _archive(np.array([Planted()]))):
        with pytest.raises(ValueError):
            from_bytes(content)


def _archive(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, structure=array)  # NumPy pickles objects
    return buffer.getvalue()
