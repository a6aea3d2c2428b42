"""Confidence in the answers of a mapping: calibrated probabilities, prediction sets, and spelling suggestions."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.prompts import PROMPTS_CSV
from alignment.dictionary.seeds import check_classes_named
from alignment.errors import InputError, check_whole
from alignment.evaluation.calibration import NOTHING, Calibration, development_sentences
from alignment.execution.locks import Once
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import artifact_key, source_digest
from alignment.study.confidence.dictionary_terms import DictionaryTerms
from alignment.study.confidence.evidence import EvidenceReader
from alignment.study.mapping_files import check_mapping
from alignment.study.notices import not_read
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.readable_sentences import check_sentences
from alignment.text.words import WORD
from alignment.vectors.points import checked_points
from alignment.vectors.similarity import nearest_class

LOW_CONFIDENCE = 0.5  # below it, other answers are offered
SURER = 0.05  # increase in confidence that another spelling needs to be offered
SHOWN_ANSWERS = 3


class Confidence:
    """Estimates the probability that the class nearest to a sentence is right.

    Parameters
    ----------
    spaces : PairedSpaces

    Attributes
    ----------
    terms : DictionaryTerms
    """

    def __init__(self, spaces: PairedSpaces):
        self.spaces = spaces
        self.terms = DictionaryTerms(spaces)
        self._evidence = EvidenceReader(spaces, self.terms)
        self._calibrations = Once()

    def __repr__(self) -> str:
        return f"<Confidence of {self.spaces!r}>"

    def of(self, prompts: Sequence[str], mapping: str = DEFAULT_MAPPING) -> pd.DataFrame | None:
        """Probability that the class nearest to each prompt is right.

        Parameters
        ----------
        prompts : list of m sentences
        mapping : str
            A key of the registry, or a file of ``export-mapping``.

        Returns
        -------
        DataFrame, one row per prompt, or None
            ``prompt``; ``class`` (row of the nearest) and ``name``; ``confidence``; ``nothing``: probability that
            nothing which can be drawn is right, from a separate model, so that the two need not add up to 1;
            ``answers``: names that include a right one for 90 % of sentences, "" for
            nothing, most probable first; ``low``: whether other answers should be offered; ``named``: whether the
            prompt contains a name of a class of the class space; ``language``: name of the
            prompt's language where the encoder was not trained on it, else ""; ``not_read``: list of the parts of the
            prompt that the encoder does not know; ``corrected``: the corrected spelling of the prompt
            (``terms.did_you_mean``) if its answer is more certain, and another one or this one's confidence low, else
            ""; ``confidence_text``: confidence in words.
            None where the classes have no development sentences.
        """
        return self.of_vectors(self.spaces.encode(prompts), prompts, mapping)

    def of_vectors(
        self, vectors: np.ndarray, sentences: Sequence[str], mapping: str = DEFAULT_MAPPING
    ) -> pd.DataFrame | None:
        """:meth:`of` for points of text space, float array (m, d_text), and the m sentences or words they stand for.

        Raises
        ------
        InputError
            For points that are none, not finite or of another size, and for more or fewer sentences.
        """
        sentences = check_sentences(sentences)
        vectors = checked_points(vectors, self.spaces.encoder.dim, "text space", len(sentences))
        calibration = self.calibration(mapping)
        if calibration is None:
            return None
        found = calibration.probabilities(self._evidence.of(vectors, sentences, mapping))
        names = self.spaces.classes.labels
        answers = [tuple("" if row == NOTHING else names[row] for row in one) for one in calibration.answers(found)]
        table = pd.DataFrame(
            {
                "prompt": sentences,
                "class": found.nearest,
                "name": [names[row] for row in found.nearest],
                "confidence": found.confidence,
                "nothing": found.of_answers[:, -1],
                "answers": answers,
            }
        )
        table["low"] = table["confidence"] < LOW_CONFIDENCE
        table["named"] = [bool(self.terms.names_in(text)) for text in sentences]
        languages = map(self.spaces.prompt_reader.unread_language, table["prompt"])
        table["language"] = [language.name if language else "" for language in languages]
        table["not_read"] = self.spaces.prompt_reader.unread_parts(sentences)
        table["corrected"] = self._suggestions(table, calibration, mapping)
        return table.assign(confidence_text=[in_words(row) for row in table.itertuples()])

    def word_attributions(
        self, prompt: str, mapping: str = DEFAULT_MAPPING, *, words: int | None = None
    ) -> pd.DataFrame | None:
        """Effect of each word of a prompt on the confidence: the prompt is encoded again without it.

        Parameters
        ----------
        words : int, optional
            How many words, from the first, are left out in turn; by default all.

        Returns
        -------
        DataFrame, one row per word, or None
            ``word``; ``change``: confidence that the class nearest to the whole prompt is right, with all words minus
            without this one, NaN where what remains cannot be read; ``index`` and ``name`` of the class nearest without
            the word, and its ``confidence``. None where the classes have no development sentences.

        References
        ----------
        Li, Monroe and Jurafsky 2016, Understanding Neural Networks through Representation Erasure, arXiv:1612.08220.
        """
        calibration = self.calibration(mapping)
        if calibration is None:
            return None
        prompt = self.spaces.prompt_reader.check(prompt)
        words = words if words is None else check_whole("words", words, 0)
        spans = [match.span() for match in WORD.finditer(prompt)][:words]
        without = [" ".join((prompt[:begin] + prompt[end:]).split()) for begin, end in spans]
        table = pd.DataFrame({"word": [prompt[begin:end] for begin, end in spans]})
        readable = [bool(WORD.search(text)) and not self.spaces.prompt_reader.fault(text) for text in without]
        sentences = [prompt, *(text for text, is_read in zip(without, readable, strict=True) if is_read)]
        found = calibration.probabilities(self._evidence.of(self.spaces.encode(sentences), sentences, mapping))
        of_whole = found.of_answers[:, found.nearest[0]]
        table.loc[readable, "change"] = (of_whole[0] - of_whole[1:]).astype(float)
        classes = self.spaces.classes
        table.loc[readable, "index"] = [classes.indices[row] for row in found.nearest[1:]]
        table.loc[readable, "name"] = [classes.labels[row] for row in found.nearest[1:]]
        table.loc[readable, "confidence"] = found.confidence[1:].astype(float)
        table = table.reindex(columns=["word", "change", "index", "name", "confidence"])
        return table.assign(index=table["index"].astype("Int64"), name=table["name"].astype(object).fillna(""))

    def _spelling(self, prompt: str) -> str:
        """Corrected spelling of a prompt in English, if it can be read; else ""."""
        found, reader = self.terms.did_you_mean(prompt), self.spaces.prompt_reader
        return found if found and not reader.fault(found) and not reader.language(prompt) else ""

    def _suggestions(self, table: pd.DataFrame, calibration: Calibration, mapping: str) -> list[str]:
        """Corrected spelling of each sentence that gives a more certain answer, another one or in place of a doubtful.

        "" elsewhere: a surer name of a class that is already found is no news.
        """
        asked = zip(table["prompt"], table["language"], strict=True)
        spellings = ["" if language else self._spelling(text) for text, language in asked]
        if not (changed := [row for row, text in enumerate(spellings) if text]):
            return spellings
        corrected = [spellings[row] for row in changed]
        sure = calibration.probabilities(self._evidence.of(self.spaces.encode(corrected), corrected, mapping))
        for row, confidence, nearest in zip(changed, sure.confidence, sure.nearest, strict=True):
            needed = table["low"][row] or nearest != table["class"][row]
            if not needed or confidence <= table["confidence"][row] + SURER:
                spellings[row] = ""
        return spellings

    def calibration(self, mapping: str = DEFAULT_MAPPING, *, progress: Progress | None = None) -> Calibration | None:
        """Copy of the confidence model that :meth:`of` uses: :class:`~alignment.evaluation.calibration.Calibration`.

        ``progress`` counts the development sentences that are encoded.
        """
        kept = self._calibrations.get(check_mapping(mapping), lambda: self._cached_calibration(mapping, progress))
        return copy.deepcopy(kept)

    def _cached_calibration(self, mapping: str, progress: Progress | None) -> Calibration | None:
        spaces = self.spaces
        inputs = (spaces.mapping_digest(mapping), source_digest(EvidenceReader))
        key = artifact_key(artifacts.confidence_calibration, *inputs, about=spaces.about(mapping))
        return spaces.cache.fetch(key, lambda: self._fit_calibration(mapping, progress))

    def restore_calibration(self, mapping: str, calibration: Calibration | None) -> None:
        """Take over a calibration that another process has computed."""
        self._calibrations.set(mapping, calibration)

    def _fit_calibration(self, mapping: str, progress: Progress | None) -> Calibration | None:
        if not self.spaces.classes.are_imagenets:
            return None
        evidence, answers, sentences = self._evidence.with_answers(development_sentences(), mapping, progress)
        return artifacts.confidence_calibration(evidence, answers, sentences)

    def table(self, sentences: pd.DataFrame, mapping: str = DEFAULT_MAPPING) -> pd.DataFrame | None:
        """Compare the confidence in sentences with their known answers.

        Parameters
        ----------
        sentences : DataFrame
            As from :func:`~alignment.evaluation.calibration.development_sentences`; those that the encoder cannot read
            are left out.

        Returns
        -------
        DataFrame or None
            ``sentences`` with the columns of :meth:`Calibration.table
            <alignment.evaluation.calibration.Calibration.table>`.
        """
        if not isinstance(sentences, pd.DataFrame) or not {"prompt", "classes"} <= set(sentences):
            raise InputError(
                "Sentences are a table with the columns prompt and classes, as from development_sentences()."
            )
        check_classes_named(sentences["classes"])
        calibration = self.calibration(mapping)
        if calibration is None:
            return None
        evidence, answers, kept = self._evidence.with_answers(sentences, mapping)
        return pd.concat([kept, calibration.table(calibration.probabilities(evidence), answers)], axis=1)

    def prompt_answers(
        self, mapping: str = DEFAULT_MAPPING, *, source: Path = PROMPTS_CSV, progress: Progress | None = None
    ) -> pd.DataFrame:
        """Answers of a mapping to prompts with known answers, wrong and most confident first.

        Parameters
        ----------
        source : Path
            A CSV as :func:`~alignment.dictionary.prompts.evaluation_prompts` reads it; by default the test prompts.

        Returns
        -------
        DataFrame, one row per prompt
            ``prompt``; ``right``: whether the nearest class is; ``nearest_index`` and ``nearest``, its name;
            ``confidence``, NaN where there is none; ``wanted_indices`` and ``wanted``, names of the right classes.
        """
        prompts, classes = self.spaces.prompt_reader.read_file(source).table, self.spaces.classes
        names, indices = classes.labels, classes.indices
        sentences = prompts["prompt"].tolist()
        vectors = self.spaces.kept_vectors(sentences, progress)
        nearest = nearest_class(self.spaces.map_vectors(vectors, mapping), self.spaces.class_vectors)
        found = self.of_vectors(vectors, sentences, mapping)
        table = pd.DataFrame(
            {
                "prompt": sentences,
                "right": [int(k) in rows for k, rows in zip(nearest, prompts["rows"], strict=True)],
                "nearest_index": [indices[k] for k in nearest],
                "nearest": [names[k] for k in nearest],
                "confidence": np.nan if found is None else found["confidence"],
                "wanted_indices": [", ".join(str(indices[k]) for k in rows) for rows in prompts["rows"]],
                "wanted": [", ".join(names[k] for k in rows) for rows in prompts["rows"]],
            }
        )
        return table.sort_values(["right", "confidence"], ascending=[True, False], ignore_index=True)


def in_words(found) -> str:
    """A row of :meth:`Confidence.of` in words, the same wherever a class is named for a sentence."""
    return "; ".join([_answer_in_words(found), *([not_read(found.not_read)] if found.not_read else [])])


def _answer_in_words(found) -> str:
    text = f"confidence {found.confidence:.2f}"
    if found.language:  # other answers would be guesses too
        return f"{text}; this looks like {found.language}, not English"
    if found.confidence >= LOW_CONFIDENCE:
        return text
    if found.nothing >= found.confidence:
        return f"{text}, most likely {'about more than' if found.named else 'nothing that'} can be drawn"
    others = [name for name in found.answers if name and name != found.name][:SHOWN_ANSWERS]
    return f"{text}, could also be {', '.join(others)}{' or ' if others else ''}nothing that can be drawn"
