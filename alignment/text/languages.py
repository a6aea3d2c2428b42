"""Language identification of sentences, and the languages that an encoder's vocabulary covers.

Language identification is unreliable for short sentences, and a false alarm is worse than a miss: a sentence is
reported as not English only where the share of known English words and the tokenizer's splitting agree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from alignment.files.language_identifier import language_identifier
from alignment.text.data_files import data_rows
from alignment.text.function_words import (
    INDEFINITE_ARTICLE,
    WITH_CAPITAL_NOUNS,
    FunctionWord,
    first_function_word,
    is_name,
    without_borrowed,
)
from alignment.text.words import WORD

HUB_OWNER = "sentence-transformers"
ENGLISH = "en"
MAX_ENGLISH = {2: 0.005, 3: 0.01, 4: 0.015}  # probability of English, by words, below which a sentence is in another
MAX_UNKNOWN, MAX_KNOWN = 0.1, 0.02  # the same after a function word, where the last word is unknown or known English
MAX_CAPITAL = 0.05  # the same where the first two words have a capital letter
MIN_PROBABILITY = 0.8  # of a language against the next, to be named alone
ALPHABETIC = ("de", "es", "fr", "it", "nl", "pt")  # probes whose words an English vocabulary splits
WITHOUT_BLANKS = ("ja", "ko", "zh")  # probes with characters that are missing in an English vocabulary
CYRILLIC = "ru"
MIN_FLUENCY = {"one": 0.78, "all": 0.72, "cyrillic": 0.45}  # letters per piece, English = 1
MIN_LETTERS_PER_PIECE = 0.7  # of a character; bytes of characters are shorter


class Language(NamedTuple):
    """A language: its code (ISO 639-1), its English name, and an encoder on the Hub that was trained on it."""

    code: str
    name: str
    encoder: str


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """The languages that can be recognised, by code."""
    rows = data_rows("languages.csv")
    return {row["code"]: Language(row["code"], row["name"], f"{HUB_OWNER}/{row['encoder']}") for row in rows}


def _identifier():
    return language_identifier(tuple(languages()))


def other_language(
    sentence: str, known: Callable[[Sequence[str]], float], pieces: Callable[[Sequence[str]], Sequence[int]]
) -> Language | None:
    """Language of a sentence where that is surely not English, else None.

    With p the probability of English, a sentence of Latin letters is in another language when

    - it has two words, p < 0.005, and neither is known;
    - it has three, p < 0.01, at most one is known, and the encoder splits one unless p < 0.005;
    - it has four or more, p < 0.015, and at most half of them are known;
    - it has two to five, the first is an article, possessive or pronoun of that language
      (:mod:`~alignment.text.function_words`), at least half of the others are unknown, the encoder splits one of these,
      and p < 0.1, or 0.02 where the first is English too ("die") or the last known English; an indefinite article
      before one word, as in "un chat", needs no more; in German, after two words with capital letters, p < 0.05, and
      the last word is unknown and split.

    Names are English ("Le Creuset pot"), and so are expressions that are said in English ("la la land"). One word in
    Latin letters says too little. Other scripts are never English.

    Parameters
    ----------
    sentence : str
    known : callable
        Share of words, 0 to 1, that are known English words.
    pieces : callable
        Into how many pieces the encoder splits each of the words.

    Notes
    -----
    On the development sentences, English ones and some in other languages, there is no false alarm and no miss.

    References
    ----------
    Lui and Baldwin (2012), langid.py: An off-the-shelf language identification tool, ACL system demonstrations; the
    model is that of py3langid (Barbaresi).
    """
    if found := language_of_script(sentence):
        return found
    text = sentence.replace("\u2019", "'")
    words = WORD.findall(text)
    if len(words) < 2:
        return None
    begun, most_known = first_function_word(words), 0 if len(words) == 2 else 0.5
    if is_name(words) or (begun is None and known(words) > most_known):
        return None  # the usual case: the identification model is not even loaded
    others = without_borrowed(text)
    if begun and len(others) == len(words) and _goes_on(text, words, begun, known, pieces):
        return _likeliest(_ranked_among(begun.languages, text))
    if not others or 1 - len(others) * (1 - known(others)) / len(words) > most_known:
        return None
    ranked = _identifier().rank(text)
    code, english = ranked[0][0], dict(ranked)[ENGLISH]
    surely = english < MAX_ENGLISH[min(len(words), max(MAX_ENGLISH))]
    if len(words) == 3 and english >= MAX_ENGLISH[2]:
        surely = surely and max(pieces(words)) > 1
    if begun and code in begun.languages:
        ranked = _ranked_among(begun.languages, text)
    return _likeliest(ranked) if surely and code != ENGLISH else None


def _goes_on(text: str, words: Sequence[str], begun: FunctionWord, known: Callable, pieces: Callable) -> bool:
    """Whether the words after the first, a function word, are in a language of that."""
    first, *others = words
    if begun.kind == INDEFINITE_ARTICLE and len(others) == 1:
        return others[0][:1].islower() or WITH_CAPITAL_NOUNS in begun.languages
    unknown, last = [word for word in others if not known([word])], others[-1]
    if 2 * len(unknown) < len(others) or max(pieces(unknown)) == 1:
        return False
    english = dict(_identifier().rank(_in_small_letters(text)))[ENGLISH]
    if first.istitle() and others[0][:1].isupper():  # "Mein Hund bellt", but also "Der Spiegel cover"
        return last.islower() and last in unknown and pieces([last])[0] > 1 and english < MAX_CAPITAL
    return english < (MAX_KNOWN if begun.is_english or last not in unknown else MAX_UNKNOWN)


def _ranked_among(codes: Sequence[str], text: str) -> list[tuple[str, float]]:
    return [each for each in _identifier().rank(_in_small_letters(text)) if each[0] in codes]


def _in_small_letters(text: str) -> str:
    """A text with a small first letter: to the model, which reads bytes, "El" and "el" have nothing in common."""
    return text[:1].lower() + text[1:]


def language_of_script(sentence: str) -> Language | None:
    """Likeliest language of a sentence if most of its letters are not Latin, else None."""
    scripts = [unicodedata.name(character, "") for character in sentence if character.isalpha()]
    if 2 * sum(name.startswith("LATIN") for name in scripts) >= len(scripts):
        return None
    if all(name.startswith("CJK") for name in scripts):  # of one such letter the model knows nothing
        return _likeliest([(code, share) for code, share in _identifier().rank(sentence) if code in ("zh", "ja")])
    return _likeliest([each for each in _identifier().rank(sentence) if each[0] != ENGLISH])


def _likeliest(ranked: Sequence[tuple[str, float]]) -> Language:
    """The first of ranked languages; where its probability is low, its name includes the second."""
    (code, first), (other, second) = (*ranked[:2], (ENGLISH, 0.0))[:2]
    found = languages()[code]
    if first >= MIN_PROBABILITY * (first + second):
        return found
    return found._replace(name=f"{found.name} or {languages()[other].name}")


def languages_read(tokenizer) -> frozenset[str]:
    """Codes of the languages that an encoder's vocabulary covers, English among them.

    A tokenizer splits words of other languages into many pieces. The probes are six sentences in each of eleven
    languages: a large European language counts as covered where a piece has nearly as many letters as in English;
    Chinese, Japanese or Korean where no character is unknown or split. An encoder that covers the European ones on
    average, and Russian, is taken to be multilingual and to cover them all.
    """
    letters = {language: _letters_per_piece(tokenizer, sentences) for language, sentences in _probes().items()}
    fluency = {language: each / max(letters[ENGLISH], 1.0) for language, each in letters.items()}
    average = sum(fluency[language] for language in ALPHABETIC) / len(ALPHABETIC)
    if average >= MIN_FLUENCY["all"] and fluency[CYRILLIC] >= MIN_FLUENCY["cyrillic"]:
        return frozenset(languages())
    read = {language for language in ALPHABETIC if fluency[language] >= MIN_FLUENCY["one"]}
    return frozenset(
        {ENGLISH} | read | {language for language in WITHOUT_BLANKS if letters[language] >= MIN_LETTERS_PER_PIECE}
    )


@lru_cache(maxsize=1)
def _probes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in data_rows("probes.csv"):
        found.setdefault(row["language"], []).append(row["sentence"])
    return found


def _letters_per_piece(tokenizer, sentences: list[str]) -> float:
    """Mean number of letters per word piece of sentences; 0 where a piece is unknown."""
    spelled = [piece for ids in tokenizer(sentences, add_special_tokens=False)["input_ids"] for piece in ids]
    if tokenizer.unk_token_id in spelled:
        return 0.0
    return sum(character.isalpha() for text in sentences for character in text) / max(1, len(spelled))
