import re

import numpy as np

from dashboard.components.film_player import strip


def test_a_strip_has_a_picture_a_step_and_a_bar_a_run():
    pictures = np.random.default_rng(0).integers(0, 255, (4, 8, 8, 3), dtype=np.uint8)
    html = strip(pictures, ["cat", "cat", "fox", "cat"], {"cat": "#123456"})
    assert html.count("<img") == 4 and "repeat(4," in html
    bars = re.findall(r"grid-column:(\d)/span (\d);border-color:([^\"]+)\"", html)
    assert bars == [("1", "2", "#123456"), ("3", "1", "var(--quiet)"), ("4", "1", "#123456")]


def test_names_are_text():
    html = strip(np.zeros((2, 4, 4, 3), np.uint8), ['<b>"x"', "y"], {})
    assert "<b>" not in html and "&lt;b&gt;&quot;x&quot;" in html
