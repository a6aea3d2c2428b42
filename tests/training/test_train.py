"""A run learns, is written down, goes on from where it stopped, and does the same in any number format."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from training import catalogue, checkpoints, export, growing, sheets, textures, train
from training.__main__ import main, parser
from training.network import Network
from training.renderer import Looks, Renderer
from training.schedule import FINAL_RATE, Schedule
from training.training_step import Stage

CLASSES, OTHER_CLASSES = catalogue.read()[:4], catalogue.read()[1:5]
IDS = catalogue.classes_of(CLASSES)


@pytest.fixture(scope="module")
def renderer():
    """Four classes of plain squares at 128 pixels."""
    rng = np.random.default_rng(0)
    drawings = np.zeros((4, 5, 128, 128), dtype=np.uint8)
    drawings[:, :3, 30:100, 30:100] = rng.integers(0, 256, size=(4, 3, 1, 1))
    drawings[:, 3, 30:100, 30:100] = 255
    scenes = np.full((1, 2, 2, 4, 192, 192), 255, dtype=np.uint8)
    scenes[:, :, :, :3] = rng.integers(0, 256, size=(1, 2, 2, 3, 1, 1))
    looks = Looks(np.arange(4)[:, None].repeat(3, 1), np.ones((4, 3, 3)), np.zeros(4), np.ones(4))
    return Renderer(drawings, scenes, looks)


@pytest.fixture(autouse=True, scope="module")
def few_pictures_to_calibrate_on():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "CALIBRATION_PICTURES", 8)
        yield


@pytest.fixture
def small(monkeypatch, renderer):
    make_small(monkeypatch, renderer)


def make_small(monkeypatch, renderer):
    """Four classes, and runs that end at 128 pixels."""
    monkeypatch.setattr(catalogue, "read", lambda: CLASSES)
    monkeypatch.setattr(textures, "load", lambda entries, runs, device: renderer)
    monkeypatch.setattr(train, "RESOLUTIONS", (64, 128))
    monkeypatch.setattr(sheets, "VARIED_CLASSES", 2)
    monkeypatch.setattr(sheets, "NOISES_PER_CLASS", 2)
    monkeypatch.setattr(train, "LOG_SECONDS", -1)  # a line for every step


def run(tmp_path, **options):
    given = {"steps": 2, "batches": (4, 2), "shares": (1, 1), "runs": tmp_path, "device": "cpu"}
    return train.train(10, **given | {"start": tmp_path / "nothing"} | options)


@pytest.fixture(scope="module")
def first(renderer, tmp_path_factory):
    """The folder of a run that the tests share, and its last stage."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch, renderer)
        return folder, run(folder)


@pytest.fixture
def first_copy(small, first, tmp_path):
    """The test's folder holds that run, to go on from."""
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)


@pytest.mark.slow
def test_a_run_grows_and_is_written_down(first_copy, first, tmp_path):
    _, stage = first
    model, stages = checkpoints.load(tmp_path, IDS)
    assert [(each["resolution"], each["step"], each["batch"]) for each in stages] == [(64, 2, 4), (128, 2, 2)]
    assert stages[0]["kept_class_vectors"] == 0 and stages[1]["torch"] == torch.__version__
    for name, value in model.named_parameters():
        torch.testing.assert_close(value, stage.average[name], atol=2e-3, rtol=1e-3)
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    assert [line["resolution"] for line in log] == [64, 64, 128, 128]
    assert {path.name for path in tmp_path.glob("*.jpg")} == {"sheet_64.jpg", "sheet_128.jpg", "variations.jpg"}


@pytest.mark.slow
def test_a_run_goes_on_from_its_checkpoint_and_from_shipped_weights(first_copy, tmp_path):
    before, _ = checkpoints.load(tmp_path, IDS)
    export.export(tmp_path / "shipped", runs=tmp_path)
    stage = run(tmp_path, resume=True, steps=1)
    _, stages = checkpoints.load(tmp_path, IDS)
    assert [(each["resolution"], each["step"]) for each in stages] == [(64, 2), (128, 2), (128, 1)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = run(elsewhere, start=tmp_path / "shipped", resume=True, steps=1, keep_classes=True)
    _, stages = checkpoints.load(elsewhere, IDS)
    assert [(each["resolution"], each["step"]) for each in stages] == [(64, 2), (128, 2), (128, 1)]
    for one in (stage, other):  # a step of warm-up moves weights by little
        for name, value in before.named_parameters():
            torch.testing.assert_close(one.average[name], value.detach(), atol=0.02, rtol=0.02)
    torch.testing.assert_close(other.average["embeddings"], before.embeddings.detach(), atol=1e-6, rtol=0)


@pytest.mark.slow
def test_a_run_goes_on_from_a_generator_of_other_classes(first_copy, tmp_path):
    """Class vectors are those of the classes by name, new ones are placed among them; all else is taken over."""
    export.export(tmp_path / "shipped", runs=tmp_path)
    before, _ = checkpoints.load_shipped(tmp_path / "shipped")
    weights, stages, notes = train.first_weights(
        OTHER_CLASSES, True, tmp_path / "shipped", tmp_path / "elsewhere", "cpu"
    )
    assert notes == {"kept_class_vectors": 3} and len(stages) == 2 and len(weights["embeddings"]) == 4
    with pytest.raises(ValueError, match="of other classes than the catalogue"):
        train.first_weights(OTHER_CLASSES, True, tmp_path / "shipped", tmp_path, "cpu")
    near = torch.cosine_similarity(weights["embeddings"][:3], before.embeddings.detach()[1:])
    assert near.min() > 0.9
    torch.testing.assert_close(weights["matrices.gen_z"], before.matrices["gen_z"].detach())


def test_without_a_checkpoint_the_command_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="python -m training train"):
        checkpoints.load(tmp_path, IDS)


def stage_of(renderer, dtype=None, **options):
    torch.manual_seed(0)
    model = Network(torch.randn(4, 128), 64)
    growing.calibrate(model)
    return Stage(model, renderer.reduced(64), 8, dtype=dtype, **options)


@pytest.mark.slow
def test_steps_lower_the_loss(renderer):
    stage = stage_of(renderer)
    torch.manual_seed(1)
    before = stage.loss()[0].item()
    for _ in range(6):
        stage.advance(1.0, 0.3)
    torch.manual_seed(1)
    assert stage.loss()[0].item() < 0.9 * before
    assert stage.step == 6 and 0 < stage.error[0] < 2


@pytest.mark.slow
def test_number_formats_give_the_same_loss_and_nearly_the_same_gradients(renderer):
    losses, gradients = [], []
    for dtype in (torch.float32, torch.bfloat16):
        stage = stage_of(renderer, dtype)
        torch.manual_seed(1)
        loss, _ = stage.loss()
        loss.backward()
        losses.append(loss.item())
        gradients.append(torch.cat([p.grad.flatten() for p in stage.model.parameters()]))
    assert losses[1] == pytest.approx(losses[0], rel=0.01)
    assert torch.cosine_similarity(*gradients, dim=0) > 0.99


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_graphs_on_a_gpu_learn_what_plain_steps_learn(renderer):
    """From the same start, the average of the weights lowers the loss of the same pictures about as much."""
    torch.manual_seed(0)
    model = Network(torch.randn(4, 128), 64).cuda()
    growing.calibrate(model)
    on_gpu = Renderer(renderer.drawings, renderer.scenes, renderer.looks, "cuda").reduced(64)
    losses = []
    for stage in (Stage(model, on_gpu, 8), stage_of(renderer)):
        before = loss_of(stage, renderer)
        for _ in range(40):
            stage.advance(1.0, 0.3)
        losses.append(loss_of(stage, renderer) / before)
    assert max(losses) < 0.8 and losses[0] == pytest.approx(losses[1], rel=0.25)


def loss_of(stage, renderer):
    """The loss of the averaged weights of a stage on the processor, on pictures that are the same for all."""
    average = {name: value.cpu() for name, value in stage.average.items()}
    plain = Stage(checkpoints.network_of(average, 64), renderer.reduced(64), 32)
    torch.manual_seed(1)
    with torch.no_grad():
        return plain.loss()[0].item()


@pytest.mark.slow
def test_kept_class_vectors_do_not_move(renderer):
    stage = stage_of(renderer, keep_classes=True)
    before = stage.model.embeddings.detach().clone()
    stage.advance(1.0, 0.3)
    stage.advance(1.0, 0.3)
    assert torch.equal(stage.model.embeddings, before) and torch.equal(stage.average["embeddings"], before)


@pytest.mark.slow
def test_the_average_starts_as_a_mean_and_follows_the_weights(renderer):
    stage = stage_of(renderer)
    stage.advance(1.0, 0.3)
    for name, value in stage.model.named_parameters():
        torch.testing.assert_close(stage.average[name], value.detach())  # after one step: the weights themselves


def test_the_schedule_widens_then_cools():
    schedule = Schedule(10)
    assert [schedule.rate(share) for share in (0, 0.35)] == [1, 1] and schedule.rate(1) == FINAL_RATE
    assert 0.4 < schedule.rate(0.675) < 0.6
    assert schedule.truncation(0) == pytest.approx(0.22) and schedule.truncation(0.25) == pytest.approx(1.1)
    assert Schedule(10, widens=False).truncation(0) == 1.1


def test_every_step_takes_its_options_and_all_takes_them_all():
    options = parser().parse_args(["all", "--steps", "2", "--classifier-steps", "3", "--per-class", "1"])
    assert (options.steps, options.classifier_steps, options.per_class) == (2, 3, 1)
    assert parser().parse_args(["train", "--resume"]).resume
    for refused in (["card", "--resume"], ["train", "--folder", "there"], ["fetch", "--runs", "there"]):
        with pytest.raises(SystemExit):
            parser().parse_args(refused)


def test_all_leaves_the_shipped_generator_alone_without_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit, match="without a GPU this would replace the shipped generator"):
        main(["all", "--steps", "2"])


def test_the_readme_names_what_a_machine_that_only_trains_needs_of_the_library():
    code = "import sys; from training import train; print(*(name for name in sys.modules if 'alignment.' in name))"
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    readme = (Path(train.__file__).parent / "README.md").read_text(encoding="utf-8")
    needed = readme.partition("the GPU's machine needs")[2].partition("There,")[0]
    assert imported and all(f"`alignment/{name.split('.')[1]}`" in needed for name in imported)


def test_an_option_is_not_taken_for_a_longer_one(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["train", "--minute", "5"])
    assert "unrecognized arguments: --minute 5" in capsys.readouterr().err
