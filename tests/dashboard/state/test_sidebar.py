"""The choices of the sidebar, from links and by hand."""

import pytest

from alignment.mappings import MAPPINGS
from dashboard.state import sidebar
from tests.dashboard.texts import said


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("mapping", "nonsense", "Ridge"),
        ("pair", "<b>x</b>", "Bundled"),
        ("pooling", "max", "mean, cls, word, lexical"),
        ("layer", "99", "Last"),
        ("truncation", "1.5", "0.02 to 1"),
        ("truncation", "0", "0.02 to 1"),
        ("truncation", "nan", "0.02 to 1"),
        ("noise", "-1", "0 to 4,294,967,295"),
        ("count", "1e9", "1 to 16"),
    ],
)
def test_a_link_that_asks_in_vain_is_told_and_served_the_default(visit, name, value, allowed):
    app = visit("generate", **{name: value})
    assert len(app.warning) == 1
    assert value in said(app.warning) and allowed in said(app.warning)
    assert not app.error and 'class="pictures"' in "".join(html.value for html in app.get("html"))


def test_a_good_link_sets_the_sidebar(visit, few_seeds):
    app = visit("generate", seeds=few_seeds, mapping="Ridge", pooling="cls", layer="2")
    assert (app.selectbox(key="mapping").value, app.selectbox(key="pooling").value) == ("ridge", "cls")
    assert app.selectbox(key="layer").value == 2
    assert MAPPINGS["ridge"].reference in " ".join(caption.help for caption in app.sidebar.caption)
    assert not app.warning


def test_where_there_is_a_choice_the_sidebar_says_where_models_run(visit, few_seeds, monkeypatch):
    assert "Device" not in [box.label for box in visit("glossary").selectbox]
    monkeypatch.setattr(sidebar, "devices_to_choose", lambda: ("auto", "cuda", "cpu"))
    app = visit("generate", seeds=few_seeds, device="CPU")
    (box,) = (box for box in app.selectbox if box.label == "Device")
    assert box.options == ["Automatic", "CUDA", "CPU"] and app.session_state["device"] == "cpu"
    assert not app.error and 'class="pictures"' in "".join(html.value for html in app.get("html"))
    assert "--device cpu" in "".join(code.value for code in app.code)  # copied, it gives the same again


def test_a_device_that_left_the_machine_is_one_sentence(visit, few_seeds, monkeypatch):
    monkeypatch.setattr(sidebar, "devices_to_choose", lambda: ("auto", "mps", "cpu"))
    app = visit("generate", seeds=few_seeds, device="MPS")
    assert "finds no device 'mps' here" in said(app.error)


def test_an_encoder_named_last_is_read_as_suits_it(visit):
    app = visit("glossary", pair="Own models")
    assert app.selectbox(key="pooling").value == "mean"
    app.text_input(key="encoder").set_value("minilm").run()
    assert app.selectbox(key="pooling").value == "subject"


def test_another_encoder_is_read_as_suits_it_whatever_was_chosen_for_the_former_one(visit):
    app = visit("glossary", pair="Own models", encoder="minilm", layer="2", pooling="cls")
    app.selectbox(key="pair").set_value("bundled").run()
    boxes = [app.selectbox(key=key) for key in ("layer", "pooling")]
    assert [box.value for box in boxes] == [-1, "subject"]
    assert all(box.proto.set_value for box in boxes), "the browser is told, or it would show the former choice"
