"""The page Classes."""

import pytest

from dashboard.views.classes import words


@pytest.fixture
def shown(monkeypatch):
    """What the wall was last asked to show; ``click`` holds what it reports."""
    seen = {"click": None}

    def show(tiles, pictures, *, key):
        seen.update(tiles=tiles, pictures=pictures)
        return seen["click"]

    monkeypatch.setattr("dashboard.components.class_wall.show", show)
    return seen


def test_every_class_is_on_the_wall_with_its_picture(visit, shown, study):
    app = visit("classes")
    assert sorted(tile.name for tile in shown["tiles"]) == sorted(study.classes.labels)
    assert len(shown["pictures"]) == len(study.classes)
    row = next(i for i, tile in enumerate(shown["tiles"]) if tile.name == "lemon")
    of_lemon = study.pictures.of_classes()[study.classes.row("lemon")]
    assert (shown["pictures"][row] == of_lemon).all()
    assert f"{len(study.classes):,}" in app.caption[0].value


def test_any_name_of_a_class_finds_it(visit, shown):
    visit("classes", search="  ROOSTER ")
    assert [(tile.name, tile.note) for tile in shown["tiles"]] == [("cock", "also: rooster")]


def test_what_another_name_or_a_word_above_finds_says_so(visit, shown, study):
    visit("classes", search="cat")
    notes = {tile.name: tile.note for tile in shown["tiles"]}
    assert notes["tabby cat"] == "" and notes["church"] == "also: cathedral"
    visit("classes", search="Wild animals")
    assert {tile.note for tile in shown["tiles"]} == {"a kind of: Wild animals"}
    assert "red fox" in [tile.name for tile in shown["tiles"]]


def test_the_name_of_a_group_finds_all_of_it(visit, shown, study):
    """Most dogs are called by their breed alone."""
    visit("classes", search="dog")
    groups = [tile.group for tile in shown["tiles"]]
    dogs = study.classes.groups.count("dog")
    assert groups.count("dog") == dogs and groups[:dogs] == ["dog"] * dogs, "before the dogsled and the hotdog"
    assert len(groups) > dogs


def test_a_group_alone_is_shown(visit, shown):
    visit("classes", group="dog")
    assert {tile.group for tile in shown["tiles"]} == {"dog"}


def test_what_is_not_there_is_said(visit, shown):
    app = visit("classes", search="<b>unicorn</b>")
    assert "tiles" not in shown and "No class" in app.info[0].value


@pytest.mark.parametrize(("link", "expected"), [("start", "generate?prompt="), ("card", "latent-spaces?focus=")])
def test_a_tile_leads_into_other_pages(visit, shown, link, expected):
    visit("classes", search="tabby cat")
    assert getattr(shown["tiles"][0], link).startswith(expected)


def test_sentences_of_tiles_are_made_once(visit, shown, monkeypatch):
    app = visit("classes", search="tabby cat")
    monkeypatch.setattr(words, "Word", None)
    assert not app.run().exception


def test_a_click_begins_with_the_class(visit, shown):
    shown["click"] = ("tabby cat", "start")
    app = visit("classes", search="lemon")  # as when the click was faster than the search
    assert app.text_input(key="prompt").value == "A tabby cat"


def test_a_click_keeps_the_choices_of_the_sidebar(visit, shown):
    shown["click"] = ("lemon", "start")
    app = visit("classes", mapping="Ridge", encoder="nobody/nothing")  # the pair of models has an encoder of its own
    assert app.selectbox(key="mapping").value == "ridge" and app.text_input(key="prompt").value == "A lemon"


@pytest.mark.parametrize("page", ["classes", "seed-pairs", "mapping-error"])
def test_all_groups_are_asked_for_alike_on_every_page(visit, shown, few_seeds, page):
    """The parameter goes along from one page to the next."""
    assert not [warning for warning in visit(page, seeds=few_seeds, group="All").warning if "link" in warning.value]
