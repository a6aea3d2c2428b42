"""Pictures of a user's own: turned, cropped, made opaque; and files that are none, refused in one sentence."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from alignment.errors import InputError
from alignment.images import picture_files
from alignment.images.picture_files import read_picture


def saved(picture, kind, **options):
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_the_middle_square_is_brought_to_the_size(kind):
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, 40:80] = (200, 30, 60)
    found = read_picture(
        saved(Image.fromarray(wide), kind, **({} if kind not in ("JPEG", "WEBP") else {"quality": 100})), 64
    )
    assert found.shape == (64, 64, 3) and found.dtype == np.uint8
    assert np.abs(found[8:-8, 8:-8].astype(int) - (200, 30, 60)).max() < 20


def test_a_picture_is_turned_as_its_camera_says():
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[:16] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise
    found = read_picture(saved(Image.fromarray(picture), "JPEG", exif=exif, quality=100), 32)
    assert found[:, 20:].min() > 200 and found[:, :12].max() < 60


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_mode_becomes_red_green_blue(mode):
    colours = Image.new("RGBA", (20, 20), (0, 0, 0, 0) if mode in ("RGBA", "LA") else "white")
    picture = Image.fromarray(np.full((20, 20), 65535, np.uint16)) if mode == "I;16" else colours.convert(mode)
    found = read_picture(saved(picture, "JPEG" if mode == "CMYK" else "PNG"), 16)
    assert found.shape == (16, 16, 3) and found.min() > 250  # what is transparent is white


def bomb():
    """A PNG that states 30,000 by 30,000 pixels in a few bytes."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


PICTURE = saved(Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8)), "PNG")


DAMAGED = PICTURE[:60] + b"\xff" * 40 + PICTURE[100:]


@pytest.mark.parametrize(
    "content",
    [b"", b"text", PICTURE[:200], DAMAGED],
    ids=["nothing", "text", "cut short", "damaged"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(InputError, match=r"mine\.png is no whole picture"):
        read_picture(content, 16, "mine.png")


def test_a_picture_that_would_fill_the_memory_is_too_large():
    with pytest.raises(InputError, match=r"mine\.png has too many pixels; a picture may have 25,000,000 in all"):
        read_picture(bomb(), 16, "mine.png")


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_file(monkeypatch):
    def fault(*_):
        raise AttributeError("Image has no attribute 'sise'")

    monkeypatch.setattr(picture_files, "_square", fault)
    with pytest.raises(AttributeError, match="sise"):
        read_picture(PICTURE, 16, "mine.png")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (saved(Image.new("RGB", (8, 8)), "TIFF"), "a TIFF picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "an AVIF picture"),
    ],
)
def test_a_picture_of_another_kind_is_named_with_the_kinds_that_are_read(content, kind):
    with pytest.raises(InputError, match=rf"mine\.png is {kind}; give a PNG, JPEG, WebP, GIF or BMP file"):
        read_picture(content, 16, "mine.png")


def test_of_an_animation_the_first_frame_is_read():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((200, 0, 0), (0, 200, 0))]
    found = read_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), 16)
    assert np.abs(found.astype(int) - (200, 0, 0)).max() < 8


def test_large_files_and_pictures_are_refused_before_they_are_read(tmp_path, monkeypatch):
    (tmp_path / "cat.png").write_bytes(PICTURE)
    assert read_picture(tmp_path / "cat.png", 16).shape == (16, 16, 3)
    monkeypatch.setattr(picture_files, "MAX_PIXELS", 1599)
    with pytest.raises(InputError, match="40 by 40 pixels"):
        read_picture(tmp_path / "cat.png", 16)
    monkeypatch.setattr(picture_files, "MAX_BYTES", 1000)
    monkeypatch.setattr(picture_files, "read_file", None)
    with pytest.raises(InputError, match="a picture may have"):
        read_picture(tmp_path / "cat.png", 16)


@pytest.mark.parametrize("path", ["none.png", ".", "\0"])
def test_a_path_that_is_no_file_is_refused(path):
    with pytest.raises(InputError, match="Cannot read"):
        read_picture(picture_files.Path(path), 16)


def test_what_is_half_transparent_is_laid_on_white_at_the_size_of_the_result(monkeypatch):
    sizes, own = [], Image.alpha_composite
    monkeypatch.setattr(Image, "alpha_composite", lambda below, above: sizes.append(above.size) or own(below, above))
    found = read_picture(saved(Image.new("RGBA", (200, 100), (0, 0, 0, 128)), "PNG"), 16)
    assert sizes == [(16, 16)] and np.abs(found.astype(int) - 127).max() <= 1
