"""The tab From a picture: the search for what a visitor's picture would be drawn with."""

import io
import json
import threading
import time

import pytest
from PIL import Image

from dashboard.state import background_jobs, durations, studies
from dashboard.views.generate import from_picture
from tests.dashboard.texts import cards, html_of


def test_a_picture_of_ones_own_is_found_beside_its_class_and_sentence(visit, study, monkeypatch):
    monkeypatch.setitem(from_picture.SEARCHES, "Quick", 1)
    app = visit("generate", tab="From a picture", effort="Quick")
    assert not app.exception and not app.error
    content = io.BytesIO()
    Image.fromarray(study.pictures.draw(study.class_vectors[[study.classes.row("lemon")]])[0, 0]).save(content, "PNG")
    app.file_uploader(key="own_picture").upload("mine.png", content.getvalue(), "image/png").run()
    assert "Can be stopped." in [caption.value for caption in app.caption] and len(cards(app)) == 1
    durations.FILE.parent.mkdir()
    durations.FILE.write_text(json.dumps({durations.searching_key("bundled"): 2}))
    app.run()
    assert "Takes about 20 seconds here, and can be stopped." in [caption.value for caption in app.caption]
    app.button(key="find_picture").click().run()
    assert not app.exception and not app.error and not app.warning and len(cards(app)) == 2
    assert html_of(app, "nearest")[0].index("lemon") and html_of(app, "quotes")
    app.button(key="draw_sentence").click().run()
    assert app.session_state["tab"] == "Picture" and app.text_input(key="prompt").value in study.seeds.sentences


def test_a_search_ends_when_its_visitor_asks_for_another(study, monkeypatch):
    state, begun = {}, threading.Event()
    monkeypatch.setattr(from_picture.st, "session_state", state)
    monkeypatch.setattr("dashboard.state.visitors.current", lambda: "me")
    from_picture.search_results(study, "invert one")["invert one"] = "found"

    def search(report):
        begun.set()
        while True:
            report("Searching", 0, 1)
            time.sleep(0.01)

    job = studies.jobs(study).submit("invert one", search, visitor="me", keep=False)
    monkeypatch.setattr(background_jobs, "ABANDONED_AFTER_SECONDS", 60)
    assert begun.wait(30) and from_picture.search_results(study, "invert one") == {"invert one": "found"}
    assert not job.is_cancelled
    assert from_picture.search_results(study, "invert two") == {}
    with pytest.raises(background_jobs.JobCancelled):
        job.future.result(30)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_file_that_is_no_picture_is_refused_in_place(visit, content):
    app = visit("generate", tab="From a picture")
    app.file_uploader(key="own_picture").upload("mine.png", content, "image/png").run()
    assert ["no whole picture" in error.value for error in app.error] == [True] and not app.exception
