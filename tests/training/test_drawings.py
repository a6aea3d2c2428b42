"""From files of icon sets to textures: tints, light, shadow, and the pictograms found by name."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from training import catalogue, drawings, pictograms, raster, shading, sources, textures
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


@pytest.mark.slow
def test_textures_are_drawn_once_and_again_when_their_drawing_changes(tmp_path, monkeypatch, own_drawings):
    monkeypatch.setattr(textures, "ProcessPoolExecutor", ThreadPoolExecutor)  # which sees the drawings of this test
    classes = [SimpleNamespace(scene="beach", drawings=(("drawing:disc", "-"), ("drawing:disc", "hue:90")))]
    first = textures.load(classes, tmp_path)
    assert len(first.drawings) == 2 and first.drawings.shape[1:] == (5, 256, 256)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "textures").iterdir()}
    again = textures.load(classes, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "textures").iterdir()} == kept
    np.testing.assert_array_equal(again.drawings, first.drawings)
    own_drawings("disc", '<ellipse cx="50" cy="50" rx="40" ry="20" fill="#ff8000"/>')
    textures.load(classes, tmp_path)
    assert len({*(tmp_path / "textures").iterdir()} - kept.keys()) == 2


def test_styles_without_a_drawing_of_their_own_are_the_others_in_other_light():
    one = SimpleNamespace(scene="sky", drawings=(("a:x", "-"),))
    two = SimpleNamespace(scene="beach", drawings=(("a:y", "-"), ("a:z", "-")))
    looks = textures.looks([one, two], [("a:x", "-"), ("a:y", "-"), ("a:z", "-")], ["beach", "sky"])
    assert looks.drawings.tolist() == [[0, 0, 0], [1, 2, 1]] and looks.scenes.tolist() == [1, 0]
    np.testing.assert_array_equal(looks.gains[0, 1:], np.float32(textures.RELIT_GAINS))
    np.testing.assert_array_equal(looks.gains[1], np.float32([(1, 1, 1), (1, 1, 1), textures.RELIT_GAINS[0]]))
    assert looks.shadows.tolist() == [0.25, 1]


@pytest.fixture
def own_drawings(tmp_path, monkeypatch):
    """Writes a drawing of this project, its parts given; at first there is a disc."""
    pytest.importorskip("resvg_py")
    folder = tmp_path / "drawings"
    folder.mkdir()
    monkeypatch.setattr(drawings, "FOLDER", folder)

    def write(name, parts):
        drawings.document.cache_clear()
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{parts}</svg>'
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")

    write("disc", '<ellipse cx="50" cy="50" rx="40" ry="40" fill="#ff8000"/>')
    yield write
    drawings.document.cache_clear()


def drawn(name="disc"):
    return pictograms.drawing(f"drawing:{name}", "-")


def test_shapes_are_inflated_but_flat_ones(own_drawings):
    solid = drawn()
    assert solid.shape == (512, 512, 4) and solid[100, 200, 0] != solid[400, 300, 0]
    own_drawings("disc", '<ellipse class="flat" cx="50" cy="50" rx="40" ry="40" fill="#ff8000"/>')
    flat = drawn()
    np.testing.assert_allclose(flat[100, 200], flat[400, 300])


def test_parts_cast_a_shadow_on_what_is_below(own_drawings):
    disc = '<ellipse class="flat" cx="50" cy="50" rx="40" ry="40" fill="#ff8000"/>'
    own_drawings("disc", disc + '<rect x="40" y="40" width="10" height="10" fill="#ffffff"/>')
    image = drawn()
    assert image[52 * 512 // 100, 45 * 512 // 100, 0] < image[80 * 512 // 100, 45 * 512 // 100, 0]
    assert image[45 * 512 // 100, 45 * 512 // 100, 2] > 0.7


def test_paint_stays_within_the_outline_and_cuts_take_away(own_drawings):
    disc = '<ellipse cx="50" cy="50" rx="40" ry="40" fill="#ff8000"/>'
    own_drawings("disc", disc + '<rect class="paint" width="50" height="100" fill="#0000ff"/>')
    image = drawn()
    assert image[256, 100, 2] > image[256, 100, 0] and image[256, 400, 0] > image[256, 400, 2]
    assert image[10, 10, 3] == 0
    own_drawings("disc", disc + '<rect class="cut" width="50" height="100" fill="#000000"/>')
    image = drawn()
    assert image[256, 100, 3] == 0 and image[256, 400, 3] == 1


def test_drawings_place_pictograms_with_their_tints(own_drawings, icon_sets):
    image = '<image href="fluent-emoji-3d:cat" x="0" y="0" width="100" height="100" data-tint="hue:120"/>'
    own_drawings("cat", image)
    picture = drawn("cat")
    assert picture[256, 256, 1] > picture[256, 256, 0] and picture[256, 256, 3] == 1 and picture[20, 256, 3] == 0
    assert drawings.pictograms_of("drawing:cat") == ("fluent-emoji-3d:cat",)


def test_unknown_drawings_and_kinds_of_parts_are_refused(own_drawings):
    with pytest.raises(ValueError, match="no drawing 'ball'"):
        drawn("ball")
    own_drawings("disc", "<rect")
    with pytest.raises(ValueError, match=r"drawings/disc\.svg is no SVG document"):
        drawn()
    own_drawings("disc", '<image width="50" height="100"/>')
    with pytest.raises(ValueError, match="no href"):
        drawn()
    own_drawings("disc", '<rect class="shiny" width="50" height="100"/>')
    with pytest.raises(ValueError, match="unknown class 'shiny'"):
        drawn()


def test_every_drawing_of_the_project_is_in_use():
    trained, others = catalogue.read(), catalogue.read(catalogue.PATH.with_name("candidates.csv"))
    pictograms = {pictogram for entry in [*trained, *others] for pictogram, _ in entry.drawings}
    named = {pictogram for pictogram in pictograms if pictogram.startswith("drawing:")}
    assert {f"drawing:{path.stem}" for path in drawings.FOLDER.glob("*.svg")} == named
    assert not {*catalogue.classes_of(trained)} & {*catalogue.classes_of(others)}


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
