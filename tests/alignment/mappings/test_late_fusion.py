"""Late fusion: each of its three similarities by a loop, sentences of several classes, classes without sentences."""

import joblib
import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from alignment.errors import InputError
from alignment.evaluation.fitting import fit_pairs, merged_paraphrases
from alignment.evaluation.paraphrase_groups import paraphrase_covariance
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import late_fusion
from alignment.mappings.late_fusion import LateFusion
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, MEANS, NEW, K, X, Z

SEVERAL = [2, 5, 7]


@pytest.fixture
def membership():
    """Every sentence names its class, the first sentence of each of three classes all three."""
    members = np.eye(K, dtype=bool)[LABELS]
    for k in SEVERAL:
        members[np.flatnonzero(k == LABELS)[0], SEVERAL] = True
    return csr_array(members)


def test_the_nearest_sentences_are_the_same_as_a_card_finds_them(membership, monkeypatch):
    monkeypatch.setattr(late_fusion, "MIN_GPU_ROWS", 2)
    monkeypatch.setattr(late_fusion, "devices_here", lambda: {"cuda": "A card", "cpu": "processor"})
    monkeypatch.setattr("alignment.execution.placement.devices_here", late_fusion.devices_here)
    move, asked = torch.Tensor.to, []
    monkeypatch.setattr(torch.Tensor, "to", lambda tensor, device: asked.append(device) or move(tensor, "cpu"))
    fitted = fit_pairs(LateFusion(), SeedPairs(X, membership, CLASS_VECTORS, device="cuda"))
    on_gpu, one = fitted.candidate_similarities(NEW), fitted.candidate_similarities(NEW[:1])
    assert fitted.device == "cuda" and asked.count("cuda") == 3  # the sentences once, and none for a single prompt
    on_cpu = fitted.set_params(device="cpu").candidate_similarities(NEW)
    np.testing.assert_allclose(on_gpu, on_cpu, atol=1e-6)
    np.testing.assert_allclose(one, on_cpu[:1], atol=1e-6)


def test_a_mapping_fitted_on_a_card_is_used_where_there_is_none(monkeypatch):
    monkeypatch.setattr(late_fusion, "MIN_GPU_ROWS", 2)
    monkeypatch.setattr(late_fusion, "devices_here", lambda: {"cpu": "processor"})
    np.testing.assert_array_equal(
        LateFusion(device="cuda").fit(X, Z).predict(NEW), LateFusion(device="cpu").fit(X, Z).predict(NEW)
    )


def test_largest_cosines_stay_on_the_device_of_the_sentences(monkeypatch):
    """On torch's meta device, tensors of another device would be an error, as on a card."""
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: torch.zeros(tensor.shape))  # meta tensors have no numbers
    moved = LateFusion().fit(X, Z)._sentences_on("meta")
    assert late_fusion.largest_of_class(NEW, moved, K).shape == (len(NEW), K)


def test_similarities_by_a_loop(membership):
    pairs = SeedPairs(X, membership, CLASS_VECTORS)
    fitted = fit_pairs(LateFusion(mean_weight=0.3, predicted_weight=0.7, shrinkage=0.5), pairs)
    whitening = WithinClassWhitening(0.5).fit(X, pairs.targets)
    sentences, queries = whitening.transform(X), whitening.transform(NEW)
    members = membership.toarray()
    weights = members / members.sum(axis=1, keepdims=True)
    texts = np.array([np.average(sentences, axis=0, weights=weights[:, k]) for k in range(K)])
    nearest = np.array([(queries @ sentences[members[:, k]].T).max(axis=1) for k in range(K)]).T
    mean = unit_rows(queries - texts.mean(axis=0)) @ unit_rows(texts - texts.mean(axis=0)).T
    reverse = ReverseKernelRidge().fit(X, pairs.targets, candidates=CLASS_VECTORS)
    expected = nearest + 0.3 * mean + 0.7 * reverse.candidate_similarities(NEW)
    np.testing.assert_allclose(fitted.candidate_similarities(NEW), expected, atol=1e-6)  # nearest in float32
    attention = np.exp(20 * expected) / np.exp(20 * expected).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.predict(NEW), attention @ CLASS_VECTORS, atol=1e-5)


def test_metadata_are_those_of_the_paraphrase_groups(membership):
    groups = np.where(membership.sum(axis=1) > 1, len(X) + np.arange(len(X)), 2 * LABELS + np.arange(len(X)) % 4 // 2)
    kinds = np.where(np.arange(len(X)) % 3 == 0, "description", "label")
    pairs = SeedPairs(X, membership, CLASS_VECTORS, kinds, groups=groups)
    merged, fitted = merged_paraphrases(pairs), fit_pairs(LateFusion(), pairs)
    assert len(fitted.sentences_) == len(np.unique(groups)) < len(X)
    described = np.asarray(merged.kinds) == "description"
    reverse = ReverseKernelRidge().fit(merged.X, merged.targets, candidates=CLASS_VECTORS, descriptive=described)
    np.testing.assert_allclose(fitted.reverse_.candidate_texts_, reverse.candidate_texts_)
    whitening = WithinClassWhitening().fit(merged.X, merged.targets, paraphrase_covariance(X, groups))
    np.testing.assert_allclose(fitted.whitening_.whitening_, whitening.whitening_)


def test_blocks_of_sentences_are_rated_like_all_together(monkeypatch):
    fitted = LateFusion().fit(X, Z)
    together = fitted.candidate_similarities(NEW)
    monkeypatch.setattr(late_fusion, "BLOCK_ROWS", 2)
    np.testing.assert_allclose(fitted.candidate_similarities(NEW), together, atol=1e-6)


def test_a_class_without_sentences_is_found_by_its_predicted_text():
    unseen = np.arange(0, K, 5)
    pairs = SeedPairs(X, csr_array(np.eye(K, dtype=bool)[LABELS]), CLASS_VECTORS)
    known = ~np.isin(np.arange(K), unseen)
    fitted = fit_pairs(LateFusion(), pairs.subset(np.flatnonzero(known[LABELS]), known))
    assert len(fitted.sentences_) == known[LABELS].sum() + len(unseen)
    S = fitted.candidate_similarities(MEANS[unseen])
    ranks = (-S).argsort(axis=1).argsort(axis=1)[np.arange(len(unseen)), unseen]
    assert np.median(ranks) < K / 4


def test_classes_without_sentences_have_no_bonus_and_no_part_in_the_mean_text():
    seen = np.flatnonzero(np.arange(K) % 5)
    rows = np.flatnonzero(np.isin(LABELS, seen))
    pairs = SeedPairs(X, csr_array(np.eye(K, dtype=bool)[LABELS]), CLASS_VECTORS)
    fitted = fit_pairs(LateFusion(gamma=2.0, alpha=0.5), pairs.subset(rows))
    reverse = ReverseKernelRidge(gamma=2.0, alpha=0.5, unseen_bonus=0.0)
    reverse.fit(X[rows], Z[rows], candidates=CLASS_VECTORS)
    np.testing.assert_allclose(fitted.reverse_.candidate_similarities(NEW), reverse.candidate_similarities(NEW))
    whitened = fitted.whitening_.transform(X)
    means = [whitened[k == LABELS].mean(axis=0) for k in seen]
    np.testing.assert_allclose(fitted.text_mean_, np.mean(means, axis=0))


def test_membership_without_candidates_is_that_of_the_distinct_targets():
    membership = csr_array(np.eye(K, dtype=bool)[LABELS])
    plain, told = LateFusion().fit(X, Z), LateFusion().fit(X, Z, membership=membership)
    np.testing.assert_array_equal(told.predict(NEW), plain.predict(NEW))


def test_without_metadata_every_distinct_target_is_a_class():
    fitted = LateFusion(mean_weight=0.0, predicted_weight=0.0, scale=1e4).fit(X, Z)
    np.testing.assert_array_equal(fitted.class_vectors_, CLASS_VECTORS)
    np.testing.assert_allclose(fitted.predict(X), Z, atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_sentences_that_cannot_be_written_are_copied_to_a_card(tmp_path):
    """joblib hands such arrays to other processes, and torch warned of them."""
    joblib.dump(LateFusion().fit(X, Z), tmp_path / "fitted")
    shared = joblib.load(tmp_path / "fitted", mmap_mode="r")
    assert not shared.sentences_.flags.writeable
    np.testing.assert_array_equal(shared._sentences_on("cpu")[0].numpy(), shared.sentences_)


@pytest.mark.parametrize("columns", [None, K - 1])
def test_candidates_come_with_the_membership_of_each(columns):
    """Without it they were passed over in silence, and no class without sentences was ever an answer."""
    membership = None if columns is None else np.eye(K, columns, dtype=bool)[LABELS]
    with pytest.raises(InputError, match="With candidates comes a membership"):
        LateFusion().fit(X, Z, candidates=CLASS_VECTORS, membership=membership)
    with pytest.raises(InputError, match=r"candidates must be rows|With candidates comes"):
        LateFusion().fit(X, Z, candidates=5, membership=membership)
