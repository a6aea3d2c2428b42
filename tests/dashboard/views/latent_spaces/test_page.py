"""The page Latent spaces: every control, what is selected."""

import numpy as np
import pytest

from alignment.mappings import MAPPINGS
from alignment.projection.layouts import DISTANCES, METHODS
from alignment.study import Settings, Study
from dashboard.state import evaluations, limits, studies
from dashboard.views.latent_spaces import own_columns
from dashboard.views.latent_spaces.controls import COLOURS, METHOD_LABELS
from tests.alignment.text.families import FAMILIES
from tests.dashboard.waiting import until_measured

CAT, LEMON = 281, 951


@pytest.fixture
def select_in_plots(monkeypatch):
    """Let a visitor select rows in the plots: the next run finds them reported."""
    from dashboard.components import linked_scatter

    def select(app, selected, focused=None):
        selection = linked_scatter.Selection(tuple(selected), focused)

        def show(scene, *, key, on_change):
            on_change()
            monkeypatch.setattr(linked_scatter, "show", lambda *_, **__: None)

        monkeypatch.setattr(linked_scatter, "reported_selection", lambda key: selection)
        monkeypatch.setattr(linked_scatter, "show", show)
        app.run()  # the callback
        return app.run()

    return select


def places(scene):
    return np.concatenate([scene.positions[pane.key] for pane in scene.panes])


def table(app):
    return next(frame.value for frame in app.dataframe if "near in text space" in frame.value)


def test_first_visit_shows_three_spaces_of_all_classes(visit, scenes, study):
    app = visit("latent-spaces")
    assert not app.error and not app.warning
    scene = scenes[-1]
    assert [pane.title for pane in scene.panes] == ["Text space", "Mapped text", "Class space"]
    assert all("trust 0.9" in pane.note and "kept" in pane.note for pane in scene.panes)
    assert scene.names == list(study.classes.labels) and np.isfinite(places(scene)).all()
    assert scene.thumbnails.columns * scene.thumbnails.pixels > 0 and scene.thumbnails.uri.startswith("data:image/jpeg")
    assert scene.residuals == ("mapped", "class") and not scene.selected and scene.focused is None
    assert table(app).columns[1] == "neighbourhood change"  # within a phone's width
    assert len(table(app)) == len(study.classes) and table(app)["rank"].is_monotonic_decreasing


def test_a_selection_that_is_too_large_for_the_address_is_said_not_to_be_in_it(
    visit, scenes, select_in_plots, monkeypatch
):
    monkeypatch.setattr("dashboard.views.latent_spaces.selection.MAX_IN_ADDRESS", 2)
    for rows, left_out in (((3, 4), False), ((3, 4, 5), True)):
        app = select_in_plots(visit("latent-spaces", layout="PCA"), rows)
        assert any(markdown.value == f"## {len(rows)} selected" for markdown in app.markdown)
        assert ("classes" not in app.query_params) == left_out
        assert any("up to 2 selected classes" in caption.value for caption in app.caption) == left_out


def test_seeds_about_few_classes_show_these_alone_and_say_so(visit, scenes, study, few_seeds):
    app = visit("latent-spaces", seeds=few_seeds, layout="PCA", colour="Error")
    assert scenes[-1].names == list(study.classes.labels[:6]) and scenes[-1].thumbnails
    assert scenes[-1].colour.high > 6  # ranks are among all classes
    said = f"6 of {len(study.classes)} classes have seed sentences."
    assert any(said in caption.value and "left out of every view" in caption.value for caption in app.caption)
    assert len(table(app)) == 6 and any(markdown.value == "## 6 classes" for markdown in app.markdown)
    app.selectbox(key="layout").set_value("axes").run()
    assert len(scenes[-1].names) == len(study.classes)  # on axes class space has them all
    assert any(caption.value.endswith("no place in text space.") for caption in app.caption)


def search(app, text):
    """Type into the box what none of its options is."""
    box = app.selectbox(key="find")
    box.options.append(text)
    box.set_value(text).run()


@pytest.mark.parametrize("method", METHODS)
def test_every_projection_in_two_and_three_dimensions(visit, scenes, few_seeds, method):
    app = visit("latent-spaces", seeds=few_seeds, layout=METHOD_LABELS[method])
    assert app.selectbox(key="layout").value == method
    flat = scenes[-1]
    app.button_group(key="dims").set_value("3-D").run()
    assert not app.exception and not app.error
    assert flat.positions["text"].shape[1] == 2 and scenes[-1].positions["text"].shape[1] == 3
    assert len(scenes[-1].names) == 6 and np.isfinite(places(scenes[-1])).all()


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("slider", "n_neighbors", 2),
        ("slider", "min_dist", 0.9),
        ("selectbox", "metric", DISTANCES[1]),
        ("button_group", "mapped_by", "As learned"),
        ("button_group", "drawn_in", "That of class space"),
    ],
)
def test_every_setting_changes_the_picture(visit, scenes, few_seeds, kind, key, value):
    app = visit("latent-spaces", seeds=few_seeds)
    before = places(scenes[-1])
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception and not app.error
    assert np.nanmax(np.abs(places(scenes[-1]) - before)) > 1e-3


@pytest.mark.parametrize("choice", COLOURS)
def test_colours(visit, scenes, study, choice):
    app = visit("latent-spaces")
    app.selectbox(key="colour").set_value(choice).run()
    values = scenes[-1].colour.values
    if choice == "Group":
        assert values == list(study.classes.groups)
    else:
        assert np.isfinite(values).all() and np.ptp(values) > 0


def test_colours_by_columns_of_a_file(visit, scenes, study, threads_of):
    read_by = threads_of(own_columns, "read_class_columns")
    app = visit("latent-spaces")
    table = b"class,Weight,Group,Group (file),Rank\nlemon,0.1,fruit,a,5\nunicorn,9,none,b,6\n281,4,animal,c,7\n"
    app.file_uploader(key="columns_file").upload("mine.csv", table, "text/csv").run()
    assert app.selectbox(key="colour").value == "Weight" and scenes[-1].colour.title == "Weight"
    assert np.nansum(scenes[-1].colour.values) == pytest.approx(4.1)
    assert any("line 3" in caption.value and "unicorn" in caption.value for caption in app.caption)
    app.selectbox(key="colour").set_value("Rank (file)").run()
    assert np.nansum(scenes[-1].details["Rank (file)"]) == 12 != np.nansum(scenes[-1].details["Rank"])
    app.selectbox(key="colour").set_value("Group (file) (file)").run()
    assert scenes[-1].colour.values[study.classes.row(LEMON)] == "fruit" and None in scenes[-1].colour.values
    assert not app.exception and not app.error
    app.file_uploader(key="columns_file").upload("mine.csv", b"weight\n1\n", "text/csv").run()
    assert "needs a first line" in app.error[0].value and app.selectbox(key="colour").value == "Group"
    assert {*read_by} == {"job"}  # in the queue with which visitors take turns


def test_groups_hide_the_others(visit, scenes, study):
    app = visit("latent-spaces")
    app.multiselect(key="groups").set_value(["cat"]).run()
    there = np.isfinite(scenes[-1].positions["class"]).all(axis=1)
    assert there.tolist() == [group == "cat" for group in study.classes.groups]
    assert set(table(app)["group"]) == {"cat"} and len(table(app)) == there.sum()
    assert f"## {there.sum()} classes in the chosen groups" in [markdown.value for markdown in app.markdown]
    app.toggle(key="sentences").set_value(True).run()
    assert set(scenes[-1].sentences.rows) == set(np.flatnonzero(there))


def test_all_sentences(visit, scenes, study):
    app = visit("latent-spaces")
    app.toggle(key="sentences").set_value(True).run()
    sentences = scenes[-1].sentences
    assert len(sentences.texts) > 10_000 and set(sentences.positions) == {"text", "mapped"}
    row = sentences.texts.index("A lemon.")
    assert study.classes.indices[sentences.rows[row]] == LEMON
    assert sentences.positions["mapped"].shape == (len(sentences.texts), 2)
    for pane, other in (("text", "mapped"), ("mapped", "text")):  # a sentence stands among those of its class
        of_classes = scenes[-1].positions[pane][sentences.rows]
        away = [np.linalg.norm(sentences.positions[name] - of_classes, axis=1).mean() for name in (pane, other)]
        assert away[0] < away[1]


def test_pictures_on_hover_can_be_left_out(visit, scenes):
    app = visit("latent-spaces")
    app.toggle(key="hover").set_value(False).run()
    assert scenes[-1].thumbnails is None


def test_a_class_found_by_name_is_selected_and_opens_its_card(visit, scenes, study):
    app = visit("latent-spaces")
    row = study.classes.row(LEMON)
    app.selectbox(key="find").set_value("lemon").run()
    assert scenes[-1].selected == [row] and scenes[-1].focused == row
    assert any(heading.value == "lemon" for heading in app.header)
    assert len([url for image in app.image for url in image.value]) == 4
    assert any("A lemon" in caption.value.replace("\\", "") for caption in app.caption)
    near, similarities = scenes[-1].neighbours["text"].rows[row], scenes[-1].neighbours["text"].similarities[row]
    assert 1 > similarities[0] >= similarities[-1] and set(scenes[-1].neighbours) == {"text", "class"}
    said = next(markdown.value for markdown in app.markdown if "Near in text" in markdown.value)
    assert f"{study.classes.labels[near[0]]} {similarities[0]:.2f}" in said.replace("\\", "").replace("\u00a0", " ")
    shown = table(app).iloc[0]
    for space, found in scenes[-1].neighbours.items():
        assert shown[f"near in {space} space"] == ", ".join(study.classes.labels[near] for near in found.rows[row][:3])
    landed = next(markdown.value for markdown in app.markdown if "Lands on" in markdown.value).replace("\\", "")
    named = [part.rpartition("\u00a0")[0] for part in landed.rpartition("small[")[2].split(" · ")]
    assert shown["lands on"] == ", ".join(named[:3])
    rank = study.evaluations.evaluate().values("median_rank")[row]
    assert (shown["name"], shown["rank"]) == ("lemon", rank) and len(table(app)) == 1
    assert app.query_params["classes"] == app.query_params["focus"] == str(LEMON)
    assert app.selectbox(key="find").value is None


def test_a_word_selects_all_whose_names_hold_it(visit, scenes, study):
    app = visit("latent-spaces")
    search(app, "CAT")
    expected = [row for row, name in enumerate(study.classes.labels) if "cat" in name.casefold()]
    assert scenes[-1].selected == expected and len(expected) > 2
    search(app, "no such <b>class</b>")
    assert scenes[-1].selected == expected and "No class" in app.toast[0].value


def test_a_selection_in_the_plots_reaches_table_and_address(visit, select_in_plots, study):
    app = select_in_plots(visit("latent-spaces"), [3, 7], 7)
    assert set(table(app)["name"]) == {study.classes.labels[3], study.classes.labels[7]}
    assert app.query_params["classes"] == f"{study.classes.indices[3]},{study.classes.indices[7]}"
    assert any(markdown.value == "## 2 selected" for markdown in app.markdown)


def test_a_link_brings_the_selection_back(visit, scenes, study):
    app = visit("latent-spaces", classes=f"{LEMON},{CAT},999999", focus=str(CAT))
    assert scenes[-1].selected == study.classes.rows([LEMON, CAT]) and scenes[-1].focused == study.classes.row(CAT)
    assert any("classes" in warning.value for warning in app.warning)
    assert not visit("latent-spaces", classes=f"{LEMON},{CAT}").warning


def test_a_view_that_a_link_asks_for_in_vain_is_said(visit, scenes):
    app = visit("latent-spaces", camera="text_2", morph="text_class_1.5", show="films")
    assert app.warning[0].value.count("The link asks for") == 3
    good = {"camera": ["text_1.5_-0.25_0", "class_2_0_0"], "morph": "text_class_0.5", "show": "names_pictures_contours"}
    assert not visit("latent-spaces", **good).warning


def test_own_axes_and_a_sum_of_words(visit, scenes, study, few_seeds):
    names = study.classes.labels
    link = {"layout": "Own axes", "left": names[0], "right": names[1], "pins": [f"= {names[0]} - fish + fish", "= +"]}
    app = visit("latent-spaces", seeds=few_seeds, **link)
    scene = scenes[-1]
    assert [pane.axes for pane in scene.panes] == [(names[0], names[1])] * 3
    assert not app.warning and not app.exception and ["is no sum" in error.value for error in app.error] == [True]
    for name in ("text", "class"):
        np.testing.assert_allclose(scene.positions[name][:2, 0], [-1, 1], atol=1e-4)
        np.testing.assert_allclose(scene.pins[0].positions[name], scene.positions[name][0], atol=1e-3)
    app.selectbox(key="bottom").set_value("an animal").run()
    assert any("needs both ends" in caption.value for caption in app.caption)
    app.selectbox(key="top").set_value(names[2]).run()
    assert scenes[-1].panes[0].axes == (names[0], names[1], "an animal", names[2])
    assert scenes[-1].positions["class"][2, 1] == pytest.approx(1, abs=1e-4)
    app.selectbox(key="top").set_value(names[10]).run()  # a class without sentences
    assert scenes[-1].positions["class"][10, 1] == pytest.approx(1, abs=1e-4)
    app.selectbox(key="right").set_value(names[0]).run()
    assert "two ends of an axis are the same" in app.error[-1].value and not app.exception


def test_two_mappings_side_by_side_and_what_moved(visit, scenes, study, few_seeds):
    link = {"mapping": "Ridge", "compared": "Mapping: Least squares", "mapped_by": "As learned", "pins": ["a fish"]}
    app = visit("latent-spaces", seeds=few_seeds, **link)
    assert not app.exception and not app.error and not app.warning
    assert [pane.title for pane in scenes[-1].panes] == ["Mapped by Ridge", "Mapped by Least squares"]
    assert not scenes[-1].pins and np.isfinite(scenes[-1].positions["second"][:6]).all()
    moved = next(frame.value for frame in app.dataframe if "moved" in frame.value)
    assert len(moved) == 6 and moved["moved"].is_monotonic_decreasing
    first = moved.iloc[0]
    assert first["moved"] > 0 and first["left"] and set(first["left"].split(", ")).isdisjoint(first["met"].split(", "))
    app.selectbox(key="compared").set_value("Pooling: mean").run()
    assert [pane.title for pane in scenes[-1].panes][1] == "Text space, pooling mean"
    assert not app.exception and not app.error
    app.selectbox(key="compared").set_value("Nothing").run()
    assert len(scenes[-1].panes) == 3 and len(scenes[-1].pins) == 1


def test_two_text_encoders_side_by_side(visit, scenes, few_seeds, tmp_path):
    other = tmp_path / "other"
    FAMILIES["bert"](other)
    app = visit("latent-spaces", seeds=few_seeds, mapped_by="As learned", compared="Encoder: own")
    assert len(scenes[-1].panes) == 3 and not app.warning  # no encoder is named yet
    app.text_input(key="compared_encoder").input(str(other)).run()
    assert not app.exception and not app.error
    assert [pane.title for pane in scenes[-1].panes] == ["Text space, encoder minilm", "Text space, encoder other"]
    assert np.isfinite(scenes[-1].positions["second"][:6]).all()
    moved = next(frame.value for frame in app.dataframe if "moved" in frame.value)
    assert len(moved) == 6 and moved["moved"].max() > 0
    app.text_input(key="compared_encoder").input(str(tmp_path)).run()
    assert "holds no readable config" in app.error[-1].value and not app.exception
    app.text_input(key="compared_encoder").input("distilbert-base-uncased").run()
    assert any("Not on this machine yet" in text.value for text in app.markdown) and not app.exception


def test_a_public_server_compares_with_the_encoders_it_has(visit, scenes, few_seeds, monkeypatch):
    monkeypatch.setattr(limits, "allowed", lambda: limits.PUBLIC)
    app = visit("latent-spaces", layout="PCA", compared="Encoder: own")
    assert not [option for option in app.selectbox(key="compared").options if option.startswith("Encoder")]
    assert "The link asks for the compared" in app.warning[0].value


def test_every_mapping_is_measured_on_demand(visit, scenes, few_seeds, study, monkeypatch):
    quick = {key: MAPPINGS[key] for key in ("ridge", "procrustes")}
    monkeypatch.setattr(evaluations, "MAPPINGS", quick)
    index = study.classes.indices[0]
    studies.shared(Settings(seeds=few_seeds)).jobs.cancel("evaluate all classes")  # of a test of another page
    app = visit("latent-spaces", seeds=few_seeds, mapping="Ridge", focus=str(index))
    app.button(key="begin evaluate all classes").click().run()
    until_measured(app)
    (ranks,) = (frame.value for frame in app.dataframe if {"mapping", "rank"} == set(frame.value))
    own = Study(Settings(seeds=few_seeds)).evaluations.evaluate("ridge").values("median_rank")
    assert ranks.set_index("mapping")["rank"]["Ridge"] == own[study.classes.row(index)]
    assert sorted(ranks["mapping"]) == sorted(mapping.label for mapping in quick.values())


def test_a_bare_matrix_draws_no_pictures(visit, scenes, few_seeds, tmp_path):
    path = tmp_path / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(1000, 16)).astype(np.float32))
    app = visit("latent-spaces", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path), focus="0")
    assert not app.error and scenes[-1].thumbnails is None and not app.image
    assert len(scenes[-1].names) == 6  # which have sentences


def test_too_few_classes_are_refused_in_place(visit, scenes, study, tmp_path):
    path = tmp_path / "two.csv"
    names = study.classes.labels[:2]
    path.write_text("sentence,class\n" + "\n".join(f"{word} {name},{name}" for name in names for word in "ab"))
    app = visit("latent-spaces", seeds=str(path))
    assert "at least 3 classes" in app.error[0].value and not scenes and not app.exception
