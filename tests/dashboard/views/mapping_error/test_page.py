"""The page Mapping error."""

import re
import threading
import time

import numpy as np
import pytest
from streamlit.util import calc_hash

from alignment.dictionary.seeds import SEED_KINDS
from alignment.evaluation.baselines import BASELINES
from alignment.evaluation.metrics import METRICS
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Settings
from alignment.study.evaluations import Evaluations
from dashboard.components.glossary import tooltip
from dashboard.state import background_jobs, cached_results, evaluations, studies, visitors
from dashboard.views.mapping_error import data, error_charts, two_mappings
from dashboard.views.mapping_error.confusions import PAIRS_PER_PAGE
from dashboard.views.mapping_error.explanations import MEANING
from tests.dashboard.texts import html_of
from tests.dashboard.waiting import until_measured


def frame(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def charts(app):
    return len(app.get("plotly_chart"))


def test_figures_stand_beside_their_intervals_and_the_baselines(visit, study):
    app = visit("mapping-error")
    summary = study.evaluations.evaluate().summary()
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["P@10"] == f"{summary['p_at_10']:.2f}"
    assert shown["Rank"] == METRICS["median_rank"].shown(summary["median_rank"])
    assert any("hardly ever first" in caption.value for caption in app.caption)  # why its P@1 is near 0
    low, high = app.metric[1].delta.split(" to ")
    assert float(low) < summary["p_at_10"] < float(high)
    table = frame(app, "mapping").set_index("mapping")
    assert list(table.index) == [
        MAPPINGS[DEFAULT_MAPPING].label,
        "mean class vector",
        "shuffled pairs",
        "class's own vector",
    ]
    assert table.loc["class's own vector", "cosine"] == pytest.approx(1, abs=1e-5)
    assert (table["cosine"] == table["cosine"].round(2)).all()  # else Streamlit writes -0.00


def test_what_is_held_out_and_which_figure_are_taken_from_the_link(visit):
    app = visit("mapping-error", mapping="Ridge", split="sentences", figure="Rank")
    assert "sentences it has not seen" in app.caption[1].value
    assert frame(app, "wordnet_distance").columns[1] == "median_rank"
    app.button_group(key="split").set_value("classes").run()
    assert "has not learned from" in app.caption[1].value and not app.exception
    app.selectbox(key="figure").select_index(2).run()
    assert frame(app, "wordnet_distance").columns[1] == "p_at_1"


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_every_figure_sorts_the_classes_worst_first(visit, metric):
    values = frame(visit("mapping-error", figure=metric.label), "wordnet_distance")[metric.key]
    assert values.is_monotonic_increasing if metric.higher_is_better else values.is_monotonic_decreasing


def test_classes_by_group_and_name(visit, study):
    app = visit("mapping-error")
    assert len(frame(app, "wordnet_distance")) == len(study.classes)
    app.selectbox(key="group").set_value("cat").run()
    assert set(frame(app, "wordnet_distance")["group"]) == {"cat"}
    app.text_input(key="named").set_value("TABBY").run()
    assert frame(app, "wordnet_distance")["name"].str.contains("tabby").all()
    app.text_input(key="named").set_value("no such class").run()
    assert frame(app, "wordnet_distance").empty and not app.exception


def test_files_number_classes_by_their_index_and_call_their_row_so(visit, study, monkeypatch):
    files = {}
    for module in ("classes", "confusions", "explanations", "two_mappings"):
        save = lambda table, name: files.update({name: table})  # noqa: E731
        monkeypatch.setattr(f"dashboard.views.mapping_error.{module}.download_table", save)
    for section in ("Classes", "Confusions", "Reasons", "Two mappings"):
        visit("mapping-error", section=section)
    for name in ("error_per_class", "error_pairs", "error_versus", "traits"):
        table = files[name]
        assert table["index"].tolist() == [study.classes.indices[row] for row in table["row"]] and "class" not in table
    assert files["traits"]["name"].tolist() == [study.classes.labels[row] for row in files["traits"]["row"]]
    assert {"nearest_wrong_index", "nearest_wrong_row"} <= set(files["error_per_class"])
    names = dict(zip(study.classes.indices, study.classes.labels, strict=True))
    assert files["error_pairs"]["predicted_index"].map(names).equals(files["error_pairs"]["predicted_name"])


def test_a_class_of_the_link_is_looked_at_closely(visit, study):
    app, row = visit("mapping-error", **{"class": "lemon"}), study.classes.row("lemon")
    (named,) = (each for each in app.markdown if "lemon" in each.value and "sentences evaluated" in each.value)
    assert "about this class alone" in named.help and not app.exception
    result = study.evaluations.evaluate()
    rank, cosine, distance = (result.values(figure)[row] for figure in ("median_rank", "cosine", "l2"))
    figures = f"Rank {METRICS['median_rank'].shown(rank)} · cosine {cosine:.2f} · distance {distance:.2f}"
    assert figures in [each.value for each in app.markdown]
    nearest, classes = result.nearest(row), study.classes
    assert cached_results.thumbnails(study, [row])[0] in html_of(app, "pictures")[0]
    pattern = 'Class (.+?)"><img src="(.+?)".*?name">(.+?)<.*?value">(.+?)<'
    assert re.findall(pattern, html_of(app, "nearest")[0]) == [
        (str(classes.indices[near]), picture, classes.labels[near], f"{similarity:.2f}")
        for near, similarity, picture in zip(
            nearest["class"], nearest["similarity"], cached_results.thumbnails(study, nearest["class"]), strict=True
        )
    ]


def test_tree_and_groups(visit):
    app = visit("mapping-error", section="Groups")
    assert charts(app) == 2
    app.button_group(key="tree").set_value("Sunburst").run()
    assert charts(app) == 2 and not app.exception


def test_two_mappings_are_compared_in_one_sentence(visit, study):
    app = visit("mapping-error", section="Two mappings", figure="P@10")
    said = [markdown.value.replace("\\", "") for markdown in app.markdown]
    assert any("P@10 differs by" in text and f"over {len(study.classes):,} classes" in text for text in said)
    assert charts(app) == 2
    app.selectbox(key="other").set_value("procrustes").run()
    assert any("Procrustes" in markdown.value for markdown in app.markdown) and not app.exception
    app.selectbox(key="other").set_value(DEFAULT_MAPPING).run()
    assert "choose another" in app.info[0].value
    assert any("mrr" in frame.value for frame in app.dataframe), "all mappings stand there all the same"


def test_all_mappings_stand_in_one_table_however_little_memory_there_is(visit, few_seeds, monkeypatch):
    monkeypatch.setattr(background_jobs, "MAX_RESULT_BYTES", 1_000_000)  # three of its evaluations
    quick = {key: MAPPINGS[key] for key in (DEFAULT_MAPPING, "ridge", "procrustes", "prototypes", "least-squares")}
    for module in (evaluations, two_mappings):
        monkeypatch.setattr(module, "MAPPINGS", quick)
    studies.shared(Settings(seeds=few_seeds)).jobs.cancel("evaluate all classes")  # of a test of another page
    app = visit("mapping-error", seeds=few_seeds, section="Two mappings")
    app.button(key="begin evaluate all classes").click().run()
    until_measured(app)
    rows = frame(app, "mrr")["mapping"]
    assert sorted(rows) == sorted([*(mapping.label for mapping in quick.values()), *BASELINES])
    assert not any("not in this table" in caption.value for caption in app.caption)


def test_confusions_by_group_order_and_page(visit, study, monkeypatch):
    monkeypatch.setattr(cached_results, "thumbnails", lambda study, rows: [f"data:image/{row}" for row in rows])
    app = visit("mapping-error", mapping="Ridge", section="Confusions", split="sentences")
    assert charts(app) == 1
    pairs = frame(app, "predicted_name")
    assert (pairs["name"] != pairs["predicted_name"]).all() and pairs["share"].is_monotonic_decreasing
    assert len(pairs) == PAIRS_PER_PAGE
    for name, picture in (("name", "picture"), ("predicted_name", "predicted_picture")):
        assert pairs[picture].tolist() == [f"data:image/{study.classes.labels.index(label)}" for label in pairs[name]]
    app.selectbox(key="order").set_value("farthest in WordNet").run()
    assert frame(app, "predicted_name")["wordnet_distance"].is_monotonic_decreasing
    first = frame(app, "predicted_name")["name"].tolist()
    app.number_input[0].set_value(2).run()
    assert frame(app, "predicted_name")["name"].tolist() != first
    app.selectbox(key="group").set_value("dog").run()
    assert set(frame(app, "predicted_name")["group"]) == {"dog"} and not app.exception
    app.button_group(key="split").set_value("classes").run()  # one query per class: no share to sort by
    assert app.selectbox(key="order").options == ["most similar", "farthest in WordNet"] and not app.exception
    assert "share" not in frame(app, "predicted_name")


def test_reasons_show_the_chosen_trait(visit, study, monkeypatch):
    drawn, draw = [], error_charts.error_by_trait
    monkeypatch.setattr(error_charts, "error_by_trait", lambda *data, **rest: drawn.append(data) or draw(*data, **rest))
    app = visit("mapping-error", section="Reasons")
    assert charts(app) == 2
    app.selectbox(key="trait").set_value("place in the vocabulary").run()
    trait, values, names, _ = drawn[-1]
    assert trait.index.equals(values.index) and names == [study.classes.labels[row] for row in values.index]
    (said,) = (caption.value for caption in app.caption if "stands in for the word's frequency" in caption.value)
    assert f"Rank correlation {trait.corr(values, method='spearman'):.2f}, p" in said
    assert {f"{kind} seeds" for kind in SEED_KINDS} < set(MEANING)  # every kind has its own words


def test_conditions_are_measured_when_asked_for(visit, few_seeds):
    app = visit("mapping-error", mapping="Ridge", seeds=few_seeds, section="Encoder and seeds")
    assert charts(app) == 0
    for count, button in enumerate(("sweep", "learning curve ridge"), start=1):
        app.button(key=f"begin {button}").click().run()
        until_measured(app)
        assert not app.exception and not app.error
        assert charts(app) == count
    studies.shared(Settings(seeds=few_seeds)).jobs.cancel("sweep")
    app.run()
    assert charts(app) == 1


def test_the_page_goes_on_while_something_is_measured(visit, few_seeds, monkeypatch):
    held = threading.Event()
    monkeypatch.setattr(Evaluations, "encoder_sweep", lambda *_, **__: held.wait(60))
    app = visit("mapping-error", mapping="Ridge", seeds=few_seeds, section="Encoder and seeds")
    app.button(key="begin sweep").click().run()
    (stop,) = (button.key for button in app.button if str(button.key).startswith("stop sweep"))
    keys = {button.key for button in app.button}
    assert "begin seed kinds ridge" in keys and "begin sweep" not in keys
    assert any(caption.value.startswith("random space") for caption in app.caption), "what is below the sections"
    job = app.session_state[stop.replace("stop", "job")]
    job.seen_by("another visitor", page=visitors.ANYWHERE)
    monkeypatch.setattr(visitors, "is_on", lambda visitor, page: True)
    app.selectbox(key="pooling").set_value("mean").run()
    assert "begin sweep" in {button.key for button in app.button}, "the progress is another study's"
    app.selectbox(key="pooling").set_value("subject").run()
    app.button(key=stop).click().run()
    assert "begin sweep" in {button.key for button in app.button} and not app.exception
    assert job.is_running and not job.is_cancelled, "the other visitor still waits for it"
    app.button(key="begin sweep").click().run()
    del app.session_state[stop.replace("stop", "job")]  # as the page does when it has ended, the button still there
    app.button(key=stop).click().run()
    held.set()
    studies.shared(Settings(seeds=few_seeds)).jobs.cancel("sweep")  # it has no table
    assert not app.exception


@pytest.mark.parametrize(("then", "next_button"), [([], "stop sweep"), (["overview", "mapping-error"], "begin sweep")])
def test_what_a_lost_connection_ended_begins_again_unless_its_page_was_left(
    visit, few_seeds, monkeypatch, then, next_button
):
    def steps(*_, progress, **__):
        for _ in range(5_000):  # until nobody watches
            progress("Steps", 0, 1)
            time.sleep(0.02)

    monkeypatch.setattr(Evaluations, "encoder_sweep", steps)
    app = visit("mapping-error", mapping="Ridge", seeds=few_seeds, section="Encoder and seeds")
    app.button(key="begin sweep").click().run()
    (stop,) = (button.key for button in app.button if button.key.startswith("stop sweep"))
    job = app.session_state[stop.replace("stop", "job")]
    with monkeypatch.context() as lost:
        lost.setattr(visitors, "_is_connected", lambda visitor: False)
        with pytest.raises(background_jobs.JobAbandoned):
            job.future.result(30)
    for page in then:
        app._page_hash = calc_hash(page)
        app.query_params["section"] = "Encoder and seeds"
        app.run()
    app.run()
    assert any(button.key.startswith(next_button) for button in app.button) and not app.exception
    studies.shared(Settings(seeds=few_seeds)).jobs.cancel("sweep")


def test_kinds_held_out_need_two_kinds(visit, few_seeds):
    app = visit("mapping-error", seeds=few_seeds, split="kinds")
    assert "at least two kinds" in app.error[0].value and not app.exception


@pytest.mark.parametrize(("split", "shown"), [("classes", False), ("sentences", True)])
def test_held_out_sentences_are_told_kind_by_kind(visit, few_seeds, split, shown):
    app = visit("mapping-error", seeds=few_seeds, section="Encoder and seeds", split=split)
    assert ("## How sentences of each kind are found" in [text.value for text in app.markdown]) == shown
    assert not app.exception


@pytest.mark.parametrize(("mapping", "told"), [("Reverse kernel ridge", True), ("Ridge", False)])
def test_a_mapping_that_predicts_text_is_ranked_by_its_own_similarities_too(visit, few_seeds, mapping, told):
    app = visit("mapping-error", seeds=few_seeds, mapping=mapping)
    captions = [caption.value for caption in app.caption]
    assert any("own similarity of sentence and class" in caption for caption in captions) == told
    assert any("get a bonus" in caption for caption in captions) == told
    assert any("Best for classes without sentences" in caption for caption in captions) == told


def test_a_bare_matrix_has_no_pictures(visit, few_seeds, tmp_path):
    np.save(tmp_path / "space.npy", np.random.default_rng(0).normal(size=(12, 8)))
    link = {"pair": "Own models", "encoder": "minilm", "generator": str(tmp_path / "space.npy")}
    app = visit("mapping-error", seeds=few_seeds, section="Confusions", **link)
    assert "picture" not in frame(app, "predicted_name") and not app.error


def test_a_random_space_stands_beside_each_figure(visit, study, monkeypatch):
    found, app = study.evaluations.random_space_result().summary(), visit("mapping-error")
    assert f"random space: {found['p_at_10']:.2f}" in [caption.value for caption in app.caption] and not app.warning
    monkeypatch.setattr(data, "random_space_figures", lambda view: dict.fromkeys(data.HEADLINE, 1.0))
    assert "does no better than with shuffled class vectors" in app.run().warning[0].value


def test_shuffled_pairs_are_told_from_the_random_space_beside_both(visit):
    captions = {caption.value: caption.help for caption in visit("mapping-error").caption}
    (above,) = (text for text in captions if "Random space: this same mapping" in text)
    (below,) = (text for text in captions if "Shuffled pairs: ridge" in text)
    assert "the random space above is this same mapping" in below and "ridge" not in above
    assert captions[below] == tooltip("shuffled pairs", "random space")


def test_confidence_is_shown_with_its_reliability(visit, study):
    app = visit("mapping-error", section="Confidence")
    shown = {metric.label: metric.value for metric in app.metric}
    assert float(shown["Calibration error"]) < 0.1 and float(shown["AUROC"]) > 0.9
    sentences = study.confidence.calibration().sentences
    assert shown["Coverage"] == f"{sentences.loc[~sentences['foreign'], 'covered'].mean():.2f}"
    assert charts(app) == 1 and not app.exception
