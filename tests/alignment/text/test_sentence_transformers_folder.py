"""Folders of sentence-transformers, of any age, pooled and normalised as they say, and as that library does it."""

import json
import shutil

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.study.settings import Settings
from alignment.text.checkpoints import find_folder, pools_itself
from alignment.text.encoder import TextEncoder
from alignment.text.sentence_transformers_folder import folder_notes
from tests.alignment.text.families import FAMILIES, SENTENCES

OLD_TYPES = "sentence_transformers.models"


def write(path, content):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(json.dumps(content))


def old_folder(folder, family="bert", *, inside="0_Transformer", normalised=False, dense=False, **modes):
    """As versions 0.3 to 5 wrote it: the model in a folder of its own, the pooling as a list of yes and no."""
    FAMILIES[family](folder / inside)
    kinds = ["Transformer", "Pooling", *(["Dense"] if dense else []), *(["Normalize"] if normalised else [])]
    paths = [inside, *(f"{place}_{kind}" for place, kind in enumerate(kinds[1:], start=1))]
    steps = [
        {"idx": place, "name": str(place), "path": path, "type": f"{OLD_TYPES}.{kind}"}
        for place, (kind, path) in enumerate(zip(kinds, paths, strict=True))
    ]
    write(folder / "modules.json", steps)
    write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 32} | modes)
    write(folder / inside / "sentence_bert_config.json", {"max_seq_length": 12, "do_lower_case": False})
    if dense:
        import torch

        about = {"in_features": 32, "out_features": 8, "activation_function": "torch.nn.modules.activation.Tanh"}
        write(folder / "2_Dense" / "config.json", about)
        weights = torch.nn.Linear(32, 8).state_dict()
        torch.save({f"linear.{key}": value for key, value in weights.items()}, folder / "2_Dense/pytorch_model.bin")
    return folder


def theirs(folder, sentences=SENTENCES):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(sentences)


@pytest.mark.parametrize(
    "modes",
    [
        {"pooling_mode_mean_tokens": True},
        {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False},
        {"pooling_mode_max_tokens": True},
        {"pooling_mode_mean_sqrt_len_tokens": True},
        {"pooling_mode_weightedmean_tokens": True},
        {"pooling_mode_lasttoken": True},
        {"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True, "pooling_mode_cls_token": True},
    ],
)
@pytest.mark.parametrize("normalised", [True, False])
def test_older_folders_pool_as_they_say(tmp_path, modes, normalised):
    folder = old_folder(tmp_path, normalised=normalised, **modes)
    encoder = TextEncoder(folder, pooling="", dtype="float32")
    vectors = encoder.encode(SENTENCES)
    assert encoder.pooling == "own" and vectors.shape == (len(SENTENCES), encoder.dim)
    if len(modes) < 3:  # of several, this version of sentence-transformers takes another order
        assert_allclose(vectors, theirs(folder), atol=1e-5)


def test_dense_layers_and_the_length_at_which_it_cuts(tmp_path):
    folder = old_folder(tmp_path, "xlm-roberta", dense=True, normalised=True, pooling_mode_mean_tokens=True)
    sentences = [*SENTENCES, "I have a cat " * 30]
    encoder = TextEncoder(folder, pooling="own", dtype="float32")
    assert encoder.dim == 8
    assert_allclose(encoder.encode(sentences), theirs(folder, sentences), atol=1e-5)
    assert encoder.read_sentences(sentences)[1].tolist() == [False] * len(SENTENCES) + [True]


@pytest.mark.parametrize("size", [32, 8])
def test_a_dense_layer_with_a_residual_connection(tmp_path, size):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer

    FAMILIES["bert"](tmp_path / "model")
    modules = [Transformer(str(tmp_path / "model")), Pooling(32, "mean"), Dense(32, size, use_residual=True)]
    SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "saved"))
    encoder = TextEncoder(tmp_path / "saved", pooling="", dtype="float32")
    assert encoder.pooling == "own" and encoder.dim == size
    assert_allclose(encoder.encode(SENTENCES), theirs(tmp_path / "saved"), atol=1e-5)


@pytest.mark.parametrize("name", ["module_input_name", "module_output_name"])
def test_a_dense_layer_of_anything_but_sentences_is_refused(tmp_path, name):
    folder = old_folder(tmp_path, dense=True, pooling_mode_mean_tokens=True)
    config = folder / "2_Dense" / "config.json"
    write(config, json.loads(config.read_text()) | {name: "token_embeddings"})
    with pytest.raises(InputError, match="not one of vectors of sentences but of token_embeddings; choose another"):
        TextEncoder(folder, pooling="").encode(SENTENCES)


@pytest.mark.parametrize(("kept", "size"), [(20, 20), (100, 32), ("20", 32), (True, 32), (-3, 32)])
def test_vectors_are_cut_as_the_folder_says_and_after_they_are_normalised(tmp_path, kept, size):
    folder = old_folder(tmp_path, normalised=True, pooling_mode_mean_tokens=True)
    whole = TextEncoder(folder, pooling="", dtype="float32").encode(SENTENCES)
    write(folder / "config_sentence_transformers.json", {"truncate_dim": kept})
    encoder = TextEncoder(folder, pooling="", dtype="float32")
    assert encoder.dim == size and TextEncoder(folder, pooling="mean").dim == 32
    assert_allclose(encoder.encode(SENTENCES), whole[:, :size], atol=1e-6)
    if size == kept:
        assert_allclose(encoder.encode(SENTENCES), theirs(folder), atol=1e-5)


def test_a_decoder_saved_by_todays_version(tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    FAMILIES["qwen2"](tmp_path / "model")
    transformer = Transformer(str(tmp_path / "model"))
    transformer.tokenizer.pad_token = transformer.tokenizer.eos_token
    model = SentenceTransformer(modules=[transformer, Pooling(32, "lasttoken"), Normalize()], device="cpu")
    model.save(str(tmp_path / "saved"))
    expected = np.vstack([model.encode([sentence]) for sentence in SENTENCES])
    assert_allclose(TextEncoder(tmp_path / "saved", pooling="", dtype="float32").encode(SENTENCES), expected, atol=1e-5)


def test_the_published_encoder_by_its_folder(tmp_path):
    folder = tmp_path / "minilm"
    shutil.copytree(find_folder("minilm"), folder)
    encoder = TextEncoder(folder, pooling="", dtype="float32")
    assert encoder.pooling == "own" and pools_itself(str(folder))
    assert_allclose(encoder.encode(SENTENCES), theirs(folder), atol=1e-5)
    assert_allclose(np.linalg.norm(encoder.encode(SENTENCES), axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"])
def test_lower_case_is_read_as_the_folder_says(tmp_path, kind):
    folder = old_folder(tmp_path, "roberta", pooling_mode_mean_tokens=True)
    before = TextEncoder(folder, pooling="", dtype="float32").encode(["My CAT"])
    (folder / "0_Transformer" / "sentence_bert_config.json").unlink()
    write(folder / "0_Transformer" / f"sentence_{kind}_config.json", {"max_seq_length": 12, "do_lower_case": True})
    encoder = TextEncoder(folder, pooling="", dtype="float32")
    assert not np.allclose(encoder.encode(["My CAT"]), before)
    assert_allclose(encoder.encode(["My CAT"]), encoder.encode(["my cat"]), atol=1e-6)


def test_what_a_folder_asks_for_in_vain_is_said(tmp_path):
    folder = old_folder(tmp_path, pooling_mode_mean_tokens=True)
    assert TextEncoder(folder, pooling="").notes == []
    about = {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query"}
    about["truncate_dim"] = 20
    write(folder / "config_sentence_transformers.json", about)
    steps = json.loads((folder / "modules.json").read_text())
    steps.append({"idx": 2, "name": "2", "path": "2_LayerNorm", "type": f"{OLD_TYPES}.LayerNorm"})
    write(folder / "modules.json", steps)
    encoder = TextEncoder(folder, pooling="")
    assert encoder.pooling == "mean"
    left_out, prompt = encoder.notes
    assert "Pooling, LayerNorm, truncation to 20 numbers; its hidden states are pooled by 'mean'" in left_out
    assert "'query: '" in prompt
    write(folder / "modules.json", [{"path": "0_StaticEmbedding", "type": f"{OLD_TYPES}.StaticEmbedding"}])
    with pytest.raises(InputError, match=r"table of word vectors \(StaticEmbedding\)"):
        TextEncoder(folder, pooling="").encode(SENTENCES)


def test_an_encoder_without_pooling_of_its_own(tmp_path):
    FAMILIES["bert"](tmp_path)
    assert TextEncoder(tmp_path, pooling="").pooling == "mean" and not pools_itself(str(tmp_path))
    assert Settings().pooling == "subject" and Settings(encoder=str(tmp_path)).pooling == ""
    with pytest.raises(InputError, match="does not say how its encoder pools"):
        TextEncoder(tmp_path, pooling="own").encode(SENTENCES)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("modules.json", "{", "cannot be read as JSON"),
        ("modules.json", "[3]", "not a list of modules"),
        ("modules.json", '[{"type": "x.Transformer", "path": "../elsewhere"}]', "outside of its folder"),
        ("1_Pooling/config.json", "{}", "names no pooling that is known here"),
        ("1_Pooling/config.json", '{"pooling_mode": "attention"}', "names no pooling that is known here"),
        ("2_Dense/pytorch_model.bin", "cut", "cannot be read, or does not fit"),
        ("2_Dense/config.json", '{"activation_function": "os.system"}', "cannot be read, or does not fit"),
    ],
)
def test_a_damaged_folder_is_one_sentence(tmp_path, file, content, message):
    folder = old_folder(tmp_path, dense=True, pooling_mode_mean_tokens=True)
    (folder / file).write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        TextEncoder(folder, pooling="").encode(SENTENCES)
    assert "\n" not in str(caught.value)


def test_a_folder_copied_in_part_is_said_to_lack_a_file(tmp_path):
    folder = old_folder(tmp_path, dense=False, pooling_mode_mean_tokens=True)
    (folder / "1_Pooling" / "config.json").unlink()
    with pytest.raises(InputError, match=r"1_Pooling/config\.json is missing; the folder of the encoder was copied in"):
        TextEncoder(folder, pooling="").encode(SENTENCES)


def test_a_default_prompt_that_is_no_name_is_none(tmp_path):
    write(tmp_path / "config_sentence_transformers.json", {"prompts": {"a": "b"}, "default_prompt_name": ["a"]})
    assert folder_notes(tmp_path, "mean") == []
