import io
import json
from dataclasses import replace

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Settings
from alignment.study.interpolation_files import from_json, to_json, to_npz

DRAWING = DrawingSettings(noise_seed=2**32 - 1, snap=0.25)
INTERPOLATION = InterpolationSettings(
    ("a cat", "ein Fuchs “ß”"),
    "ridge",
    steps=7,
    space="noise",
    even=True,
    drawing=DRAWING,
)


def test_settings_come_back_as_they_were():
    settings = Settings(layer=3, pooling="cls", added_seeds="more.csv")
    assert from_json(to_json(settings, INTERPOLATION)) == (settings, INTERPOLATION)
    assert from_json(to_json(settings, INTERPOLATION).encode()) == (settings, INTERPOLATION)
    assert from_json(to_json(settings, INTERPOLATION).encode("utf-8-sig")) == (settings, INTERPOLATION)


def test_settings_of_numpy_are_written_as_pythons():
    """True of NumPy is taken for one, and JSON could not hold it."""
    drawing = DrawingSettings(noise_seed=np.int64(2**32 - 1), snap=np.float64(0.25))
    of_numpy = replace(INTERPOLATION, steps=np.int64(7), even=np.True_, drawing=drawing)
    assert to_json(Settings(), of_numpy) == to_json(Settings(), INTERPOLATION)


def test_what_a_file_leaves_out_has_its_default():
    assert from_json('{"models": {}, "interpolation": {"prompts": ["a", "b"]}}') == (
        Settings(),
        InterpolationSettings(("a", "b")),
    )


def changed(part, **values):
    parts = json.loads(to_json(Settings(), INTERPOLATION))
    parts[part] |= values
    return json.dumps(parts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not readable as JSON"),
        (b"\xff\xfe", "not readable as JSON"),
        ("[]", "two parts"),
        ('{"models": {}}', "two parts"),
        ('{"models": [], "interpolation": {}}', "names and values"),
        (changed("interpolation", speed=3), "'speed'; known are prompts"),
        (changed("interpolation", drawing={"speed": 3}), "'speed'; known are truncation, noise_seed, snap"),
        (changed("interpolation", drawing=[1]), "names and values"),
        (changed("interpolation", drawing={"truncation": 2}), "at most 1; got 2"),
        ('{"models": {}, "interpolation": {}}', "lack 'prompts'"),
        ('{"models": {}, "interpolation": {}, "more": 1}', "two parts|lack 'prompts'"),
        (changed("interpolation", steps="9"), "'9' as steps"),
        (changed("interpolation", steps=True), "True as steps"),
        (changed("interpolation", drawing={"snap": "far"}), "'far' as snap"),
        (changed("interpolation", prompts="a cat"), "as prompts"),
        (changed("interpolation", prompts=["a cat", 3]), "as prompts"),
        (changed("interpolation", prompts=[]), "at least 2 prompts"),
        (changed("interpolation", mapping="magic"), "magic"),
        (changed("interpolation", steps=0), "from 2 to 500; got 0"),
        (changed("models", layer=1.5), "1.5 as layer"),
        (changed("models", seeds=["x"]), "as seeds"),
    ],
)
def test_invalid_files_are_refused(text, message):
    with pytest.raises(InputError, match=message):
        from_json(text)


def test_the_archive_holds_the_vectors_without_pickles(study):
    path = study.interpolate(InterpolationSettings(("a cat", "a fox"), steps=3))
    with np.load(io.BytesIO(to_npz(path)), allow_pickle=False) as archive:
        assert set(archive) == {"prompts", "texts", "positions", "points", "nearest", "noises", "pictures"}
        assert archive["texts"].shape == (2, 4 * 384) and archive["positions"].tolist() == [0, 0.5, 1]
        for name in ("points", "pictures", "noises", "nearest"):
            assert (archive[name] == getattr(path, name)).all()
        redrawn = study.generator.generate(archive["points"], noise=archive["noises"])
        assert (redrawn == path.pictures).all()
