"""Similarities and their corrections for hubs against independent computations."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from alignment.vectors import similarity

C, NOISE = np.random.default_rng(0).normal(size=(2, 40, 6))
C += 2.0
P = C + NOISE


def brute_cosines():
    centre = C.mean(axis=0)
    return 1.0 - cdist(P - centre, C - centre, metric="cosine")


def test_similarities_are_centred_cosines():
    np.testing.assert_allclose(similarity.similarities(P, C), brute_cosines(), atol=1e-12)


def test_csls_by_loops():
    S, k = brute_cosines(), 4
    expected = np.empty_like(S)
    for i in range(len(S)):
        for j in range(len(S)):
            expected[i, j] = 2 * S[i, j] - np.mean(sorted(S[i])[-k:]) - np.mean(sorted(S[:, j])[-k:])
    np.testing.assert_allclose(similarity.csls_of([S], k=k)(S), expected)
    np.testing.assert_allclose(similarity.csls_of([S], k=k)(S[:5]), expected[:5])


def test_csls_takes_fewer_neighbours_than_asked_where_there_are_no_more():
    S = brute_cosines()[:3, :2]
    np.testing.assert_allclose(similarity.csls_of([S], k=10)(S), 2 * S - S.mean(axis=1, keepdims=True) - S.mean(axis=0))


def test_inverted_softmax_normalises_over_predictions():
    S = brute_cosines()
    shares = np.exp(similarity.inverted_softmax_of([S], temperature=0.2)(S))
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    np.testing.assert_allclose(shares, np.exp(S / 0.2) / np.exp(S / 0.2).sum(axis=0))


def test_rows_equal_to_the_centre_have_no_direction():
    centre = np.array([0.1, 0.7])
    assert similarity.centred_directions(np.array([[0.1, 0.7], [0.1, 1.7]]), centre).tolist() == [[0, 0], [0, 1]]


def test_a_large_row_leaves_the_directions_of_others(rng):
    rows, centre = rng.normal(size=(3, 5)).astype(np.float32), np.zeros(5, np.float32)
    beside = similarity.centred_directions(np.vstack([rows, np.full((1, 5), 3e6, np.float32)]), centre)
    np.testing.assert_array_equal(beside[:3], similarity.centred_directions(rows, centre))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("date", [20261128, -20261128])
def test_a_column_in_which_no_classes_differ_says_nothing_however_large(dtype, date):
    def dated(A):
        return np.insert(A.astype(dtype), 2, date, axis=1)

    expected = similarity.similarities(P.astype(dtype), C.astype(dtype))
    np.testing.assert_array_equal(similarity.similarities(dated(P), dated(C)), expected)
    off = np.nextafter(dated(P), np.inf, dtype=dtype)  # a prediction of such a number is rounded too
    np.testing.assert_allclose(similarity.similarities(off, dated(C)), expected, atol=1e-5)


def test_a_column_of_zeros_among_the_classes_counts_in_predictions():
    padded = np.insert(C, 2, 0, axis=1)
    centre, moved = padded.mean(axis=0), np.insert(P, 2, 1, axis=1)
    expected = 1.0 - cdist(moved - centre, padded - centre, metric="cosine")
    np.testing.assert_allclose(similarity.similarities(moved, padded), expected, atol=1e-12)


def test_pools_in_blocks_are_the_pool_as_a_whole():
    S = brute_cosines()
    blocks = lambda: [S[:3], S[3:20], S[20:]]  # noqa: E731
    np.testing.assert_allclose(similarity.csls_of(blocks(), k=7)(S), similarity.csls_of([S], k=7)(S))
    np.testing.assert_allclose(similarity.inverted_softmax_of(blocks())(S), similarity.inverted_softmax_of([S])(S))


def test_the_largest_columns_are_those_of_a_stable_sort():
    S = np.random.default_rng(0).integers(0, 4, (200, 12)).astype(float)  # with many equal numbers
    for k in (1, 3, 11, 12, 20):
        expected = np.argsort(-S, axis=1, kind="stable")[:, :k]
        np.testing.assert_array_equal(similarity.largest_columns(S, k), expected)


def test_of_few_classes_all_are_nearest():
    rows, values = similarity.nearest_classes(P, C, len(C) + 5)
    assert rows.shape == values.shape == (len(P), len(C)) and (np.sort(rows, axis=1) == np.arange(len(C))).all()


def test_the_nearest_classes_of_a_block_of_rows(monkeypatch):
    rows, values = similarity.nearest_classes(P, C, 5)
    S = similarity.similarities(P, C)
    np.testing.assert_array_equal(rows, np.argsort(-S, axis=1, kind="stable")[:, :5])
    np.testing.assert_array_equal(values, np.take_along_axis(S, rows, axis=1))
    monkeypatch.setattr(similarity, "BLOCK_NUMBERS", 90)
    np.testing.assert_array_equal(similarity.nearest_classes(P, C, 5)[0], rows)


def test_no_points_have_no_nearest_class():
    C = np.eye(3)
    assert similarity.nearest_class(C[:0], C).shape == (0,)
    assert [part.shape for part in similarity.nearest_classes(C[:0], C, 2)] == [(0, 2)] * 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [3, 17, 37])
def test_classes_with_equal_vectors_are_equally_similar(dtype, classes, rng):
    vectors, asked = rng.normal(size=(classes, 91)).astype(dtype), rng.normal(size=(23, 91)).astype(dtype)
    twice = np.vstack([vectors, vectors[:3]])  # the last columns of a product may be rounded otherwise
    S = similarity.similarities(asked, twice)
    np.testing.assert_array_equal(S[:, :3], S[:, classes:])
    centre = twice.mean(axis=0)
    np.testing.assert_allclose(S, 1.0 - cdist(asked - centre, twice - centre, "cosine"), atol=1e-5)
    assert similarity.nearest_classes(vectors[:3], twice, 2)[0].tolist() == [[k, classes + k] for k in range(3)]


def test_classes_that_share_one_number_are_not_taken_for_equal(rng):
    vectors = np.insert(rng.normal(size=(6, 3)), 0, [1, 1, 2, 2, 3, 3], axis=1)
    assert len(np.unique(similarity.similarities(vectors[:1], vectors))) == 6


@pytest.mark.parametrize("number", [np.float32, np.float16])
def test_of_many_classes_only_those_that_may_be_equal_are_compared_in_full(number, rng, monkeypatch):
    compared, classes_of = [], similarity.classes_of
    monkeypatch.setattr(similarity, "classes_of", lambda A: compared.append(len(A)) or classes_of(A))
    vectors = rng.normal(size=(20_000, 6)).astype(number).astype(np.float32)
    vectors[19_999] = vectors[7]
    assert len(np.unique(vectors[:, 0])) < 19_999  # of as many, some numbers come twice by chance
    S = similarity.similarities(vectors[:2], vectors)
    np.testing.assert_array_equal(S[:, 7], S[:, 19_999])
    assert 2 <= sum(compared) < 200


def test_classes_that_differ_in_the_sign_of_a_zero_are_equal():
    S = similarity.similarities(P[:, :2], np.array([[0.0, 1.0], [2.0, 3.0], [-0.0, 1.0]]))
    np.testing.assert_array_equal(S[:, 0], S[:, 2])


def test_the_last_of_the_nearest_share_their_place_where_they_tie():
    S = np.array([[3.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0], [4.0, 3.0, 2.0, 1.0]], np.float32)
    expected = [[1, 0.5, 0.5, 0], [0.5] * 4, [1, 1, 0, 0]]
    np.testing.assert_array_equal(similarity.nearest_shares(S, 2), expected)
    assert similarity.nearest_shares(S, 2).dtype == np.float32
