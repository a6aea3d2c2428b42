"""Special tokens are what a tokenizer puts around a sentence, not what a caption happens to hold."""

import pytest

from alignment.errors import InputError
from alignment.text.encoder import TextEncoder
from alignment.text.tokenizer import load_tokenizer
from tests.alignment.text.families import FAMILIES, SENTENCES

ALIKE = ["bert", "roberta", "gpt2", "t5", "xlm-roberta", "albert", "xlnet", "deberta-v2", "siglip", "llama"]


@pytest.mark.parametrize("family", ALIKE)
def test_what_is_spelled_like_a_special_token_is_text(tmp_path, family):
    from transformers import AutoTokenizer

    FAMILIES[family](tmp_path)
    ours, theirs = load_tokenizer(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    special = set(theirs.all_special_ids) - ({theirs.unk_token_id} - {theirs.eos_token_id})  # GPT-2 has one for both
    assert special
    for token in theirs.convert_ids_to_tokens(sorted(special)):
        for caption in (f"a {token} cat", f"a{token}cat", token, token.upper(), f"{token}{token}"):
            assert not special & set(ours(caption, add_special_tokens=False)["input_ids"]), caption
    for sentence in (*SENTENCES, "a < b / c [d] | e > f", ""):
        assert ours(sentence)["input_ids"] == theirs(sentence)["input_ids"]


def test_characters_of_such_a_token_are_found_in_the_sentence(tmp_path):
    FAMILIES["t5"](tmp_path)
    encoder = TextEncoder(tmp_path, device="cpu")
    assert encoder.words("a </s> cat")[0] == ["a", "s", "cat"]


@pytest.mark.parametrize("kind", ["WordLevel", "WordPiece"])
def test_a_vocabulary_without_a_token_for_unknown_words(tmp_path, kind):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["[PAD]", "a", "cat"]
    tokenizer = Tokenizer(getattr(models, kind)({word: row for row, word in enumerate(words)}))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]").save_pretrained(tmp_path)
    loaded = load_tokenizer(tmp_path)
    assert len(loaded("a cat")["input_ids"]) == 2
    with pytest.raises(InputError, match=r"has no token for unknown words .*, so that it cannot read every sentence"):
        loaded("a dog")


def test_a_caption_of_special_tokens_is_read_as_its_words(encoder):
    pieces = encoder._tokenizer("[SEP] [MASK] cat", add_special_tokens=False)["input_ids"]
    spelled = encoder._tokenizer.convert_ids_to_tokens(pieces)
    assert spelled == ["[", "sep", "]", "[", "mask", "]", "cat"]
