import shutil

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.encoders import TextEncoder
from alignment.errors import InputError

SENTENCES = ["I have a cat", "A motorcyclette stands in front of the small café on the corner", "dog", "the violin"]


def hidden_states(encoder, sentence, layer):
    """The library's own states of one sentence, without padding: (t, dim)."""
    import torch

    with torch.no_grad():
        output = encoder._model(**encoder._tokenizer(sentence, return_tensors="pt"), output_hidden_states=True)
    return output.hidden_states[layer][0].numpy()


@pytest.mark.parametrize("layer", [0, 3, -1])
def test_mean_and_cls_pooling_agree_with_one_sentence_at_a_time(encoder, layer):
    mean = TextEncoder(layer=layer).encode(SENTENCES)
    cls = TextEncoder(layer=layer, pooling="cls").encode(SENTENCES, batch_size=2)
    for i, sentence in enumerate(SENTENCES):
        states = hidden_states(encoder, sentence, layer)
        assert_allclose(mean[i], states.mean(0), atol=1e-4)
        assert_allclose(cls[i], states[0], atol=1e-4)
    assert mean.dtype == np.float32 and mean.shape == (4, 384)


def test_word_pooling_takes_all_pieces_of_the_word_and_no_other(encoder):
    word = TextEncoder(pooling="word")
    vectors = word.encode(SENTENCES[:2], words=["cat", "Motorcyclette"])
    pieces, _ = encoder.tokens(SENTENCES[1])
    assert pieces[2:4] == ["motorcycle", "##tte"]  # the word splits
    assert_allclose(vectors[0], hidden_states(encoder, SENTENCES[0], -1)[4], atol=1e-4)
    assert_allclose(vectors[1], hidden_states(encoder, SENTENCES[1], -1)[2:4].mean(0), atol=1e-4)


def test_word_pooling_prefers_the_whole_word():
    word = TextEncoder(pooling="word")
    both = word.encode(["the cattle and the cat"], words=["cat"])
    states = hidden_states(word, "the cattle and the cat", -1)
    assert_allclose(both[0], states[5], atol=1e-4)


def test_no_word_pools_the_whole_sentence(encoder):
    assert_allclose(TextEncoder(pooling="word").encode(SENTENCES, words=[""] * 4), encoder.encode(SENTENCES), atol=1e-4)


def test_rows_come_back_in_the_order_given(encoder):
    assert_allclose(encoder.encode(SENTENCES[::-1])[::-1], encoder.encode(SENTENCES), atol=1e-4)
    assert encoder.encode([]).shape == (0, 384)


def test_progress_ends_at_the_total(encoder):
    seen = []
    encoder.encode(SENTENCES, batch_size=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 4), (4, 4)]


def test_tokens_are_the_states_that_mean_pooling_averages(encoder):
    pieces, states = encoder.tokens("I have a cat")
    assert pieces == ["[CLS]", "i", "have", "a", "cat", "[SEP]"]
    assert_allclose(states.mean(0), encoder.encode(["I have a cat"])[0], atol=1e-4)


def test_a_text_longer_than_the_model_is_cut_not_refused(encoder):
    assert np.isfinite(encoder.encode(["cat " * 5000])).all()


@pytest.mark.parametrize(("prompt", "message"), [
    ("", "empty"), (" \n\t ", "empty"), ("a" * 100_000, "100,000 characters; the limit is 2,000"),
    ("a cat\x07", "control character U\\+0007"), ("\x00", "control character U\\+0000"), ("\ud800", "U\\+D800"),
    ("🐱", "knows none of the words"), ("Я вижу кошку", "knows none"), ("我有一只猫", "knows none"), ("?!", "knows none"),
])
def test_a_prompt_it_cannot_read_is_one_sentence(encoder, prompt, message):
    with pytest.raises(InputError, match=message) as caught:
        encoder.check_prompt(prompt)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("prompt", ["  I have a cat ", "<b>a cat</b>", "my cat 🐱", "naïve café\nwith a dog", "two cats, 3 dogs"])
def test_a_prompt_it_can_read(encoder, prompt):
    assert encoder.check_prompt(prompt) == prompt.strip()


@pytest.mark.parametrize(("arguments", "message"), [
    ({"layer": 7}, "layers 0 to 6"), ({"layer": -2}, "layers 0 to 6"), ({"pooling": "max"}, "Unknown pooling 'max'"),
    ({"source": "a b c"}, "nor a valid Hub name"),
])
def test_a_wrong_choice_is_one_sentence(arguments, message):
    with pytest.raises(InputError, match=message):
        TextEncoder(**arguments)


@pytest.mark.parametrize("words", [None, ["cat"], ["cat", "zebra"], ["a", " x"]])
def test_word_pooling_without_the_right_words(words):
    with pytest.raises(InputError):
        TextEncoder(pooling="word").encode(["a cat", "a dog"], words=words)


@pytest.fixture
def folder(tmp_path, encoder):
    """A tiny DistilBERT with its masked-language head, saved as it is published."""
    from transformers import DistilBertConfig, DistilBertForMaskedLM

    config = DistilBertConfig(dim=32, n_heads=2, n_layers=2, hidden_dim=64)
    DistilBertForMaskedLM(config).save_pretrained(tmp_path)
    encoder._tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_local_folder_and_its_left_over_task_head(folder):
    assert TextEncoder(folder).encode(["I have a cat"]).shape == (1, 32)


@pytest.mark.parametrize(("change", "message"), [
    (lambda state: state.pop("distilbert.embeddings.word_embeddings.weight"), "lack embeddings.word_embeddings.weight"),
    (lambda state: state.update({"distilbert.transformer.layer.0.ffn.lin1.bias": state["vocab_projector.bias"][:3]}),
     "wrong shape for transformer.layer.0.ffn.lin1.bias"),
    (lambda state: state.update({"distilbert.transformer.layer.9.x": state["vocab_projector.bias"]}),
     "unknown key distilbert.transformer.layer.9.x"),
])
def test_weights_that_are_not_the_encoders_are_refused_by_name(folder, change, message):
    from safetensors.torch import load_file, save_file

    state = load_file(folder / "model.safetensors")
    change(state)
    save_file({key: value.clone() for key, value in state.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match=message):
        TextEncoder(folder).encode(["a cat"])


@pytest.mark.parametrize("damage", [
    lambda folder: (folder / "model.safetensors").write_bytes(b"cut"),
    lambda folder: (folder / "model.safetensors").unlink(),
    lambda folder: (folder / "config.json").write_text("{"),
    lambda folder: [path.unlink() for path in folder.glob("*token*")] + [path.unlink() for path in folder.glob("vocab*")],
])
def test_a_damaged_folder_is_one_sentence(folder, damage):
    damage(folder)
    with pytest.raises(InputError) as caught:
        TextEncoder(folder).encode(["a cat"])
    assert "\n" not in str(caught.value)


def test_altered_bundled_weights_are_refused(monkeypatch, tmp_path, encoder):
    from alignment import encoders

    shutil.copytree(encoder.folder, tmp_path / "package" / "model")
    with open(tmp_path / "package" / "model" / "model.safetensors", "r+b") as file:
        file.seek(1000)
        file.write(b"\x01")
    spec = type("Spec", (), {"submodule_search_locations": [str(tmp_path / "package")]})
    monkeypatch.setattr(encoders.importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(InputError, match="sha256 differs"):
        TextEncoder()
