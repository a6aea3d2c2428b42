"""From a picture back: gradients are those of the generator, and its own pictures lead to their class."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from alignment.__main__ import main
from alignment.errors import InputError
from alignment.images.biggan_gradients import DifferentiableBigGAN
from alignment.images.generator import ImageGenerator
from alignment.images.inversion import check_steps, invert
from alignment.images.truncation_and_noise import draw_noise
from benchmarks.pictures import bundled_biggan, without_spectral_norm


def test_the_pass_with_gradients_draws_the_generators_pictures(study):
    vectors, noise = study.class_vectors[[3]], draw_noise(1, truncation=0.4, seed=7)
    network = DifferentiableBigGAN(without_spectral_norm(bundled_biggan()), 20)
    condition = torch.from_numpy(np.hstack([noise, vectors])).requires_grad_()
    drawn = network(condition)
    expected = study.generator.forward(vectors, noise, truncation=0.4)
    assert np.abs(drawn.detach().permute(0, 2, 3, 1).numpy() - expected).max() < 1e-4
    drawn.mean().backward()
    assert torch.isfinite(condition.grad).all() and (condition.grad != 0).all()


def test_a_drawn_picture_leads_to_its_class_and_comes_nearer(study, tmp_path, capsys):
    lemon = study.classes.row("lemon")
    noise = draw_noise(1, truncation=0.4, seed=7)
    Image.fromarray(study.generator.generate(study.class_vectors[[lemon]], noise=noise)[0]).save(tmp_path / "mine.png")
    command = ["project", str(tmp_path / "mine.png"), "--steps", "3", "--json", "--output"]
    assert main([*command, str(tmp_path / "found.npz")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["nearest"][0]["name"] == "lemon"
    assert study.membership[study.seeds.sentences.index(said["sentence"]), lemon]
    assert said["error"] < said["start_error"]
    with np.load(tmp_path / "found.npz") as found:
        drawn = study.generator.generate(found["vector"][None], noise=found["noise"][None])[0]
        assert np.abs(drawn.astype(int) - found["picture"]).max() <= 1
        assert np.abs(found["noise"]).max() <= 0.8


def test_a_search_is_ended_by_its_progress(study):
    def stop(stage, done, total):
        raise InputError(f"Stopped while {stage}.")

    picture = study.pictures.of_classes()[0]
    target = np.asarray(Image.fromarray(picture).resize((study.generator.pixels,) * 2))
    with pytest.raises(InputError, match="Choosing where to begin"):
        invert(study.generator, target, study.pictures.of_classes(), truncation=0.4, steps=3, progress=stop)


def test_a_generator_of_small_pictures_is_searched(tiny_folder):
    tiny = ImageGenerator(str(tiny_folder))
    pictures = tiny.generate(tiny.class_embeddings)
    found = invert(tiny, pictures[2], pictures, truncation=0.4, steps=3)
    assert found.picture.shape == (8, 8, 3) and found.error <= 255


@pytest.mark.parametrize("steps", [-1, 501, 2.5, "3"])
def test_a_number_of_steps_out_of_range_is_refused(steps):
    with pytest.raises(InputError, match="from 0 to 500; got"):
        check_steps(steps)


@pytest.mark.parametrize(
    "options", [["none.png"], ["README.md"], ["README.md", "--steps", "501"], ["README.md", "--output", "x.gif.zip"]]
)
def test_the_command_line_refuses_in_one_sentence(options, capsys):
    assert main(["project", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "wrong", [np.zeros((8, 8, 3), np.uint8), np.zeros((256, 256, 3)), np.zeros((256, 256), np.uint8)]
)
def test_a_picture_of_another_size_or_type_is_refused(generator, wrong):
    with pytest.raises(InputError, match=f"uint8 of shape 256 x 256 x 3; got {wrong.dtype} of {wrong.shape[0]} x "):
        invert(generator, wrong, np.zeros((1, 16, 16, 3), np.uint8), truncation=0.4)


def test_a_picture_may_be_one_of_pillow(generator):
    picture = generator.generate(generator.class_embeddings[:1])[0]
    classes = np.stack([np.asarray(Image.fromarray(picture).resize((16, 16)))] * len(generator.class_embeddings))
    found, expected = (
        invert(generator, target, classes, truncation=0.4, steps=0) for target in (Image.fromarray(picture), picture)
    )
    assert found.error == expected.error and (found.picture == expected.picture).all()
