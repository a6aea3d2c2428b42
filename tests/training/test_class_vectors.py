"""Initial class vectors follow WordNet, and those in use are kept."""

import csv

import numpy as np
import torch

from training import class_vectors
from training.catalogue import Entry
from training.measures import class_space

PATHS = [("thing", "animal")] * 5 + [("thing", "tool")] * 5


def test_tree_distances_count_edges():
    paths = [("thing", "animal", "cat"), ("thing", "animal", "dog"), ("thing", "animal", "dog"), ("thing", "tool")]
    np.testing.assert_array_equal(
        class_vectors.tree_distances(paths), [[0, 4, 4, 5], [4, 0, 2, 5], [4, 2, 0, 5], [5, 5, 5, 0]]
    )


def test_the_layout_follows_the_tree():
    vectors = class_vectors.wordnet_layout(PATHS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), class_vectors.LENGTH, rtol=1e-5)
    figures = class_space(vectors, ["animal"] * 5 + ["tool"] * 5)
    assert figures["cosine_within"] > figures["cosine_between"]
    assert figures["neighbour_agreement"] == 1


def test_vectors_in_use_are_kept_and_the_others_take_their_places_among_them():
    layout = class_vectors.wordnet_layout(PATHS, dimensions=6)
    rotation, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))
    moved = 1.5 * layout @ rotation
    in_use = [vector if i % 5 else None for i, vector in enumerate(moved)]
    vectors = class_vectors.fill_missing(layout, in_use)
    np.testing.assert_allclose(vectors, moved, rtol=1e-4, atol=1e-4)  # a rotation is found again
    assert all(np.array_equal(vectors[i], v.astype(np.float32)) for i, v in enumerate(in_use) if v is not None)


def entry(index, path):
    return Entry(index, f"n{index:08d}", f"class {index}", "beach", (("a:x", "-"),), path, "group")


def test_the_generator_in_a_folder_gives_the_vectors_of_its_classes(tmp_path):
    entries = [entry(i, path) for i, path in enumerate(PATHS)]
    layout, kept = class_vectors.initial_vectors(entries, tmp_path)
    assert kept == 0
    shipped = np.random.default_rng(0).normal(size=(7, 128)).astype(np.float32)
    torch.save({"embeddings.weight": torch.from_numpy(shipped.T)}, tmp_path / "pytorch_model.bin")
    with open(tmp_path / "classes.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["class", "index", "wordnet_id", "name"])
        rows.writerows([row, i, f"n{i:08d}", f"class {i}"] for row, i in enumerate(range(2, 9)))
    vectors, kept = class_vectors.initial_vectors(entries, tmp_path)
    assert kept == 7 and vectors.shape == layout.shape
    lengths = np.linalg.norm(shipped, axis=1)
    np.testing.assert_allclose(np.linalg.norm(vectors[2:9], axis=1), lengths, rtol=1e-5)
    cosines = (vectors[2:9] * shipped).sum(axis=1) / lengths**2
    assert 0.95 < cosines.min() < 1  # drawn back a little towards WordNet


def test_vectors_in_use_get_back_an_order_that_they_had_lost(tmp_path):
    """Noise on the layout lowers the cosine of sister classes; drawing back raises it again."""
    rng = np.random.default_rng(0)
    entries = [entry(i, path) for i, path in enumerate(PATHS)]
    groups = [path[-1] for path in PATHS]
    layout = class_vectors.wordnet_layout(PATHS)
    shipped = (layout + 0.5 * rng.normal(size=layout.shape)).astype(np.float32)
    torch.save({"embeddings.weight": torch.from_numpy(shipped.T)}, tmp_path / "pytorch_model.bin")
    rows = "".join(f"{i},{i},n{i:08d},class {i}\n" for i in range(len(PATHS)))
    (tmp_path / "classes.csv").write_text("class,index,wordnet_id,name\n" + rows, encoding="utf-8")
    before = class_space(shipped, groups)["cosine_within"]
    vectors, _ = class_vectors.initial_vectors(entries, tmp_path)
    assert class_space(vectors, groups)["cosine_within"] > before
