import io

import av
import numpy as np
import pytest
from PIL import Image

from alignment.errors import InputError
from alignment.images.animations import gif, mp4, save_animation


@pytest.fixture(scope="module")
def pictures():
    """Five smooth pictures, each of another colour."""
    ramp = np.linspace(0, 1, 64)
    shades = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.full((1, 1), 0.5)), axis=-1)
    return np.stack([np.roll(shades, i, axis=-1) * 200 for i in range(5)]).astype(np.uint8)


def decoded(content):
    """Frames of a film, its codec, its format of pixels and its frames a second."""
    with av.open(io.BytesIO(content)) as film:
        stream = film.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
        return np.stack(frames), stream.codec_context.name, stream.codec_context.pix_fmt, stream.average_rate


def test_every_picture_is_a_frame_of_the_gif(pictures):
    with Image.open(io.BytesIO(gif(pictures, seconds=0.2))) as animation:
        assert animation.n_frames == 5 and animation.info["duration"] == 200 and animation.info["loop"] == 0
        first = np.asarray(animation.convert("RGB")).astype(int)
    assert np.abs(first - pictures[0]).mean() < 6  # 256 colours


def test_every_picture_is_a_frame_of_a_film_that_browsers_play(pictures):
    frames, *kind = decoded(mp4(pictures, seconds=0.2))
    assert frames.shape == (5, 256, 256, 3) and kind == ["h264", "yuv420p", 5]
    for frame, picture in zip(frames, pictures, strict=True):
        small = np.asarray(Image.fromarray(frame).resize((64, 64), Image.Resampling.BOX)).astype(int)
        assert np.abs(small - picture).mean() < 4


def test_an_animation_has_the_size_asked_for_and_goes_back(pictures):
    with Image.open(io.BytesIO(gif(pictures, size=128, and_back=True))) as animation:
        assert animation.n_frames == 8 and animation.size == (128, 128)
        shown = []
        for frame in (1, 7):
            animation.seek(frame)
            shown.append(np.asarray(animation.convert("RGB")).astype(int))
    lanczos = Image.fromarray(pictures[1]).resize((128, 128), Image.Resampling.LANCZOS)
    assert all(np.abs(one - np.asarray(lanczos)).mean() < 6 for one in shown)
    frames, *_ = decoded(mp4(pictures, size=128, and_back=True))
    assert frames.shape == (8, 128, 128, 3)
    assert np.abs(frames[1].astype(int) - frames[7]).mean() < 2 < np.abs(frames[1].astype(int) - frames[3]).mean()
    assert decoded(mp4(pictures[:, :32], size=100))[0].shape == (5, 50, 100, 3)


@pytest.mark.parametrize("make", [gif, mp4])
@pytest.mark.parametrize("size", [14, 101, 2050, -64])
def test_a_size_that_no_animation_has_is_refused(pictures, make, size):
    with pytest.raises(InputError, match="even size from 16 to 2048"):
        make(pictures, size=size)


@pytest.mark.parametrize(("height", "width", "sides"), [(300, 300, (300, 300)), (257, 301, (256, 300))])
def test_a_large_picture_keeps_its_size_but_for_an_odd_side(height, width, sides):
    frames, *_ = decoded(mp4(np.full((2, height, width, 3), 90, np.uint8)))
    assert frames.shape == (2, *sides, 3)


def test_the_suffix_decides(pictures, tmp_path):
    save_animation(pictures, tmp_path / "film.GIF")
    save_animation(pictures, tmp_path / "film.mp4")
    assert (tmp_path / "film.GIF").read_bytes()[:3] == b"GIF"
    assert decoded((tmp_path / "film.mp4").read_bytes())[0].shape[0] == 5
    with pytest.raises(InputError, match=r"such as cat\.gif or cat\.mp4"):
        save_animation(pictures, tmp_path / "film.avi")
