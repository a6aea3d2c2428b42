"""Addresses: every bound widget of every page says what it takes, and what is asked for in vain is told."""

from pathlib import Path

import pytest
import streamlit as st

from dashboard import pages
from dashboard.state import query_params
from dashboard.state.query_params import accepted_by, number_between, one_of
from tests.dashboard.texts import SECTIONS, TABS

ROOT = Path(__file__).parents[3]
PARTS = [
    *((pages.GENERATE, {"tab": tab}) for tab in TABS),
    (pages.GENERATE, {"tab": "Compare", "compare": "Sentences"}),
    (pages.GENERATE, {"tab": "Steer", "start": "A mix of classes", "mix": ["lemon", "banana"]}),
    *((pages.MAPPING_ERROR, {"section": section}) for section in SECTIONS),
    *((page, {}) for page in pages.PAGES),
    (pages.OVERVIEW, {"pair": "Own models"}),
]


@pytest.fixture(autouse=True)
def without_components(monkeypatch):
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda *_, **__: None)


def bound_on(visit, monkeypatch, page, part, seeds):
    """What each bound widget of a part of a page takes from the address, by name."""
    found = {}
    with monkeypatch.context() as patch:
        patch.setattr(query_params, "is_asked_for", lambda name: True)
        patch.setattr(query_params, "check", lambda name, accepted: found.update({name: accepted}))
        visit(page.address, seeds=seeds, **part)
    return found


@pytest.mark.parametrize(("page", "key"), [("seed-pairs", "words"), ("mapping-error", "named"), ("classes", "search")])
def test_a_search_is_its_own_pages(visit, page, key):
    app = visit(page, **{key: "shark"})
    assert app.text_input(key=key).value == "shark"
    assert not [warning for warning in app.warning if "link" in warning.value]


@pytest.mark.parametrize(("page", "part"), PARTS, ids=lambda value: str(getattr(value, "address", value)))
def test_every_bound_widget_says_what_was_asked_for_in_vain(visit, monkeypatch, few_seeds, page, part):
    found, value = bound_on(visit, monkeypatch, page, part, few_seeds), "<b>nonsense</b>"
    assert {"mapping", "pooling", "layer", *page.places, *part} <= set(found)
    bad = {name: value for name, one in found.items() if name not in part and not one.accepts(value)}
    app = visit(page.address, seeds=few_seeds, **part, **bad)
    told = [warning.value.replace("\\", "") for warning in app.warning if "The link asks" in warning.value]
    assert len(told) == 1 and told[0].count("The link asks for") == len(bad)
    for name in bad:
        assert f"The link asks for the {name} {value!r}; it can be {found[name].description}." in told[0]
    assert not visit(page.address, seeds=few_seeds, **part).exception


def test_a_problem_is_told_on_the_page_whose_address_it_was(visit, few_seeds):
    app = visit("seed-pairs", seeds=few_seeds, kinds="nonsense")
    assert "kinds" in app.warning[0].value
    app.switch_page("views/overview/page.py").run()
    assert not app.warning


def test_a_parameter_that_no_page_knows_is_named(visit, few_seeds):
    app = visit("classes", seeds=few_seeds, mappingg="ridge", wall_page="1", strength="1.0", **{"<b>x": "1"})
    assert [warning.value.replace("\\", "") for warning in app.warning] == [
        "The link asks for 'mappingg', '<b>x', which no page knows."
    ]
    app.switch_page("views/overview/page.py").run()
    assert not app.warning


def test_what_embeds_a_page_and_what_another_tab_takes_is_no_mistake(visit, few_seeds):
    others = {"strength": "1.0", "weight_281": "0.5", "trail": "0.1", "count": "1"}
    assert not visit(
        "generate", seeds=few_seeds, tab="List", embed="true", embed_options="dark_theme", **others
    ).warning


def test_a_device_that_the_machine_does_not_have_is_told(visit, few_seeds):
    app = visit("classes", seeds=few_seeds, device="CUDA")
    assert "it can be Automatic" in app.warning[0].value


def test_a_widget_whose_name_no_address_may_hold_is_refused():
    with pytest.raises(LookupError, match=r"PARAMETER .* 'mappingg'"):
        query_params.bound(st.toggle, "A", key="mappingg")


def test_every_widget_of_an_address_is_bound_where_it_is_defined():
    for path in (ROOT / "dashboard").rglob("*.py"):
        assert path.name == "query_params.py" or "query-params" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    ("widget", "arguments", "good", "bad"),
    [
        (st.slider, {"min_value": 1, "max_value": 16}, ["1", "16"], ["0", "17", "1.5", "1e1", "", "x"]),
        (st.number_input, {"min_value": 0.0, "max_value": 1.0}, ["0", "0.5", "1.0"], ["nan", "-0.1", "inf"]),
        (st.toggle, {}, ["true", "false"], ["yes", ""]),
        (st.selectbox, {"options": [1, 2], "format_func": "no. {}".format}, ["no. 1"], ["1", "2"]),
        (st.multiselect, {"options": ["a"], "accept_new_options": True}, ["anything"], []),
        (st.text_input, {"max_chars": 3}, ["", "abc"], ["abcd"]),
        (st.tabs, {"tabs": ["One"]}, ["One"], ["one"]),
    ],
)
def test_what_a_widget_takes_is_read_off_its_arguments(widget, arguments, good, bad):
    accepted = accepted_by(widget.__name__, arguments)
    assert all(accepted.accepts(value) for value in good) and not any(accepted.accepts(value) for value in bad)


def test_a_widget_that_is_not_known_is_refused():
    with pytest.raises(TypeError, match="color_picker"):
        accepted_by("color_picker", {})


def test_descriptions_are_short():
    assert number_between(int, 0, 2000).description == "0 to 2,000"
    assert one_of([*map(str, range(30))]).description.endswith("18, 19 or one of 10 more")
