"""The README's film can be made anew."""

import numpy as np
from PIL import Image

from tests.browser import film


def test_scenes_differ_and_make_a_film(page, tmp_path):
    page.set_viewport_size(film.WINDOW)
    pictures = list(film.typed(page, ("A lemon", "A castle")))
    assert np.abs(np.asarray(pictures[0], float) - np.asarray(pictures[1], float)).mean() > 1
    film.write(pictures, tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as gif:
        assert gif.n_frames == 2 and gif.size[0] == film.WIDTH
