"""Calibrated confidence: probability that the class predicted for a sentence is right.

A similarity measures how near the nearest class is, not whether the sentence is about it: a sentence about a crown is
near the monarch butterfly. The probability is learned from development sentences of several kinds with known answers,
including things that cannot be drawn. No mapping learns from these sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

DATA = Path(__file__).parent / "data"
SENTENCE_KINDS = ("captions", "subject", "missing_subject", "languages", "typos", "off_topic", "near_misses")
SHARPNESS = 20.0  # inverse temperature of the softmax over ratings
OTHERS = 30  # classes after the nearest that may also be right
COVERAGE = 0.9  # of the prediction sets
NOTHING = -1  # in place of a class row: nothing that can be drawn
FOLDS = 10
MIN_CASES = 2 * FOLDS  # right answers, and wrong ones, that a calibration needs
SMALLEST = 1e-4  # probability; 1 - SMALLEST is the largest


def development_sentences(folder: Path = DATA) -> pd.DataFrame:
    """Sentences with their right classes: columns ``prompt``, ``classes`` (tuple of indices), ``kind``."""
    tables = []
    for kind in SENTENCE_KINDS:
        table = pd.read_csv(folder / f"{kind}.csv", keep_default_na=False, dtype=str)
        cells = table["classes"] if "classes" in table else [""] * len(table)
        classes = [tuple(int(index) for index in cell.split("|") if index) for cell in cells]
        tables.append(pd.DataFrame({"prompt": table["prompt"], "classes": classes, "kind": kind}))
    return pd.concat(tables, ignore_index=True)


class Evidence(NamedTuple):
    """Evidence for the nearest class of each of m sentences: what the confidence model reads."""

    features: np.ndarray
    """Float array (m, F), as from :func:`features`."""

    ratings: np.ndarray
    """Float array (m, K): score of each class for a sentence by the mapping, before points are blended or moved."""

    nearest: np.ndarray
    """Int array (m,): rows of the nearest classes."""

    foreign: np.ndarray
    """Bool array (m,): whether a sentence is in a language that the encoder was not trained on."""


class Probabilities(NamedTuple):
    """Probabilities that each answer to m sentences is right; they need not add up to 1."""

    of_answers: np.ndarray
    """Float array (m, K + 1), one column per class, the last one of "nothing which can be drawn"."""

    nearest: np.ndarray
    """Int array (m,): rows of the nearest classes."""

    foreign: np.ndarray
    """Bool array (m,): whether a sentence is in a language that the encoder was not trained on."""

    @property
    def confidence(self) -> np.ndarray:
        """Probability that the nearest class is right: float array (m,)."""
        return self.of_answers[np.arange(len(self.nearest)), self.nearest]


def features(
    ratings: np.ndarray,
    similarity: np.ndarray,
    nearest: np.ndarray,
    groups: Sequence[str] | None,
    *,
    distance: np.ndarray,
    named: np.ndarray,
    weights: np.ndarray,
    known: np.ndarray,
    lacking: np.ndarray,
) -> np.ndarray:
    """Features of the confidence model for the nearest class of each sentence.

    Parameters
    ----------
    ratings : float array (m, K)
        As in :class:`Evidence`.
    similarity : float array (m, K)
        Between mapped points and classes.
    nearest : int array (m,)
        Rows of the nearest classes.
    groups : K labels or None
        Groups of the classes; "" for a class without any, None where no class has any.
    distance : float array (m,)
        To the nearest seed sentence; see :mod:`alignment.evaluation.out_of_distribution`.
    named : bool array (m,)
        Whether the sentence contains a name of its nearest class.
    weights : float array (m, 2)
        Share of these names in what the sentence is about, and the largest share of another word; see
        :meth:`~alignment.text.encoder.TextEncoder.subject_weights`.
    known : float array (m,)
        Share of a sentence's words that the encoder or the dictionary knows.
    lacking : bool array (m,)
        Whether the sentence names a class that is missing from the class space.

    Returns
    -------
    float array (m, F)
        Rating and similarity of the nearest class; the logit of the softmax over ratings, summed over that class's
        group; ``distance``, ``named``, ``weights``, ``known``, ``lacking``; whether all words are known and none names
        the class.
    """
    rows = np.arange(len(ratings))
    labels = np.array([group or f"class {k}" for k, group in enumerate(groups or [""] * ratings.shape[1])])
    share = (softmax(SHARPNESS * ratings, axis=1) * (labels == labels[nearest][:, None])).sum(axis=1)
    columns = (
        ratings[rows, nearest],
        similarity[rows, nearest],
        _logit(share),
        distance,
        named,
        *np.transpose(weights),
        known,
        lacking,
        ~named & (known == 1),
    )
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted confidence model.

    With e the standardised evidence of a sentence, the probability that its nearest class is right is
    ``c = s(w·e + b)``, that nothing which can be drawn is right ``q = s(w'·e + b')``, and that one of the next classes
    is right ``s(v·(logit c, logit q, r_nearest - r_k) + d)``, with r the ratings and s the logistic function. The
    prediction set is the most probable answer and all with a probability of at least ``threshold``. For a sentence in
    a language that the encoder was not trained on it is all answers (Mondrian prediction: the threshold is learned
    from the other sentences, and its coverage holds for these).

    Attributes
    ----------
    centre, scale : float arrays (F,)
        Mean and standard deviation of the evidence.
    right, nothing : float arrays (F + 1,)
        Weights w and w', each followed by the intercept.
    others : float array (4,)
        v, followed by d.
    threshold : float
        From split conformal prediction with the nonconformity 1 - p, for :data:`COVERAGE` of the readable sentences.
    sentences : DataFrame
        Development sentences with the columns of :meth:`table`, each predicted by models, and with a threshold, that
        have not seen it.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines; Vovk, Gammerman and Shafer (2005), Algorithmic
    learning in a random world; Vovk (2015), Cross-conformal predictors, doi:10.1007/s10472-013-9368-4; Angelopoulos
    and Bates (2021), A gentle introduction to conformal prediction, arXiv:2107.07511.
    """

    centre: np.ndarray
    scale: np.ndarray
    right: np.ndarray
    nothing: np.ndarray
    others: np.ndarray
    threshold: float
    sentences: pd.DataFrame

    def __repr__(self) -> str:
        learned = f"learned from {len(self.sentences):,} development sentences"
        return f"<Calibration: {learned}, threshold {self.threshold:.3f}>"

    def probabilities(self, evidence: Evidence) -> Probabilities:
        """Probability of each class, and of nothing, being right."""
        E = (evidence.features - self.centre) / self.scale
        of_nearest, of_nothing = _predict(self.right, E), _predict(self.nothing, E)
        found = _joined(of_nearest, of_nothing, evidence.ratings, evidence.nearest, self.others)
        return Probabilities(found, evidence.nearest, evidence.foreign)

    def answers(self, probabilities: Probabilities) -> list[tuple[int, ...]]:
        """Prediction set of every sentence, most probable first: rows of classes, or :data:`NOTHING`."""
        of_answers = probabilities.of_answers
        order = np.argsort(-of_answers, axis=1, kind="stable")
        thresholds = np.where(probabilities.foreign, 0.0, self.threshold)
        counts = np.maximum((of_answers >= thresholds[:, None]).sum(axis=1), 1)
        nothing = of_answers.shape[1] - 1
        return [
            tuple(NOTHING if k == nothing else int(k) for k in row[:count])
            for row, count in zip(order, counts, strict=True)
        ]

    def table(self, probabilities: Probabilities, answers: Sequence[tuple[int, ...]]) -> pd.DataFrame:
        """Compare predictions with the known right rows of sentences, () for nothing.

        Returns
        -------
        DataFrame
            ``right``: whether the nearest class is; ``drawable``; ``confidence``; ``nothing``: its probability;
            ``covered``: whether the prediction set contains a right answer; ``size`` of the set; ``foreign``.
        """
        sets = self.answers(probabilities)
        return pd.DataFrame(
            {
                "right": [int(k) in rows for k, rows in zip(probabilities.nearest, answers, strict=True)],
                "drawable": [bool(rows) for rows in answers],
                "confidence": probabilities.confidence,
                "nothing": probabilities.of_answers[:, -1],
                "covered": [bool(set(one) & set(rows or (NOTHING,))) for one, rows in zip(sets, answers, strict=True)],
                "size": [len(one) for one in sets],
                "foreign": probabilities.foreign,
            }
        )


def fit_calibration(
    evidence: Evidence, answers: Sequence[tuple[int, ...]], sentences: pd.DataFrame
) -> Calibration | None:
    """Fit the confidence model on sentences with known answers.

    Parameters
    ----------
    evidence : Evidence
    answers : m tuples of rows, () where nothing that can be drawn is right
    sentences : DataFrame, m rows, stored with their predictions

    Returns
    -------
    Calibration, or None
        None where fewer than :data:`MIN_CASES` answers are right or wrong.
    """
    X, ratings, nearest, foreign = evidence
    right = np.array([int(k) in rows for k, rows in zip(nearest, answers, strict=True)])
    nothing = np.array([not rows for rows in answers])
    if min(right.sum(), (~right).sum(), nothing.sum(), (~nothing).sum()) < MIN_CASES:
        return None
    centre, deviation = X.mean(axis=0), X.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    E = (X - centre) / scale
    folds = list(KFold(FOLDS, shuffle=True, random_state=0).split(E))
    confident, empty = _cross_predict(folds, E, right), _cross_predict(folds, E, nothing)
    following = _next_best(ratings, nearest)
    hits = np.array([np.isin(row, rows) for row, rows in zip(following, answers, strict=True)])
    gaps = _evidence_of_others(confident, empty, ratings, nearest, following)

    def fit_others(learned: np.ndarray) -> np.ndarray:
        return _fit(gaps[learned].reshape(-1, gaps.shape[-1]), hits[learned].ravel())

    probabilities = np.empty((len(E), ratings.shape[1] + 1))  # of models that have not seen the sentence
    for learned, held in folds:
        others = fit_others(learned)
        probabilities[held] = _joined(confident[held], empty[held], ratings[held], nearest[held], others)
    nothing_column = ratings.shape[1]
    columns = [list(rows) or [nothing_column] for rows in answers]
    of_right = np.array([row[wanted].max() for row, wanted in zip(probabilities, columns, strict=True)])
    models = (_fit(E, right), _fit(E, nothing), fit_others(np.arange(len(E))))
    made = Calibration(centre, scale, *models, conformal_threshold(of_right[~foreign]), sentences)
    tables = []
    for learned, held in folds:
        unseen = replace(made, threshold=conformal_threshold(of_right[learned][~foreign[learned]]))
        found = Probabilities(probabilities[held], nearest[held], foreign[held])
        tables.append(unseen.table(found, [answers[row] for row in held]).set_axis(held))
    return replace(made, sentences=pd.concat([sentences, pd.concat(tables).sort_index()], axis=1))


def conformal_threshold(probabilities: np.ndarray) -> float:
    """Conformal threshold on the probabilities of right answers: the ``⌊(n + 1)(1 - COVERAGE)⌋``-th smallest.

    The set of all answers with at least this probability contains the right one for a share ``COVERAGE`` of
    exchangeable sentences (Angelopoulos and Bates 2021, arXiv:2107.07511, section 1). 0 where there are too few.

    Examples
    --------
    >>> conformal_threshold(np.arange(1, 20) / 20)
    0.1
    """
    rank = int(np.floor((len(probabilities) + 1) * (1 - COVERAGE) + 1e-9))
    return float(np.sort(probabilities)[rank - 1]) if rank else 0.0


def _logit(p: np.ndarray) -> np.ndarray:
    return logit(np.clip(p, SMALLEST, 1 - SMALLEST))


def _fit(E: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Fit logistic regression of y, bool (m,), on E (m, F): weights followed by the intercept, (F + 1,)."""
    if y.all() or not y.any():
        return np.append(np.zeros(E.shape[1]), _logit(y.mean()))
    model = LogisticRegression().fit(E, y)
    return np.append(model.coef_[0], model.intercept_)


def _predict(weights: np.ndarray, E: np.ndarray) -> np.ndarray:
    """Probabilities of a logistic regression from :func:`_fit` at E (..., F): float array (...)."""
    return np.clip(expit(E @ weights[:-1] + weights[-1]), SMALLEST, 1 - SMALLEST)


def _cross_predict(folds: list[tuple[np.ndarray, np.ndarray]], E: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cross-validated probability of every row of E (m, F), by a model fitted on the other folds: float array (m,)."""
    found = np.empty(len(E))
    for learned, held in folds:
        found[held] = _predict(_fit(E[learned], y[learned]), E[held])
    return found


def _next_best(ratings: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """The :data:`OTHERS` classes with the best ratings after the nearest: int array (m, at most OTHERS)."""
    ranked = ratings.copy()
    ranked[np.arange(len(ranked)), nearest] = -np.inf
    return np.argsort(-ranked, axis=1, kind="stable")[:, : min(OTHERS, ratings.shape[1] - 1)]


def _evidence_of_others(confidence, nothing, ratings, nearest, following) -> np.ndarray:
    """Features of the next classes ``following`` (m, o): logits of confidence and nothing, gap in rating, (m, o, 3)."""
    rows = np.arange(len(ratings))
    gaps = ratings[rows, nearest][:, None] - ratings[rows[:, None], following]
    columns = np.broadcast_arrays(_logit(confidence)[:, None], _logit(nothing)[:, None], gaps)
    return np.stack(columns, axis=-1)


def _joined(confidence, nothing, ratings, nearest, others) -> np.ndarray:
    """Probabilities of all answers, float array (m, K + 1), from those of the nearest class and of nothing, (m,) each.

    ``others`` are the weights (4,) of the model of the next classes; classes after these get 0.
    """
    following, rows = _next_best(ratings, nearest), np.arange(len(ratings))
    found = np.zeros((len(ratings), ratings.shape[1] + 1))
    each = _predict(others, _evidence_of_others(confidence, nothing, ratings, nearest, following))
    found[rows[:, None], following] = each
    found[rows, nearest], found[:, -1] = confidence, nothing
    return found
