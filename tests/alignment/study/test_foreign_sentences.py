"""Seeds in a language that the encoder was not trained on: said once, and their words make no prompt English."""

import pytest

from alignment.study.foreign_sentences import (
    english_words,
    lowercase_words,
    seed_languages,
    sentences_read,
    unread_language,
)

ENGLISH = ["A cat sleeps on the bed", "a red vase", "My dog runs through the park", "the lamp", "two yellow bananas"]
FRENCH = [
    "Un chat dort sur le lit",
    "Un chien court dans le parc",
    "Le renard traverse la neige",
    "Une banane jaune sur la table",
    "Les enfants jouent dans le jardin",
]


@pytest.mark.parametrize(
    ("sentences", "share"),
    [(ENGLISH * 8, None), (ENGLISH * 8 + FRENCH[:1], None), (ENGLISH + FRENCH, "50%"), (FRENCH, "100%")],
)
def test_the_share_in_another_language_is_said_once(encoder, sentences, share):
    said = seed_languages(sentences, "the sentences of seeds.csv", encoder)
    assert len(said) == (share is not None)
    assert not said or (said[0].startswith(f"{share} of the sentences of seeds.csv") and "French" in said[0])


def test_lowercase_words_seeds_in_another_language_are_not_english(encoder):
    assert sentences_read([*ENGLISH, *FRENCH[1:]], encoder) == ENGLISH
    assert sentences_read(FRENCH, encoder) == []
    english = english_words() | lowercase_words(sentences_read(FRENCH, encoder))
    assert unread_language("Un chat dort dans le jardin", english, encoder).name == "French"
    assert unread_language("A cat sleeps in the garden", english, encoder) is None


class ReadsAll:
    """An encoder that was trained on many languages."""

    languages = frozenset({"en", "fr"})

    def name_pieces(self, words):
        import numpy as np

        return np.full(len(words), 2), np.zeros(len(words))


def test_nothing_is_said_of_seeds_that_the_encoder_reads():
    assert seed_languages(FRENCH, "seeds.csv", ReadsAll()) == []
