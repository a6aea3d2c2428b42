import re

import numpy as np

from dashboard.components.film_player import film_strip


def test_one_picture_per_step_and_one_bar_per_run():
    pictures = np.random.default_rng(0).integers(0, 255, (4, 8, 8, 3), dtype=np.uint8)
    html = film_strip(pictures, ["cat", "cat", "fox", "cat"], {"cat": "#123456"})
    assert html.count("<img") == 4 and "repeat(4," in html
    bars = re.findall(r"grid-column:(\d)/span (\d);border-color:([^\"]+)\"", html)
    assert bars == [("1", "2", "#123456"), ("3", "1", "var(--quiet)"), ("4", "1", "#123456")]


def test_names_are_text():
    html = film_strip(np.zeros((2, 4, 4, 3), np.uint8), ['<b>"x"', "y"], {})
    assert "<b>" not in html and "&lt;b&gt;&quot;x&quot;" in html
