"""Sentences with a subject and company, composed from frames and the seed dictionary's terms."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import class_terms
from alignment.dictionary.templates import Word

FRAMES_CSV = Path(__file__).parent / "subject_frames.csv"
KINDS_CSV = Path(__file__).parent / "subject_kinds.csv"
ADJECTIVES = ("small", "large", "old", "young", "white", "black", "brown", "grey", "red", "blue", "orange", "wet")
ADJECTIVE_SHARE = 0.35  # of noun phrases with an adjective
PLURAL_SHARE = 0.2  # of noun phrases of things that can be counted
NUMBERS = ("two", "three", "several", "some", "a few")
HELD_OUT = 5  # one frame and one term in five
ANY = ("any", "thing", "modifier")  # places where every term may stand
WITHOUT_COMPANY = "none"


def composed_sentences(count: int, *, random_state: int = 0) -> pd.DataFrame:
    """Compose sentences from frames and terms, equally many of every frame.

    Parameters
    ----------
    count : int
        Of sentences.

    Returns
    -------
    DataFrame
        ``sentence``; ``classes``, the ImageNet indices that the subject's word may mean, and ``company``, those of the
        second noun, tuples; ``held_out``: "test" where the frame and all terms are held out, "train" where none is,
        "neither" where some are.
    """
    rng = np.random.default_rng(random_state)
    frames = pd.read_csv(FRAMES_CSV, keep_default_na=False)
    terms = _terms_by_kind(rng)
    held_out_frames = set(rng.permutation(len(frames))[: len(frames) // HELD_OUT])
    rows: list[tuple] = []
    while len(rows) < count:
        for number, frame in enumerate(frames.itertuples()):
            subject = _choose(terms[frame.subject], rng)
            company = None if frame.company == WITHOUT_COMPANY else _choose(terms[frame.company], rng)
            if company is not None and set(subject.classes) & set(company.classes):
                continue
            kept = [number in held_out_frames, subject.held_out, *([] if company is None else [company.held_out])]
            rows.append(
                (
                    _fill(frame.frame, subject.word, None if company is None else company.word, rng),
                    subject.classes,
                    () if company is None else company.classes,
                    "test" if all(kept) else "neither" if any(kept) else "train",
                )
            )
    return pd.DataFrame(rows[:count], columns=["sentence", "classes", "company", "held_out"])


def _terms_by_kind(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Words of the seed dictionary, with the classes they name, for every kind of subject or company."""
    rows = [
        (Word(term, number), tuple(classes), group)
        for term, classes, _, group, number in class_terms(ClassTable(range(1000)))
    ]
    table = pd.DataFrame(rows, columns=["word", "classes", "group"])
    table["held_out"] = rng.permutation(len(table)) < len(table) // HELD_OUT
    kinds = pd.read_csv(KINDS_CSV).set_index("kind")["groups"].str.split("|").to_dict()
    by_kind = {kind: table[table["group"].isin(groups)].reset_index(drop=True) for kind, groups in kinds.items()}
    return by_kind | dict.fromkeys(ANY, table)


def _choose(terms: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    return terms.iloc[int(rng.integers(len(terms)))]


def _fill(frame: str, subject: Word, company: Word | None, rng: np.random.Generator) -> str:
    """Fill a frame with noun phrases, its verbs in the subject's number."""
    phrase, several = _noun_phrase(subject, rng)
    slots = {"S": phrase, "s": subject.slots["one"]}
    if company is not None:
        slots |= {"O": _noun_phrase(company, rng)[0], "o": company.slots["one"]}
    agreed = re.sub(r"\[([^|\]]*)\|([^|\]]*)\]", r"\2" if several else r"\1", frame)
    sentence = agreed.format(**slots)
    return sentence[:1].upper() + sentence[1:]


def _noun_phrase(word: Word, rng: np.random.Generator) -> tuple[str, bool]:
    """A noun phrase with its article or number, sometimes with an adjective, and whether it is plural."""
    several = word.slots["is"] == "are"
    adjective = f"{rng.choice(ADJECTIVES)} " if rng.random() < ADJECTIVE_SHARE else ""
    if word.slots["many"] and not several and rng.random() < PLURAL_SHARE:
        return f"{rng.choice(NUMBERS)} {adjective}{word.slots['many']}", True
    article, _, noun = str(word.slots["a"]).partition(" ")
    if adjective:
        article = "an" if article in ("a", "an") and adjective[0] in "aeiou" else article.replace("an", "a")
    return f"{article} {adjective}{noun}", several
