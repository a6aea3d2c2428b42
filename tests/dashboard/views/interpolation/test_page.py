"""The page Interpolation: every control, link and settings file, and what it refuses."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alignment.__main__ import main
from alignment.images.drawing_settings import DrawingSettings
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Settings
from alignment.study.interpolation_files import to_json
from dashboard.components.film_player import component
from dashboard.state.background_jobs import Job
from dashboard.views.interpolation import data
from tests.dashboard.waiting import until_measured

FEW = {"steps": "3", "edge": "2"}  # of a film, and of the grid


@pytest.fixture(autouse=True)
def players(monkeypatch):
    """What the players of a page were given, latest last; the component itself needs a browser."""
    given = []
    monkeypatch.setattr(
        component.st.components.v2, "component", lambda *_, **__: lambda **what: given.append(what["data"])
    )
    return given


def strips(app):
    """The film strips, a list of pictures each."""
    return [
        re.findall(r'src="data:image/jpeg;base64,([^"]+)"', html.value)
        for html in app.get("html")
        if 'class="film"' in html.value
    ]


def on_page(app, start):
    """Buttons whose keys start so."""
    return [button for button in app.button if str(button.key).startswith(start)]


def job_of(stop):
    """Key of the job that a button stops in the session's state."""
    return f"job {stop.key.removeprefix('stop ')}"


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))))


def assert_same(picture, expected):
    """But for what a JPEG loses."""
    assert np.abs(pixels(picture).astype(int) - expected).mean() < 3


def test_first_visit_shows_three_films_of_nine_steps(visit, players):
    app = visit("interpolation")
    assert [len(film) for film in strips(app)] == [9, 9, 9]
    assert players[-1]["steps"] == 9 and len(players[-1]["films"]) == 3
    assert len(app.get("plotly_chart")) == 4
    assert not app.error and not app.warning
    text, straight, noise = strips(app)
    assert straight[0] == noise[0] and straight[-1] != noise[-1]
    for end in (0, -1):
        assert_same(text[end], pixels(straight[end]))
    assert np.abs(pixels(text[4]).astype(int) - pixels(straight[4])).mean() > 6


def test_the_ends_are_the_pictures_of_the_page_generate(visit, study):
    film = strips(visit("interpolation", prompt_1="a lemon", noise="5", **FEW))[1]
    own = study.generate(["a lemon", "a fox"], drawing=DrawingSettings(noise_seed=5))[:, 0].astype(int)
    for picture, expected in zip((film[0], film[-1]), own, strict=True):
        assert_same(picture, expected)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("text_input", "prompt_2", "a lemon"),
        ("slider", "truncation", 1.0),
        ("slider", "snap", 0.0),
        ("number_input", "noise", 9),
        ("button_group", "shape", "spherical"),
    ],
)
def test_a_control_changes_the_film(visit, kind, key, value):
    app = visit("interpolation", **FEW)
    before = strips(app)
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception and not app.error
    assert strips(app) != before and [len(film) for film in strips(app)] == [3, 3, 3]


@pytest.mark.parametrize(("shape", "word"), [("Linear", "Straight"), ("Spherical", "Turning evenly")])
def test_captions_name_the_shape(visit, shape, word):
    captions = " ".join(caption.value for caption in visit("interpolation", shape=shape, **FEW).caption)
    assert captions.count(f"{word} between") == 2 and f"{word} as above" in captions


def test_steps(visit):
    app = visit("interpolation", **FEW)
    app.slider(key="steps").set_value(5).run()
    assert [len(film) for film in strips(app)] == [5, 5, 5]


def test_steps_that_pass_sentences_by_are_said(visit):
    app = visit("interpolation", prompts="4", steps="3", edge="2")
    assert any("Some of the 4 sentences lie" in caption.value for caption in app.caption)
    assert data.steps_that_show_all(6, 2, 25) == 6 and data.steps_that_show_all(40, 9, 25) is None
    app = visit("interpolation", prompts="4", steps="4", edge="2")
    assert not any("lie between two of the" in caption.value for caption in app.caption)


def test_even_steps(visit):
    app = visit("interpolation", steps="4", edge="2")
    ends = [(film[0], film[-1]) for film in strips(app)]
    middles = [film[1:-1] for film in strips(app)]
    app.toggle(key="even").set_value(True).run()
    assert [(film[0], film[-1]) for film in strips(app)] == ends
    assert [film[1:-1] for film in strips(app)] != middles and not app.exception


def test_sentences_are_added_dropped_and_reversed(visit):
    app = visit("interpolation", **FEW)
    assert not [button for button in app.button if (button.key or "").startswith("remove")]
    app.button_group(key="prompts").set_value(3).run()
    texts = [app.text_input(key=f"prompt_{i}").value for i in (1, 2, 3)]
    assert len(set(texts)) == 3
    app.button(key="reverse").click().run()
    assert [app.text_input(key=f"prompt_{i}").value for i in (1, 2, 3)] == texts[::-1]
    app.button(key="remove_2").click().run()
    assert [app.text_input(key=f"prompt_{i}").value for i in (1, 2)] == [texts[2], texts[0]]
    assert app.button_group(key="prompts").value == 2 and len(strips(app)[0]) == 3 and not app.exception


def test_dice_draws_another_seed(visit):
    app = visit("interpolation", noise="4294967295", **FEW)
    app.button(key="dice").click().run()
    assert app.number_input(key="noise").value < 10_000 and not app.exception and not app.error


def test_the_path_to_save_is_chosen(visit):
    app = visit("interpolation", **FEW)
    app.button_group(key="saved_space").set_value("noise").run()
    labels = [button.label for button in app.get("download_button")]
    assert labels == ["GIF", "MP4", "PNG", "NPZ", "JSON", "PNG"] and not app.exception


def test_a_class_on_the_way_and_the_film_are_in_the_address(visit):
    app = visit("interpolation", through="lemon", size="512", and_back="true", **FEW)
    assert app.multiselect(key="through").value == ["lemon"] and app.toggle(key="and_back").value
    middles = [film[1] for film in strips(app)]
    assert_same(middles[0], pixels(middles[1]))  # the class itself, in every space
    assert any("--through=lemon" in code.value and "--size 512 --and-back" in code.value for code in app.code)
    app.multiselect(key="through").set_value([]).run()
    assert [film[1] for film in strips(app)] != middles and not app.exception and not app.warning


def test_classes_of_a_file_are_known_by_any_name_or_left_out(visit):
    settings = InterpolationSettings(("a cat", "a fox"), steps=3, through=("n07749582", "goblin"))
    content = to_json(Settings(), settings).encode()
    app = visit("interpolation", **FEW)
    app.file_uploader(key="settings_file").upload("interpolation.json", content, "application/json").run()
    assert app.multiselect(key="through").value == ["lemon"] and not app.exception and not app.error
    assert any("goblin" in caption.value for caption in app.caption)


@pytest.mark.parametrize(("key", "value"), [("corner_3", "a violin"), ("edge", 3)])
def test_the_grid_follows_its_controls(visit, key, value):
    app = visit("interpolation", **FEW)
    before, films_before = [image.value for image in app.image], strips(app)
    (app.slider if key == "edge" else app.text_input)(key=key).set_value(value).run()
    assert not app.exception and [image.value for image in app.image] != before
    assert strips(app) == films_before


@pytest.mark.parametrize(
    ("key", "prompt", "said"),
    [
        ("prompt_2", "", "B: The sentence is empty"),
        ("prompt_1", "🙂", "A: "),
        ("corner_4", " ", "Lower right: The sentence is empty"),
    ],
)
def test_a_sentence_that_cannot_be_read_is_named(visit, key, prompt, said):
    app = visit("interpolation", **FEW)
    app.text_input(key=key).set_value(prompt).run()
    assert [said in error.value.replace("\\", "") for error in app.error] == [True] and not app.exception
    app.text_input(key=key).set_value("a dog").run()
    assert not app.error and len(strips(app)) == 3


def test_markup_in_a_sentence_is_text(visit):
    prompt = "![x](http://example.org/x.png) <script>alert(1)</script> a cat"
    app = visit("interpolation", prompt_1=prompt, **FEW)
    assert not app.exception and not app.error
    assert not any("script" in html.value for html in app.get("html") if 'class="film"' in html.value)
    assert not any(prompt in markdown.value for markdown in app.markdown)


def test_a_bare_matrix_shows_its_classes_without_pictures(visit, few_seeds, tmp_path):
    path = tmp_path / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(1000, 16)).astype(np.float32))
    app = visit("interpolation", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path))
    assert not strips(app) and not app.error and not app.image
    assert len(app.get("plotly_chart")) == 3
    keys = {widget.key for kind in ("slider", "number_input", "button", "toggle") for widget in app.get(kind)}
    assert "snap" in keys and not keys & {"truncation", "noise", "dice", "even", "and_back"}
    saved = {button.label for button in app.get("download_button")}
    assert {"NPZ", "JSON"} <= saved and not {"GIF", "MP4", "PNG"} & saved
    assert app.button_group(key="saved_space").options == ["Text space", "Class space"]
    assert any("to_npz(path)" in code.value for code in app.code)
    assert any(f"`{Path(few_seeds).name}`" in caption.value for caption in app.caption)  # as JSON names the seeds


def test_a_file_of_settings_reproduces_the_interpolation_on_page_and_command_line(visit, tmp_path):
    settings = InterpolationSettings(
        ("a lemon", "a cat", "a violin"), "ridge", steps=5, space="noise", shape="spherical", even=True,
        drawing=DrawingSettings(0.6, 11, 0.35),
    )  # fmt: skip
    content = to_json(Settings(), settings)
    (tmp_path / "interpolation.json").write_text(content, encoding="utf-8")
    assert (
        main(
            [
                "interpolate",
                "--settings",
                str(tmp_path / "interpolation.json"),
                "--output",
                str(tmp_path / "interpolation.png"),
            ]
        )
        == 0
    )
    sheet = np.asarray(Image.open(tmp_path / "interpolation.png"))
    app = visit("interpolation", **FEW)
    app.file_uploader(key="settings_file").upload("interpolation.json", content.encode(), "application/json").run()
    assert not app.exception and not app.error
    assert app.selectbox(key="mapping").value == "ridge" and app.button_group(key="saved_space").value == "noise"
    width = sheet.shape[0] + 2  # a picture and the gap after it
    for step, picture in enumerate(strips(app)[2]):
        assert_same(picture, sheet[:, step * width : (step + 1) * width - 2])


def test_settings_name_own_seed_pairs_wherever_these_lie(visit, few_seeds):
    """As on another server, where the same pairs were uploaded."""
    settings = Settings(seeds=f"/elsewhere/{Path(few_seeds).name}")
    content = to_json(settings, InterpolationSettings(("a lemon", "a cat"), "ridge", steps=3)).encode()
    app = visit("interpolation", seeds=few_seeds, **FEW)
    app.file_uploader(key="settings_file").upload("interpolation.json", content, "application/json").run()
    assert not app.exception and not app.error and app.selectbox(key="mapping").value == "ridge"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not readable as JSON"),
        (b"[" + b"[]," * 500_000, "up to 1 MB; this one has 1.4 MB"),
        (to_json(Settings(), InterpolationSettings(("a", "b"), steps=400)).encode(), "at most 6 sentences in 25 steps"),
        (to_json(Settings(seeds="/etc/passwd"), InterpolationSettings(("a", "b"))).encode(), "other seed sentences"),
        (to_json(Settings(layer=77), InterpolationSettings(("a", "b"))).encode(), "no layer 77"),
    ],
)
def test_a_file_that_cannot_be_opened_is_refused_in_place(visit, content, said):
    app = visit("interpolation", **FEW)
    app.file_uploader(key="settings_file").upload("interpolation.json", content, "application/json").run()
    assert [said in error.value.replace("\\", "") for error in app.error] == [True] and not app.exception
    assert len(strips(app)) == 3  # what was shown goes on


def test_a_link_reproduces_the_films(visit):
    link = {"prompts": "3", "prompt_2": "a dog", "shape": "Spherical", "even": "true", "noise": "5", **FEW}
    app = visit("interpolation", **link)
    assert app.text_input(key="prompt_2").value == "a dog" and app.toggle(key="even").value
    assert strips(app) == strips(visit("interpolation", **link))


def test_long_work_shows_a_film_at_a_time_and_leaves_no_trace(visit, monkeypatch):
    monkeypatch.setattr(data, "FOREGROUND_PICTURES", 0)
    app = visit("interpolation", noise="77", **FEW)
    assert not app.get("plotly_chart") and not app.error
    job = job_of(on_page(app, "stop path ")[0])
    until_measured(app)
    assert len(strips(app)) == 3 and len(app.image) == 1 and not app.error
    assert not on_page(app, "stop ") and not on_page(app, "begin ") and job not in app.session_state


def test_a_stopped_interpolation_is_resumed(visit, monkeypatch):
    monkeypatch.setattr(data, "FOREGROUND_PICTURES", 0)
    app = visit("interpolation", noise="78", **FEW)
    stop = on_page(app, "stop path ")
    assert len(stop) == 1
    stop[0].click().run()
    until_measured(app)
    assert not app.get("plotly_chart") and len(app.image) == 1 and not app.exception  # the grid is another matter
    (resume,) = on_page(app, "begin path ")
    assert resume.label.startswith("Draw 3 pictures")
    resume.click().run()
    until_measured(app)
    assert len(strips(app)) == 3 and not app.exception


def test_a_visitor_who_comes_back_before_the_abandoned_work_has_ended_has_it_begun_again(visit, monkeypatch):
    monkeypatch.setattr(data, "FOREGROUND_PICTURES", 0)
    app = visit("interpolation", noise="79", steps="3")
    name = job_of(on_page(app, "stop path ")[0])
    left = app.session_state[name] = Job(lambda progress: None)
    left.cancel()
    app.run()
    assert not app.error and not app.exception and app.session_state[name] is not left
    assert job_of(on_page(app, "stop path ")[0]) == name


def test_other_sentences_end_the_work_on_those_before(visit, monkeypatch):
    monkeypatch.setattr(data, "FOREGROUND_PICTURES", 0)
    app = visit("interpolation", noise="80", steps="25")
    job = job_of(on_page(app, "stop path ")[0])
    assert job in app.session_state
    app.text_input(key="prompt_2").set_value("a violin").run()
    other = job_of(on_page(app, "stop path ")[0])
    assert job not in app.session_state and other in app.session_state
    app.text_input(key="prompt_2").set_value("").run()
    assert other not in app.session_state


def test_sentences_are_met_in_their_order(visit):
    app = visit("interpolation", prompts="5", steps="2")
    letters = [box.label for box in app.text_input if box.key.startswith("prompt_")]
    assert letters[:5] == ["A", "B", "C", "D", "E"]
