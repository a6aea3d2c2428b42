"""Bookmarks of the page Latent spaces: kept with a name, opened again from a file."""

import json

import pytest

from alignment.errors import InputError
from dashboard.views.latent_spaces.bookmarks import MAX_BOOKMARKS, Bookmark, from_json, to_json


@pytest.fixture(autouse=True)
def no_component(monkeypatch):
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda scene, **rest: None)


def names(app):
    return [bookmark.name for bookmark in app.session_state["bookmarks"]]


def test_a_view_is_kept_with_its_name_and_removed(visit, few_seeds):
    app = visit("latent-spaces", seeds=few_seeds, layout="PCA", pins=["a fish"])
    app.text_input(key="bookmark_name").input("fish & <b>chips</b>")
    app.button(key="keep_view").click().run()
    app.button(key="keep_view").click().run()
    assert names(app) == ["fish & <b>chips</b>", "View 2"]
    first = app.session_state["bookmarks"][0].link
    assert "layout=PCA" in first and "pins=a+fish" in first
    app.button(key="remove_0").click().run()
    assert names(app) == ["View 2"] and not app.exception


def test_a_file_brings_them_back(visit, few_seeds):
    kept = [Bookmark("Dogs", "layout=pca&focus=281"), Bookmark("犬 🐕", "compared=Pooling%3A+mean")]
    app = visit("latent-spaces", seeds=few_seeds, layout="PCA")
    app.file_uploader(key="bookmarks_file").upload("b.json", to_json(kept).encode(), "application/json").run()
    assert app.session_state["bookmarks"] == kept and not app.exception and not app.error
    app.button(key="remove_0").click().run()
    assert names(app) == ["犬 🐕"]  # the file in the box does not bring it back
    app.file_uploader(key="bookmarks_file").upload("b.json", b"[1]", "application/json").run()
    assert "no file of bookmarks" in app.error[0].value and names(app) == ["犬 🐕"]
    app.file_uploader(key="bookmarks_file").upload("b.json", b"[" + b"[]," * 500_000, "application/json").run()
    assert "up to 1 MB; this one has 1.4" in app.error[0].value.replace("\\", "") and names(app) == ["犬 🐕"]


def test_more_than_there_is_room_for(visit, few_seeds):
    app = visit("latent-spaces", seeds=few_seeds, layout="PCA")
    many = [Bookmark(f"{i}", f"focus={i}") for i in range(MAX_BOOKMARKS - 1)]
    app.file_uploader(key="bookmarks_file").upload("b.json", to_json(many).encode(), "application/json").run()
    more = [Bookmark(f"more {i}", "") for i in range(3)]
    app.file_uploader(key="bookmarks_file").upload("c.json", to_json(more).encode(), "application/json").run()
    assert len(names(app)) == MAX_BOOKMARKS and app.button(key="keep_view").disabled
    assert "room for 1 of 3" in app.toast[0].value


def test_a_link_leads_to_this_page_alone():
    found = from_json(json.dumps([{"name": "x", "link": "javascript:alert(1)//&a=1&b="}]).encode())[0].link
    assert found == "javascript%3Aalert%281%29%2F%2F=&a=1&b="


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff",
        b"[1]",
        b"[" * 100_000,
        b'[{"name": "x"}]',
        b'[{"name": "", "link": "a=1"}]',
        b'[{"name": "x", "link": 1}]',
        b'[{"name": ["a"], "link": "x"}]',
        b'[{"name": "a", "link": ["x"]}]',
        b'{"name": "a", "link": "x"}',
        b'"text"',
        b'[{"name": "\\ud800", "link": "a=1"}]',
        b'[{"name": "x", "link": "a=\\ud800"}]',
        b'[{"name": "x", "link": "a=1", "more": 1}]',
        json.dumps([{"name": "x" * 61, "link": ""}]).encode(),
        json.dumps([{"name": "x", "link": "a" * 9000}]).encode(),
    ],
)
def test_what_is_no_file_of_bookmarks(content):
    with pytest.raises(InputError, match="no file of bookmarks"):
        from_json(content)
