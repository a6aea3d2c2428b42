import io
import json

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.interpolation.paths import Plan
from alignment.study import Settings
from alignment.study.interpolation_files import from_json, to_json, to_npz

PLAN = Plan(("a cat", "ein Fuchs “ß”"), "ridge", steps=7, space="noise", even=True, pull=0.25, noise_seed=2**32 - 1)


def test_settings_come_back_as_they_were():
    settings = Settings(layer=3, pooling="cls", added_seeds="more.csv")
    assert from_json(to_json(settings, PLAN)) == (settings, PLAN)
    assert from_json(to_json(settings, PLAN).encode()) == (settings, PLAN)


def test_what_a_file_leaves_out_is_as_in_a_new_experiment():
    assert from_json('{"models": {}, "way": {"prompts": ["a", "b"]}}') == (Settings(), Plan(("a", "b")))


def changed(part, **values):
    parts = json.loads(to_json(Settings(), PLAN))
    parts[part] |= values
    return json.dumps(parts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not readable as JSON"),
        (b"\xff\xfe", "not readable as JSON"),
        ("[]", "two parts"),
        ('{"models": {}}', "two parts"),
        ('{"models": [], "way": {}}', "names and values"),
        (changed("way", speed=3), "'speed'; known are prompts"),
        (changed("way", steps="9"), "'9' as steps"),
        (changed("way", steps=True), "True as steps"),
        (changed("way", pull="far"), "'far' as pull"),
        (changed("way", prompts="a cat"), "as prompts"),
        (changed("way", prompts=["a cat", 3]), "as prompts"),
        (changed("way", prompts=[]), "at least 2 prompts"),
        (changed("way", mapping="magic"), "magic"),
        (changed("way", steps=0), "2 to 500"),
        (changed("models", layer=1.5), "1.5 as layer"),
        (changed("models", seeds=["x"]), "as seeds"),
    ],
)
def test_settings_that_cannot_be_are_refused(text, message):
    with pytest.raises(InputError, match=message):
        from_json(text)


def test_the_archive_holds_the_vectors_without_pickles(study):
    way = study.interpolate(Plan(("a cat", "a fox"), steps=3))
    with np.load(io.BytesIO(to_npz(way)), allow_pickle=False) as archive:
        assert set(archive) == {"prompts", "texts", "places", "points", "nearest", "noises", "pictures"}
        assert archive["texts"].shape == (2, 384) and archive["places"].tolist() == [0, 0.5, 1]
        for name in ("points", "pictures", "noises", "nearest"):
            assert (archive[name] == getattr(way, name)).all()
        redrawn = study.generator.generate(archive["points"], noise=archive["noises"])
        assert (redrawn == way.pictures).all()
