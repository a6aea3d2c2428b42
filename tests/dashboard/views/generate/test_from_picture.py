"""The tab From a picture: the search for what a visitor's picture would be drawn with."""

import io
import json
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.study import Settings
from alignment.study.pictures import Pictures
from dashboard.state import durations, on_demand, studies, visitors
from dashboard.views.generate import from_picture
from dashboard.views.generate.request import Request
from tests.dashboard.texts import cards, html_of
from tests.dashboard.waiting import until_measured


@pytest.fixture
def upload(visit, study):
    """The page with a picture of a lemon uploaded, the search to be begun."""
    content = io.BytesIO()
    Image.fromarray(study.pictures.draw(study.class_vectors[[study.classes.row("lemon")]])[0, 0]).save(content, "PNG")

    def uploaded():
        app = visit("generate", tab="From a picture", effort="Quick")
        assert not app.exception and not app.error
        return app.file_uploader(key="own_picture").upload("mine.png", content.getvalue(), "image/png").run()

    return uploaded


def begin(app):
    (button,) = (button for button in app.button if str(button.key).startswith("begin invert "))
    return button


def test_a_picture_of_ones_own_is_found_beside_its_class_and_sentence(upload, study, monkeypatch):
    monkeypatch.setitem(from_picture.SEARCHES, "Quick", 1)
    app = upload()
    assert begin(app).label == "Find it" and len(cards(app)) == 1
    durations.FILE.parent.mkdir(exist_ok=True)
    durations.FILE.write_text(json.dumps({durations.searching_key("bundled"): 2}))
    app.run()
    assert begin(app).label == "Find it (about 20 seconds)"
    begin(app).click().run()
    until_measured(app)
    assert not app.exception and not app.error and not app.warning and len(cards(app)) == 2
    assert html_of(app, "nearest")[0].index("lemon") and html_of(app, "quotes")
    assert not any(key.startswith("invert ") for key in studies.jobs(study)._jobs), "it is this visitor's alone"
    for tab in ("Gallery", "From a picture"):
        app.query_params["tab"] = tab
        app.run()
        assert bool(html_of(app, "nearest")) == (tab == "From a picture")
    app.button(key="draw_sentence").click().run()
    assert app.session_state["tab"] == "Picture" and app.text_input(key="prompt").value in study.seeds.sentences


@pytest.mark.parametrize(
    "ask",
    [
        lambda app: app.button_group(key="effort").set_value("Thorough"),
        lambda app: app.file_uploader(key="own_picture").upload("other.png", b"no picture", "image/png"),
    ],
    ids=["another search", "another picture"],
)
def test_a_search_ends_when_its_visitor_asks_for_something_else(upload, monkeypatch, ask):
    ended = threading.Event()

    def search(self, picture, *, progress, **rest):
        try:
            for _ in range(1000):
                progress("Searching", 0, 1)
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(Pictures, "invert", search)
    monkeypatch.setattr(visitors, "is_on", lambda visitor, page: True)
    app = upload()
    begin(app).click().run()
    app.run()
    assert any(str(button.key).startswith("stop invert ") for button in app.button) and not ended.is_set()
    ask(app)
    app.run()
    assert ended.wait(5) and not app.exception


def test_a_search_in_files_that_have_changed_is_another(monkeypatch):
    keys = []
    monkeypatch.setattr(on_demand, "result_or_button", lambda study, key, *_, **__: keys.append(key))
    monkeypatch.setattr(on_demand, "forget", lambda start, but: None)
    for stamps in ((1,), (1,), (2,)):
        monkeypatch.setattr(studies, "cache_key", lambda study, stamps=stamps: (study.settings, stamps))
        study = SimpleNamespace(settings=Settings())
        from_picture.run_search(Request(study, "ridge", "", 1, DEFAULT_DRAWING), np.zeros((8, 8, 3), np.uint8), 15)
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_file_that_is_no_picture_is_refused_in_place(visit, content):
    app = visit("generate", tab="From a picture")
    app.file_uploader(key="own_picture").upload("mine.png", content, "image/png").run()
    assert ["no whole picture" in error.value for error in app.error] == [True] and not app.exception
