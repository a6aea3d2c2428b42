"""Links that keep the sidebar's choices."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from alignment.dictionary.seeds import SeedDictionary
from alignment.study import CACHE
from dashboard import pages
from dashboard.state import own_seed_files, page_links, query_params

CHOSEN = {"mapping": "Ridge", "pooling": "mean"}


@pytest.mark.parametrize("page", ["overview", "lesson", "generate"])
def test_links_keep_the_choices_in_a_new_tab_too(visit, few_seeds, page):
    asked = CHOSEN | {"prompt": "xqzt blorp"} if page == "generate" else CHOSEN
    links = [link.proto for link in visit(page, seeds=few_seeds, **asked).get("page_link")]
    assert links
    for link in links:
        assert {name: parse_qs(link.query_string)[name] for name in CHOSEN} == {
            name: [value] for name, value in CHOSEN.items()
        }, link.label


def test_tiles_keep_own_seeds(visit, study, monkeypatch):
    shown = []
    monkeypatch.setattr("dashboard.components.class_wall.show", lambda tiles, pictures, *, key: shown.extend(tiles))
    path = own_seed_files.save(CACHE / "seeds", SeedDictionary(study.seeds.frame.head(200)), study.classes.known)
    visit("classes", search="lemon", own_seeds=path.stem)
    assert [parse_qs(urlsplit(link).query)["own_seeds"] for link in (shown[0].start, shown[0].card)] == [
        [path.stem]
    ] * 2


def test_every_choice_of_the_sidebar_is_kept():
    source = (Path(page_links.__file__).parent / "sidebar.py").read_text(encoding="utf-8")
    assert {*re.findall(r'key="(\w+)"', source)} - {"download_models"} | {"own_seeds"} == {*query_params.SIDEBAR}


def test_pages_are_linked_in_this_way_alone():
    for path in Path(pages.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert path.name == "page_links.py" or not re.search(r"\.(page_link|switch_page)\(", source), path
