"""The page Runs."""

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from alignment.study import Settings, Study
from alignment.study.runs.measure import Run, measure_runs, runs_over
from alignment.study.runs.table import CHOICES, Rows, RunTable
from dashboard.components.code_snippet import SEEDS_FILE_NAME
from dashboard.state import cached_results, limits, on_demand, studies
from dashboard.state.background_jobs import BackgroundJobs, JobQueue
from dashboard.views.runs import adding, charts, data, two_runs
from tests.dashboard.waiting import until_measured


@pytest.fixture
def of_few(tmp_path, monkeypatch):
    """The rows of runs, in a table of the test's own: none before."""
    table = RunTable(tmp_path)
    monkeypatch.setattr(data, "table", lambda: table)
    return lambda: table.read().table


def measure(app):
    next(button for button in app.button if button.label.startswith("Measure ")).click().run()
    until_measured(app)
    assert not app.exception
    return app


def measure_some(app, count, seeds, monkeypatch):
    """Begin to measure; once ``count`` runs are kept, draw the page as if it had read the table before them.

    Measuring ends when the event that is returned is set.
    """
    stored, goes_on, read = threading.Event(), threading.Event(), data.visible_runs
    before = [read(seeds)]

    def measured(runs, table, **rest):
        measure_runs(runs[:count], table)
        stored.set()
        goes_on.wait(60)
        return measure_runs(runs, table, **rest)

    monkeypatch.setattr(adding, "measure_runs", measured)
    next(button for button in app.button if button.label.startswith("Measure ")).click().run()
    assert stored.wait(60)
    monkeypatch.setattr(data, "visible_runs", lambda seeds: before.pop() if before else read(seeds))
    app.run()
    assert not before
    return goes_on


def test_runs_are_measured_once_and_two_of_them_compared(visit, few_seeds, of_few, monkeypatch):
    reported = []
    monkeypatch.setattr(two_runs, "report_html", lambda *_, pair_names, **__: reported.append(pair_names) or "")
    monkeypatch.setattr(two_runs, "save_button", lambda label, content, *_, **__: content())
    app = measure(visit("runs", seeds=few_seeds, measure="true", mappings=["Ridge", "Prototypes"]))
    assert len(of_few()) == 4 and set(of_few()["random"]) == {True, False}
    view = data.select_runs(of_few().astype({"random": bool}), "median_rank", "classes", random=False)
    fig = charts.parallel(view.rows, "median_rank")
    axes = fig.data[0].dimensions  # one of what differs alone
    assert [axis.label for axis in axes] == ["Mapping", "Rank", "P@1", "P@10", "MRR", "Cosine"]
    assert axes[1].range[0] >= axes[1].range[1]  # the first rank is on top
    assert fig.layout.margin.l > 5 * len("Prototypes")  # room for the names on the first axis
    assert all(len(set(axis.ticktext)) == len(axis.ticktext) for axis in axes)
    assert [len(axis.values) for axis in axes] == [6] * len(axes)  # three lines side by side are one run's
    spread = axes[1].values[4] - axes[1].values[0]
    assert spread == pytest.approx(0.006 * (axes[1].range[1] - axes[1].range[0]))
    assert fig.data[0].line.color[:2].tolist() == fig.data[0].line.color[4:].tolist()
    for axis in axes[1:]:
        off = 0.02 * abs(axis.range[0] - axis.range[1])
        np.testing.assert_allclose(list(map(float, axis.ticktext)), axis.tickvals, rtol=0, atol=off)
    assert any("All 4 runs are in the table" in caption.value for caption in app.caption)
    labels = [label for label in app.selectbox(key="first_run").options if SEEDS_FILE_NAME in label]
    assert len(labels) == 2
    app.selectbox(key="first_run").set_value(labels[0])
    app.selectbox(key="second_run").set_value(labels[1]).run()
    assert not app.exception and any("on average over 6 classes" in text.value for text in app.markdown)
    headings = [text.value for text in app.markdown if text.value.endswith("does better")]
    assert sorted(headings) == ["### Prototypes does better", "### Ridge does better"]
    assert reported[-1] == (labels[0], labels[1])
    app.selectbox(key="second_run").set_value(labels[0]).run()
    assert any("one run twice" in info.value for info in app.info)
    table = next(frame.value for frame in app.dataframe if "interval" in frame.value)
    assert table["p_at_10"].is_monotonic_decreasing and not table["random_space"].isna().all()
    for written in (table["cosine"], table["random_space"]):
        assert (written == written.round(3)).all()  # else Streamlit writes -0.000
    app.selectbox(key="sorted_by").set_value("median_rank").run()
    table = next(frame.value for frame in app.dataframe if "interval" in frame.value)
    assert table["median_rank"].is_monotonic_increasing and not app.exception
    app.toggle(key="random_runs").set_value(True).run()
    assert any("2 runs and 2 in a random space" in caption.value for caption in app.caption)


def test_runs_stored_while_the_page_was_reading_the_table_are_shown(visit, few_seeds, of_few, monkeypatch):
    app, read = visit("runs", seeds=few_seeds, measure="true", mappings=["Prototypes"]), data.visible_runs
    before = [read(few_seeds)]
    measure(app)
    monkeypatch.setattr(data, "visible_runs", lambda seeds: before.pop() if before else read(seeds))
    app.run()
    assert not before and not app.exception and not app.warning
    assert any("All 2 runs are in the table" in caption.value for caption in app.caption)


def test_a_run_is_shown_while_the_next_is_measured(visit, few_seeds, of_few, monkeypatch):
    app = visit("runs", seeds=few_seeds, measure="true", mappings=["Procrustes"])
    choices = [app.multiselect(key=key) for key in ("encoders", "layers", "poolings", "mappings")]
    assert not any(choice.disabled for choice in choices)
    goes_on = measure_some(app, 1, few_seeds, monkeypatch)
    assert any("1 run, highest" in caption.value for caption in app.caption)
    assert any(button.label == "Stop" for button in app.button)
    choices = [app.multiselect(key=key) for key in ("encoders", "layers", "poolings", "mappings")]
    assert all(choice.disabled for choice in choices), "the progress is that of these choices"
    app.session_state["mappings"] = ["ridge"]  # as another model in the sidebar may do
    app.selectbox(key="pooling").set_value("mean").run()
    assert any(button.label == "Stop" for button in app.button)
    app.session_state["mappings"] = ["procrustes"]
    app.selectbox(key="pooling").set_value("subject").run()
    goes_on.set()
    until_measured(app)
    assert len(of_few()) == 2 and not app.exception


def test_the_progress_stays_when_the_first_run_of_all_arrives(visit, few_seeds, of_few, monkeypatch):
    app = visit("runs", seeds=few_seeds, mappings=["Kernel ridge"])
    assert not [toggle for toggle in app.toggle if toggle.key == "measure"], "the choices are open by themselves"
    goes_on = measure_some(app, 1, few_seeds, monkeypatch)
    assert app.toggle(key="measure").value and any(button.label == "Stop" for button in app.button)
    goes_on.set()
    until_measured(app)
    assert app.toggle(key="measure").value and not app.exception
    assert any("All 2 runs are in the table" in caption.value for caption in app.caption)


def test_more_runs_are_offered_while_two_are_looked_at(visit, few_seeds, of_few, monkeypatch):
    measure_runs(runs_over([Settings(seeds=few_seeds)], ["ridge", "prototypes"]), data.table())
    app = visit("runs", seeds=few_seeds, measure="true", mappings=["Least squares"])
    goes_on = measure_some(app, 2, few_seeds, monkeypatch)
    assert any("2 runs, highest" in caption.value for caption in app.caption)
    next(button for button in app.button if button.label == "Show 2 more runs").click().run()
    assert any("3 runs, highest" in caption.value for caption in app.caption)
    goes_on.set()
    until_measured(app)
    assert not app.exception


def test_what_is_said_of_more_mappings_leaves_the_boxes_below_in_place(visit, few_seeds, of_few, monkeypatch):
    """A box that moves is another one to the browser: what is being typed into it would be lost as a run arrives."""

    def place(block):
        for number, child in getattr(block, "children", {}).items():
            if getattr(child, "key", None) == "first_run":
                return (number,)
            if found := place(child):
                return (number, *found)
        return ()

    measure_runs(runs_over([Settings(seeds=few_seeds)], ["ridge", "prototypes"]), data.table())
    app, places = visit("runs", seeds=few_seeds), []
    for said in ((), ("It is so.",)):
        monkeypatch.setattr("dashboard.components.mapping_caveats.caveats", lambda _, said=said: said)
        places.append(place(app.run().main))
        assert any("It is so." in caption.value for caption in app.caption) == bool(said)
    assert places[0] == places[1] != ()


def test_an_encoder_that_is_not_here_is_said_and_the_others_can_be_measured(visit, few_seeds, of_few):
    app = visit("runs", seeds=few_seeds, measure="true", encoders=["minilm", "no/such", "/no/folder"], mappings="Ridge")
    assert "is not on this machine" in app.warning[0].value and "such" in app.warning[0].value
    assert "folder" in app.warning[1].value and "download" not in app.warning[1].value, "there is nothing to download"
    measure(app)
    assert len(of_few()) == 2


def test_trying_again_ends_nobody_elses_measurement(monkeypatch):
    queue, buttons, held = JobQueue(), {}, threading.Event()
    jobs, asked = BackgroundJobs(queue), []
    monkeypatch.setattr(studies, "jobs", lambda study: jobs)
    monkeypatch.setattr(on_demand, "result_or_button", lambda study, key, *_, **__: asked.append(key) or [])
    monkeypatch.setattr(adding.st, "button", lambda label, **options: buttons.update({label: options}))
    rows = pd.DataFrame({"key": []})
    monkeypatch.setattr(data, "visible_runs", lambda seeds: (rows, 0))
    adding.show_measuring(Study(), [Run(Settings(), "ridge")], rows, "Measure")
    job = jobs.submit(asked[0], lambda report: held.wait(30), visitor="another")
    buttons["Try again"]["on_click"](*buttons["Try again"]["args"])
    assert not job.is_cancelled
    held.set()
    assert job.future.result(30) and jobs.result(asked[0])
    buttons["Try again"]["on_click"](*buttons["Try again"]["args"])
    assert jobs.result(asked[0]) is None and queue.close(30)


def test_on_a_server_for_others_runs_that_name_files_are_left_out(monkeypatch):
    plain = dict.fromkeys(CHOICES, "") | {"encoder": "minilm", "class_space": "bundled", "seeds": "the project's"}
    plain |= {"mapping": "ridge", "layer": 6, "random": False}
    of_files = [{"encoder": "/home/me/model"}, {"class_space": "/srv/x.npy"}, {"class_list": "/srv/classes.csv"}]
    of_files += [{"added_seeds": "/srv/more.csv"}, {"seeds": "/cache/seeds/of_another.csv"}]
    own = {"seeds": "/cache/seeds/mine.csv"}
    rows = pd.DataFrame([plain, plain | own, *(plain | each for each in of_files)])
    monkeypatch.setattr(RunTable, "read", lambda table: Rows(rows))
    assert len(data.visible_runs(own["seeds"])[0]) == 7
    monkeypatch.setattr(limits, "allowed", lambda: limits.PUBLIC)
    assert data.visible_runs(own["seeds"])[0]["seeds"].tolist() == ["the project's", own["seeds"]]


@pytest.mark.parametrize(("allowed", "shown"), [(replace(limits.PUBLIC, own_models=True), 3), (limits.LOCAL, 4)])
def test_whoever_may_name_files_is_not_told_the_name_of_anothers_seeds(monkeypatch, allowed, shown):
    of = dict.fromkeys(CHOICES, "") | {"mapping": "ridge", "layer": 6, "random": False}
    own, others, named = (
        "/cache/seeds/0123456789abcdef.csv",
        "/cache/seeds/f30b73ce25d33d11-3d6cfdc3.csv",
        "/srv/my.csv",
    )
    rows = pd.DataFrame([of | {"seeds": seeds} for seeds in ("the project's", own, others, named)])
    monkeypatch.setattr(RunTable, "read", lambda table: Rows(rows))
    monkeypatch.setattr(limits, "allowed", lambda: allowed)
    seeds = data.visible_runs(own)[0]["seeds"].tolist()
    assert len(seeds) == shown and {own, named, "the project's"} <= set(seeds)


def test_the_runs_to_measure_are_those_of_the_sidebars_models(visit, few_seeds, of_few, tmp_path):
    np.save(tmp_path / "space.npy", np.random.default_rng(0).normal(size=(1000, 6)).astype(np.float32))
    app = visit("runs", seeds=few_seeds, measure="true", layers=["2", "3"], mappings="Ridge")
    assert app.multiselect(key="layers").value == [2, 3], "a link's own choices stay"
    app.selectbox(key="layer").set_value(1)
    app.selectbox(key="pooling").set_value("cls").run()
    assert (app.multiselect(key="layers").value, app.multiselect(key="poolings").value) == ([1], ["cls"])
    app.selectbox(key="pair").set_value("own").run()
    app.text_input(key="encoder").set_value("minilm")
    app.text_input(key="generator").set_value(str(tmp_path / "space.npy")).run()
    assert app.multiselect(key="spaces").value == [str(tmp_path / "space.npy")]
    boxes = [app.multiselect(key=key) for key in ("layers", "poolings", "spaces")]
    assert boxes[1].value == ["subject"] and all(box.proto.set_value for box in boxes), "the browser is told"
    app.multiselect(key="layers").set_value([0, 1]).run()
    assert app.multiselect(key="layers").value == [0, 1] and not app.exception


def test_a_class_of_another_list_has_no_picture_of_the_class_with_its_number(study, monkeypatch):
    monkeypatch.setattr(cached_results, "thumbnails", lambda study, rows: [f"picture of row {row}" for row in rows])
    number, name = study.classes.indices[3], study.classes.names[3]
    found = pd.DataFrame({"index": [number, number], "name": ["a shoe of my own", name]})
    assert two_runs.pictures_of(study, found.iloc[:1]) == {}
    assert two_runs.pictures_of(study, found.iloc[1:]) == {number: "picture of row 3"}
