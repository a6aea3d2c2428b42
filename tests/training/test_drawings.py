"""From files of icon sets to textures: tints, light, shadow, and the pictograms found by name."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from training import pictograms, raster, shading, sources, textures
from training.tints import tinted


@pytest.fixture
def disc():
    """A grey disc on nothing, float32 array (128, 128, 4)."""
    y, x = np.mgrid[:128, :128] - 63.5
    image = np.full((128, 128, 4), 0.5, dtype=np.float32)
    image[..., 3] = np.hypot(x, y) < 40
    return image


def test_inflated_discs_are_light_at_the_upper_left_and_dark_at_the_lower_right(disc):
    lit = shading.inflated(disc)
    light, middle, dark = (lit[i, i, 0] for i in (40, 64, 88))
    assert light > middle > dark
    np.testing.assert_array_equal(lit[..., 3], disc[..., 3])


def test_no_strength_leaves_a_drawing_as_it_is(disc):
    np.testing.assert_allclose(shading.inflated(disc, strength=0), disc, atol=1e-6)


def test_the_shadow_is_darkest_under_the_foot(disc):
    shadow = shading.cast_shadow(disc[..., 3])
    assert shadow[103, 64] > 0.8 > shadow[20, 64] and 0 <= shadow.min() <= shadow.max() <= 1


@pytest.mark.parametrize(
    ("tint", "colour"),
    [
        ("-", (0.5, 0.25, 0.125)),
        ("gain:2,1,0", (1, 0.25, 0)),
        ("hue:120", (0.125, 0.5, 0.25)),
        ("tone:#804020", (128 / 255, 64 / 255, 32 / 255)),
        ("#ff0000", (1, 0, 0)),
    ],
)
def test_tints(disc, tint, colour):
    disc[..., :3] = (0.5, 0.25, 0.125)
    np.testing.assert_allclose(tinted(disc, tint)[64, 64, :3], colour, atol=0.03)


def test_holes_of_a_one_colour_pictogram_are_filled(disc):
    disc[60:68, 60:68, 3] = 0
    painted = tinted(disc, "#ff0000/#0000ff")
    np.testing.assert_array_equal(painted[64, 64], (0, 0, 1, 1))
    np.testing.assert_array_equal(painted[64, 40], (1, 0, 0, 1))
    assert painted[0, 0, 3] == 0


def test_unknown_tints_are_refused(disc):
    with pytest.raises(ValueError, match="unknown tint 'shade:3'"):
        tinted(disc, "shade:3")


@pytest.fixture
def icon_sets(tmp_path, monkeypatch):
    """A folder of icon sets that holds one rendered and one drawn cat."""
    monkeypatch.setattr(sources, "FOLDER", tmp_path)
    sources._read.cache_clear()
    sources._code_points.cache_clear()
    for name in sources.SOURCES:
        (tmp_path / name).mkdir()
    for name in sources.EMOJI_SETS:
        (tmp_path / name / "chars.json").write_text(json.dumps({"1f408-200d": "cat"}))
    file = io.BytesIO()
    Image.new("RGBA", (40, 20), (255, 128, 0, 255)).save(file, "WEBP", lossless=True)
    (tmp_path / "fluent-emoji-3d" / "1f408-fe0f-200d.webp").write_bytes(file.getvalue())
    icons = {"icons": {"cat": {"body": "<path/>"}}, "aliases": {"kitty": {"parent": "cat"}}, "width": 24, "height": 12}
    (tmp_path / "noto" / "icons.json").write_text(json.dumps(icons))
    yield tmp_path
    sources._read.cache_clear()
    sources._code_points.cache_clear()


def test_renderings_are_found_by_the_name_of_the_emoji(icon_sets):
    assert raster.decode(sources.webp("fluent-emoji-3d:cat")).shape == (20, 40, 4)
    with pytest.raises(ValueError, match="no icon 'dog'"):
        sources.webp("fluent-emoji-3d:dog")


def test_drawings_are_found_by_name_and_alias(icon_sets):
    assert sources.svg("noto:kitty") == sources.svg("noto:cat")
    assert 'viewBox="0 0 24 12"' in sources.svg("noto:cat")
    with pytest.raises(ValueError, match="no icon 'dog'"):
        sources.svg("noto:dog")
    with pytest.raises(FileNotFoundError, match="training fetch"):
        sources.svg("twemoji:cat")


def test_textures_stand_in_the_lower_half_with_a_margin(icon_sets):
    planes = pictograms.texture("fluent-emoji-3d:cat", "-", 32)
    assert planes.shape == (5, 32, 32)
    rows, columns = np.nonzero(planes[3] > 0.5)
    assert rows.mean() > 16 and rows.max() < 31 and columns.min() > 0
    assert planes[4, rows.max(), 16] > 0.3  # it stands on its shadow


def test_a_relit_texture_stays_premultiplied_and_keeps_its_shape(icon_sets):
    planes = pictograms.texture("fluent-emoji-3d:cat", "-", 32)
    for index, warmer in ((0, True), (1, False)):
        other = pictograms.relit(planes, index)
        np.testing.assert_array_equal(other[3:], planes[3:])
        assert (other[:3] <= other[3:4]).all() and other.dtype == np.float32
        assert (other[1].sum() > planes[1].sum()) == warmer


def test_textures_are_drawn_once_and_again_when_the_class_changes(tmp_path, monkeypatch):
    drawn = []
    plane = np.zeros((2, 5, 8, 8), dtype=np.uint8)
    monkeypatch.setattr(textures, "_styles", lambda entry: drawn.append(entry.index) or plane)
    monkeypatch.setattr(textures.scene_textures, "texture", lambda name, resolution: np.zeros((2, 4, 12, 12)))
    entry = SimpleNamespace(index=1, scene="beach", drawings=(("a:x", "-"),))
    first, second = textures.load([entry], tmp_path), textures.load([entry], tmp_path)
    assert drawn == [1] and first.resolution == second.resolution == 8
    textures.load([SimpleNamespace(index=1, scene="sky", drawings=entry.drawings)], tmp_path)
    assert drawn == [1, 1]


def test_svg_documents_are_rasterised():
    pytest.importorskip("resvg_py")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="2" height="4" fill="#f00"/></svg>'
    image = raster.rasterise(svg, 8)
    np.testing.assert_array_equal(image[4, 1], (1, 0, 0, 1))
    assert image[4, 6, 3] == 0


def test_npm_missing_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"install Node\.js"):
        sources.fetch(tmp_path)
