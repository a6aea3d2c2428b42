"""The tab Gallery: pictures kept, saved as one file, and opened again."""

import io
import json
import zipfile
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from alignment.dictionary.class_files import MAX_NAME_CHARACTERS as MAX_CLASS_CHARACTERS
from alignment.errors import InputError
from alignment.images.checkpoints import GENERATORS
from alignment.images.picture_files import grid, png
from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state import limits
from dashboard.views.generate import gallery_file
from dashboard.views.generate.gallery_file import MAX_ITEMS, GalleryItem, archive, read_archive
from dashboard.views.generate.steer import MAX_CLASSES
from tests.dashboard.texts import cards, html_of

SETTINGS = {"prompt": "a cat", "mapping": "ridge", "truncation": 0.4, "snap": 0.0, "noise_seed": 3}


def item(number=1, prompt="a cat", link="prompt=a+cat&noise=3"):
    picture = np.random.default_rng(number).integers(0, 256, (8, 12, 3), dtype=np.uint8)
    return GalleryItem(number, picture, SETTINGS | {"prompt": prompt}, link)


def changed(content, name, entry):
    """An archive with another content of one of its files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for each in old.namelist():
            new.writestr(each, entry if each == name else old.read(each))
    return buffer.getvalue()


def test_a_picture_is_kept_named_compared_and_removed(visit):
    app = visit("generate", prompt="I <b>have</b> a dog", count="2", noise="6")
    app.button(key="keep").click().run()
    kept = app.session_state["gallery"]
    assert [one.settings["noise_seed"] for one in kept] == [6]
    assert {"noise=6", "count=2"} <= set(kept[0].link.split("&"))
    app.number_input(key="noise").set_value(7).run()
    app.button(key="keep").click().run()
    app.session_state["tab"] = "Gallery"
    app.run()
    assert len(html_of(app, "pictures")) == 2
    app.text_input(key="name_1").set_value("my <i>dog").run()
    app.checkbox(key="side_by_side_1").check().run()
    app.checkbox(key="side_by_side_2").check().run()
    assert len(cards(app)) == 2 and "my &lt;i&gt;dog" in cards(app)[0]
    app.button(key="remove_2").click().run()
    assert len(cards(app)) == 1 and len(app.session_state["gallery"]) == 1


def test_a_kept_file_says_how_it_was_made(visit):
    app = visit("generate", tab="Steer", prompt="I have a dog", direction_1="1.0")
    app.button(key="keep_steered").click().run()
    one = app.session_state["gallery"][0]
    with Image.open(io.BytesIO(png(one.picture, note=one.settings))) as picture:
        note = json.loads(picture.text["Settings"])
    assert note["prompt"] == "I have a dog" and note["directions"][0] == 1.0 and note["encoder"] == "minilm"


def test_the_gallery_is_saved_as_one_file(visit):
    app = visit("generate", prompt="I have a dog")
    app.button(key="keep").click().run()
    kept = app.session_state["gallery"]
    with zipfile.ZipFile(io.BytesIO(archive([(one, "Dog") for one in kept]))) as saved:
        (listed,) = json.loads(saved.read("gallery.json"))
        with Image.open(io.BytesIO(saved.read(listed["file"]))) as picture:
            assert json.loads(picture.text["Settings"])["prompt"] == listed["prompt"] == "I have a dog"
    assert "prompt=I+have+a+dog" in listed["link"]


def test_files_are_called_as_the_pictures_where_that_is_safe():
    names = ["Tom", "tom", "犬 no_1 - a", "../x", "CON: a.b", "x" * 61, " ", "picture_1", "picture_8", "Anna "]
    kept = [(item(number), name) for number, name in enumerate(names, start=1)]
    content = archive(kept)
    with zipfile.ZipFile(io.BytesIO(content)) as saved:
        files = [name.removesuffix(".png") for name in saved.namelist()[:-1]]
    numbered = [f"picture_{number}" for number in (4, 5, 6, 7, 8, 9)]
    assert files == ["Tom", "picture_2", "犬 no_1 - a", *numbered, "Anna"]
    assert [one.number for one, _ in read_archive(content)] == list(range(1, len(kept) + 1))


def test_the_gallery_is_bounded(visit):
    app = visit("generate")
    app.button(key="keep").click().run()
    app.session_state["gallery"] = app.session_state["gallery"] * MAX_ITEMS
    app.run()
    assert app.button(key="keep").disabled


def test_a_saved_gallery_is_opened_again(visit):
    kept = [(item(5), "Tom"), (item(7, "<b>a dog</b> 犬"), "犬 <i>")]
    app = visit("generate", tab="Gallery")
    app.file_uploader(key="gallery_file").upload("g.zip", archive(kept), "application/zip").run()
    opened = app.session_state["gallery"]
    assert [one.number for one in opened] == [1, 2] and not app.exception and not app.error
    for one, (old, _) in zip(opened, kept, strict=True):
        assert np.array_equal(one.picture, old.picture)
        assert (one.settings, one.link) == (old.settings, old.link)
    assert [app.text_input(key=f"name_{n}").value for n in (1, 2)] == ["Tom", "犬 <i>"]
    app.button(key="remove_1").click().run()
    assert [one.number for one in app.session_state["gallery"]] == [2]  # the file does not bring it back
    app.file_uploader(key="gallery_file").upload("g.zip", b"PK\x03\x04", "application/zip").run()
    assert "no saved gallery" in app.error[0].value and len(app.session_state["gallery"]) == 1


def test_a_gallery_whose_files_are_called_by_number_is_opened():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("picture_5.png", png(item(5).picture))
        entry = SETTINGS | {"name": "Tom", "file": "picture_5.png", "link": "?noise=3"}
        file.writestr("gallery.json", json.dumps([entry]))
    ((one, name),) = read_archive(buffer.getvalue())
    assert name == "Tom" and np.array_equal(one.picture, item(5).picture)


def test_a_saved_gallery_with_more_than_there_is_room_for(visit):
    app = visit("generate", tab="Gallery")
    app.session_state["gallery"] = [item(n) for n in range(MAX_ITEMS - 1)]
    both = archive([(item(1), "one"), (item(2), "two")])
    app.file_uploader(key="gallery_file").upload("g.zip", both, "application/zip").run()
    assert len(app.session_state["gallery"]) == MAX_ITEMS and "room for 1 of 2" in app.toast[0].value


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("gallery.json", b"[" * 100_000),
        ("gallery.json", b"{}"),
        ("gallery.json", b"[1]"),
        ("gallery.json", b'[{"name": "x", "link": "?a=1", "file": "picture_1.png"}]'),
        ("gallery.json", json.dumps([SETTINGS | {"name": 1, "link": "?", "file": "picture_1.png"}]).encode()),
        ("gallery.json", json.dumps([SETTINGS | {"name": "x", "link": "?", "file": "../../etc/passwd"}]).encode()),
        ("gallery.json", json.dumps([SETTINGS | {"name": "\ud800", "link": "?", "file": "picture_1.png"}]).encode()),
        (
            "gallery.json",
            json.dumps([SETTINGS | {"mapping": ["ridge"], "name": "x", "link": "?", "file": "picture_1.png"}]).encode(),
        ),
        ("picture_1.png", b"GIF89a"),
        ("picture_1.png", b""),
    ],
)
def test_what_is_no_saved_gallery(file, content):
    with pytest.raises(InputError):
        read_archive(changed(archive([(item(), "picture_1")]), file, content))


def test_a_file_that_would_fill_the_memory():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("gallery.json", b" " * 30_000_000)
    with pytest.raises(InputError, match=r"unpacks to 30\.0 MB"):
        read_archive(buffer.getvalue())


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_that_is_compressed_in_another_way(way):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as file:
        file.writestr("gallery.json", "[]")
    with pytest.raises(InputError, match="no saved gallery"):
        read_archive(buffer.getvalue())


def listed(**more):
    """A gallery file whose list says this of its picture."""
    entry = SETTINGS | {"name": "x", "link": "?", "file": "picture_1.png"} | more
    return changed(archive([(item(), "picture_1")]), "gallery.json", json.dumps([entry]).encode())


def test_what_else_a_list_says_is_passed_over():
    ((one, _),) = read_archive(listed(junk=[[]] * 9, count=2, mix={"fox": 0.5}))
    assert one.settings == SETTINGS | {"count": 2, "mix": {"fox": 0.5}}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"prompt": "a" * 10_000_000}, "The prompt of a picture in this gallery has 10,000,000 characters; the limit"),
        ({"mix": {"a" * 9_999: 1.0}}, "The mix of a picture"),
        ({"mix": {str(number): 1.0 for number in range(1_000)}}, "no saved gallery"),
        ({"directions": [[]]}, "no saved gallery"),
        ({"directions": [0.0] * 1_000}, "no saved gallery"),
        ({"truncation": 1e308}, "no saved gallery"),
        ({"noise_seed": 10**300}, "no saved gallery"),
        ({"negative": "\ud800"}, "no saved gallery"),
    ],
)
def test_settings_that_no_picture_has(more, told, monkeypatch):
    monkeypatch.setattr(gallery_file, "MAX_LIST_BYTES", 20_000_000)
    with pytest.raises(InputError, match=told):
        read_archive(listed(**more))


def test_the_longest_texts_of_a_gallery_fit():
    texts = {"prompt": "\U0001f408" * MAX_PROMPT_CHARACTERS, "negative": "\U0001f415" * MAX_PROMPT_CHARACTERS}
    name = "\U0001f408" * MAX_CLASS_CHARACTERS
    mix = {f"{name} ({number})": 1.0 for number in range(MAX_CLASSES)}
    link = urlencode([*texts.items(), *(("mix", name) for name in mix)])
    settings = SETTINGS | texts | {"mix": mix}
    kept = [(replace(item(number), settings=settings, link=link), "x") for number in range(MAX_ITEMS)]
    opened = read_archive(archive(kept))
    assert [(one.settings, one.link) for one, _ in opened] == [(settings, link)] * MAX_ITEMS


def test_a_link_that_holds_a_long_list_is_left_out_of_the_file():
    kept = [(replace(item(number), link=f"list={'a' * number * 60_000}"), "x") for number in (1, 2)]
    assert [len(one.link) for one, _ in read_archive(archive(kept))] == [60_005, 0]


def test_a_file_with_a_link_longer_than_any_that_draws_opens_without_it(monkeypatch):
    kept = [(replace(item(1), link=f"list={'a' * 120_000}"), "x")]
    with monkeypatch.context() as patch:  # as an older version wrote it
        patch.setattr(gallery_file, "_usable", lambda link: link)
        content = archive(kept)
    assert [one.link for one, _ in read_archive(content)] == [""]


def test_small_files_of_very_many_pixels_are_refused_before_they_are_decoded(monkeypatch):
    picture = png(np.full((5000, 5000, 3), 255, np.uint8))
    entry = SETTINGS | {"name": "white", "link": "?", "file": "picture_1.png"}
    content = changed(archive([(item(), "picture_1")]), "picture_1.png", picture)
    content = changed(content, "gallery.json", json.dumps([entry] * MAX_ITEMS).encode())
    monkeypatch.setattr(gallery_file, "read_whole_picture", lambda *_: pytest.fail("decoded"))
    with pytest.raises(InputError, match="pixels that fit"):
        read_archive(content)


def test_the_fullest_gallery_of_the_finest_generator_fits():
    finest = max(generator.pixels for generator in GENERATORS.values())
    for allowed in (limits.LOCAL, limits.PUBLIC):
        sheet = grid(np.broadcast_to(np.uint8(0), (allowed.pictures, finest, finest, 3)))
        assert sheet.shape[0] * sheet.shape[1] * MAX_ITEMS <= gallery_file.max_pixels()
