"""Checks whether a tokenizer can read prompts and sentences (unknown tokens), and their length in tokens."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence

import numpy as np

from alignment.errors import InputError, check_texts
from alignment.text.languages import language_of_script
from alignment.text.words import unprintable

PROMPTS_WANTED = "Prompts are a list of sentences, such as ['I have a cat']"
SENTENCES_WANTED = ("Sentences are a list, such as ['I have a cat']", "Sentence", "text")
WORDS_WANTED = ("Words are a list, one for each sentence", "Word", "text")
NAMES_WANTED = ("Names are a list, such as ['tabby cat']", "Name", "text")
EMPTY_PROMPT = "The sentence is empty; write one such as 'I have a cat'."
MAX_PROMPT_CHARACTERS = 2000
KNOWN_CHARACTERS = 0.8  # share that must be in the vocabulary, in scripts without spaces between words


def check_prompts(prompts: Sequence[str]) -> list[str]:
    """:func:`check_sentences`, and refuse an empty list."""
    checked = check_sentences(prompts)
    if not checked:
        raise InputError("There are no prompts; give at least one.")
    return checked


def check_sentences(
    sentences: Sequence[str], form: str = PROMPTS_WANTED, each: str = "Prompt", kind: str = "sentence"
) -> list[str]:
    """Sentences as a list; refuse what is none, as :func:`~alignment.errors.check_texts`, or has a missing value.

    Parameters
    ----------
    form : str
        What is wanted, as for :func:`~alignment.errors.check_texts`.
    each, kind : str
        What an entry of the list is called, and what it should be.
    """
    listed = check_texts(sentences, form)
    for number, text in enumerate(listed, start=1):
        if not isinstance(text, str):
            raise InputError(f"{each} {number} of {len(listed)} is {text!r:.60}, and no {kind}.")
    return listed


def check_words(sentences: Sequence[str], words: Sequence[str] | None = None) -> tuple[list[str], list[str] | None]:
    """Sentences and their words as lists: batches of them are taken by position.

    Raises
    ------
    InputError
        For what is no list of texts, and for more or fewer words than sentences.
    """
    sentences = check_sentences(sentences, *SENTENCES_WANTED)
    if words is None:
        return sentences, None
    words = check_sentences(words, *WORDS_WANTED)
    if len(words) != len(sentences):
        raise InputError(f"There is one word for every sentence; got {len(words):,} for {len(sentences):,} sentences.")
    return sentences, words


def check_prompt(tokenizer, prompt: str, names: Callable[[], Collection[str]] = tuple) -> str:
    """Strip a prompt, and refuse one that an encoder with this tokenizer cannot read.

    Parameters
    ----------
    names : callable
        Finds the names of classes in the prompt; it is readable if one has all its pieces in the vocabulary, such as a
        digit. Called only where nothing else can be read, because to look for very many names takes seconds.

    Raises
    ------
    InputError
        For a blank or overlong prompt, one that is not in UTF-8, control characters, or one in which no word is known
        to the encoder.
    """
    text = prompt.strip()
    if not text:
        raise InputError(EMPTY_PROMPT)
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise InputError(f"The sentence has {len(text):,} characters; the limit is {MAX_PROMPT_CHARACTERS:,}.")
    if any("\udc80" <= c <= "\udcff" for c in text):  # surrogates: Python's escape for undecodable bytes of an argument
        raise InputError("The sentence is not in UTF-8; write it in that encoding.")
    if control := unprintable(text, ("Cc", "Cs")):
        raise InputError(f"The sentence contains the control character {control}; remove it.")
    if not read_sentences(tokenizer, [text])[0][0] and not any(_are_known(tokenizer, set(names())).values()):
        shown = text if len(text) <= 40 else text[:40] + "..."
        if _is_of_single_letters(text):
            raise InputError(f"{shown!r} names nothing to draw; write a sentence in English words.")
        language = language_of_script(text)
        reads = f", or choose an encoder that reads {language.name}, such as {language.encoder}" if language else ""
        raise InputError(f"The text encoder knows none of the words in {shown!r}; write it in English words{reads}.")
    return text


def read_sentences(tokenizer, sentences: Sequence[str], terms: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Readability and length in tokens of sentences, for an encoder with this tokenizer.

    A sentence is readable when a piece of more than one character is in the vocabulary, or, in scripts without spaces
    between words, nearly every character. Where a term is given for each sentence, "" for none, the term decides: the
    words around "🐱" say nothing about it.

    A term is readable as a sentence is, or when all of it, such as a digit, is in the vocabulary. Terms that differ
    only in unknown parts are not readable.

    Returns
    -------
    (bool array (n,), int array (n,))
        Which sentences are readable, and how many tokens each has, special ones counted.
    """
    if not len(sentences):
        return np.zeros(0, bool), np.zeros(0, int)
    pieces, known = _pieces(tokenizer, sentences)
    readable = [_is_readable(text, each) for text, each in zip(sentences, known, strict=True)]
    if len(terms):
        of_term = _are_known(tokenizer, set(terms) - {""})
        readable = [of_term.get(term, is_read) for term, is_read in zip(terms, readable, strict=True)]
    lengths = np.array([len(ids) for ids in pieces]) + tokenizer.num_special_tokens_to_add()
    return np.array(readable), lengths


def unread_parts(tokenizer, sentences: Sequence[str]) -> list[list[str]]:
    """Parts of every sentence that are not in the vocabulary, such as "🚗", each once; no lone punctuation."""
    if not len(sentences):
        return []
    read = tokenizer(list(sentences), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    found = []
    for text, ids, spans in zip(sentences, read["input_ids"], read["offset_mapping"], strict=True):
        lost = {
            place
            for token, span in zip(ids, spans, strict=True)
            if token == tokenizer.unk_token_id
            for place in range(*span)
        }
        parts = "".join(character if place in lost else " " for place, character in enumerate(text)).split()
        found.append([part for part in dict.fromkeys(parts) if any(map(_says_something, part))])
    return found


def _says_something(character: str) -> bool:
    """Whether a character is a letter, a digit or a pictogram, or newer than Python's tables: mostly pictograms."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("So", "Cn")


def read_alike(tokenizer, names: Sequence[str]) -> np.ndarray:
    """Which names have the same tokens as another of them, bool (n,).

    Many tokenizers ignore case and accents: "China" is "china" and "résumé" is "resume".
    """
    pieces = [tuple(ids) for ids in _pieces(tokenizer, names)[0]]
    count = Counter(pieces)
    return np.array([count[ids] > 1 for ids in pieces], dtype=bool)


def _pieces(tokenizer, texts: Sequence[str]) -> tuple[list[list[int]], list[list[str]]]:
    """Token ids of every text, and the text of the tokens that are not unknown."""
    read = tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    known = [
        [text[a:b] for token, (a, b) in zip(ids, spans, strict=True) if token != tokenizer.unk_token_id]
        for text, ids, spans in zip(texts, read["input_ids"], read["offset_mapping"], strict=True)
    ]
    return read["input_ids"], known


def _are_known(tokenizer, terms: Collection[str]) -> dict[str, bool]:
    """For distinct terms, whether each is known and has other tokens than the rest."""
    if not terms:
        return {}
    pieces, known = _pieces(tokenizer, [*terms])
    alike = Counter(map(tuple, pieces))
    return {
        term: len(each) == len(ids) > 0 or (_is_readable(term, each) and alike[tuple(ids)] == 1)
        for term, ids, each in zip(terms, pieces, known, strict=True)
    }


def _is_readable(text: str, known: Sequence[str]) -> bool:
    if any(len(piece) > 1 and any(c.isalnum() for c in piece) for piece in known):
        return True
    characters, known_characters = (sum(map(_needs_no_blanks, part)) for part in (text, "".join(known)))
    return 0 < KNOWN_CHARACTERS * characters <= known_characters


def _is_of_single_letters(text: str) -> bool:
    """Whether a text is single ASCII letters: "I" is a word, and in the vocabulary."""
    return text.isascii() and all(len(word) == 1 and word.isalpha() for word in text.split())


def _needs_no_blanks(character: str) -> bool:
    """Whether a character is a letter without case: of Chinese, Japanese, Korean, Thai and other scripts."""
    return unicodedata.category(character) == "Lo"
