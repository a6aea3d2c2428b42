"""The tabs of the page Generate beside the picture: every control of each."""

import io
import json
import re
import threading
import time
import zipfile

import pytest

from alignment.study.prompt_lists.prompt_lists import MAX_PROMPTS, PromptList
from dashboard.components.images import picture_uri
from dashboard.state import background_jobs, studies
from dashboard.views.generate import prompt_list, word_by_word
from dashboard.views.generate.word_by_word import whole_percents
from tests.dashboard.texts import cards, html_of
from tests.dashboard.waiting import until_measured


def test_mappings_are_compared_on_one_sentence(visit, few_seeds):
    app = visit("generate", tab="Compare", seeds=few_seeds, prompt="a fish")
    assert len(cards(app)) == 3 and all(card.count("<img") == 2 for card in cards(app))
    assert all(card.count('class="gauge') == 2 and 'class="reason"' in card for card in cards(app))
    assert all("Mahalanobis distance" in card and "<b>similarity " in card for card in cards(app))
    assert any("**Mahalanobis distance**" in caption.help for caption in app.caption)
    app.multiselect(key="against").set_value(["ridge", "procrustes"]).run()
    assert ["Ridge" in cards(app)[0], "Procrustes" in cards(app)[1]] == [True, True]
    before = cards(app)
    app.number_input(key="noise").set_value(5).run()
    assert all(card != old for card, old in zip(cards(app), before, strict=True))
    app.multiselect(key="against").set_value([]).run()
    assert "Choose one or more mappings" in app.info[0].value and not html_of(app, "cards")


def test_sentences_are_compared_under_one_mapping_and_escaped(visit):
    app = visit("generate", tab="Compare", prompt="I have a dog", compare="Sentences")
    app.text_area(key="others").set_value("a <b>lemon</b>\n\n🙂🙂\nI have a dog").run()
    first, second, third = cards(app)
    assert "a &lt;b&gt;lemon" in second
    assert re.findall("<img[^>]*>", first) == re.findall("<img[^>]*>", third) != re.findall("<img[^>]*>", second)
    assert ["none of the words" in error.value for error in app.error] == [True]


def test_compare_says_how_near_the_point_is_before_snap_as_picture_does(visit, study, few_seeds):
    asked = {"tab": "Compare", "prompt": "a sea animal", "seeds": few_seeds}
    said = [
        re.findall(r"similarity (\S+)</b>", " ".join(cards(visit("generate", snap=snap, **asked)))) for snap in "01"
    ]
    assert said[0] == said[1] and len(said[0]) == 3


def test_every_word_has_a_picture(visit, study, monkeypatch):
    files, prompt = {}, "The hummingbird's <i> nest, the nest"
    monkeypatch.setattr(word_by_word, "download_table", lambda table, name: files.update({name: table}))
    app = visit("generate", tab="Word by word", prompt=prompt)
    strip = html_of(app, "words")[0]
    assert strip.count("<img") == strip.count('class="name"') == 7  # the sentence and six words
    assert picture_uri(study.generate([prompt])[0, 0]) in strip
    assert strip.count('class="bar"') == 6
    weights = [weight for _, weight in study.encoder.subject_weights([prompt])[0]]
    assert [*map(int, re.findall(r"<b>(\d+)%</b>", strip))] == whole_percents(weights)
    assert "hummingbird&#x27;s" in strip
    assert len(app.get("plotly_chart")) == 2 and any("hummingbird" in caption.value for caption in app.caption)
    names = dict(zip(study.classes.indices, study.classes.labels, strict=True))
    assert files["word_classes"]["index"].map(names).tolist() == files["word_classes"]["name"].tolist()


@pytest.mark.parametrize(
    ("shares", "percents"),
    [
        ([1 / 6] * 6, [17] * 4 + [16] * 2),
        ([0.004, 0.996], [0, 100]),
        ([0.29, 0.57, 0.14], [29, 57, 14]),
        ([1.0], [100]),
    ],
)
def test_percents_add_up(shares, percents):
    assert whole_percents(shares) == percents


def test_only_the_pooling_subject_weighs_words(visit, few_seeds):
    app = visit("generate", tab="Word by word", prompt="a cat", pooling="mean", seeds=few_seeds)
    assert 'class="bar"' not in html_of(app, "words")[0] and not app.exception


def test_words_are_counted_up_to_a_limit(visit):
    app = visit("generate", tab="Word by word", prompt="the index and the name of " + "a cat " * 30)
    assert html_of(app, "words")[0].count('class="name"') == 25
    assert any("first 24 of 66" in caption.value for caption in app.caption)


def steered(app):
    """The pictures: the current one, then those to choose among; without their descriptions."""
    return [html.partition("alt")[0] for html in html_of(app, "pictures")]


def test_classes_are_mixed_by_weight(visit, study):
    names = ["lemon", "banana"]
    app = visit("generate", tab="Steer", start="A mix of classes", prompt="I have a dog")
    of_sentence = steered(app)[0]
    app.multiselect(key="mix").set_value(names).run()
    both = steered(app)[0]
    assert both != of_sentence
    app.slider(key=f"weight_{study.classes.indices[study.classes.labels.index('banana')]}").set_value(0.0).run()
    assert steered(app)[0] not in (both, of_sentence)
    assert html_of(app, "nearest")[0].index("lemon") < html_of(app, "nearest")[0].index("<li", 60)
    app.slider(key=f"weight_{study.classes.indices[study.classes.labels.index('lemon')]}").set_value(0.0).run()
    assert steered(app)[0] == of_sentence  # no weight is left
    assert not app.error


def test_a_direction_and_a_negative_sentence_move_the_picture_and_come_back(visit):
    app = visit("generate", tab="Steer", prompt="I have a dog")
    first = steered(app)[0]
    app.slider(key="direction_1").set_value(-2.0).run()
    moved = steered(app)[0]
    app.slider(key="direction_1").set_value(0.0).run()
    assert moved != first == steered(app)[0]
    app.text_input(key="negative").set_value("a cat").run()
    away = steered(app)[0]
    app.slider(key="strength").set_value(1.5).run()
    assert first != away != steered(app)[0]
    app.text_input(key="negative").set_value("🙂").run()
    assert ["none of the words" in error.value for error in app.error] == [True]
    app.text_input(key="negative").set_value("").run()
    assert steered(app)[0] == first


def test_the_chosen_picture_leads_to_more_like_it(visit):
    app = visit("generate", tab="Steer", prompt="I have a dog")
    current, *others = steered(app)
    assert len(others) == 8 and len({current, *others}) == 9
    app.button(key="choose_3").click().run()
    assert app.number_input(key="noise").value == 3
    assert steered(app)[0] == others[2]
    second = steered(app)
    app.button(key="choose_5").click().run()
    assert app.query_params["trail"] == "0.5"
    third = steered(app)
    assert third[0] == second[5] and set(third[1:]).isdisjoint(second)
    again = visit("generate", tab="Steer", prompt="I have a dog", noise="3", trail="0.5")
    assert steered(again) == third
    app.button(key="start_over").click().run()
    assert steered(app)[0] == second[0]


@pytest.mark.parametrize("trail", ["x", "0.99", "-1", "1..2"])
def test_a_trail_that_is_none_is_passed_over(visit, trail):
    app = visit("generate", tab="Steer", trail=trail)
    assert len(steered(app)) == 9 and not app.error


def test_a_list_becomes_a_sheet_and_a_zip(visit):
    app = visit("generate", tab="List", noise="4")
    app.text_area(key="list").set_value("a lemon\n\n🙂🙂\na dog 🐶").run()
    assert app.button(key="draw_list").label == "Draw 3 prompts"
    app.button(key="draw_list").click().run()
    until_measured(app)
    assert not app.exception and not app.error
    drawn = app.session_state[prompt_list.SHOWN]
    with zipfile.ZipFile(io.BytesIO(prompt_list.zip_of_rows(drawn, drawn.parts[0]))) as archive:
        assert archive.namelist() == [
            "001_a_lemon.png",
            "003_a_dog.png",
            "contact_sheet.png",
            "prompts.csv",
            "settings.json",
        ]
        assert json.loads(archive.read("settings.json"))["noise_seed"] == 4
    assert app.dataframe[0].value["prompt"].tolist() == ["🙂🙂"]
    assert any("'🐶' is not read in 'a dog 🐶'" in caption.value.replace("\\", "") for caption in app.caption)
    assert not app.button(key="draw_list").disabled
    another = "Below are pictures of "
    assert not any(another in caption.value for caption in app.caption)
    app.text_area(key="list").set_value("a piano").run()
    assert any(f"{another}other prompts than" in caption.value for caption in app.caption)
    app.number_input(key="noise").set_value(5).run()
    assert any(f"{another}other prompts and other settings" in caption.value for caption in app.caption)


def new_prompts(count):
    """Prompts that no earlier run of the tests has drawn."""
    return "\n".join(f"a dog and {time.time_ns()} cats" for _ in range(count))


def stop_list(app):
    """Press the stop button of the list; returns the key of its job in the session's state."""
    (stop,) = (button for button in app.button if str(button.key).startswith("stop list "))
    job = app.session_state[f"job {stop.key.removeprefix('stop ')}"]
    stop.click().run()
    return job


def go_on(app):
    (button,) = (button for button in app.button if str(button.key).startswith("begin list "))
    return button


def test_a_list_that_runs_is_stopped_and_goes_on(visit):
    app = visit("generate", tab="List")
    app.text_area(key="list").set_value(new_prompts(60)).run()
    app.button(key="draw_list").click().run()
    assert "drawn_list" in app.query_params and "draw_list" not in {button.key for button in app.button}
    job = stop_list(app)
    assert isinstance(job.future.exception(60), background_jobs.JobCancelled)
    assert job.progress is None or job.progress[1] < 60
    assert app.button(key="draw_list").label.startswith("Draw 60 prompts") and "drawn_list" not in app.query_params
    assert app.run().button(key="draw_list") and not app.error, "it does not go on by itself"
    go_on(app).click().run()
    until_measured(app)
    assert len(app.session_state[prompt_list.SHOWN].prompts.table) == 60 and "drawn_list" in app.query_params


class OneAfterAnother:
    """Begins an item when the result of the one before has been taken."""

    def share(self, value):
        return value

    def map(self, function, items, *shared):
        for number, item in enumerate(items):
            yield number, function(item, *shared)


def test_what_a_stopped_list_has_drawn_is_shown(visit, monkeypatch):
    draw = PromptList.draw

    def draw_first(self, study, *, progress):
        def report(stage, done, total):
            while done:  # the first shard is drawn
                progress(stage, done, total)
                time.sleep(0.01)

        return draw(self, study, executor=OneAfterAnother(), progress=report)

    monkeypatch.setattr(PromptList, "draw", draw_first)
    app = visit("generate", tab="List")
    app.text_area(key="list").set_value(new_prompts(20)).run()
    app.button(key="draw_list").click().run()
    end = time.monotonic() + 60
    while not any("10 of 20" in bar.proto.text for bar in app.get("progress")) and time.monotonic() < end:
        time.sleep(0.1)
        app.run()
    stop_list(app)
    assert go_on(app).label == "Go on" and not app.error
    assert any("10 of 20 prompts:" in caption.value for caption in app.caption)
    labels = [button.label for button in app.get("download_button")]
    assert not app.exception and {"Contact sheet", "ZIP of all pictures"} <= set(labels), labels
    go_on(app).click().run()
    assert app.session_state[prompt_list.SHOWN] is None, "it would be shown when there is more"
    stop_list(app)


def test_a_list_goes_on_after_a_reload(visit, few_seeds, monkeypatch):
    app = visit("generate", tab="List", list="a lemon\na dog")
    app.button(key="draw_list").click().run()
    until_measured(app)
    name = app.query_params["drawn_list"]
    drawn = []
    monkeypatch.setattr(
        "alignment.study.prompt_lists.drawn_prompts.draw_prompts", lambda *request, **options: drawn.append(request)
    )
    again = visit("generate", tab="List", drawn_list=name)  # its prompts are in no box and no file
    until_measured(again)
    assert not again.exception and not again.error and not drawn
    assert again.session_state[prompt_list.SHOWN].prompts.prompts == ("a lemon", "a dog")
    other = visit("generate", tab="List", drawn_list=name, pooling="mean", seeds=few_seeds)
    assert (
        any("other models" in caption.value for caption in other.caption)
        and prompt_list.ASKED not in other.session_state
    )


def test_why_no_list_was_drawn_is_said_until_another_is(visit):
    app = visit("generate", tab="List", list="🙂🙂")
    app.button(key="draw_list").click().run()
    until_measured(app)
    app.number_input(key="noise").set_value(5).run()
    assert ["None of the prompts" in error.value for error in app.error] == [True] and not app.exception
    assert go_on(app).label == "Try again", "there is nothing to go on with"
    app.text_area(key="list").set_value("a lemon").run()
    app.button(key="draw_list").click().run()
    until_measured(app)
    assert not app.error and app.session_state[prompt_list.SHOWN].contact_sheet


@pytest.mark.parametrize("name", ["0" * 16, "../../x"])
def test_a_list_that_is_not_here_is_said(visit, name):
    app = visit("generate", tab="List", drawn_list=name)
    assert not app.exception and not app.error
    assert any("no longer here" in caption.value for caption in app.caption) == (name == "0" * 16)


@pytest.mark.parametrize("count", [0, MAX_PROMPTS + 1])
def test_a_list_too_short_or_too_long_is_not_drawn(visit, count):
    app = visit("generate", tab="List")
    app.text_area(key="list").set_value("a dog\n" * count).run()
    assert app.button(key="draw_list").disabled
    assert len(app.error) == (count > 0)


def test_a_file_of_prompts_is_drawn_in_place_of_the_box(visit):
    app = visit("generate", tab="List")
    app.file_uploader(key="list_file").upload("mine.csv", b"prompt,n\na lemon,1\n" + 500 * b"a,b,1\n", "text/csv").run()
    assert app.button(key="draw_list").label == "Draw 1 prompt" and len(app.caption) < 20
    assert "And 490 more" in [caption.value for caption in app.caption]
    app.file_uploader(key="list_file").upload("mine.txt", b"a boat\na lemon, a lime\n", "text/plain").run()
    assert app.button(key="draw_list").label == "Draw 2 prompts"
    assert any("every line is read as a prompt" in caption.value for caption in app.caption)
    for tab in ("Gallery", "List"):
        app.query_params["tab"] = tab
        app.run()
    assert app.button(key="draw_list").label == "Draw 2 prompts" and app.button(key="remove list_file")


def test_lists_of_two_visitors_wait_for_one_another(visit, study):
    begun, go_on = threading.Event(), threading.Event()

    def other_list(report):
        begun.set()
        go_on.wait(30)

    jobs = studies.shared(study.settings).jobs
    jobs.submit("other", other_list, visitor="another", exclusive=prompt_list.ONE_LIST_AT_A_TIME, keep=False)
    begun.wait(30)
    app = visit("generate", tab="List", list=new_prompts(1))
    app.button(key="draw_list").click().run()
    time.sleep(0.2)
    app.run()
    assert any("Waiting for its turn" in bar.proto.text for bar in app.get("progress"))
    go_on.set()
    until_measured(app)
    assert app.session_state[prompt_list.SHOWN].contact_sheet


def test_a_list_goes_on_and_stays_while_other_models_are_chosen(visit, few_seeds):
    app = visit("generate", tab="List", list="a lemon\n" + new_prompts(3), seeds=few_seeds)
    app.button(key="draw_list").click().run()
    app.selectbox(key="pooling").set_value("mean").run()
    until_measured(app)
    assert app.session_state[prompt_list.SHOWN].prompts.prompts[0] == "a lemon" and not app.exception
    assert any("Below are pictures of other settings" in caption.value for caption in app.caption)
