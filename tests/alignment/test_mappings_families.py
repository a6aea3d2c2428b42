"""Each family of mappings against an independent computation of its formula."""

import tracemalloc

import numpy as np
import pytest
import torch
from scipy import linalg, special, stats
from sklearn.base import clone
from sklearn.cross_decomposition import CCA, PLSRegression
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeCV
from sklearn.linear_model import Ridge as SklearnRidge
from sklearn.model_selection import LeaveOneGroupOut, PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor

from alignment.mappings.base import class_means, group_means, unit_rows
from alignment.mappings.combined import Ensemble, NormRestored
from alignment.mappings.correlation import CanonicalCorrelation, PartialLeastSquares
from alignment.mappings.kernel import KernelMapping, arc_cosine_kernel
from alignment.mappings.linear import LeastSquares, Ridge
from alignment.mappings.neural import NeuralMapping
from alignment.mappings.phrasing import PhrasingRemoved
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.prototypes import NearestSentences, Prototypes
from alignment.mappings.rcsls import RCSLS, _criterion
from alignment.mappings.relative import RelativeRepresentation
from alignment.mappings.softmax import LinearSoftmax
from alignment.mappings.transport import GromovWasserstein
from alignment.mappings.whitened import Refined, WhitenedRotation, mutual_neighbours

K, PER_CLASS, D_TEXT, D_CLASS = 30, 4, 8, 5
RNG = np.random.default_rng(0)
CLASS_VECTORS = RNG.normal(size=(K, D_CLASS)) + 1.0
LABELS = np.repeat(np.arange(K), PER_CLASS)
Z = CLASS_VECTORS[LABELS]
X = Z @ RNG.normal(size=(D_CLASS, D_TEXT)) + 0.5 * RNG.normal(size=(len(Z), D_TEXT)) - 2.0
MEANS = np.array([X[k == LABELS].mean(axis=0) for k in range(K)])
NEW = RNG.normal(size=(7, D_TEXT))


class TestLinear:
    @pytest.mark.parametrize("n", [10, len(X)])  # fewer and more rows than the switch to sums of products
    def test_least_squares_is_scikit_learns(self, n):
        expected = LinearRegression().fit(X[:n], Z[:n]).predict(NEW)
        np.testing.assert_allclose(LeastSquares(fit_on="sentences").fit(X[:n], Z[:n]).predict(NEW), expected)

    def test_fitting_on_classes_takes_means(self):
        expected = LinearRegression().fit(MEANS, CLASS_VECTORS).predict(NEW)
        np.testing.assert_allclose(LeastSquares().fit(X, Z).predict(NEW), expected)

    @pytest.mark.parametrize("fit_on, A, B", [("sentences", X, Z), ("classes", MEANS, CLASS_VECTORS)])
    def test_ridge_is_scikit_learns(self, fit_on, A, B):
        penalty = 0.3 * len(A) * A.var(axis=0).mean()
        expected = SklearnRidge(alpha=penalty).fit(A, B).predict(NEW)
        np.testing.assert_allclose(Ridge(alphas=0.3, fit_on=fit_on).fit(X, Z).predict(NEW), expected)

    def test_ridge_without_penalty_is_least_squares(self):
        np.testing.assert_allclose(
            Ridge(alphas=1e-12).fit(X, Z).predict(NEW), LeastSquares().fit(X, Z).predict(NEW), rtol=1e-5
        )

    def test_left_out_classes_as_if_each_had_been_fitted_without(self):
        alphas = (0.01, 0.3, 10.0)
        ridge = Ridge(alphas=alphas, fit_on="sentences").fit(X, Z)
        scale = len(X) * X.var(axis=0).mean()
        for alpha, error in zip(alphas, ridge.cv_errors_, strict=False):
            predictions = cross_val_predict(
                SklearnRidge(alpha=alpha * scale), X, Z, groups=LABELS, cv=LeaveOneGroupOut()
            )
            assert error == pytest.approx(np.mean((predictions - Z) ** 2))
        assert ridge.alpha_ == alphas[int(np.argmin(ridge.cv_errors_))]

    def test_on_classes_the_choice_is_ridge_cvs(self):
        alphas = np.array([0.01, 0.1, 1.0, 10.0])
        scale = K * MEANS.var(axis=0).mean()
        expected = RidgeCV(alphas=alphas * scale).fit(MEANS, CLASS_VECTORS)
        assert Ridge(alphas=alphas).fit(X, Z).alpha_ == pytest.approx(expected.alpha_ / scale)

    def test_many_sentences_are_summed_in_blocks(self, monkeypatch):
        whole = Ridge(fit_on="sentences").fit(X, Z).predict(NEW)
        monkeypatch.setattr("alignment.mappings.sums.BLOCK", 7)
        np.testing.assert_allclose(Ridge(fit_on="sentences").fit(X, Z).predict(NEW), whole)
        np.testing.assert_allclose(class_means(X, Z)[0], MEANS)

    @pytest.mark.parametrize("fit_on, A, B", [("sentences", X, Z), ("classes", MEANS, CLASS_VECTORS)])
    def test_folds_of_classes_as_if_each_had_been_fitted_without(self, fit_on, A, B):
        alphas, labels = (0.01, 0.3, 10.0), LABELS if fit_on == "sentences" else np.arange(K)
        ridge = Ridge(alphas=alphas, fit_on=fit_on, cv=3).fit(X, Z)
        for alpha, error in zip(alphas, ridge.cv_errors_, strict=True):
            predictions = cross_val_predict(Ridge(alphas=alpha, fit_on=fit_on), A, B, cv=PredefinedSplit(labels % 3))
            assert error == pytest.approx(np.mean((predictions - B) ** 2))
        alone = Ridge(alphas=ridge.alpha_, fit_on=fit_on).fit(X, Z)
        np.testing.assert_allclose(ridge.predict(NEW), alone.predict(NEW))

    @pytest.mark.parametrize("cv", [1, K + 1])
    def test_a_number_of_folds_that_cannot_be(self, cv):
        with pytest.raises(ValueError, match=f"cv can be 2 to {K}"):
            Ridge(cv=cv).fit(X, Z)

    @pytest.mark.parametrize(
        "mapping",
        [
            LeastSquares(),
            LeastSquares(fit_on="sentences"),
            Ridge(cv=3),
            Ridge(alphas=0.1, fit_on="sentences"),
            Procrustes(),
            Procrustes(fit_on="sentences"),
            WhitenedRotation(),
            CanonicalCorrelation(3),
        ],
    )
    def test_closed_forms_take_float32_sentences_without_a_copy_of_them(self, mapping):
        n = 40_000
        sentences, labels = np.tile(X, (n // len(X), 1)).astype(np.float32), np.tile(LABELS, n // len(X))
        vectors = CLASS_VECTORS.astype(np.float32)[labels]
        tracemalloc.start()
        mapping.fit(sentences, vectors)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < sentences.nbytes  # in float64 it would be twice that
        expected = clone(mapping).fit(sentences.astype(float), vectors.astype(float)).predict(NEW)
        np.testing.assert_allclose(mapping.predict(NEW), expected, rtol=1e-6)

    @pytest.mark.parametrize(
        "mapping, message",
        [
            (Ridge(alphas=0.0), "alphas must be positive"),
            (Ridge(fit_on="words"), "fit_on is 'words'"),
            (LeastSquares(fit_on=3), "fit_on is 3"),
        ],
    )
    def test_bad_settings_are_refused(self, mapping, message):
        with pytest.raises(ValueError, match=message):
            mapping.fit(X, Z)


class TestProcrustes:
    def test_recovers_a_known_rotation_scale_and_shift(self):
        rotation = stats.ortho_group(D_CLASS, seed=0).rvs()
        mapping = Procrustes().fit(CLASS_VECTORS, 2.5 * CLASS_VECTORS @ rotation + 3.0)
        np.testing.assert_allclose(mapping.rotation_, rotation, atol=1e-10)
        assert mapping.scale_ == pytest.approx(2.5)

    def test_rotation_is_scipys(self):
        texts = MEANS[:, :D_CLASS]
        expected, _ = linalg.orthogonal_procrustes(
            texts - texts.mean(axis=0), CLASS_VECTORS - CLASS_VECTORS.mean(axis=0)
        )
        np.testing.assert_allclose(Procrustes().fit(texts, CLASS_VECTORS).rotation_, expected)

    @pytest.mark.parametrize("A, B", [(MEANS, CLASS_VECTORS), (CLASS_VECTORS, MEANS)])
    def test_unequal_dimensions_as_if_the_narrower_were_padded_with_zeros(self, A, B):
        a, b = A - A.mean(axis=0), B - B.mean(axis=0)
        widest = max(A.shape[1], B.shape[1])
        pad = lambda M: np.pad(M, ((0, 0), (0, widest - M.shape[1])))  # noqa: E731
        mapping = Procrustes().fit(A, B)
        short = min(A.shape[1], B.shape[1])
        assert np.allclose(linalg.svdvals(mapping.rotation_), np.ones(short))
        padded = linalg.orthogonal_procrustes(pad(a), pad(b))[0][: A.shape[1], : B.shape[1]]
        assert np.trace(mapping.rotation_.T @ a.T @ b) == pytest.approx(np.trace(padded.T @ a.T @ b))

    def test_scale_is_the_best(self):
        mapping, plain = Procrustes().fit(X, Z), Procrustes(scale=False).fit(X, Z)
        error = lambda s: np.sum((mapping.z_mean_ + s * (plain.predict(MEANS) - mapping.z_mean_) - CLASS_VECTORS) ** 2)  # noqa: E731
        assert plain.scale_ == 1.0
        assert error(mapping.scale_) < min(error(mapping.scale_ * 1.01), error(mapping.scale_ * 0.99))

    def test_whitened_components_have_unit_variance(self):
        mapping = Procrustes(n_components=3, whiten=True).fit(X, Z)
        np.testing.assert_allclose(np.cov(mapping.pca_.transform(MEANS).T), np.eye(3), atol=1e-8)
        assert mapping.rotation_.shape == (3, D_CLASS)


class TestWhitened:
    def test_full_reweighting_is_least_squares(self):
        expected = LeastSquares().fit(X, Z).predict(NEW)
        np.testing.assert_allclose(WhitenedRotation(reweight=1, shrinkage=0).fit(X, Z).predict(NEW), expected)

    def test_correlations_are_canonical(self):
        a, b = MEANS - MEANS.mean(axis=0), CLASS_VECTORS - CLASS_VECTORS.mean(axis=0)
        expected = linalg.svdvals(linalg.orth(a).T @ linalg.orth(b))
        np.testing.assert_allclose(WhitenedRotation(shrinkage=0).fit(X, Z).correlations_, expected)

    def test_full_reweighting_with_shrinkage_of_the_text_alone_is_ridge(self):
        mapping = WhitenedRotation(reweight=1, shrinkage=0.5).fit(X, Z)
        np.testing.assert_allclose(
            mapping.predict(NEW), Ridge(alphas=0.5).fit(X, Z).predict(NEW)
        )  # the vectors' shrinkage cancels

    def test_refinement_of_a_perfect_mapping_changes_nothing(self):
        rotation = stats.ortho_group(D_CLASS, seed=1).rvs()
        refined = Refined().fit(CLASS_VECTORS, CLASS_VECTORS @ rotation)
        assert refined.n_iter_ == 1 and len(refined.pairs_) == K
        np.testing.assert_allclose(refined.predict(CLASS_VECTORS), CLASS_VECTORS @ rotation)

    def test_refinement_finds_pairs_nobody_told(self):
        rotation = stats.ortho_group(D_CLASS, seed=1).rvs()
        told = slice(0, 12)
        refined = Refined(unpaired_texts=CLASS_VECTORS[12:] @ rotation.T, unpaired_vectors=CLASS_VECTORS[12:])
        refined.fit(CLASS_VECTORS[told] @ rotation.T + 0.01 * RNG.normal(size=(12, D_CLASS)), CLASS_VECTORS[told])
        assert len(refined.pairs_) == K and (refined.pairs_[:, 0] == refined.pairs_[:, 1]).all()

    def test_mutual_neighbours_by_loops(self):
        from alignment.metrics import csls, similarities

        P = CLASS_VECTORS + RNG.normal(size=CLASS_VECTORS.shape)
        S = csls(similarities(P, CLASS_VECTORS))
        expected = [(i, j) for i in range(K) for j in range(K) if S[i].argmax() == j and S[:, j].argmax() == i]
        assert [tuple(pair) for pair in mutual_neighbours(P, CLASS_VECTORS)] == expected


class TestCorrelation:
    def test_all_components_are_least_squares(self):
        expected = LeastSquares().fit(X, Z).predict(NEW)
        np.testing.assert_allclose(PartialLeastSquares(D_TEXT).fit(X, Z).predict(NEW), expected, rtol=1e-2, atol=1e-2)
        np.testing.assert_allclose(
            CanonicalCorrelation(D_CLASS, pca_components=D_TEXT).fit(X, Z).predict(NEW), expected
        )

    def test_directions_are_scikit_learns(self):
        cca = CCA(3, tol=1e-12, max_iter=20_000).fit(MEANS, CLASS_VECTORS)
        x, y = cca.transform(MEANS, CLASS_VECTORS)
        mapping = CanonicalCorrelation(3, pca_components=D_TEXT).fit(X, Z)
        np.testing.assert_allclose(
            mapping.correlations_, [np.corrcoef(x[:, i], y[:, i])[0, 1] for i in range(3)], atol=1e-6
        )
        expected = LinearRegression().fit(x, CLASS_VECTORS).predict(cca.transform(NEW))
        np.testing.assert_allclose(mapping.predict(NEW), expected, atol=1e-4)

    def test_few_components_are_scikit_learns(self):
        expected = PLSRegression(2, scale=False, tol=1e-4).fit(MEANS, CLASS_VECTORS).predict(NEW)
        np.testing.assert_allclose(PartialLeastSquares(2).fit(X, Z).predict(NEW), expected)


class TestKernel:
    U = unit_rows(group_means(unit_rows(X), LABELS) - group_means(unit_rows(X), LABELS).mean(axis=0))

    def directions(self, A):
        return unit_rows(unit_rows(A) - group_means(unit_rows(X), LABELS).mean(axis=0))

    def test_cosine_kernel_is_ridge_on_directions(self):
        mapping = KernelMapping(kernel="cosine", alpha=0.4).fit(X, Z)
        ridge = SklearnRidge(alpha=0.4, fit_intercept=False).fit(self.U, CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
        np.testing.assert_allclose(
            mapping.predict(NEW), CLASS_VECTORS.mean(axis=0) + ridge.predict(self.directions(NEW))
        )

    @pytest.mark.parametrize("kernel", ["rbf", "laplacian"])
    def test_is_scikit_learns_with_an_intercept(self, kernel):
        centre = CLASS_VECTORS.mean(axis=0)
        expected = (
            KernelRidge(kernel=kernel, gamma=2.0, alpha=0.2)
            .fit(self.U, CLASS_VECTORS - centre)
            .predict(self.directions(NEW))
        )
        np.testing.assert_allclose(
            KernelMapping(kernel=kernel, gamma=2.0, alpha=0.2).fit(X, Z).predict(NEW), centre + expected
        )

    def test_is_the_mean_of_a_gaussian_process(self):
        centre = CLASS_VECTORS.mean(axis=0)
        process = GaussianProcessRegressor(RBF(0.5) + WhiteKernel(0.1), optimizer=None).fit(
            self.U, CLASS_VECTORS - centre
        )
        mapping = KernelMapping(gamma=2.0, alpha=0.1).fit(X, Z)
        np.testing.assert_allclose(mapping.predict(NEW), centre + process.predict(self.directions(NEW)), rtol=1e-6)

    def test_arc_cosine_kernel_is_a_wide_layer_of_rectified_units(self):
        a, b = RNG.normal(size=(2, 3, 4))
        weights = RNG.normal(size=(4, 400_000))
        layer = lambda v: np.maximum(unit_rows(v) @ weights, 0)  # noqa: E731
        np.testing.assert_allclose(arc_cosine_kernel(a, b), 2 * layer(a) @ layer(b).T / weights.shape[1], atol=0.02)

    def test_penalty_with_the_least_left_out_error_is_taken(self):
        alphas, errors = [0.01, 0.1, 1.0, 10.0], []
        for alpha in alphas:
            error = 0.0
            for k in range(K):
                rest = np.arange(K) != k
                solver = KernelRidge(kernel="rbf", gamma=0.7, alpha=alpha).fit(
                    self.U[rest], (CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))[rest]
                )
                error += np.sum((solver.predict(self.U[[k]]) + CLASS_VECTORS.mean(axis=0) - CLASS_VECTORS[k]) ** 2)
            errors.append(error)
        assert KernelMapping(alpha=alphas).fit(X, Z).alpha_ == alphas[int(np.argmin(errors))]


class TestPrototypes:
    def test_attention_by_loops(self):
        prototypes = [np.mean([x / np.linalg.norm(x) for x in X[k == LABELS]], axis=0) for k in range(K)]
        expected = []
        for x in NEW:
            weights = np.array([np.exp(x @ p / np.linalg.norm(x) / np.linalg.norm(p) / 0.1) for p in prototypes])
            expected.append(weights @ CLASS_VECTORS / weights.sum())
        np.testing.assert_allclose(Prototypes(0.1).fit(X, Z).predict(NEW), expected)

    def test_a_cold_answer_is_one_class(self):
        prediction = Prototypes(1e-4).fit(X, Z).predict(NEW[:1])
        assert np.abs(prediction - CLASS_VECTORS).max(axis=1).min() < 1e-6

    def test_hot_neighbours_are_scikit_learns(self):
        mapping = NearestSentences(6, temperature=1e9).fit(X, Z)
        expected = KNeighborsRegressor(6, metric="cosine", algorithm="brute").fit(X, Z).predict(NEW)
        np.testing.assert_allclose(mapping.predict(NEW), expected, rtol=1e-5)


class TestRCSLS:
    A, B = unit_rows(MEANS - MEANS.mean(axis=0)), unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    W = RNG.normal(size=(D_TEXT, D_CLASS))

    def test_criterion_by_loops(self):
        expected = 0.0
        for i in range(K):
            near_b = sorted(self.A[i] @ self.W @ b for b in self.B)[-4:]
            near_a = sorted(a @ self.W @ self.B[i] for a in self.A)[-4:]
            expected += (-2 * self.A[i] @ self.W @ self.B[i] + np.mean(near_b) + np.mean(near_a)) / K
        assert _criterion(self.A, self.B, self.W, 4)[0] == pytest.approx(expected)

    def test_gradient_by_differences(self):
        gradient = _criterion(self.A, self.B, self.W, 4)[1]
        step = np.zeros_like(self.W)
        step[2, 3] = 1e-6
        up, down = (_criterion(self.A, self.B, self.W + s, 4)[0] for s in (step, -step))
        assert gradient[2, 3] == pytest.approx((up - down) / 2e-6, rel=1e-4)

    def test_every_step_helps_and_the_map_stays_within_the_ball(self):
        mapping = RCSLS().fit(X, Z)
        assert np.all(np.diff(mapping.losses_) < 0) and len(mapping.losses_) > 1
        assert linalg.svdvals(mapping.coef_).max() <= 1 + 1e-9


class TestLinearSoftmax:
    def test_it_is_linear_and_ranks_the_right_class_first(self):
        mapping = LinearSoftmax(noise=0.0, penalty=0.0, temperature=0.02).fit(X, Z)
        np.testing.assert_allclose(mapping.predict(NEW), mapping.z_mean_ + (NEW - mapping.x_mean_) @ mapping.coef_)
        centred = mapping.predict(MEANS) - mapping.z_mean_
        directions = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
        assert np.mean((centred @ directions.T).argmax(axis=1) == np.arange(K)) > 0.9

    def test_it_finds_what_logistic_regression_finds(self):
        """With as many independent directions as classes, less one, W is free and the two are the same problem."""
        rng = np.random.default_rng(0)
        vectors = np.array([[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]])
        labels = np.repeat(np.arange(3), 100)
        texts = rng.normal(size=(300, 2)) + 1.5 * vectors[labels]
        mapping = LinearSoftmax(noise=0.0, penalty=0.0, temperature=1.0).fit(texts, vectors[labels])
        theirs = LogisticRegression(C=1e6, fit_intercept=False).fit(texts - texts.mean(axis=0), labels)
        ours = (texts - mapping.x_mean_) @ mapping.coef_ @ unit_rows(vectors - vectors.mean(axis=0)).T
        assert np.mean(ours.argmax(axis=1) == theirs.predict(texts - texts.mean(axis=0))) > 0.98

    def test_its_loss_is_a_tight_upper_bound_of_that_of_displaced_sentences(self):
        rng = np.random.default_rng(2)
        V = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
        W, labels = 0.1 * rng.normal(size=(D_TEXT, D_CLASS)), LABELS
        S = np.cov(rng.normal(size=(40, D_TEXT)) * 0.2, rowvar=False)
        mapping = LinearSoftmax(temperature=0.4, penalty=0.01)
        tensors = (torch.from_numpy(array) for array in (W, X, labels, V, S))
        bound = float(mapping._loss(*tensors))
        drawn = X + rng.multivariate_normal(np.zeros(D_TEXT), S, size=(2000, len(X)))
        logits = drawn @ W @ V.T / 0.4  # (draws, n, K)
        losses = special.logsumexp(logits, axis=2) - logits[:, np.arange(len(X)), labels]
        mean = losses.mean() + 0.01 * np.sum(W**2)
        assert mean < bound < 1.02 * mean

    def test_it_is_deaf_to_what_differs_within_a_class(self):
        assert heard_of_phrasing(LinearSoftmax(noise=2.0)) < 0.75 * heard_of_phrasing(LinearSoftmax(noise=0.0))


def heard_of_phrasing(mapping) -> float:
    """Share of a linear mapping's weights that listen to a direction in which sentences of a class differ widely."""
    phrasing = np.zeros(D_TEXT)
    phrasing[0] = 1.0
    spread = np.random.default_rng(1).normal(size=(len(X), 1))
    coef = mapping.fit(X + 8 * spread * phrasing, Z).coef_
    return np.linalg.norm(coef[0]) / np.linalg.norm(coef)


class TestPhrasingRemoved:
    def test_without_shrinkage_sentences_of_a_class_differ_alike_in_all_directions(self):
        mapping = PhrasingRemoved(Prototypes(), shrinkage=1e-9).fit(X, Z)
        left = unit_rows(X) @ mapping.transform_
        differences = left - group_means(left, LABELS)[LABELS]
        covariance = differences.T @ differences
        np.testing.assert_allclose(covariance / covariance[0, 0], np.eye(D_TEXT), atol=1e-5)

    def test_much_shrinkage_leaves_the_mapping_as_it_is(self):
        prediction = PhrasingRemoved(Prototypes(0.1), shrinkage=1e9).fit(X, Z).predict(NEW)
        np.testing.assert_allclose(prediction, Prototypes(0.1).fit(X, Z).predict(NEW), rtol=1e-6)

    def test_a_direction_it_is_told_of_no_longer_counts(self):
        direction = unit_rows(RNG.normal(size=(1, D_TEXT)))[0]
        mapping = PhrasingRemoved(Prototypes(), shrinkage=1e-3).fit(X, Z, phrasing=np.outer(direction, direction))
        there, back = unit_rows(NEW), unit_rows(NEW) + 0.3 * direction
        plain = Prototypes().fit(X, Z)
        moved, moved_plain = (np.linalg.norm(m.predict(there) - m.predict(back)) for m in (mapping, plain))
        assert moved < 0.1 * moved_plain

    def test_a_covariance_of_another_size_is_refused(self):
        with pytest.raises(ValueError, match=r"phrasing must be of shape \(8, 8\), got \(2, 2\)"):
            PhrasingRemoved().fit(X, Z, phrasing=np.eye(2))


class TestNeural:
    def test_without_training_it_is_procrustes_on_directions(self):
        mapping = NeuralMapping(hidden=0, max_iter=1, learning_rate=1e-12, validation_fraction=0).fit(X, Z)
        centre = CLASS_VECTORS.mean(axis=0)
        texts = unit_rows(MEANS - MEANS.mean(axis=0))
        rotation, _ = linalg.orthogonal_procrustes(
            np.pad(texts, ((0, 0), (0, 0))), np.pad(CLASS_VECTORS - centre, ((0, 0), (0, D_TEXT - D_CLASS)))
        )
        cosines = np.einsum(
            "kd,kd->k", unit_rows(mapping.predict(MEANS) - centre), unit_rows(texts @ rotation[:, :D_CLASS])
        )
        np.testing.assert_allclose(cosines, 1.0, atol=1e-6)

    @pytest.mark.parametrize("loss", ["squared", "infonce"])
    def test_training_lowers_the_loss(self, loss):
        import torch

        def loss_after(steps):
            mapping = NeuralMapping(loss=loss, hidden=8, max_iter=steps, penalty=0.0, validation_fraction=0).fit(X, Z)
            shifted = torch.from_numpy(mapping._mapped(unit_rows(MEANS - mapping.x_mean_)))
            return float(mapping._loss(shifted, torch.from_numpy(CLASS_VECTORS - mapping.z_mean_)))

        assert loss_after(15) < loss_after(1)

    def test_infonce_by_loops(self):
        import torch

        mapping = NeuralMapping(temperature=0.3)
        P, T = unit_rows(RNG.normal(size=(4, 3))), unit_rows(RNG.normal(size=(4, 3)))
        expected = 0.0
        for i in range(4):
            rows, columns = np.exp(P[i] @ T.T / 0.3), np.exp(P @ T[i] / 0.3)
            expected -= (np.log(rows[i] / rows.sum()) + np.log(columns[i] / columns.sum())) / 4
        assert float(mapping._loss(torch.from_numpy(P), torch.from_numpy(T))) == pytest.approx(expected)
        other = float(mapping._loss(torch.from_numpy(P), torch.from_numpy(T), torch.from_numpy(T)))
        assert other == pytest.approx(
            -np.mean([np.log(np.exp(P[i] @ T[i] / 0.3) / np.exp(P[i] @ T.T / 0.3).sum()) for i in range(4)])
        )

    def test_stops_when_classes_kept_aside_are_found_no_better(self):
        noise = RNG.normal(size=X.shape)  # nothing to learn: more steps can only do harm
        mapping = NeuralMapping(hidden=0, penalty=0.0, learning_rate=0.1, max_iter=500).fit(noise, Z)
        assert mapping.n_iter_ < 200


class TestTransport:
    def test_finds_a_hidden_pairing(self):
        points = np.random.default_rng(3).normal(size=(12, 3))
        rotation = stats.ortho_group(3, seed=2).rvs()
        mapping = GromovWasserstein(epsilon=0.01, max_iter=200).fit(points @ rotation, points)
        assert mapping.matched_ == 1.0
        np.testing.assert_allclose(mapping.predict(points @ rotation), points, atol=0.2)

    def test_does_not_look_at_the_pairs(self):
        points = np.random.default_rng(3).normal(size=(12, 3))
        told, misled = (
            GromovWasserstein(epsilon=0.01).fit(points, points[order]) for order in (np.arange(12), RNG.permutation(12))
        )
        np.testing.assert_allclose(told.predict(points), misled.predict(points), atol=1e-2)

    @pytest.mark.filterwarnings("ignore:Sinkhorn did not converge", "ignore:divide by zero")
    def test_coupling_is_pots_and_spreads_evenly(self):
        import ot
        from sklearn.metrics.pairwise import cosine_distances

        mapping = GromovWasserstein(epsilon=0.05).fit(X, Z)
        np.testing.assert_allclose(mapping.coupling_.sum(axis=0), 1 / K, rtol=0.05)
        D_text, D_class = (cosine_distances(A - A.mean(axis=0)) for A in (MEANS, CLASS_VECTORS))
        plain = ot.gromov.entropic_gromov_wasserstein(
            D_text, D_class, epsilon=0.05, max_iter=10, solver="PPA", numItermax=50
        )
        np.testing.assert_allclose(mapping.coupling_, plain)


class TestCombined:
    def test_relative_representations_are_cosines_to_class_means(self):
        transformer = RelativeRepresentation(6, random_state=1).fit(X, Z)
        R = transformer.transform(NEW)
        centre = MEANS.mean(axis=0)
        cosines = unit_rows(NEW - centre) @ unit_rows(MEANS - centre).T
        assert R.shape == (7, 6)
        assert all(np.isclose(cosines, column[:, None]).all(axis=0).any() for column in R.T)

    def test_relative_representations_do_not_change_under_rotation(self):
        rotation = stats.ortho_group(D_TEXT, seed=0).rvs()
        expected = RelativeRepresentation().fit(X, Z).transform(NEW)
        np.testing.assert_allclose(
            RelativeRepresentation().fit(3 * X @ rotation, Z).transform(3 * NEW @ rotation), expected
        )

    def test_ensemble_of_one_is_that_one(self):
        expected = Procrustes().fit(X, Z).predict(NEW)
        np.testing.assert_allclose(Ensemble([("only", Procrustes())]).fit(X, Z).predict(NEW), expected)

    def test_ensemble_ignores_the_length_of_its_members(self):
        small = Ensemble([("a", Procrustes()), ("b", KernelMapping(alpha=50.0))]).fit(X, Z)
        shifted = (small.predict(NEW) - small.z_mean_) / small.lengths_.mean()
        members = [(m.predict(NEW) - small.z_mean_) / r for m, r in zip(small.mappings_, small.lengths_, strict=False)]
        np.testing.assert_allclose(shifted, np.mean(members, axis=0))
        for member, r in zip(small.mappings_, small.lengths_, strict=False):
            assert np.sqrt(np.mean(np.sum((member.predict(MEANS) - small.z_mean_) ** 2, axis=1))) == pytest.approx(r)

    @pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
    def test_ensemble_refuses_odd_weights(self, weights):
        with pytest.raises(ValueError, match="weights must be 2 numbers"):
            Ensemble(weights=weights).fit(X, Z)

    def test_restored_norms_keep_directions(self):
        inner = KernelMapping(alpha=5.0)
        restored, plain = NormRestored(inner).fit(X, Z), clone(inner).fit(X, Z)
        centre = CLASS_VECTORS.mean(axis=0)
        before, after = plain.predict(NEW) - centre, restored.predict(NEW) - centre
        np.testing.assert_allclose(unit_rows(after), unit_rows(before))
        spread = np.linalg.norm(CLASS_VECTORS - centre, axis=1).mean()
        np.testing.assert_allclose(np.linalg.norm(after, axis=1), spread)
        lengths = np.linalg.norm(plain.predict(MEANS) - centre, axis=1).mean()
        assert restored.shrinkage_ == pytest.approx(lengths / spread) and restored.shrinkage_ < 0.6
        together = NormRestored(inner, each=False).fit(X, Z)
        np.testing.assert_allclose(together.predict(NEW) - centre, before / restored.shrinkage_)
