"""Calibration of confidence: identities on made-up evidence."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from alignment.evaluation.calibration import (
    NOTHING,
    OTHERS,
    Calibration,
    Evidence,
    Probabilities,
    conformal_threshold,
    development_sentences,
    features,
    fit_calibration,
)
from alignment.evaluation.reliability import calibration_figures

CLASSES = 5
SENTENCES = {"captions": 200, "subject": 300, "languages": 60, "typos": 100, "off_topic": 300}  # of both sets


@pytest.fixture
def cases(rng):
    """Sentences whose rating says how probable it is that the nearest class is right."""
    nearest = rng.integers(CLASSES, size=3000)
    strength = rng.normal(size=3000)
    ratings = rng.normal(size=(3000, CLASSES)) * 0.1
    ratings[np.arange(3000), nearest] = ratings.max(axis=1) + 0.1
    right = rng.random(3000) < 1 / (1 + np.exp(-3 * strength))
    answers = [(int(k),) if ok else () for k, ok in zip(nearest, right, strict=True)]
    evidence = Evidence(np.column_stack([strength, rng.normal(size=3000)]), ratings, nearest, np.zeros(3000, bool))
    return evidence, answers


def fitted(cases, rows):
    evidence, answers = cases
    kinds = pd.DataFrame({"prompt": "", "kind": "captions"}, index=range(len(answers[rows])))
    return fit_calibration(Evidence(*(part[rows] for part in evidence)), answers[rows], kinds)


def test_confidence_is_calibrated_and_sets_cover_on_cases_kept_apart(cases):
    calibration, rest = fitted(cases, slice(0, 1500)), slice(1500, None)
    evidence, answers = cases
    probabilities = calibration.probabilities(Evidence(*(part[rest] for part in evidence)))
    table = calibration.table(probabilities, answers[rest])
    figures = calibration_figures(table.assign(kind="captions"))
    assert figures["ece"] < 0.04
    assert 0.87 < figures["coverage"] < 0.93
    assert figures["median_size"] < 3
    assert np.isnan(figures["auroc"])  # nothing to tell captions from


def test_shuffled_answers_leave_no_confidence(cases, rng):
    evidence, answers = cases
    shuffled = [answers[i] for i in rng.permutation(len(answers))]
    table = fitted((evidence, shuffled), slice(None)).sentences
    assert table["confidence"].std() < 0.05


def test_every_sentence_is_predicted_by_models_that_have_not_seen_it(rng):
    right = rng.permutation(np.arange(240) % 2 == 0)
    answers = [(0,) if ok else () for ok in right]
    unrelated = rng.normal(size=(240, 80))  # enough for any model to tell those apart that it has seen
    evidence = Evidence(unrelated, rng.normal(size=(240, CLASSES)), np.zeros(240, int), np.zeros(240, bool))
    table = fitted((evidence, answers), slice(None)).sentences
    assert table["right"].tolist() == right.tolist()
    assert table["covered"].mean() < 0.93  # by thresholds that have not seen the sentence either
    for probability, wanted in (("confidence", right), ("nothing", ~right)):
        assert table[probability][wanted].mean() - table[probability][~wanted].mean() < 0.1


def test_a_sentence_with_several_right_answers_is_covered_by_any(cases):
    evidence, answers = cases
    several = [rows and (*rows, (rows[0] + 1) % CLASSES) for rows in answers]
    table = fitted((evidence, several), slice(None)).sentences
    assert table["covered"].mean() == pytest.approx(0.9, abs=0.02)


def test_too_few_cases_give_no_calibration(cases):
    assert fitted(cases, slice(0, 30)) is None


@pytest.mark.parametrize("right, nothing, enough", [(20, 20, True), (19, 50, False), (50, 19, False)])
def test_a_calibration_needs_enough_right_answers_and_enough_of_nothing(rng, right, nothing, enough):
    answers = [(0,)] * right + [()] * nothing + [(1,)] * 40
    n = len(answers)
    parts = rng.normal(size=(n, 2)), rng.normal(size=(n, CLASSES)), np.zeros(n, int), np.zeros(n, bool)
    assert (fitted((Evidence(*parts), answers), slice(None)) is not None) == enough


def test_evidence_that_is_the_same_for_all_sentences_changes_nothing(cases):
    evidence, answers = cases
    other = evidence._replace(features=np.column_stack([evidence.features, np.full(len(answers), 3.0)]))
    plain = fitted(cases, slice(None)).probabilities(evidence).of_answers
    assert_allclose(fitted((other, answers), slice(None)).probabilities(other).of_answers, plain, rtol=1e-5)


def test_the_best_answer_is_in_every_set_and_nothing_is_an_answer(cases):
    calibration = fitted(cases, slice(None))
    found = calibration.probabilities(cases[0])
    assert found.of_answers.shape == (len(cases[1]), CLASSES + 1)
    for row, one in zip(found.of_answers, calibration.answers(found), strict=True):
        assert one[0] == (NOTHING if row.argmax() == CLASSES else row.argmax())


def test_a_sentence_that_cannot_be_read_may_be_anything_and_does_not_widen_the_other_sets(cases):
    evidence, answers = cases
    kinds = pd.DataFrame({"prompt": "", "kind": "captions"}, index=range(3000))
    foreign = np.arange(3000) % 7 == 0
    evidence = evidence._replace(foreign=foreign)
    unread = [() if strange else rows for strange, rows in zip(foreign, answers, strict=True)]
    calibration = fit_calibration(evidence, unread, kinds)
    found = calibration.probabilities(evidence)
    sizes = np.array([len(one) for one in calibration.answers(found)])
    assert (sizes[foreign] == CLASSES + 1).all() and sizes[~foreign].mean() < CLASSES / 2
    of_right = [row[list(rows) or [-1]].max() for row, rows in zip(found.of_answers, unread, strict=True)]
    assert np.mean(np.array(of_right)[~foreign] >= calibration.threshold) == pytest.approx(0.9, abs=0.02)
    assert calibration.sentences["covered"][~foreign].mean() == pytest.approx(0.9, abs=0.02)


def test_share_of_a_group_is_summed_and_classes_without_group_stand_alone():
    ratings = np.zeros((1, 4))
    parts = {"distance": np.zeros(1), "named": np.zeros(1, bool), "known": np.ones(1)}
    parts |= {"weights": np.zeros((1, 2)), "lacking": np.zeros(1, bool)}
    similarity = np.array([[1.0, 0, 0, 0]])
    nearest = similarity.argmax(axis=1)
    assert_allclose(features(ratings, similarity, nearest, ["a", "a", "b", "b"], **parts)[0, 2], 0, atol=1e-9)
    assert_allclose(features(ratings, similarity, nearest, [""] * 4, **parts)[0, 2], np.log(1 / 3))


def test_evidence_is_of_the_class_that_is_nearest_after_the_mapping():
    ratings = np.array([[0.1, 0.2, 0.4], [0.3, 0.0, 0.1], [0.0, 0.2, 0.1], [0.5, 0.4, 0.0]])
    similarity = np.array([[0.9, 0.1, 0.2], [0.1, 0.2, 0.8], [0.3, 0.7, 0.1], [0.6, 0.1, 0.0]])
    parts = {"distance": np.array([0.5, 0.6, 0.7, 0.8]), "named": np.array([True, False, False, False])}
    parts |= {"weights": np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]])}
    parts |= {"known": np.array([1.0, 1.0, 0.5, 1.0]), "lacking": np.array([False, False, True, False])}
    found = features(ratings, similarity, similarity.argmax(axis=1), ["", "", ""], **parts)
    weights = np.exp(20 * ratings)
    shares = (weights / weights.sum(axis=1, keepdims=True))[np.arange(4), [0, 2, 1, 0]]
    assert_allclose(found[:, 0], [0.1, 0.1, 0.2, 0.5])
    assert_allclose(found[:, 1], [0.9, 0.8, 0.7, 0.6])
    assert_allclose(found[:, 2], np.log(shares / (1 - shares)))
    given = ("distance", "named", "weights", "known", "lacking")
    assert_allclose(found[:, 3:9], np.column_stack([parts[name] for name in given]))
    assert found[:, 9].tolist() == [0, 1, 0, 1]  # all words are known and none names the class


def test_confidence_does_not_depend_on_the_units_of_the_evidence(cases):
    evidence, answers = cases
    other = evidence._replace(features=1000 * evidence.features + [5, -7])
    plain = fitted(cases, slice(None)).probabilities(evidence).of_answers
    assert_allclose(fitted((other, answers), slice(None)).probabilities(other).of_answers, plain)


def test_probabilities_by_loops(rng):
    """Of more classes than may be right, the others have none; neither has the nearest a second one."""
    m, K, F = 4, OTHERS + 5, 3
    E, ratings, nearest = rng.normal(size=(m, F)), rng.normal(size=(m, K)), np.array([3, 0, K - 1, 7])
    centre, scale, right, nothing, others = (rng.normal(size=n) for n in (F, F, F + 1, F + 1, 4))
    calibration = Calibration(centre, np.abs(scale), right, nothing, others, threshold=0.5, sentences=pd.DataFrame())
    found = calibration.probabilities(Evidence(E, ratings, nearest, np.zeros(m, bool))).of_answers
    for row in range(m):
        e = (E[row] - centre) / np.abs(scale)
        c, q = (1 / (1 + np.exp(-(w[:-1] @ e + w[-1]))) for w in (right, nothing))
        expected = np.zeros(K + 1)
        expected[nearest[row]], expected[K] = c, q
        rivals = sorted(set(range(K)) - {nearest[row]}, key=lambda k: -ratings[row, k])
        for k in rivals[:OTHERS]:
            v = np.log(c / (1 - c)), np.log(q / (1 - q)), ratings[row, nearest[row]] - ratings[row, k], 1.0
            expected[k] = 1 / (1 + np.exp(-(others @ v)))
        assert_allclose(found[row], np.where(expected > 0, np.clip(expected, 1e-4, 1 - 1e-4), 0))


def test_a_set_has_all_answers_from_the_threshold_on_and_the_best_one_below_it():
    calibration = Calibration(*[np.zeros(1)] * 5, threshold=0.5, sentences=pd.DataFrame())
    of_answers = np.array([[0.5, 0.7, 0.49], [0.3, 0.2, 0.1], [0.0, 0.1, 0.6]])
    found = Probabilities(of_answers, np.array([1, 0, 1]), np.zeros(3, bool))
    assert calibration.answers(found) == [(1, 0), (0,), (NOTHING,)]


def test_predictions_are_compared_with_the_right_rows_of_every_sentence():
    calibration = Calibration(*[np.zeros(1)] * 5, threshold=0.5, sentences=pd.DataFrame())
    of_answers = np.array([[0.7, 0.1, 0.2], [0.2, 0.3, 0.6], [0.2, 0.3, 0.6], [0.4, 0.3, 0.1]])
    found = Probabilities(of_answers, np.array([0, 1, 1, 1]), np.array([False, False, False, True]))
    table = calibration.table(found, [(0, 1), (), (1,), (0,)])
    assert table.to_dict("list") == {
        "right": [True, False, True, False],
        "drawable": [True, False, True, True],
        "confidence": [0.7, 0.3, 0.3, 0.3],
        "nothing": [0.2, 0.6, 0.6, 0.1],
        "covered": [True, True, False, True],
        "size": [1, 1, 1, 3],
        "foreign": [False, False, False, True],
    }


def test_threshold_keeps_the_promised_share():
    assert conformal_threshold(np.linspace(0, 1, 5)) == 0  # too few to leave any out
    values = np.arange(1, 100) / 100
    assert np.mean(values >= conformal_threshold(values)) == pytest.approx(0.9, abs=0.01)


def test_development_and_test_sentences_share_nothing():
    from pathlib import Path

    folder = Path(__file__).parents[3] / "benchmarks" / "test_prompts"
    development, kept_apart = development_sentences(), development_sentences(folder)
    assert development.groupby("kind").size().to_dict() == {**SENTENCES, "near_misses": 172, "missing_subject": 102}
    assert kept_apart.groupby("kind").size().to_dict() == {**SENTENCES, "near_misses": 178, "missing_subject": 120}
    spaniels = development.set_index("prompt").loc["A wet spaniel shaking itself on the riverbank", "classes"]
    assert spaniels == (152, 156, 157, *range(215, 222))
    assert not set(development["prompt"].str.casefold()) & set(kept_apart["prompt"].str.casefold())
