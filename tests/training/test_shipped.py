"""The shipped folder is in the library's format, is of the catalogue, and its card is what its figures say."""

import csv
import json

import numpy as np
import pytest
import torch
from pytorch_pretrained_biggan import BigGAN

from training import card, catalogue, checkpoints, evaluate, factors, measures, naming
from training.checkpoints import BUNDLED
from training.network import config

ENTRIES = catalogue.read()


@pytest.fixture(scope="module")
def shipped():
    return BigGAN.from_pretrained(str(BUNDLED))


@pytest.fixture(scope="module")
def figures():
    return json.loads((BUNDLED / "figures.json").read_text(encoding="utf-8"))


def pictures(model, count, truncation=0.4):
    noise = torch.from_numpy(factors.draw_noise(count, truncation, np.random.default_rng(0)))
    labels = torch.eye(model.config.num_classes)[torch.arange(count)]
    with torch.no_grad():
        return model(noise, labels, truncation)


def test_weights_are_strict_and_small(shipped):
    path = BUNDLED / "pytorch_model.bin"
    assert path.stat().st_size < 15e6
    kept = torch.load(path, weights_only=True)
    assert kept.keys() == shipped.state_dict().keys()
    assert all(value.dtype == torch.float16 and value.isfinite().all() for value in kept.values())


@pytest.mark.slow
def test_pictures_are_the_same_in_training_and_evaluation_mode(shipped):
    shipped.train()
    first, second = pictures(shipped, 4), pictures(shipped, 4)
    shipped.eval()
    third = pictures(shipped, 4)
    torch.testing.assert_close(first, second, atol=2e-3, rtol=0)
    torch.testing.assert_close(first, third, atol=2e-3, rtol=0)


@pytest.mark.slow
def test_pictures_show_different_things(shipped):
    made = pictures(shipped.eval(), 16)
    assert made.isfinite().all()
    assert (made[:, None] - made[None]).abs().mean(dim=(2, 3, 4)).add(torch.eye(16)).min() > 0.02


def test_classes_are_the_catalogue():
    with open(BUNDLED / "classes.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    shipped = [(int(row["class"]), int(row["index"]), row["wordnet_id"], row["name"]) for row in rows]
    assert shipped == [(row, e.index, e.wordnet_id, e.name) for row, e in enumerate(ENTRIES)]


def test_the_configuration_is_that_of_the_network():
    assert json.loads((BUNDLED / "config.json").read_text(encoding="utf-8")) == config(len(ENTRIES))


def test_the_network_is_had_back_from_the_shipped_weights(shipped):
    model, stages = checkpoints.load_shipped()
    noise = torch.from_numpy(factors.draw_noise(3, 0.4, np.random.default_rng(0)))
    values = noise @ torch.from_numpy(factors.projection()).T
    with torch.no_grad():
        again = model(model.normalised(), torch.arange(3), values)
    torch.testing.assert_close(again, pictures(shipped.eval(), 3), atol=0.05, rtol=0)
    assert stages[-1]["resolution"] == shipped.config.output_dim


def test_the_card_is_what_the_figures_say(figures):
    assert (BUNDLED / "README.md").read_text(encoding="utf-8") == card.text(figures, ENTRIES)


def test_figures_of_the_class_space_are_those_of_the_shipped_vectors(shipped, figures):
    vectors = shipped.embeddings.weight.T.detach().float().numpy()
    measured = measures.class_space(vectors, [entry.group for entry in ENTRIES])
    assert measured == pytest.approx(figures["class_space"], abs=1e-6)
    assert figures["megabytes"] == round((BUNDLED / "pytorch_model.bin").stat().st_size / 1e6, 2)
    assert figures["classes"] == len(ENTRIES)
    assert figures["parameters"] == sum(p.numel() for p in shipped.parameters()) == evaluate.parameters()


def test_targets_say_by_how_much_they_are_missed():
    assert card.Target("error", 0.03, 0.02, ".3f", at_least=False).line().endswith("| missed by 0.010 |")
    assert card.Target("share", 0.99, 0.98, ".1%").line() == "| share | 99.0% | at least 98.0% | met |"
    assert card.Target("ratio", float("nan"), 1.2, ".2f", at_least=False).line().endswith("| not measured |")


def test_every_class_was_named_on_sight_in_both_views():
    named = naming.read()
    assert [(each.wordnet_id, each.name) for each in named[:: len(naming.VIEWS)]] == [
        (e.wordnet_id, e.name) for e in ENTRIES
    ]
    assert [each.view for each in named] == [*naming.VIEWS] * len(ENTRIES) and all(each.said for each in named)
    assert naming.order(30) != sorted(naming.order(30)) and sorted(naming.order(3)) == [
        (row, view) for row in range(3) for view in naming.VIEWS
    ]
    shares = naming.share_right([named[0]._replace(right=True), named[1]._replace(right=False)])
    assert shares == {"canonical": 1.0, "varied": 0.0}
