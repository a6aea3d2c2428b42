"""Language detection: sentences in a language that the text encoder was not trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from alignment.dictionary.classes import imagenet_classes
from alignment.text.encoder import TextEncoder
from alignment.text.languages import Language, other_language
from alignment.text.words import WORD

MOST_SAID_OF, MOST_TAKEN = 2_000, 20_000  # seeds, spread evenly over all, whose language is detected
SAID_SHARE = 0.05  # of seeds in other languages that is reported; fewer may be names
ENGLISH_COLUMNS = ("name", "description", "kind_of", "scene")


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Words of ImageNet's class names and descriptions in this project, in lower case."""
    table = imagenet_classes()
    return frozenset(lowercase_words(sentence for column in ENGLISH_COLUMNS for sentence in table[column]))


def lowercase_words(sentences: Iterable[str]) -> set[str]:
    """Words of sentences, in lower case."""
    return {word.casefold() for sentence in sentences for word in WORD.findall(sentence)}


def unread_language(sentence: str, english: Set[str], encoder: TextEncoder) -> Language | None:
    """Language of a sentence, where it is surely none that an encoder was trained on.

    Parameters
    ----------
    sentence : str
    english : set of str
        Known English words, in lower case.
    encoder : TextEncoder
    """
    found = language_of(sentence, english, encoder)
    return None if found is None or found.code in encoder.languages else found


def language_of(sentence: str, english: Set[str], encoder: TextEncoder) -> Language | None:
    """Language of a sentence, where it is surely not English; the parameters are those of :func:`unread_language`."""
    return other_language(
        sentence,
        lambda words: sum(word.casefold() in english for word in words) / max(1, len(words)),
        lambda words: encoder.name_pieces(words)[0].tolist(),
    )


def sentences_read(sentences: Sequence[str], encoder: TextEncoder) -> list[str]:
    """Sentences the encoder was trained to read, from a sample of very many; none where most are in other languages."""
    asked = _sample(sentences, MOST_TAKEN)
    read = [one for one in asked if unread_language(one, english_words(), encoder) is None]
    return read if 2 * len(read) > len(asked) else []  # else the rest are in no known language, but hardly in English


def seed_languages(texts: Sequence[str], what: str, encoder: TextEncoder) -> list[str]:
    """Notice about seeds in languages that an encoder was not trained on: one sentence, or none.

    Parameters
    ----------
    texts : sequence of str
        Sentences or, where seeds are made from them, class names: the templates around these are English.
    what : str
        Name of the texts in messages.
    encoder : TextEncoder
    """
    asked = _sample(texts, MOST_SAID_OF)
    found = [language for one in asked if (language := unread_language(one, english_words(), encoder))]
    if len(found) < max(2, SAID_SHARE * len(asked)):
        return []
    (((_, name), _),) = Counter((each.code, each.name) for each in found).most_common(1)
    reads = next(each.encoder for each in found if each.name == name)
    return [
        f"{len(found) / len(asked):.0%} of {what} are not in English (most look like {name}), and "
        f"the text encoder was not trained on their language, so that answers are guesses; an encoder that reads it is "
        f"{reads}."
    ]


def _sample(sentences: Sequence[str], most: int) -> Sequence[str]:
    return sentences[:: max(1, -(-len(sentences) // most))]
