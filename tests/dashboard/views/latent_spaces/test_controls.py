"""The settings of the page Latent spaces in words."""

import pytest

from alignment.projection.layouts import LayoutSettings
from dashboard.views.latent_spaces.comparison import NOTHING
from dashboard.views.latent_spaces.controls import in_words
from dashboard.views.latent_spaces.data import LayoutRequest


@pytest.mark.parametrize(
    ("request_", "against", "said"),
    [
        (LayoutRequest(LayoutSettings(), "ridge", True), NOTHING, "held out · Aligned UMAP, 15 neighbours, cosine"),
        (LayoutRequest(LayoutSettings("pca", shared=True), "ridge", False), NOTHING, "learned · PCA, mapped text in"),
        (LayoutRequest(LayoutSettings("pca"), "ridge", True, ("a", "b")), "Layer: 2", "axes · compared with Layer: 2"),
    ],
)
def test_the_saved_page_names_its_settings(study, request_, against, said):
    line = in_words(study, request_, against)
    assert line.startswith("Encoder minilm, layer last, subject · class space bundled · mapping Ridge") and said in line
