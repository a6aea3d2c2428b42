import threading

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.manifold import trustworthiness

from alignment.errors import InputError
from alignment.progress import following
from alignment.projection import layouts
from alignment.projection.layouts import METHODS, SPACES, LayoutSettings, fit_layout
from alignment.projection.neighbourhoods import (
    class_neighbours,
    distances,
    nearest_others,
    neighbourhood_table,
    share_kept,
    similar_classes,
)
from alignment.study import Settings, Study
from alignment.study.pictures import THUMBNAIL_PIXELS
from alignment.text.encoder import TextEncoder
from alignment.vectors.class_means import class_means

CLUSTERS, EACH = 4, 12

pytestmark = pytest.mark.slow  # umap-learn compiles for half a minute the first time


@pytest.fixture(scope="module")
def spaces():
    """Four clusters; in class space the last two items of the first cluster belong to the second."""
    rng = np.random.default_rng(0)
    centres = 6 * rng.normal(size=(CLUSTERS, 8))
    labels = np.repeat(np.arange(CLUSTERS), EACH)
    moved = labels.copy()
    moved[[10, 11]] = 1
    turn = np.linalg.qr(rng.normal(size=(16, 8)))[0].T
    noise = lambda: rng.normal(size=(len(labels), 8))  # noqa: E731
    found = {
        "text": (centres[labels] + noise()) @ turn,
        "mapped": centres[labels] + noise(),
        "class": centres[moved] + noise(),
    }
    return {name: space.astype(np.float32) for name, space in found.items()}


def nearest_cluster(points, labels):
    """Cluster of each point's nearest other point."""
    return labels[nearest_others(distances(points, points, "euclidean"), 1)[:, 0]]


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_clusters_stay_together_and_the_same_seed_gives_the_same_layout(spaces, method, dimensions):
    settings = LayoutSettings(method, dimensions, n_neighbors=8)
    drawn, again = fit_layout(spaces, settings), fit_layout(spaces, settings)
    labels = np.repeat(np.arange(CLUSTERS), EACH)
    assert tuple(drawn) == SPACES
    for name, projection in drawn.items():
        assert projection.points.shape == (len(labels), dimensions) and projection.points.dtype == np.float32
        assert_array_equal(projection.points, again[name].points)
        assert 0.8 < projection.trustworthiness <= 1 and 0.3 < projection.preservation <= 1
        if name != "class":
            assert np.mean(nearest_cluster(projection.points, labels) == labels) > 0.9
    assert set(nearest_cluster(drawn["class"].points, labels)[[10, 11]]) <= {0, 1}
    assert (nearest_cluster(drawn["class"].points, np.r_[labels[:10], 1, 1, labels[12:]])[[10, 11]] == 1).all()


def test_figures_of_trust(spaces):
    projection = fit_layout(spaces, LayoutSettings("pca", n_neighbors=5, metric="euclidean"))["text"]
    text = spaces["text"]
    assert projection.trustworthiness == pytest.approx(
        trustworthiness(text, projection.points, n_neighbors=5), abs=1e-3
    )
    near = [nearest_others(distances(A, A, "euclidean"), 5) for A in (text, projection.points)]
    shared = [len(set(a) & set(b)) / 5 for a, b in zip(*near, strict=True)]
    assert projection.preservation == pytest.approx(np.mean(shared))


def test_aligned_leaves_in_place_what_the_spaces_agree_on(spaces):
    drawn = fit_layout(spaces, LayoutSettings("aligned", n_neighbors=8))
    moves = np.linalg.norm(drawn["mapped"].points - drawn["class"].points, axis=1)
    assert moves[[10, 11]].min() > 3 * np.median(moves)
    apart = fit_layout(spaces, LayoutSettings("umap", n_neighbors=8))
    assert np.median(moves) < np.median(np.linalg.norm(apart["mapped"].points - apart["class"].points, axis=1))


def test_min_dist_and_n_neighbors_change_the_aligned_picture(spaces):
    first = fit_layout(spaces, LayoutSettings(n_neighbors=8))["text"].points
    for other in (LayoutSettings(n_neighbors=8, min_dist=0.8), LayoutSettings(n_neighbors=4)):
        assert np.abs(fit_layout(spaces, other)["text"].points - first).max() > 0.1


@pytest.mark.parametrize("method", METHODS)
def test_a_known_point_keeps_its_position_and_a_new_one_is_near_similar_ones(spaces, method):
    drawn = fit_layout(spaces, LayoutSettings(method, n_neighbors=8))
    for name, projection in drawn.items():
        assert_allclose(projection.place(spaces[name]), projection.points, atol=2e-2)
        new = spaces[name][30:31] + 0.05
        nearest = np.linalg.norm(projection.points - projection.place(new), axis=1).argsort()[:3]
        assert 30 in nearest
    assert drawn["text"].place(spaces["text"][:0]).shape == (0, 2)


@pytest.mark.parametrize("method", METHODS)
def test_mapped_text_among_the_classes(spaces, method):
    drawn = fit_layout(spaces, LayoutSettings(method, n_neighbors=8, shared=True))
    assert_allclose(drawn["mapped"].points, drawn["class"].place(spaces["mapped"]))
    same = fit_layout(spaces | {"mapped": spaces["class"]}, LayoutSettings(method, n_neighbors=8, shared=True))
    assert_allclose(same["mapped"].points, same["class"].points, atol=2e-2)


def test_pca_is_the_projection_on_the_axes_of_most_variance(spaces):
    from sklearn.decomposition import PCA

    points = fit_layout(spaces, LayoutSettings("pca", 3))["class"].points
    expected = PCA(3).fit_transform(spaces["class"])
    cosines = (
        np.abs(np.sum(points * expected, axis=0)) / np.linalg.norm(points, axis=0) / np.linalg.norm(expected, axis=0)
    )
    assert_allclose(cosines, 1, atol=1e-4)


def test_spaces_fitted_apart_are_rotated_onto_one_another(spaces):
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))[0].astype(np.float32)
    same = {"text": 5 * spaces["class"] @ turned, "mapped": spaces["class"], "class": spaces["class"]}
    drawn = fit_layout(same, LayoutSettings("pca"))
    assert_allclose(drawn["text"].points, drawn["class"].points, atol=1e-2)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [3, 5, 6, 9])
def test_few_classes(spaces, method, count):
    few = {name: space[:count] for name, space in spaces.items()}
    for dimensions in (2, 3):
        for projection in fit_layout(few, LayoutSettings(method, dimensions)).values():
            assert np.isfinite(projection.points).all() and 0 <= projection.trustworthiness <= 1


def test_a_class_that_one_space_lacks_is_left_out_of_all(spaces):
    gone = {name: space.copy() for name, space in spaces.items()}
    gone["text"][5] = np.nan
    for name, projection in fit_layout(gone, LayoutSettings("pca")).items():
        assert np.isnan(projection.points[5]).all() and np.isfinite(np.delete(projection.points, 5, axis=0)).all()
        assert np.isfinite(projection.place(spaces[name][5:6])).all()
    near = class_neighbours(gone, 3)
    assert all((rows[5] == -1).all() and 5 not in rows and len(rows) == 48 for rows in near.values())


def test_too_few_classes(spaces):
    with pytest.raises(InputError, match="at least three classes; there are 2"):
        fit_layout({name: space[:2] for name, space in spaces.items()}, LayoutSettings())


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "magic"},
        {"dimensions": 4},
        {"metric": "taste"},
        {"n_neighbors": 1},
        {"min_dist": float("nan")},
        {"min_dist": "a"},
        {"shared": "no"},
    ],
)
def test_unknown_settings_are_refused_by_name(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        LayoutSettings(**wrong)


def test_settings_of_numpy_are_kept_as_pythons():
    """The repr, which is code, named np.float64 and np.True_."""
    of_numpy = LayoutSettings(n_neighbors=np.int64(9), min_dist=np.float64(0.2), shared=np.True_)
    assert repr(of_numpy) == repr(LayoutSettings(n_neighbors=9, min_dist=0.2, shared=True))


@pytest.mark.parametrize("method", ["pca", "t-sne"])
def test_points_are_placed_that_are_of_the_space(spaces, method):
    """One point without a row of its own was placed, and so was NaN, by PCA; else errors came from deep within."""
    drawn = fit_layout(spaces, LayoutSettings(method=method))["class"]
    points = spaces["class"][:2]
    assert_array_equal(drawn.place(torch.tensor(points, requires_grad=True)), drawn.place(points))
    for wrong in (points[0], points[:, :5], points * np.nan):
        with pytest.raises(InputError, match=r"^Points of this space are rows of 8 finite numbers each; got"):
            drawn.place(wrong)


def test_neighbours_kept():
    a = np.array([[0.0], [1.0], [3.0], [10.0]])
    b = np.array([[0.0], [5.0], [4.9], [10.0]])
    near = [nearest_others(distances(x, x, "euclidean"), 1) for x in (a, b)]
    assert near[0].ravel().tolist() == [1, 0, 1, 2] and near[1].ravel().tolist() == [2, 2, 1, 1]
    assert share_kept(*near).tolist() == [0, 0, 1, 0]


def test_class_means_count_a_sentence_about_several_classes_in_part():
    A = np.array([[2.0], [8.0], [5.0]])
    membership = csr_array(np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]], bool))
    means = class_means(A, membership)
    assert_allclose(means[:3, 0], [(2 + 8 / 2) / 1.5, 8, 5])
    assert np.isnan(means[3]).all()


def test_neighbourhood_table(spaces):
    names = [f"c{row}" for row in range(48)]
    lost = {name: space.copy() for name, space in spaces.items()}
    lost["mapped"][20] = lost["text"][20] = np.nan
    table = neighbourhood_table(lost, names, k=5)
    assert table.loc[[10, 11], "change"].min() >= 0.8 > 0.7 > table["change"].drop([10, 11]).mean()
    assert table["lands_on"][30][0] in {f"c{row}" for row in range(24, 36)}
    assert set(table["near_class"][10]) <= {f"c{row}" for row in [10, 11, *range(12, 24)]}
    assert "c30" not in table["near_text"][30] and len(table["near_text"][30]) == 5
    assert np.isnan(table["change"][20]) and table["near_text"][20] == table["lands_on"][20] == ()
    centred = spaces["class"] - spaces["class"].mean(axis=0)
    assert_allclose(table["norm"], np.linalg.norm(centred, axis=1), rtol=1e-5)


def test_similar_classes_with_their_similarities(spaces):
    lost = {name: space.copy() for name, space in spaces.items()}
    lost["mapped"][20] = lost["text"][20] = np.nan
    found = similar_classes(lost, k=3)
    (rows, values), there = found["text"], np.delete(np.arange(48), 20)
    centred = spaces["text"] - spaces["text"][there].mean(axis=0)
    S = centred @ centred.T / np.outer(*[np.linalg.norm(centred, axis=1)] * 2)
    assert_allclose(values[7], S[7, rows[7]], rtol=1e-4)
    assert (np.diff(values[there]) <= 1e-6).all() and 7 not in rows[7]
    assert rows[20].tolist() == [-1] * 3 and np.isnan(values[20]).all()
    assert found["mapped"][0][30][0] in range(24, 36) and found["mapped"][0][20].tolist() == [-1] * 3


def test_a_study_fits_a_layout_once_and_encodes_nothing_again(tiny_folder, tmp_path, monkeypatch):
    (tiny_folder / "classes.csv").write_text("class,index\n0,281\n1,207\n2,951\n3,817\n4,980\n")
    fitted, encoded = [], []
    encode = TextEncoder.encode
    monkeypatch.setattr(
        "alignment.study.artifacts.fit_layout", lambda *args, **rest: (fitted.append(1), fit_layout(*args, **rest))[1]
    )
    monkeypatch.setattr(
        TextEncoder, "encode", lambda self, *args, **rest: (encoded.append(1), encode(self, *args, **rest))[1]
    )
    made = {"settings": Settings(generator=str(tiny_folder)), "cache": tmp_path / "cache"}
    study, progress = Study(**made), []
    first = study.projections.layout(mapping="ridge", progress=lambda *said: progress.append(said))
    assert first["text"].points.shape == (5, 2) and progress
    study.projections.layout(LayoutSettings(n_neighbors=3), "ridge")
    study.projections.layout(mapping="ridge", held_out=False)
    assert len(fitted) == 3 and len(encoded) == 1
    again = Study(**made).projections.layout(mapping="ridge")
    assert_array_equal(again["mapped"].points, first["mapped"].points)
    assert len(fitted) == 3 and len(encoded) == 1
    with pytest.raises(InputError, match="'magic'"):
        study.projections.layout(mapping="magic")
    axes = study.projections.principal_axes()
    flat = study.projections.layout(LayoutSettings(method="pca"), "ridge", held_out=False)
    assert list(axes) == ["text", "class"]
    for space, drawn in axes.items():
        assert_array_equal(drawn.points, flat[space].points)


def test_mapped_seeds_held_out_and_as_learned(tiny_folder, tmp_path):
    (tiny_folder / "classes.csv").write_text("class,index\n0,281\n1,207\n2,951\n3,817\n4,980\n")
    study = Study(Settings(generator=str(tiny_folder)), cache=tmp_path / "cache")
    rows, learned = study.projections.mapped_seeds("ridge", held_out=False)
    assert len(rows) == len(study.seeds)
    assert_allclose(learned, study.mapping("ridge").predict(study.X), rtol=1e-4, atol=1e-5)
    rows, unseen = study.projections.mapped_seeds("ridge")
    assert (study.membership[rows].sum(axis=1) == 1).all() and unseen.shape == (len(rows), 128)
    assert ((learned[rows] - study.pairs.targets[rows]) ** 2).sum() < ((unseen - study.pairs.targets[rows]) ** 2).sum()
    found = study.projections.class_positions("ridge", held_out=False)["mapped"]
    assert_allclose(found, class_means(learned, study.membership), rtol=1e-4, atol=1e-5)
    assert study.nearest_in_text(study.encode(["a lemon"]), top=2)[0][0] == "lemon"
    assert study.pictures.of_classes().shape == (5, THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, 3)


def test_positions_and_figures_of_one_mapping_do_without_the_baselines(tiny_folder, tmp_path, monkeypatch):
    """They are three more results: of many classes, a wait of minutes for what is not shown."""
    (tiny_folder / "classes.csv").write_text("class,index\n0,281\n1,207\n2,951\n3,817\n4,980\n")
    monkeypatch.setattr("alignment.study.artifacts.evaluate_baselines", lambda *_, **__: pytest.fail("evaluated"))
    study = Study(Settings(generator=str(tiny_folder)), cache=tmp_path)
    assert study.projections.class_positions("ridge")["mapped"].shape == (5, 128)
    assert study.evaluations.headline_figures("ridge")["p_at_5"] == 1


def test_a_held_out_class_is_mapped_to_what_its_rank_is_of(study):
    """The classes named beside the rank are those of the same prediction, in which a paraphrase counts once."""
    result = study.evaluations.evaluate("ridge")
    positions = study.projections.class_positions("ridge")
    assert_array_equal(positions["mapped"][result.classes], result.class_predictions)
    near, similarities = similar_classes(positions)["mapped"]
    for row in result.classes[::60]:
        expected = result.nearest(row, top=10)
        assert near[row].tolist() == expected["class"].tolist()
        assert_allclose(similarities[row], expected["similarity"], atol=1e-5)
        if (rank := result.values("median_rank")[row]) <= 10:
            assert near[row][int(rank) - 1] == row


def test_of_many_classes_some_are_fitted_and_the_others_placed_among_them(spaces, monkeypatch):
    labels = np.repeat(np.arange(CLUSTERS), EACH)
    all_rows = fit_layout(spaces, LayoutSettings(n_neighbors=8))["class"].fitted
    assert_array_equal(all_rows, np.arange(len(labels)))
    monkeypatch.setattr(layouts, "FITTED_CLASSES", len(labels) // 2)
    for method in ("aligned", "pca"):
        drawn = fit_layout(spaces, LayoutSettings(method, n_neighbors=8))
        for name, projection in drawn.items():
            fitted, others = projection.fitted, np.delete(np.arange(len(labels)), projection.fitted)
            assert len(fitted) == len(labels) // 2 and np.isfinite(projection.points).all()
            assert_array_equal(projection.points[others], projection.place(spaces[name][others]))
            if name == "text":
                assert np.mean(nearest_cluster(projection.points, labels) == labels) > 0.8


class Ended(Exception):
    """What ends the work."""


def test_the_wait_for_another_projection_may_be_ended(spaces, monkeypatch):
    held = threading.Lock()
    monkeypatch.setattr(layouts, "_NUMBA_LOCK", held)

    def end(done, total):
        assert held.locked()  # while it waits, not after
        raise Ended

    with held, following(end), pytest.raises(Ended):
        other = threading.Timer(10, held.release)
        other.start()
        try:
            fit_layout(spaces, LayoutSettings("pca"))
        finally:
            other.cancel()
