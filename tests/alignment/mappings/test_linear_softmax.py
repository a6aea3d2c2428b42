"""The linear softmax against an independent computation of the formula."""

import numpy as np
import torch
from scipy import special
from sklearn.linear_model import LogisticRegression

from alignment.mappings import linear_softmax
from alignment.mappings.linear_softmax import LinearSoftmax
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, LABELS, MEANS, NEW, K, X, Z


def weight_of_within_class_direction(mapping) -> float:
    """Share of a linear mapping's weights on a direction in which sentences of a class differ widely."""
    direction = np.zeros(D_TEXT)
    direction[0] = 1.0
    spread = np.random.default_rng(1).normal(size=(len(X), 1))
    coef = mapping.fit(X + 8 * spread * direction, Z).coef_
    return np.linalg.norm(coef[0]) / np.linalg.norm(coef)


def test_it_is_linear_and_ranks_the_right_class_first():
    mapping = LinearSoftmax(noise=0.0, penalty=0.0, temperature=0.02).fit(X, Z)
    np.testing.assert_allclose(mapping.predict(NEW), mapping.z_mean_ + (NEW - mapping.x_mean_) @ mapping.coef_)
    centred = mapping.predict(MEANS) - mapping.z_mean_
    directions = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    assert np.mean((centred @ directions.T).argmax(axis=1) == np.arange(K)) > 0.9


def test_where_all_sentences_are_the_same_it_predicts_the_mean_of_any_other():
    targets = Z[5:]  # one class has fewer sentences than the others, which the offset from a rounded mean can tell
    found = LinearSoftmax().fit(np.full((len(targets), D_TEXT), 0.1), targets).predict(NEW)
    np.testing.assert_allclose(found, np.tile(CLASS_VECTORS[1:].mean(axis=0), (7, 1)))


def test_it_finds_what_logistic_regression_finds():
    """With as many independent directions as classes, less one, W is free and the two are the same problem."""
    rng = np.random.default_rng(0)
    vectors = np.array([[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]])
    labels = np.repeat(np.arange(3), 100)
    texts = rng.normal(size=(300, 2)) + 1.5 * vectors[labels]
    mapping = LinearSoftmax(noise=0.0, penalty=0.0, temperature=1.0).fit(texts, vectors[labels])
    theirs = LogisticRegression(C=1e6, fit_intercept=False).fit(texts - texts.mean(axis=0), labels)
    ours = (texts - mapping.x_mean_) @ mapping.coef_ @ unit_rows(vectors - vectors.mean(axis=0)).T
    assert np.mean(ours.argmax(axis=1) == theirs.predict(texts - texts.mean(axis=0))) > 0.98


def test_its_loss_is_a_tight_upper_bound_of_that_of_displaced_sentences():
    rng = np.random.default_rng(2)
    V = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    W, labels = 0.1 * rng.normal(size=(D_TEXT, D_CLASS)), LABELS
    S = np.cov(rng.normal(size=(40, D_TEXT)) * 0.2, rowvar=False)
    mapping = LinearSoftmax(temperature=0.4, penalty=0.01)
    tensors = (torch.from_numpy(array) for array in (W, X, labels, V / 0.4, S))
    bound = float(mapping._loss(*tensors))
    drawn = X + rng.multivariate_normal(np.zeros(D_TEXT), S, size=(2000, len(X)))
    logits = drawn @ W @ V.T / 0.4  # (draws, n, K)
    losses = special.logsumexp(logits, axis=2) - logits[:, np.arange(len(X)), labels]
    mean = losses.mean() + 0.01 * np.sum(W**2)
    assert mean < bound < 1.02 * mean


def test_training_ends_where_the_objective_is_flat():
    T, noise, penalty = 0.5, 0.6, 0.01
    V = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    A = (X - X.mean(axis=0)) / X.std()
    mapping = LinearSoftmax(temperature=T, noise=noise, penalty=penalty, max_iter=500)
    W = torch.from_numpy(mapping._train("cpu", A, LABELS, V)).requires_grad_()
    apart = A - np.array([A[k == LABELS].mean(axis=0) for k in range(K)])[LABELS]
    S = noise**2 * 2 * apart.T @ apart / len(A)  # of the difference of two sentences of a class
    A, V, S = (torch.from_numpy(array) for array in (A, V, S))
    between = V[None] - V[LABELS][:, None]  # (n, K, d_class)
    mapped = between @ W.T  # W (v_k - v_y), (n, K, d_text)
    logits = (mapped * A[:, None]).sum(-1) / T + ((mapped @ S) * mapped).sum(-1) / (2 * T**2)
    (logits.logsumexp(dim=1).mean() + penalty * (W**2).sum()).backward()
    assert W.grad.abs().max() < 2e-4


def test_noise_lowers_the_weights_of_directions_that_differ_within_a_class():
    with_noise, without = (weight_of_within_class_direction(LinearSoftmax(noise=noise)) for noise in (2.0, 0.0))
    assert with_noise < 0.75 * without


def test_many_classes_are_compared_with_some_sentences_at_a_time(monkeypatch):
    whole, sizes = LinearSoftmax().fit(X, Z).coef_, []
    loss = LinearSoftmax._loss
    monkeypatch.setattr(
        LinearSoftmax, "_loss", lambda self, W, X, *given: sizes.append(len(X)) or loss(self, W, X, *given)
    )
    monkeypatch.setattr(linear_softmax, "MOST_LOGITS", 7 * K)
    np.testing.assert_allclose(LinearSoftmax().fit(X, Z).coef_, whole, rtol=0.02, atol=1e-3)
    assert set(sizes) == {7, len(X) % 7}
