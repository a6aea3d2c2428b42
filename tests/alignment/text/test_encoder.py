import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.execution.packed_linear import PackedLinear, pack_where_equal
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import POOLINGS

Single = partial(TextEncoder, dtype="float32")  # compared with the library's numbers, digit by digit
SENTENCES = ["I have a cat", "A motorcyclette stands in front of the small café on the corner", "dog", "the violin"]


@pytest.fixture(scope="module")
def encoder():
    return Single()


@lru_cache
def library_model(folder):
    from transformers import AutoModel

    return AutoModel.from_pretrained(folder).eval()


def hidden_states(encoder, sentence, layer):
    """The library's own states of one sentence, without padding: (t, dim)."""
    import torch

    with torch.no_grad():
        tokens = encoder._tokenizer(sentence, return_tensors="pt")
        output = library_model(encoder.folder)(**tokens, output_hidden_states=True)
    return output.hidden_states[layer][0].numpy()


@pytest.mark.parametrize("layer", [0, 3, -1])
def test_mean_and_cls_pooling_agree_with_one_sentence_at_a_time(encoder, layer, monkeypatch):
    mean = Single(layer=layer).encode(SENTENCES)
    monkeypatch.setattr("alignment.text.hidden_states.BATCH_TOKENS", 10)
    cls = Single(layer=layer, pooling="cls").encode(SENTENCES)
    for i, sentence in enumerate(SENTENCES):
        states = hidden_states(encoder, sentence, layer)
        assert_allclose(mean[i], states.mean(0), atol=1e-4)
        assert_allclose(cls[i], states[0], atol=1e-4)
    assert mean.dtype == np.float32 and mean.shape == (4, 384)


def test_a_sorted_or_filtered_column_is_encoded_by_its_positions(encoder):
    frame = pd.DataFrame({"sentence": SENTENCES, "word": ["cat", "motorcyclette", "dog", "violin"]})
    rows = [3, 0, 1]
    part = frame.iloc[rows]
    assert_allclose(encoder.encode(part["sentence"]), encoder.encode(SENTENCES)[rows], atol=1e-5)
    word = Single(pooling="word")
    every = word.encode(SENTENCES, words=frame["word"].tolist())
    assert_allclose(word.encode(part["sentence"], words=part["word"]), every[rows], atol=1e-5)
    shares = encoder.subject_weights(SENTENCES)
    assert [dict(each) for each in encoder.subject_weights(part["sentence"])] == [
        pytest.approx(dict(shares[row]), abs=1e-5) for row in rows
    ]
    groups = pd.Series([1, 0, 1], index=rows)
    means = encoder.encode_layers(part["sentence"], words=part["word"], groups=groups, layers=[-1])["word"][0]
    assert_allclose(means, [every[0], (every[3] + every[1]) / 2], atol=1e-5)


def test_word_pooling_takes_all_pieces_of_the_word_and_no_other(encoder):
    word = Single(pooling="word")
    vectors = word.encode(SENTENCES[:2], words=["cat", "Motorcyclette"])
    assert encoder._tokenizer.tokenize(SENTENCES[1])[1:3] == ["motorcycle", "##tte"]  # the word splits
    assert_allclose(vectors[0], hidden_states(encoder, SENTENCES[0], -1)[4], atol=1e-4)
    assert_allclose(vectors[1], hidden_states(encoder, SENTENCES[1], -1)[2:4].mean(0), atol=1e-4)


def test_word_pooling_prefers_the_whole_word():
    word = Single(pooling="word")
    both = word.encode(["the cattle and the cat"], words=["cat"])
    states = hidden_states(word, "the cattle and the cat", -1)
    assert_allclose(both[0], states[5], atol=1e-4)


def test_a_word_after_the_end_of_what_is_read_pools_all_that_is(encoder):
    long = "and " * 600 + "a cat"
    found = Single(pooling="word").encode([long, "a cat"], words=["cat", "cat"])
    assert_allclose(found[0], encoder.encode([long])[0], atol=1e-4)
    assert_allclose(found[1], hidden_states(encoder, "a cat", -1)[2], atol=1e-4)


def test_no_word_pools_the_whole_sentence(encoder):
    assert_allclose(Single(pooling="word").encode(SENTENCES, words=[""] * 4), encoder.encode(SENTENCES), atol=1e-4)


def test_rows_come_back_in_the_order_given(encoder):
    assert_allclose(encoder.encode(SENTENCES[::-1])[::-1], encoder.encode(SENTENCES), atol=1e-4)
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.slow
def test_one_reading_gives_every_layer_and_pooling_averaged_over_groups(encoder, monkeypatch):
    monkeypatch.setattr("alignment.text.hidden_states.BATCH_TOKENS", 13)
    words, groups = ["cat", "café", "dog", ""], np.array([1, 0, 1, 2])
    together = encoder.encode_layers(SENTENCES, words=words, groups=groups, layers=[0, 6])
    assert list(together) == list(POOLINGS)
    for pooling, vectors in together.items():
        for place, layer in enumerate((0, -1)):
            single = Single(layer=layer, pooling=pooling)
            alone = single.encode(SENTENCES, words=words)
            assert vectors.dtype == np.float32 and vectors.shape == (2, 3, single.dim)
            assert_allclose(vectors[place], [alone[1], alone[[0, 2]].mean(axis=0), alone[3]], atol=1e-4)


@pytest.mark.parametrize("layer", [0, -1])
def test_lexical_pooling_puts_the_words_vectors_beside_the_mean(encoder, layer):
    lexical = Single(layer=layer, pooling="lexical")
    vocabulary = encoder._tokenizer.get_vocab()
    table = library_model(encoder.folder).get_input_embeddings().weight.detach().numpy()
    words = [entry for entry in sorted(vocabulary, key=vocabulary.get) if len(re.sub(r"\W", "", entry)) > 1]
    words = [entry for entry in words if not entry.startswith("[")]  # neither [CLS] nor what is unused
    assert words[0] == "the"
    for vector, sentence in zip(lexical.encode(SENTENCES), SENTENCES, strict=True):
        total = np.zeros(384)
        for piece in encoder._tokenizer.tokenize(sentence):
            place = words.index(piece) + 1 if piece in words else 1
            total += place / (place + 50) * table[vocabulary[piece]]
        mean = hidden_states(encoder, sentence, layer).mean(axis=0)
        expected = np.r_[mean / np.linalg.norm(mean), total / np.linalg.norm(total) / 2]
        assert_allclose(vector, expected, atol=1e-4)


def test_lexical_pooling_of_a_word_is_that_of_its_piece():
    encoder = Single(pooling="lexical")
    words, vectors = encoder.words("I have a cat")
    states = hidden_states(encoder, "I have a cat", -1)[1:-1]
    assert words == ["I", "have", "a", "cat"] and vectors.shape == (4, encoder.dim) == (4, 768)
    assert_allclose(vectors[:, :384], states / np.linalg.norm(states, axis=1, keepdims=True), atol=1e-4)
    assert_allclose(vectors[3, 384:], encoder.encode(["cat"])[0, 384:], atol=1e-6)  # [CLS] and [SEP] weigh nothing


def test_rare_names_have_more_pieces_and_a_higher_rank_in_the_vocabulary(encoder):
    pieces, rank = encoder.name_pieces(["dog", "goldfish", "motorcyclette"])
    assert pieces.tolist() == [1, 2, 2]
    assert rank[0] < rank[1] < rank[2]


def test_progress_ends_at_the_total(encoder, monkeypatch):
    reports = []
    monkeypatch.setattr("alignment.text.hidden_states.BATCH_TOKENS", 13)
    same_length = ["a cat", "a dog", "a cow", "the dogs"]
    encoder.encode(same_length, progress=lambda done, total: reports.append((done, total)))
    assert reports == [(3, 4), (4, 4)]


@pytest.mark.parametrize("served", [True, False])
def test_packed_layers_equal_linear_layers(monkeypatch, served):
    import torch

    if not served:
        monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    model = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.GELU(), torch.nn.Linear(7, 3, bias=False))
    x = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = model(x)
        packed = pack_where_equal(model, torch.float32, lambda: model(x))
        torch.testing.assert_close(packed(x), expected)
        torch.testing.assert_close(packed(x[0]), expected[0])
    assert isinstance(packed[0], PackedLinear)


def test_the_vectors_are_sentence_transformers_own(encoder):
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(encoder.folder), device="cpu")
    ours = encoder.encode(SENTENCES)
    assert_allclose(theirs.encode(SENTENCES), ours / np.linalg.norm(ours, axis=1, keepdims=True), atol=1e-5)


def test_in_bfloat16_the_vectors_are_nearly_the_same(encoder):
    single, half = encoder.encode(SENTENCES), TextEncoder(dtype="bfloat16").encode(SENTENCES)
    cosines = (single * half).sum(1) / np.linalg.norm(single, axis=1) / np.linalg.norm(half, axis=1)
    assert half.dtype == np.float32 and (cosines > 0.9999).all() and not np.array_equal(single, half)


@pytest.mark.parametrize(("units", "dtype"), [(True, "bfloat16"), (False, "float32")])
def test_linear_layers_multiply_in_bfloat16_where_the_processor_has_the_units(monkeypatch, units, dtype):
    monkeypatch.setattr("alignment.text.hidden_states.has_bfloat16_units", lambda: units)
    assert TextEncoder().dtype == dtype


def test_sentences_are_encoded_without_padding(encoder, monkeypatch):
    read, forward = [], TextEncoder._forward
    monkeypatch.setattr(TextEncoder, "_forward", lambda self, rows: (read.append(forward(self, rows)), read[-1])[1])
    encoder.encode([*SENTENCES, "cat"])
    assert len(read) == 4 and all(batch["attention_mask"].all() for batch, _ in read)  # "dog" and "cat" go together


@pytest.mark.parametrize("pooling", ["mean", "cls", "word"])
def test_the_vector_of_a_word_is_the_mean_state_of_its_pieces(encoder, pooling):
    words, vectors = Single(pooling=pooling).words("A motorcyclette")
    assert words == ["A", "motorcyclette"]
    states = hidden_states(encoder, "A motorcyclette", -1)
    assert_allclose(vectors, [states[1], states[2:4].mean(axis=0)], atol=1e-4)


def test_a_text_longer_than_the_model_is_cut_not_refused(encoder):
    assert np.isfinite(encoder.encode(["cat " * 5000])).all()


def test_threads_call_the_tokenizer_one_after_the_other(monkeypatch):
    encoder, inside, most = TextEncoder(), [], []
    call = type(encoder._tokenizer._own).__call__

    def slow(tokenizer, *arguments, **options):
        inside.append(tokenizer)
        most.append(len(inside))
        time.sleep(0.01)  # for other threads to come in
        found = call(tokenizer, *arguments, **options)
        inside.pop()
        return found

    monkeypatch.setattr(type(encoder._tokenizer._own), "__call__", slow)
    calls = [
        lambda: encoder.encode(["cat " * 600]),
        lambda: encoder.check_prompt("I have a cat"),
        lambda: encoder.name_pieces(["dog"]),
        lambda: encoder.languages,
    ]
    with ThreadPoolExecutor(len(calls)) as threads:
        for done in [threads.submit(each) for each in calls * 3]:
            done.result()
    assert len(most) > len(calls) and set(most) == {1}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": 7}, "layers 0 to 6"),
        ({"layer": -2}, "layers 0 to 6"),
        ({"source": "distilbert-base-uncased", "layer": 7}, "layers 0 to 6"),  # before its weights are fetched
        ({"pooling": "max"}, "There is no pooling 'max'"),
        ({"dtype": "float8"}, "Unknown dtype 'float8'"),
        ({"source": "a b c"}, "nor a valid Hub name"),
    ],
)
def test_invalid_arguments_are_refused_in_one_sentence(arguments, message):
    with pytest.raises(InputError, match=message):
        TextEncoder(**arguments)


@pytest.mark.parametrize("words", [None, ["cat"], ["cat", "zebra"], ["a", " x"]])
def test_word_pooling_without_the_right_words(words):
    with pytest.raises(InputError):
        Single(pooling="word").encode(["a cat", "a dog"], words=words)


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda state: state.pop("distilbert.embeddings.word_embeddings.weight"),
            "lack embeddings.word_embeddings.weight",
        ),
        (
            lambda state: state.update(
                {"distilbert.transformer.layer.0.ffn.lin1.bias": state["vocab_projector.bias"][:3]}
            ),
            "wrong shape for transformer.layer.0.ffn.lin1.bias",
        ),
        (
            lambda state: state.update({"distilbert.transformer.layer.9.x": state["vocab_projector.bias"]}),
            "unknown key distilbert.transformer.layer.9.x",
        ),
    ],
)
def test_weights_that_are_not_the_encoders_are_refused_by_name(folder, change, message):
    from safetensors.torch import load_file, save_file

    state = load_file(folder / "model.safetensors")
    change(state)
    save_file(
        {key: value.clone() for key, value in state.items()}, folder / "model.safetensors", metadata={"format": "pt"}
    )
    with pytest.raises(InputError, match=message):
        TextEncoder(folder).encode(["a cat"])


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "model.safetensors").write_bytes(b"cut"),
        lambda folder: (folder / "model.safetensors").unlink(),
        lambda folder: (folder / "config.json").write_text("{"),
        lambda folder: (
            [path.unlink() for path in folder.glob("*token*")] + [path.unlink() for path in folder.glob("vocab*")]
        ),
    ],
)
def test_a_damaged_folder_is_one_sentence(folder, damage):
    damage(folder)
    with pytest.raises(InputError) as caught:
        TextEncoder(folder).encode(["a cat"])
    assert "\n" not in str(caught.value)


def test_altered_bundled_weights_are_refused(monkeypatch, tmp_path, encoder):
    shutil.copytree(encoder.folder, tmp_path / "package" / "model")
    with open(tmp_path / "package" / "model" / "model.safetensors", "r+b") as file:
        file.seek(1000)
        file.write(b"\x01")
    spec = type("Spec", (), {"submodule_search_locations": [str(tmp_path / "package")]})
    monkeypatch.setattr("alignment.text.checkpoints.importlib.util.find_spec", lambda name: spec)
    with pytest.raises(InputError, match="sha256 differs"):
        TextEncoder()
