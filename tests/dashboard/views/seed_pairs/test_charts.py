"""Charts, lists and pictures: pure functions of data."""

import base64
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from alignment.dictionary.seeds import SEED_KINDS
from dashboard.components import html as markup
from dashboard.components import images as pictures
from dashboard.views.seed_pairs import charts


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.fixture
def counts():
    table = pd.DataFrame(0, index=range(3), columns=list(SEED_KINDS)).assign(
        group=["cat", "cat", "boat"], label=[4, 6, 2], template=[1, 0, 0]
    )
    return table.assign(total=table[list(SEED_KINDS)].sum(axis=1))


def test_kinds_by_group_stacks_the_kinds_there_are(counts):
    fig = charts.kinds_by_group(counts)
    assert [bar.name for bar in fig.data] == ["label", "template"]
    assert list(fig.data[0].y) == ["boat", "cat"]  # Plotly draws the last on top
    assert list(fig.data[0].x) == [2, 5] and list(fig.data[1].x) == [0, 0.5]


def test_the_legend_of_one_bar_is_within_what_plotly_draws(counts):
    assert charts.kinds_by_group(counts.assign(group="cat")).layout.legend.y >= -2


def test_charts_leave_the_background_to_the_page(counts):
    layout = charts.kinds_by_group(counts).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_nearest_list_escapes_names_and_bounds_bars():
    nearest = pd.DataFrame({"name": ["<cat>", "dog"], "index": [1, 2], "class": [0, 1], "similarity": [1.2, -0.5]})
    html = markup.nearest_list(nearest, ["data:image/png;base64,AA"])
    assert "&lt;cat&gt;" in html and "<cat>" not in html
    assert "width:100" in html and "width:0%" in html
    assert html.count("<img") == 1 and ">similarity<" in html


@pytest.mark.parametrize(("pixels", "shown"), [(64, 256), (100, 300), (256, 256), (512, 512)])
def test_small_pictures_are_enlarged_by_whole_factors(pixels, shown):
    picture = np.full((pixels, pixels, 3), 90, np.uint8)
    assert pictures.enlarged(picture).shape == (shown, shown, 3)
    assert (pictures.enlarged(picture) == 90).all()


def test_png_keeps_every_pixel():
    picture = np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)
    assert (opened(pictures.png(picture)) == picture).all()


def test_thumbnail_is_a_small_png():
    head, _, body = pictures.thumbnail(np.zeros((512, 512, 3), np.uint8)).partition(",")
    assert head == "data:image/png;base64"
    assert opened(base64.b64decode(body)).shape == (pictures.THUMBNAIL_PIXELS, pictures.THUMBNAIL_PIXELS, 3)
