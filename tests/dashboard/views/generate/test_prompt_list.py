"""The tab List, without a drawn one: the parts of a large list, and the list that a link asks for."""

from types import SimpleNamespace

import pytest

from dashboard.state import limits
from dashboard.views.generate import prompt_list


def test_a_list_too_large_for_one_zip_is_saved_in_parts(monkeypatch):
    saved, written = [], []
    prompts = SimpleNamespace(write_zip=lambda content, rows: written.append(rows))
    parts = [range(1500), range(1500, 1620)]
    monkeypatch.setattr(prompt_list.st, "selectbox", lambda label, options, **_: options[1])
    monkeypatch.setattr(prompt_list, "save_button", lambda *button: saved.append(button))
    prompt_list.zip_buttons(prompt_list.DrawnList(prompts, b"", parts))
    ((label, content, name, _),) = saved
    assert (label, name) == ("ZIP of pictures 1,501 to 1,620", "pictures_1501_to_1620.zip")
    content()
    assert written == parts[1:]


@pytest.mark.parametrize(
    ("count", "belongs", "said"),
    [
        (50, True, ""),
        (51, True, "A list holds up to 50 prompts; that of the link has 51."),
        (50, False, "drawn with other models"),
    ],
)
def test_a_list_of_the_link_is_asked_for_if_it_can_be_drawn_here(monkeypatch, count, belongs, said):
    found = SimpleNamespace(prompts=("a cat",) * count, belongs_to=lambda study: belongs)
    asked, texts = [], []
    monkeypatch.setattr(limits, "allowed", lambda: limits.PUBLIC)
    monkeypatch.setattr(prompt_list, "open_list", lambda name, cache: found)
    monkeypatch.setattr(prompt_list, "ask_for", lambda *request: asked.append(request))
    monkeypatch.setattr(prompt_list.query_params, "check", lambda *_: None)
    for name, value in {
        "query_params": {prompt_list.LIST_NAME: "0" * 16}, "session_state": {},
        "caption": texts.append, "error": texts.append,
    }.items():  # fmt: skip
        monkeypatch.setattr(prompt_list.st, name, value)
    prompt_list.ask_for_list_of_address("the study")
    assert asked == ([] if said else [(found, "the study")])
    assert [said in text for text in texts] == ([True] if said else [])
