"""Pictures of the page Latent spaces: each that of its class."""

import base64
import io
from types import SimpleNamespace

import numpy as np
from PIL import Image

from dashboard.views.latent_spaces import data


def test_a_card_has_pictures_of_its_own_class():
    vectors = np.eye(3)
    pictures = SimpleNamespace(draw=lambda points, count: np.repeat(points[:, None], count, axis=1))
    drawn = data.card_pictures.__wrapped__(SimpleNamespace(class_vectors=vectors, pictures=pictures), 1)
    assert drawn.tolist() == [vectors[1].tolist()] * data.CARD_PICTURES


def test_pictures_under_the_pointer_are_in_the_order_of_their_rows(monkeypatch):
    shades = np.array([0, 80, 160, 240], np.uint8)
    pictures = np.broadcast_to(shades[:, None, None, None], (4, 99, 99, 3))
    monkeypatch.setattr(data, "class_pictures", lambda study: pictures)
    found = data._hover_pictures.__wrapped__(None, np.array([3, 0, 2]))
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(found.uri.partition(",")[2]))).convert("L"))
    middles = sheet[found.pixels // 2, found.pixels // 2 :: found.pixels][:3]
    np.testing.assert_allclose(middles.astype(int), [240, 0, 160], atol=3)
