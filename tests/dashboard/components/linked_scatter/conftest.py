import numpy as np
import pytest

from dashboard.components.linked_scatter import Colour, Neighbours, Pane, Pin, Scene, Sentences, Thumbnails


@pytest.fixture
def scene():
    rng = np.random.default_rng(0)
    return Scene(
        panes=[Pane("text", "Text", "trust 0.9", "one"), Pane("class", "Class", "", "one")],
        names=["cat", "dog", "fox"],
        groups=["pet", "pet", "wild"],
        positions={"text": rng.normal(size=(3, 2)), "class": rng.normal(size=(3, 2))},
        colour=Colour("Error", np.array([0.5, np.nan, 2.0])),
        thumbnails=Thumbnails("data:image/png;base64,AAAA", 2, 32),
        sentences=Sentences(np.array([2, 0]), ["a fox", "a cat"], {"text": rng.normal(size=(2, 2))}),
        pins=[Pin("my cat", 1, {"text": np.array([0.5, 1])}, ["cat"])],
        residuals=("text", "class"),
        details={"Rank": np.array([1, 2, 3]), "Error": [0.5, np.nan, None], "Kind": ["a", "b", "c"]},
        neighbours={"text": Neighbours(np.array([[1], [0], [-1]]), np.array([[0.5], [0.5], [np.nan]]))},
        contours={"text": {0.5: [np.array([[0, 0], [1, 0], [0, 0]])]}},
        selected=[0, 2],
        focused=2,
    )
