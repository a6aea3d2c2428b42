import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from alignment.class_embeddings.class_space import EmbeddingMatrix
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.images.folded_biggan import FoldedBigGAN
from alignment.images.generator import ImageGenerator
from alignment.images.truncation_and_noise import draw_noise, nearest_truncation


def library_pictures(model, noise, vectors, row):
    """What the library draws when its batch norms read the given row of their statistics."""
    for module in model.modules():
        if hasattr(module, "step_size"):
            module.step_size = 1
    try:
        with torch.no_grad():
            out = model.generator(torch.from_numpy(np.hstack([noise, vectors])), row)
    finally:
        for module in model.modules():
            if hasattr(module, "step_size"):
                module.step_size = 1 / 50
    return out.permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("step", [1, 7, 14, 20, 28, 29, 47, 50])  # among them those that divide unevenly by 0.02
def test_pictures_agree_with_the_library_at_every_truncation(tiny_folder, tiny_biggan, step):
    generator = ImageGenerator(tiny_folder)
    vectors = generator.class_embeddings[:3]
    noise = draw_noise(3, truncation=step / 50, seed=1)

    ours = generator.forward(vectors, noise, truncation=step / 50)

    assert_allclose(ours, library_pictures(tiny_biggan, noise, vectors, step), atol=1e-5)


@pytest.mark.parametrize("step", [7, 20])
def test_without_packed_weights_as_on_a_card_they_agree_too(tiny_folder, tiny_biggan, monkeypatch, step):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    generator = ImageGenerator(tiny_folder)
    noise = draw_noise(3, truncation=step / 50, seed=1)
    ours = generator.forward(generator.class_embeddings[:3], noise, truncation=step / 50)
    assert_allclose(ours, library_pictures(tiny_biggan, noise, generator.class_embeddings[:3], step), atol=1e-4)


@pytest.fixture
def card(monkeypatch):
    """A machine with a card, as far as names go: what is moved there stays where it is."""
    monkeypatch.setattr("alignment.execution.placement.devices_here", lambda: {"cuda": "A card", "cpu": "processor"})
    monkeypatch.setattr(torch.nn.Module, "to", lambda module, *_: module)


@pytest.mark.parametrize(("fits", "device"), [(2, "cuda"), (0, "cpu")])
def test_a_card_short_of_memory_draws_fewer_at_a_time_or_leaves_it_to_the_cpu(
    tiny_folder, card, monkeypatch, fits, device
):
    own = ImageGenerator(tiny_folder, device="cpu")
    own = own.generate(own.class_embeddings)
    whole, tried = FoldedBigGAN.__call__, []

    def short(self, condition, row):
        tried.append(len(condition))
        if generator.placement.device == "cuda" and len(condition) > fits:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return whole(self, condition, row)

    monkeypatch.setattr(FoldedBigGAN, "__call__", short)
    generator = ImageGenerator(tiny_folder)
    assert generator.placement.device == "cuda" and generator.computed_in == "float32 on cuda"
    pictures = generator.generate(generator.class_embeddings)
    assert tried == ([5, 2, 2, 1] if fits else [5, 2, 1, 5])
    assert generator.placement.device == device and len(generator.placement.notes) == 1
    assert_allclose(pictures.astype(int), own, atol=1)


def test_weights_that_do_not_fit_the_card_stay_with_the_cpu(tiny_folder, card, monkeypatch):
    def moved(module, device):
        if device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return module

    monkeypatch.setattr(torch.nn.Module, "to", moved)
    generator = ImageGenerator(tiny_folder, device="cuda")
    assert generator.class_embeddings.shape == (5, 128) and generator.placement.device == "cpu"


def test_where_float16_overflows_float32_draws(tiny_folder, tiny_biggan):
    state = {name: value.clone() for name, value in tiny_biggan.state_dict().items()}
    for name in state:
        if name.endswith("conv_3.bias"):
            state[name].fill_(7e4)  # float16 ends at 65,504
    torch.save(state, tiny_folder / "pytorch_model.bin")
    generator = ImageGenerator(tiny_folder, dtype="float16")
    assert generator.dtype == "float16"
    pictures = generator.generate(generator.class_embeddings)
    assert generator.dtype == "float32"
    assert_array_equal(pictures, ImageGenerator(tiny_folder).generate(generator.class_embeddings))


def test_class_embeddings_are_what_the_library_conditions_on(tiny_folder, tiny_biggan):
    with torch.no_grad():
        theirs = tiny_biggan.embeddings(torch.eye(5)).numpy()
    assert_allclose(ImageGenerator(tiny_folder).class_embeddings, theirs, atol=1e-6)


def test_same_seed_same_pictures_whatever_the_batch(tiny_folder, monkeypatch):
    generator = ImageGenerator(tiny_folder)
    vectors = generator.class_embeddings
    once = generator.generate(vectors, truncation=0.6, noise_seed=3)

    assert once.shape == (5, 8, 8, 3) and once.dtype == np.uint8
    assert_array_equal(once, generator.generate(vectors, truncation=0.6, noise_seed=3))
    assert (once != generator.generate(vectors, truncation=0.6, noise_seed=4)).any()
    monkeypatch.setattr("alignment.images.generator.pictures_at_once", lambda *_: 2)
    assert_allclose(once.astype(int), generator.generate(vectors, truncation=0.6, noise_seed=3), atol=1)


def test_noise_of_a_larger_count_extends_a_smaller():
    assert_array_equal(draw_noise(5, truncation=0.5, seed=9)[:2], draw_noise(2, truncation=0.5, seed=9))
    assert np.abs(draw_noise(50, truncation=0.5, seed=9)).max() <= 1.0  # two standard deviations, halved


@pytest.mark.parametrize(("asked", "given"), [(0.4, 0.4), (1, 1.0), (0.001, 0.02), (0.43, 0.44), (0.999, 1.0)])
def test_truncation_is_the_nearest_that_has_statistics(asked, given):
    assert nearest_truncation(asked) == given


@pytest.mark.parametrize("bad", [0, -0.1, 1.5, float("nan"), float("inf"), "0.4", None])
def test_truncation_out_of_range_is_one_sentence(bad):
    with pytest.raises(InputError, match="above 0 and at most 1"):
        nearest_truncation(bad)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_noise_seed_out_of_range(seed):
    with pytest.raises(InputError, match="noise seed"):
        draw_noise(1, truncation=0.4, seed=seed)


@pytest.mark.parametrize("vectors", [np.zeros((1, 5)), np.zeros(128), np.full((1, 128), np.nan), ["a cat"]])
def test_vectors_of_the_wrong_kind(tiny_folder, vectors):
    with pytest.raises(InputError, match="rows of 128 finite numbers"):
        ImageGenerator(tiny_folder).generate(vectors)


def test_a_point_beyond_what_can_be_drawn_is_one_sentence(tiny_folder):
    with pytest.raises(InputError, match="too far from all classes"):
        ImageGenerator(tiny_folder).generate(np.full((1, 128), 3e38, np.float32))


def test_half_precision_on_disk(tiny_folder, tiny_biggan):
    torch.save(
        {key: value.half() for key, value in tiny_biggan.state_dict().items()}, tiny_folder / "pytorch_model.bin"
    )
    vectors = ImageGenerator(tiny_folder).class_embeddings
    assert vectors.dtype == np.float32 and len(vectors) == 5


def test_classes_csv_says_which_class_a_row_is(tiny_folder):
    (tiny_folder / "classes.csv").write_text("class,index\n1,207\n0,281\n2,7\n3,8\n4,9\n")
    assert list(ImageGenerator(tiny_folder).classes.indices) == [281, 207, 7, 8, 9]


@pytest.mark.parametrize(
    "text",
    [
        "class,index\n0,281\n",
        "a,b\n1,2\n",
        "class,index\n0,1\n1,2\n2,3\n3,4\n4,5000\n",
        "class,index\n0,1\n1,1\n2,3\n3,4\n4,5\n",
    ],
)
def test_a_wrong_classes_csv(tiny_folder, text):
    (tiny_folder / "classes.csv").write_text(text)
    with pytest.raises(InputError):
        ImageGenerator(tiny_folder)


def change_state(folder, change):
    state = torch.load(folder / "pytorch_model.bin")
    change(state)
    torch.save(state, folder / "pytorch_model.bin")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("embeddings.weight"), "lacks embeddings.weight;"),
        (lambda state: state.update(extra=torch.zeros(1)), "unknown key extra;"),
        (
            lambda state: state.update({"embeddings.weight": torch.zeros(128, 4)}),
            r"embeddings.weight has shape \(128, 4\)",
        ),
        (lambda state: state["embeddings.weight"].fill_(float("nan")), "not finite"),
    ],
)
def test_a_checkpoint_that_is_not_this_models_is_refused_by_name(tiny_folder, change, message):
    change_state(tiny_folder, change)
    with pytest.raises(InputError, match=message):
        _ = ImageGenerator(tiny_folder).class_embeddings


class Bomb:
    exploded = False

    def __reduce__(self):
        return (setattr, (Bomb, "exploded", True))


def test_loading_weights_runs_no_code(tiny_folder):
    (tiny_folder / "pytorch_model.bin").write_bytes(pickle.dumps({"embeddings.weight": Bomb()}, protocol=2))
    with pytest.raises(InputError, match="cannot be read as weights"):
        _ = ImageGenerator(tiny_folder).class_embeddings
    assert not Bomb.exploded


def test_a_name_that_no_generator_has_is_told_those_that_are_known():
    known = "bundled, biggan-deep-128, biggan-deep-256, biggan-deep-512"
    with pytest.raises(InputError, match=rf"did you mean biggan-deep-512\? Known are {known}, a folder, or OWNER"):
        ImageGenerator("biggan-deep-1024")


def change_config(folder, **settings):
    config = json.loads((folder / "config.json").read_text()) | settings
    (folder / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "pytorch_model.bin").unlink(),
        lambda folder: (folder / "pytorch_model.bin").write_bytes(b"PK\x03\x04 cut short"),
        lambda folder: (folder / "config.json").write_text("{"),
        lambda folder: (folder / "config.json").write_text(json.dumps({"hidden_size": 3})),
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: change_config(folder, n_stats=11),
        lambda folder: change_config(folder, layers=[["a"]]),
        lambda folder: change_config(folder, channel_width=-1),
    ],
)
def test_a_damaged_folder_is_one_sentence(tiny_folder, damage):
    damage(tiny_folder)
    with pytest.raises(InputError) as caught:
        _ = ImageGenerator(tiny_folder).class_embeddings
    assert "\n" not in str(caught.value)


def test_a_bare_matrix_is_a_class_space_without_pictures(tmp_path):
    matrix = np.random.default_rng(0).normal(size=(7, 9))
    np.save(tmp_path / "space.npy", matrix)
    space = EmbeddingMatrix(tmp_path / "space.npy")
    assert_allclose(space.class_embeddings, matrix, rtol=1e-6)
    assert space.class_embeddings.dtype == np.float32 and list(space.classes.indices) == list(range(7))
    assert space.generator is None
    assert space.notes[-1].endswith(
        "its 7 rows are read as ImageNet's classes 0 to 6; name others with --classes FILE.csv."
    )
    classes = ClassTable(range(5, 12))
    assert not any("ImageNet" in note for note in EmbeddingMatrix(tmp_path / "space.npy", classes).notes)


def test_a_generator_of_a_few_unnamed_classes_says_which_they_are_taken_for(tiny_folder):
    count = ImageGenerator(tiny_folder).config.num_classes
    assert f"its {count} rows are read as ImageNet's classes 0 to {count - 1}" in ImageGenerator(tiny_folder).notes[-1]
    listed = "\n".join(["class,index", *(f"{k},{k + 1}" for k in range(count))])
    (tiny_folder / "classes.csv").write_text(listed)
    assert not ImageGenerator(tiny_folder).notes


@pytest.mark.parametrize(
    "content",
    [
        np.zeros(3),
        np.zeros((2, 3, 4)),
        np.full((4, 4), np.nan),
        np.zeros((1001, 2)),
        np.array([["a"]]),
        np.array([[{}]], dtype=object),
    ],
)
def test_a_wrong_matrix_is_one_sentence(tmp_path, content):
    np.save(tmp_path / "space.npy", content, allow_pickle=True)
    with pytest.raises(InputError):
        EmbeddingMatrix(tmp_path / "space.npy")


def test_a_missing_matrix_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="Cannot read"):
        EmbeddingMatrix(tmp_path / "none.npy")


@pytest.mark.slow
def test_a_generator_is_loaded_without_torchs_compiler():
    code = (
        "import sys; from alignment.images.generator import ImageGenerator; g = ImageGenerator();"
        "print(g.generate(g.class_embeddings[:1]).shape, 'torch._dynamo' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "(1, 256, 256, 3) False", run.stderr


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 128)), np.zeros(128), np.full((1, 128), np.nan), np.array([["a"] * 128])]
)
def test_noise_that_is_none_of_these_points_is_refused(generator, wrong):
    with pytest.raises(
        InputError, match=r"^Points of the noise are (rows of 128 finite numbers each; got|wanted in 1 row)"
    ):
        generator.generate(generator.class_embeddings[:1], noise=wrong)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_points_and_noise_may_be_tensors_that_are_being_learned(generator, dtype):
    points, noise = (torch.tensor(generator.class_embeddings[rows], dtype=dtype) for rows in ([0, 1], [2, 3]))
    expected = generator.generate(points.float().numpy(), noise=noise.float().numpy())
    drawn = generator.generate(points.requires_grad_(), noise=noise.requires_grad_())
    np.testing.assert_array_equal(drawn, expected)


@pytest.mark.parametrize("wrong", [None, 3, "a cat", np.zeros(128)])
def test_what_are_no_points_is_refused_before_noise_is_drawn(generator, wrong):
    with pytest.raises(InputError, match=r"^Points of class space are rows of 128 finite numbers each; got"):
        generator.generate(wrong)
