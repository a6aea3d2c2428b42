"""Every page with class spaces of one's own: few classes, without groups, hypernyms and WordNet ids."""

import re

import numpy as np
import pytest

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.seed_files import read_seeds
from dashboard.components.markdown import plain
from dashboard.pages import PAGES
from dashboard.state import own_seed_files
from tests.dashboard.texts import SECTIONS, TABS

NAMES = ("goldfish", "goose", "lemon", "castle", "violin", "bicycle", "cat", "dog", "horse", "ship", "crane", "crane")

PICTURE = "![x](https://e.org/x.png)"  # which Markdown would fetch, and so tell e.org who looks


@pytest.fixture(scope="module")
def own_space(tmp_path_factory):
    """The link to a space of the first classes of a list."""
    folder = tmp_path_factory.mktemp("own")

    def link(count, groups=False):
        rng = np.random.default_rng(count)
        np.save(folder / f"{count}.npy", rng.normal(size=(count, 6)).astype(np.float32))
        rows = [f"{name},{'ab'[i % 2] if groups else ''}" for i, name in enumerate(NAMES[:count])]
        (folder / f"{count}.csv").write_text("\n".join(["name,group", *rows]) + "\n")
        return {
            "pair": "Own models",
            "encoder": "minilm",
            "generator": str(folder / f"{count}.npy"),
            "class_file": str(folder / f"{count}.csv"),
        }

    return link


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 3, 12])
@pytest.mark.parametrize("page", [page.address for page in PAGES])
def test_no_page_breaks(visit, own_space, page, count):
    app = visit(page, **own_space(count))
    assert not app.exception
    assert not [each.value for each in (*app.error, *app.warning) if "needs" not in each.value]
    assert app.text_input(key="class_file").value.endswith(f"{count}.csv")


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize(
    ("page", "link"),
    [
        *(("mapping-error", {"section": section}) for section in SECTIONS),
        ("mapping-error", {"split": "sentences"}),
        ("mapping-error", {"split": "kinds"}),
        *(("generate", {"tab": tab}) for tab in TABS),
        ("seed-pairs", {"class": "goose"}),
        ("latent-spaces", {"dims": "3-D"}),
    ],
)
def test_no_part_of_a_page_breaks(visit, own_space, page, link, count):
    app = visit(page, **own_space(count), **link)
    assert not app.exception
    assert not [each.value for each in (*app.error, *app.warning) if "needs" not in each.value]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("classes", {}),
        ("latent-spaces", {"layout": "PCA"}),
        ("seed-pairs", {}),
        *(("mapping-error", {"section": section}) for section in ("Classes", "Two mappings", "Confusions")),
    ],
)
def test_without_groups_nothing_speaks_of_them(visit, own_space, page, link):
    for groups in (False, True):
        app = visit(page, **own_space(12 if groups else 9, groups=groups), **link)
        shown = [column for table in app.dataframe for column in table.value.columns]
        said = [box.label for box in (*app.selectbox, *app.multiselect)]
        offered = [option for box in app.selectbox if box.label == "Colour" for option in box.options]
        assert not app.exception and (any("roup" in text for text in (*shown, *said, *offered)) == groups)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "key"), [("seed-pairs", "group"), ("latent-spaces", "groups")])
def test_a_link_to_a_group_says_that_there_are_none(visit, own_space, page, key):
    app = visit(page, **own_space(9), layout="PCA", **{key: "bird"})
    told = f"The link asks for the {key} 'bird'; it can be none: these classes have no groups."
    assert any(plain(told) in each.value for each in app.warning) and not app.exception


@pytest.mark.parametrize(("page", "count", "said"), [("overview", 3, 1), ("mapping-error", 3, 1), ("overview", 12, 0)])
def test_a_figure_that_few_classes_decide_is_said_to_be_one(visit, own_space, page, count, said):
    app = visit(page, **own_space(count))
    assert sum("always among the ten nearest" in each.value for each in app.caption) == said


@pytest.mark.slow
def test_many_classes_are_searched_paged_and_drawn_in_part(visit, own_space, monkeypatch):
    for module, name in (
        ("state.class_choice", "LISTED_NAMES"),
        ("components.class_wall", "MAX_TILES"),
        ("views.latent_spaces.scatter", "DRAWN_CLASSES"),
    ):
        monkeypatch.setattr(f"dashboard.{module}.{name}", 5)
    monkeypatch.setattr("alignment.projection.layouts.FITTED_CLASSES", 5)
    link = own_space(11, groups=True)
    wall = visit("classes", **link)
    assert not wall.exception and wall.number_input(key="wall_page").max == 3
    assert any("5 of 11 classes" in each.value for each in wall.caption)
    for focus, drawn in (({}, ("5 of 11",)), ({"focus": "10"}, ("5 of 11", "6 of 11"))):
        spaces = visit("latent-spaces", **link, **focus)
        assert not spaces.exception
        assert any(each.value.startswith(drawn) for each in spaces.caption)
    pairs = visit("seed-pairs", **link, **{"class": "goose"})
    assert pairs.selectbox(key="class").value == "goose" and not pairs.exception
    assert any("goose" in each.value for each in pairs.markdown)


def test_classes_of_one_name_are_told_apart(visit, own_space, monkeypatch):
    link, clicks, tiles = own_space(12, groups=True), [], []
    machine = "crane (b)"
    wall = "dashboard.components.class_wall.show"
    monkeypatch.setattr(wall, lambda shown, *_, **__: tiles.extend(shown) or (clicks.pop() if clicks else None))
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda scene, **rest: None)
    visit("classes", **link)
    (tile,) = (tile for tile in tiles if tile.name == machine)
    assert "focus=11" in tile.card and {"crane (a)", "lemon"} <= {tile.name for tile in tiles}
    clicks.append((machine, "card"))
    assert visit("classes", **link).query_params["focus"] in ("11", ["11"])
    spaces = visit("latent-spaces", **link, layout="PCA")
    spaces.selectbox(key="find").set_value(machine).run()
    assert spaces.query_params["focus"] in ("11", ["11"])
    pinned = visit("latent-spaces", **link, layout="PCA", pins=["a crane"])
    (row,) = next(each.value for each in pinned.dataframe if "sentence" in each.value).to_dict("records")
    assert {"crane (a)", machine} <= set(row["nearest in text space"].split(", "))
    steered = visit("generate", **link, tab="Steer", start="A mix of classes", mix=[machine])
    assert [slider.label for slider in steered.slider if slider.key == "weight_11"] == [plain(machine)]
    pairs = visit("seed-pairs", **link, **{"class": machine})
    assert any("class 11" in each.value for each in pairs.markdown)
    assert any(re.fullmatch(r"\d+ sentences", each.value) for each in pairs.caption), "and no mark behind it"
    words = visit("generate", **link, prompt="A crane and a lemon", tab="Word by word")
    assert not any(app.exception for app in (spaces, steered, pairs, words))


def test_the_class_of_a_shared_name_that_was_evaluated_is_chosen(visit, own_space, tmp_path):
    link, machine = own_space(12, groups=True), "crane (b)"
    known = read_classes(link["class_file"])[0].known
    labels = [known.label(index) for index in known.frame.index]
    rows = [f"{words} {label},{label}" for label in labels for words in ("A", "I see a", "This is my")]
    seeds = read_seeds("\n".join(["sentence,class", *rows]).encode(), known).seeds
    path = own_seed_files.save(tmp_path, seeds, known)
    app = visit("mapping-error", seeds=str(path), **link, section="Classes", **{"class": machine})
    assert app.selectbox(key="class").value == machine and not app.warning and not app.exception
    compared = visit("mapping-error", seeds=str(path), **link, section="Two mappings")
    listed = {name for each in compared.dataframe if "gain" in each.value for name in each.value["name"]}
    assert listed <= set(labels) and listed & {"crane (a)", machine}


@pytest.mark.parametrize(
    ("page", "link", "said"),
    [
        ("seed-pairs", {"class": f"cat {PICTURE}"}, ("cat", "group", "id", "looks", "kin", "my", "fewer")),
        ("mapping-error", {"section": "Classes", "class": f"cat {PICTURE}"}, ("cat", "group")),
        ("generate", {"tab": "Steer", "start": "A mix of classes", "mix": [f"cat {PICTURE}"]}, ("cat",)),
    ],
)
def test_what_a_class_file_says_is_shown_letter_by_letter(visit, tmp_path, monkeypatch, page, link, said):
    names, columns = NAMES[:8], ("wordnet_id", "name", "group", "description", "synonyms", "everyday")
    rows = [
        ",".join(f"{words} {PICTURE}" for words in (f"id {name}", name, "group", "looks", f"kin {name}", f"my {name}"))
        for name in names
    ]
    (tmp_path / "own.csv").write_text("\n".join([",".join(columns), *rows]) + "\n")
    np.save(tmp_path / "own.npy", np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32))
    monkeypatch.setattr("alignment.dictionary.seeds.FEW_SENTENCES", 1000)
    models = {"generator": str(tmp_path / "own.npy"), "class_file": str(tmp_path / "own.csv"), "encoder": "minilm"}
    app = visit(page, pair="Own models", **models, **link)
    shown = [
        *(each.value for each in (*app.markdown, *app.caption, *app.warning)),
        *(each.label for each in app.slider),
    ]
    assert not [text for text in shown if PICTURE in text]
    for word in said:
        assert any(word in text and plain(PICTURE) in text for text in shown), word
