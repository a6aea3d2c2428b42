"""Choosing among many classes: the browser is sent a few names, and what is typed is searched here."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.state import class_choice
from dashboard.state.class_choice import OFFERED_NAMES, names_with, offered_names

NAMES = [*(f"name {number}" for number in range(3000)), "red fox", "fox", "arctic fox", "lemon"]


def page():
    import streamlit as st

    from dashboard.state.class_choice import class_box, class_boxes
    from tests.dashboard.state.test_class_choice import NAMES

    st.markdown(class_box(st, NAMES))
    st.markdown(", ".join(class_boxes("Classes", NAMES, key="classes", max_selections=5)) or "none")


def shown(**typed):
    """The page once this is typed: its select box, what it gives and what it says."""
    app = AppTest.from_function(page, default_timeout=60)
    for key, text in typed.items():
        app.session_state[key] = text
    app.run()
    assert not app.exception
    return app.selectbox(key="class"), [each.value for each in app.markdown], [each.value for each in app.caption]


def test_few_names_are_listed_and_of_many_some():
    assert offered_names(["b", "a"]) == ["b", "a"]
    assert len(offered_names(NAMES)) == OFFERED_NAMES
    assert offered_names(NAMES, "fox") == ["fox", "red fox", "arctic fox"]
    assert offered_names(NAMES, "name 7")[0] == "name 7" and names_with(NAMES, "LEM") == ["lemon"]


@pytest.mark.parametrize(
    ("typed", "given", "said"),
    [
        ("", "All", ""),
        ("red fox", "red fox", ""),
        ("Lem", "lemon", ""),
        ("fox", "fox", ""),
        ("ox", "All", "3 class names contain “ox”. Choose one in the list."),
        ("*unicorn*", "All", r"No class is called \*unicorn\*."),
    ],
)
def test_a_typed_text_is_a_class_or_is_searched_for(typed, given, said):
    box, values, captions = shown(**({"class": typed} if typed else {}))
    assert len(box.options) <= OFFERED_NAMES + 1 and values[0] == given
    assert captions == ([said] if said else [])
    if typed in ("fox", "ox"):
        assert set(box.options) >= {"All", "fox", "red fox", "arctic fox"}


def test_several_classes_are_typed_one_after_the_other():
    _, values, captions = shown(classes=["red fox", "lem", "ox", "nothing"])
    assert values[1] == "red fox, lemon"
    assert captions == [
        "3 class names contain “ox”. Write one out, such as: fox, red fox, arctic fox.",
        "No class is called nothing.",
    ]


def test_few_names_keep_their_list(monkeypatch):
    monkeypatch.setattr(class_choice, "LISTED_NAMES", len(NAMES))
    box, values, _ = shown()
    assert box.options == ["All", *NAMES] and values[0] == "All"
