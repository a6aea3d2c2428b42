"""Every family of text encoders that transformers has, small and random, against transformers' own states."""

from functools import lru_cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.text.architectures import explain_model_errors
from alignment.text.encoder import TextEncoder
from tests.alignment.text.families import FAMILIES, SENTENCES, SIZES, UNUSUAL, bert_tokenizer, of, without_pad

pytestmark = pytest.mark.slow

ENCODER_HALVES = {"bart", "bart-with-head", "mbart", "marian"}
TOWERS = {
    "t5": "T5EncoderModel",
    "t5-with-head": "T5EncoderModel",
    "t5-encoder": "T5EncoderModel",
    "mt5": "MT5EncoderModel",
    "umt5": "UMT5EncoderModel",
    "clip": "CLIPTextModel",
    "siglip": "SiglipTextModel",
    "siglip-text": "SiglipTextModel",
}
CAUSAL = ["gpt2", "gpt-neox", "bloom", "opt", "llama", "mistral", "qwen2", "qwen3", "gemma", "phi"]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    """From a family to a folder with its encoder, made once."""

    @lru_cache
    def make(family):
        folder = tmp_path_factory.mktemp(family)
        FAMILIES[family](folder)
        return folder

    return make


@lru_cache
def library_model(family, folder):
    import transformers

    model = getattr(transformers, TOWERS.get(family, "AutoModel")).from_pretrained(folder).eval()
    return model.get_encoder() if family in ENCODER_HALVES else model


def library_states(family, folder, sentence):
    """transformers' hidden states of one sentence, (layers + 1, t, d), without those of padding."""
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    options = {"padding": "max_length", "max_length": 16} if "siglip" in family else {}
    tokens = tokenizer(sentence, return_tensors="pt", return_attention_mask=True, **options)
    inputs = {key: tokens[key] for key in tokenizer.model_input_names if key in tokens}
    with torch.no_grad():
        output = library_model(family, folder)(**inputs, output_hidden_states=True)
    states = torch.stack([*output.hidden_states[:-1], output.last_hidden_state])[:, 0]
    return states[:, tokens["attention_mask"][0] == 1].numpy()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_states_are_those_of_transformers(family, folder_of):
    folder = folder_of(family)
    states = [library_states(family, folder, sentence) for sentence in SENTENCES]
    for layer in (0, 1, -1):
        pooled = {
            key: TextEncoder(folder, layer=layer, pooling=key, dtype="float32").encode(SENTENCES)
            for key in ("mean", "cls", "last")
        }
        assert_allclose(pooled["mean"], [each[layer].mean(axis=0) for each in states], atol=1e-4)
        assert_allclose(pooled["cls"], [each[layer][0] for each in states], atol=1e-4)
        assert_allclose(pooled["last"], [each[layer][-1] for each in states], atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_long_texts_words_and_the_vocabularys_vectors(family, folder_of):
    encoder = TextEncoder(folder_of(family), pooling="lexical", dtype="float32")
    assert np.isfinite(encoder.encode(["cat " * 1000])).all()
    words, vectors = encoder.words("A dog in an oven")
    assert words == ["A", "dog", "in", "an", "oven"] and vectors.shape == (5, encoder.dim)
    of_word = TextEncoder(encoder.folder, pooling="word", dtype="float32")
    whole, cat = of_word.encode(["I have a cat"] * 2, words=["", "cat"])
    assert not np.allclose(whole, cat)
    readable, cut = encoder.read_sentences([*SENTENCES, "cat " * 1000])
    assert readable.all() and cut.tolist() == [False] * len(SENTENCES) + [True]
    assert (encoder.encode(SENTENCES)[:, -encoder.embedding_size :] != 0).any(axis=1).all()  # words weigh something


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_in_bfloat16_the_vectors_are_nearly_the_same(family, folder_of):
    single, half = (TextEncoder(folder_of(family), dtype=dtype).encode(SENTENCES) for dtype in ("float32", "bfloat16"))
    assert np.linalg.norm(single - half) < 0.1 * np.linalg.norm(single)


@pytest.mark.parametrize("family", CAUSAL)
def test_of_a_decoder_only_the_last_token_has_read_the_sentence(family, folder_of):
    folder = folder_of(family)
    one, other = (TextEncoder(folder, pooling=key).encode(["my red cat", "my red violin"]) for key in ("last", "cls"))
    assert not np.allclose(one[0], one[1], atol=1e-3)
    assert_allclose(other[0], other[1], atol=1e-2)


def test_a_sentence_without_a_token_is_named(folder_of):
    with pytest.raises(InputError, match="finds no token in the sentence ''"):
        TextEncoder(folder_of("gpt2")).encode(["a cat", ""])


@pytest.mark.parametrize(
    ("model", "config", "sizes"),
    [
        ("ViTModel", "ViTConfig", {"image_size": 16, "patch_size": 8}),
        ("Wav2Vec2Model", "Wav2Vec2Config", {"conv_dim": [8], "conv_kernel": [3], "conv_stride": [2]}),
        ("WhisperModel", "WhisperConfig", {"d_model": 32, "encoder_layers": 2, "decoder_layers": 1}),
        ("CLIPVisionModel", "CLIPVisionConfig", {"image_size": 16, "patch_size": 8, "num_attention_heads": 4}),
    ],
)
def test_what_is_no_text_encoder_is_refused_in_one_sentence(tmp_path, model, config, sizes):
    import transformers

    getattr(transformers, config)(
        **({"hidden_size": 32, "num_hidden_layers": 2, "architectures": [model]} | sizes)
    ).save_pretrained(tmp_path)
    bert_tokenizer().save_pretrained(tmp_path)
    with pytest.raises(InputError, match=r"does not read text; choose an encoder of sentences"):
        TextEncoder(tmp_path).encode(["a cat"])


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder_of, tmp_path, number):
    import torch
    from safetensors.torch import load_file, save_file

    FAMILIES["bert"](tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    state["encoder.layer.1.output.dense.weight"][3, 4] = torch.tensor(number)
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match="not all finite numbers"):
        TextEncoder(tmp_path).encode(["a cat"])


@pytest.mark.parametrize("family", ["bert", "gpt2", "t5", "bart", "clip"])
def test_a_tokenizer_larger_than_the_weights_is_refused(folder_of, tmp_path, family):
    import shutil

    from transformers import AutoTokenizer

    shutil.copytree(folder_of(family), tmp_path, dirs_exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    rows = len(tokenizer)
    tokenizer.add_tokens(["violoncello"])
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(InputError, match=rf"has {rows + 1:,} entries and the weights have [\d,]+ rows"):
        TextEncoder(tmp_path).encode(["a cat"])


@pytest.mark.parametrize("family", ["bert", "roberta-with-head", "gpt2", "clip"])
def test_buffers_of_older_versions_are_passed_over(folder_of, tmp_path, family):
    import shutil

    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder_of(family), tmp_path, dirs_exist_ok=True)
    state = load_file(tmp_path / "model.safetensors")
    prefix = {"roberta-with-head": "roberta.", "clip": "text_model."}.get(family, "")
    name = "h.0.attn.bias" if family == "gpt2" else f"{prefix}embeddings.position_ids"
    save_file(state | {name: torch.arange(16)[None]}, tmp_path / "model.safetensors", metadata={"format": "pt"})
    assert_allclose(
        TextEncoder(tmp_path).encode(SENTENCES), TextEncoder(folder_of(family)).encode(SENTENCES), atol=1e-4
    )


def test_weights_of_older_folders_are_read_but_run_no_code(folder_of, tmp_path):
    """pytorch_model.bin, where there are no safetensors."""
    import torch
    from safetensors.torch import load_file

    FAMILIES["roberta"](tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    (tmp_path / "model.safetensors").unlink()
    torch.save(state, tmp_path / "pytorch_model.bin")
    assert_allclose(
        TextEncoder(tmp_path).encode(SENTENCES), TextEncoder(folder_of("roberta")).encode(SENTENCES), atol=1e-4
    )
    torch.save(state | {"run": RunsCode(str(tmp_path / "ran"))}, tmp_path / "pytorch_model.bin")
    with pytest.raises(InputError, match="cannot be read"):
        TextEncoder(tmp_path).encode(SENTENCES)
    assert not (tmp_path / "ran").exists()


class RunsCode:
    """Makes a file when a pickle that holds it is opened."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_what_a_model_fails_at_is_one_sentence(tmp_path):
    """Nystromformer reads only sentences of as many tokens as its segments divide."""
    of("NystromformerModel", bert_tokenizer, segment_means_seq_len=8, num_landmarks=4, **SIZES)(tmp_path)
    encoder = TextEncoder(tmp_path, dtype="float32", device="cpu")
    assert encoder.encode(["I have a red dog in"]).shape == (1, 32)
    with pytest.raises(InputError, match=r"fails in its own code \(RuntimeError: .+\); choose another encoder\.$"):
        encoder.encode(["I have a cat"])


def test_what_fails_on_a_card_for_want_of_memory_is_no_fault_of_the_model(tmp_path):
    with pytest.raises(RuntimeError, match=r"^CUDA out of memory$"), explain_model_errors(tmp_path):
        raise RuntimeError("CUDA out of memory")


@pytest.mark.parametrize("family", ["bert", "bart", "clip", "gpt2", "albert"])
def test_states_do_not_depend_on_the_form_of_what_a_model_returns(folder_of, tmp_path, family):
    import json
    import shutil

    shutil.copytree(folder_of(family), tmp_path, dirs_exist_ok=True)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"return_dict": False}))
    assert_allclose(
        TextEncoder(tmp_path).encode(SENTENCES), TextEncoder(folder_of(family)).encode(SENTENCES), atol=1e-4
    )


def test_the_last_state_of_opt_is_that_before_its_projection(tmp_path):
    """As in opt-350m, whose vocabulary has vectors of half the size."""
    import torch
    from transformers import AutoTokenizer, OPTModel

    sizes = {"num_hidden_layers": 2, "num_attention_heads": 4, "ffn_dim": 48, "max_position_embeddings": 64}
    of("OPTModel", without_pad, hidden_size=32, word_embed_proj_dim=16, **sizes)(tmp_path)
    model = OPTModel.from_pretrained(tmp_path).eval()
    project, model.decoder.project_out = model.decoder.project_out, torch.nn.Identity()
    tokens = AutoTokenizer.from_pretrained(tmp_path)(SENTENCES[1], return_tensors="pt")
    with torch.no_grad():
        expected = model(**tokens).last_hidden_state[0]
        assert project(expected).shape[1] == 16
    found = TextEncoder(tmp_path, dtype="float32", device="cpu").encode(SENTENCES[1:2])
    assert_allclose(found[0], expected.mean(dim=0), atol=1e-4)
    assert TextEncoder(tmp_path, pooling="lexical", device="cpu").encode(SENTENCES).shape == (6, 48)


def test_a_model_whose_states_are_not_as_its_configuration_says(tmp_path):
    """Reformer's are twice as wide."""
    sizes = {"attn_layers": ["local", "local"], "axial_pos_shape": [4, 4], "axial_pos_embds_dim": [16, 16]}
    sizes |= {"hidden_size": 32, "num_attention_heads": 4, "attention_head_size": 8, "feed_forward_size": 48}
    of("ReformerModel", bert_tokenizer, is_decoder=False, local_attn_chunk_length=4, **sizes)(tmp_path)
    with pytest.raises(InputError, match=r"gives 3 hidden states of 32 and 64 numbers, not 3 of 32"):
        TextEncoder(tmp_path).encode(SENTENCES)


@pytest.mark.parametrize(
    ("family", "file", "tokenizer", "special"),
    [
        ("deberta-v2", "spm.model", "DebertaV2Tokenizer", {"control_symbols": ["[PAD]", "[CLS]", "[SEP]"]}),
        ("t5", "spiece.model", "T5Tokenizer", {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}),
        (
            "xlnet",
            "spiece.model",
            "XLNetTokenizer",
            {"control_symbols": ["<cls>", "<sep>", "<pad>", "<mask>", "<eod>"]},
        ),
        ("xlm-roberta", "sentencepiece.bpe.model", "XLMRobertaTokenizer", {}),
    ],
)
def test_a_vocabulary_of_sentencepiece_alone(tmp_path, family, file, tokenizer, special):
    """As DeBERTa-v3 is published: no tokenizer.json."""
    import io
    import json

    import sentencepiece

    FAMILIES[family](tmp_path)
    for path in tmp_path.glob("tokenizer*"):
        path.unlink()
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_writer=model,
        vocab_size=50,
        hard_vocab_limit=False,
        minloglevel=2,
        **special,
    )
    (tmp_path / file).write_bytes(model.getvalue())
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer, "extra_ids": 2}))
    encoder = TextEncoder(tmp_path, dtype="float32")
    short = ["I have a cat", "the violin"]
    expected = [library_states(family, tmp_path, sentence)[-1].mean(axis=0) for sentence in short]
    assert_allclose(encoder.encode(short), expected, atol=1e-4)


def test_a_tokenizer_class_that_has_no_fast_form(folder_of, tmp_path):
    """As SigLIP is published: tokenizer.json, and a class that reads another file."""
    import json
    import shutil

    shutil.copytree(folder_of("siglip"), tmp_path, dirs_exist_ok=True)
    path = tmp_path / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tokenizer_class": "SiglipTokenizer"}))
    assert_allclose(
        TextEncoder(tmp_path).encode(SENTENCES), TextEncoder(folder_of("siglip")).encode(SENTENCES), atol=1e-4
    )


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("family", UNUSUAL)
def test_encoders_that_differ_from_the_others_in_a_detail(tmp_path, family, dtype):
    UNUSUAL[family](tmp_path)
    vectors = TextEncoder(tmp_path, dtype=dtype, device="cpu").encode([*SENTENCES, "cat " * 40])
    assert vectors.shape == (7, 32) and np.isfinite(vectors).all() and len(np.unique(vectors, axis=0)) == 7


def test_the_size_of_the_vocabularys_vectors_is_a_setting_of_its_own(tmp_path):
    UNUSUAL["rembert"](tmp_path)
    encoder = TextEncoder(tmp_path, pooling="lexical", device="cpu")
    assert encoder.embedding_size == 16 and encoder.encode(SENTENCES).shape == (6, 48)


def test_the_encoder_of_questions_is_the_bert_inside(tmp_path):
    import torch
    from transformers import AutoTokenizer, DPRContextEncoder

    UNUSUAL["dpr-passage"](tmp_path)
    tokens = AutoTokenizer.from_pretrained(tmp_path)(SENTENCES[0], return_tensors="pt")
    with torch.no_grad():
        states = DPRContextEncoder.from_pretrained(tmp_path).eval()(**tokens, output_hidden_states=True).hidden_states
    found = TextEncoder(tmp_path, pooling="cls", dtype="float32", device="cpu").encode(SENTENCES[:1])
    assert np.allclose(found, states[-1][:, 0], atol=1e-5)
