"""Evidence for the class nearest to a sentence, read from the spaces and the dictionary of a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from alignment.evaluation.calibration import Evidence, features
from alignment.progress import Progress
from alignment.study.confidence.dictionary_terms import DictionaryTerms
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.pooling import get_pooling
from alignment.vectors.similarity import similarities


class EvidenceWithAnswers(NamedTuple):
    """Evidence of sentences with known right classes."""

    evidence: Evidence

    answers: list[tuple[int, ...]]
    """Rows of the right classes of each sentence, () where nothing is right."""

    sentences: pd.DataFrame
    """The sentences that the encoder can read, without the column ``classes``."""


class EvidenceReader:
    """Computes the evidence of sentences.

    Parameters
    ----------
    spaces : PairedSpaces
    terms : DictionaryTerms
        For the same spaces.
    """

    def __init__(self, spaces: PairedSpaces, terms: DictionaryTerms):
        self._spaces, self._terms = spaces, terms

    def of(self, vectors: np.ndarray, sentences: Sequence[str], mapping: str) -> Evidence:
        """Evidence of m sentences, given as vectors of text space, float array (m, d_text), and as text."""
        spaces = self._spaces
        similarity = similarities(spaces.map_vectors(vectors, mapping), spaces.class_vectors)
        nearest = similarity.argmax(axis=1)
        rate = getattr(spaces.mapping(mapping), "candidate_similarities", None)
        ratings = similarity if rate is None else np.asarray(rate(vectors))
        names = [self._terms.names_in(text).get(row, []) for row, text in zip(nearest, sentences, strict=True)]
        found = features(
            ratings,
            similarity,
            nearest,
            spaces.classes.groups,
            distance=spaces.distance_to_seeds.table(vectors)["distance"].to_numpy(),
            named=np.array([bool(places) for places in names]),
            weights=self._weights_of_names(sentences, names),
            known=np.array([self._terms.known_share(text) for text in sentences]),
            lacking=np.array([self._terms.names_missing_class(text) for text in sentences]),
        )
        foreign = np.array([spaces.prompt_reader.unread_language(text) is not None for text in sentences])
        return Evidence(found, ratings, nearest, foreign)

    def _weights_of_names(self, sentences: Sequence[str], names: list[list[range]]) -> np.ndarray:
        """Weight of names in the pooling ``subject``, and the largest of another word: float array (m, 2).

        (0, 0) without names. For an encoder without that pooling a name weighs 1: it is taken for the subject.
        """
        found = np.zeros((len(sentences), 2))
        named = [row for row, places in enumerate(names) if places]
        if not get_pooling("subject").suits(self._spaces.encoder.source):
            found[named, 0] = 1
            return found
        weighed = self._spaces.encoder.subject_weights([sentences[row] for row in named])
        for row, words in zip(named, weighed, strict=True):
            of_names, of_others = [0.0], [0.0]
            for word, weight in words:
                is_name = any(word.start < place.stop and place.start < word.stop for place in names[row])
                (of_names if is_name else of_others).append(weight)
            found[row] = sum(of_names), max(of_others)
        return found

    def with_answers(
        self, sentences: pd.DataFrame, mapping: str, progress: Progress | None = None
    ) -> EvidenceWithAnswers:
        """Evidence of the sentences that the encoder can read, with their right answers.

        Parameters
        ----------
        sentences : DataFrame
            As from :func:`~alignment.evaluation.calibration.development_sentences`.
        """
        readable = self._spaces.encoder.read_sentences(sentences["prompt"].tolist())[0]
        kept = sentences[readable].reset_index(drop=True)
        prompts = kept["prompt"].tolist()
        answers = [tuple(self._spaces.classes.rows(classes)) for classes in kept["classes"]]
        found = self.of(self._spaces.kept_vectors(prompts, progress), prompts, mapping)
        return EvidenceWithAnswers(found, answers, kept.drop(columns="classes"))
