"""Languages: found where a sentence is surely not English, and read by encoders whose vocabulary was made for them."""

# ruff: noqa: RUF001 - letters of many alphabets

import csv
from pathlib import Path

import pytest

from alignment.errors import InputError
from alignment.evaluation.calibration import DATA, SENTENCE_KINDS
from alignment.text import languages
from alignment.text.languages import languages_read, other_language
from alignment.text.words import WORD

ENGLISH = (
    "pizza",
    "Weimaraner",
    "Eiffel Tower",
    "Taj Mahal",
    "Uma Thurman",
    "UN flag",
    "un-American",
    "Kung fu panda",
    "koi pond",
    "papier-mâché mask",
    "a wee bairn",
    "Chihuahua vs muffin",
    "Bach cello suite",
    "Lamborghini Aventador",
    "gr8 dog pic",
    "asdfgh",
    "🙂🙂",
    "1234",
    "",
    "Le Mans",
    "La Paz",
    "El Niño",
    "la niña",
    "Los Angeles",
    "los angeles at night",
    "Das Auto",
    "Das Boot",
    "Der Spiegel cover",
    "Die Zauberflöte",
    "die stamping",
    "o scale boxcar",
    "mein Kampf",
    "Il Divo",
    "Mon Dieu",
    "a mi",
    "La La Land",
    "la la land poster",
    "Le Creuset pot",
    "El Capitan at sunset",
    "de Havilland",
    "Les Deux Alpes",
    "Les Paul guitar",
    "Les giggles",
    "Ma snores",
    "je ne sais quoi",
    "crème brûlée",
)
OTHERS = {
    "ein Hund": "German",
    "Ein Hund": "German",
    "der Hund": "German",
    "Mein Hund bellt": "German",
    "ein roter Apfel": "German",
    "le chat dort": "French",
    "Le chat dort": "French",
    "ma maison": "French",
    "el perro grande": "Spanish",
    "El perro grande": "Spanish",
    "mi gato": "Spanish",
    "Mi gato": "Spanish",
    "il gatto dorme": "Italian",
    "gli uccelli": "Italian",
    "de hond blaft": "Dutch",
    "Ik heb honger": "Dutch",
    "o cachorro": "Portuguese",
    "Meu gato dorme": "Portuguese",
    "un chat": "French",
    "una casa": "Spanish or Italian",
    "Une photo d'un chien": "French",
    "Une photo d’un chien": "French",
    "la voiture rouge": "French",
    "Das ist ein Hund": "German",
    "Tengo un gato": "Spanish or Italian",
    "Ik heb een kat": "Dutch",
    "Mám kočku": "Czech or Slovak",
    "kırmızı bir araba": "Turkish",
    "Tôi có một con mèo": "Vietnamese",
    "Я вижу кошку": "Ukrainian or Russian",
    "Старый маяк у моря": "Russian",
    "Моя кішка спить": "Ukrainian",
    "犬": "Japanese or Chinese",
    "我有一只猫": "Chinese",
    "猫を飼っています": "Japanese",
    "나는 고양이가 있다": "Korean",
    "لدي قطة": "Arabic",
    "Έχω μια γάτα": "Greek",
    "Der Regenschirm": "German",
    "Meine Katze": "German",
    "Das Auto fährt": "German",
}


@pytest.fixture(scope="module")
def language(encoder):
    """Code of a sentence's language, where it is not English, as a study of the bundled models finds it."""
    from alignment.dictionary.classes import ClassTable
    from alignment.study import artifacts

    sentences = artifacts.seed_table(ClassTable(range(1000)))["sentence"]
    known = {word.casefold() for sentence in sentences for word in WORD.findall(sentence)}

    def found(sentence):
        return other_language(
            sentence,
            lambda words: sum(word.casefold() in known for word in words) / len(words),
            lambda words: encoder.name_pieces(words)[0].tolist(),
        )

    return found


@pytest.mark.parametrize("kind", SENTENCE_KINDS)
def test_no_english_sentence_is_taken_for_another_language_and_others_are_found(language, kind):
    with open(DATA / f"{kind}.csv", encoding="utf-8", newline="") as file:
        rows = [(row["prompt"], row.get("language")) for row in csv.DictReader(file)]
    found = [(prompt, found.code if (found := language(prompt)) else None) for prompt, _ in rows]
    assert len(rows) >= 60 and found == rows


@pytest.mark.parametrize("sentence", ENGLISH)
def test_names_and_short_captions_raise_no_alarm(language, sentence):
    assert language(sentence) is None


@pytest.mark.parametrize(("sentence", "name"), OTHERS.items())
def test_short_sentences_in_other_languages_are_named_with_an_encoder_that_reads_them(language, sentence, name):
    found = language(sentence)
    assert found.name == name and found.encoder == "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"


@pytest.mark.parametrize("kind", [kind for kind in SENTENCE_KINDS if kind != "languages"])
def test_no_run_of_words_of_an_english_sentence_is_taken_for_another_language(language, kind):
    with open(DATA / f"{kind}.csv", encoding="utf-8", newline="") as file:
        sentences = [row["prompt"].split() for row in csv.DictReader(file)]
    runs = {
        " ".join(words[at : at + count])
        for words in sentences
        for count in range(2, 6)
        for at in range(len(words) - count + 1)
    }
    assert not [run for run in runs if language(run)]


def test_where_most_words_are_known_the_model_of_languages_is_not_loaded(monkeypatch):
    monkeypatch.setattr(languages, "_identifier", lambda: pytest.fail("loaded"))
    assert other_language("a dog on the beach", lambda words: 1.0, lambda words: [1] * len(words)) is None


def tokenizer_of(texts, *, pieces, bytes_only=False):
    """A tokenizer whose vocabulary was made from these texts."""
    from tokenizers import ByteLevelBPETokenizer, Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    if bytes_only:
        made = ByteLevelBPETokenizer()
        made.train_from_iterator(texts, vocab_size=pieces, show_progress=False)
        return PreTrainedTokenizerFast(tokenizer_object=made._tokenizer)
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator(
        texts, trainers.WordPieceTrainer(vocab_size=pieces, special_tokens=["[UNK]"], show_progress=False)
    )
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[UNK]")


def probes(*codes):
    return [text for code in codes for text in languages._probes()[code]]


@pytest.fixture(scope="module")
def english():
    with open(Path(DATA) / "captions.csv", encoding="utf-8", newline="") as file:
        return [row["prompt"] for row in csv.DictReader(file)] + probes("en")


def test_the_bundled_encoder_reads_english(encoder):
    assert encoder.languages == {"en"}


def test_a_vocabulary_made_from_many_languages_reads_all(english):
    texts = english + probes(*languages._probes())
    assert languages_read(tokenizer_of(texts, pieces=4000)) == frozenset(languages.languages())


def test_a_vocabulary_made_from_two_languages_reads_these(english):
    assert languages_read(tokenizer_of(english + probes("fr"), pieces=4000)) == {"en", "fr"}


def test_characters_that_are_known_are_read_and_their_bytes_are_not(english):
    assert languages_read(tokenizer_of(english + probes("zh", "ja"), pieces=4000)) == {"en", "zh", "ja"}
    assert languages_read(tokenizer_of(english, pieces=2000, bytes_only=True)) == {"en"}


def test_words_that_an_encoder_does_not_know_are_refused_with_the_name_of_one_that_does(encoder):
    with pytest.raises(InputError, match="in English words, or choose an encoder that reads Chinese, such as "):
        encoder.check_prompt("我有一只猫")
    with pytest.raises(InputError, match=r"in English words\.$"):
        encoder.check_prompt("🙂🙂")
