"""The sidebar, links, models that are not here, and what a first visit loads."""

import subprocess
import sys
from pathlib import Path

import pytest

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.mappings import MAPPINGS
from alignment.study import CACHE, Settings
from dashboard.components.markdown import plain
from dashboard.pages import GLOSSARY, LESSON, PAGES
from dashboard.state import file_stamps, prepared_study, seed_edits, sidebar, studies

ROOT = Path(__file__).parents[3]


def said(elements):
    return " ".join(element.value for element in elements).replace("\\", "")


def test_nothing_heavy_is_loaded_before_the_first_paint():
    code = (
        "import sys, dashboard.state.query_params, dashboard.components.html, dashboard.views.seed_pairs.charts;"
        "print([m for m in ('torch', 'transformers', 'umap', 'pytorch_pretrained_biggan') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "[]", run.stderr


def test_the_menu_holds_pages_that_work(visit):
    for page in PAGES:
        assert visit(page.address).title[0].value


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("mapping", "nonsense", "Ridge"),
        ("pair", "<b>x</b>", "Bundled"),
        ("pooling", "max", "mean, cls, word, lexical"),
        ("layer", "99", "Last"),
        ("truncation", "1.5", "0.02 to 1"),
        ("truncation", "0", "0.02 to 1"),
        ("truncation", "nan", "0.02 to 1"),
        ("noise", "-1", "0 to 4,294,967,295"),
        ("count", "1e9", "1 to 16"),
    ],
)
def test_a_link_that_asks_in_vain_is_told_and_served_the_default(visit, name, value, allowed):
    app = visit("generate", **{name: value})
    assert len(app.warning) == 1
    assert value in said(app.warning) and allowed in said(app.warning)
    assert not app.error and 'class="pictures"' in "".join(html.value for html in app.get("html"))


def test_where_there_is_a_choice_the_sidebar_says_where_models_run(visit, few_seeds, monkeypatch):
    assert "Device" not in [box.label for box in visit("glossary").selectbox]
    monkeypatch.setattr(sidebar, "devices_to_choose", lambda: ("auto", "cuda", "cpu"))
    app = visit("generate", seeds=few_seeds, device="CPU")
    (box,) = (box for box in app.selectbox if box.label == "Device")
    assert box.options == ["Automatic", "CUDA", "CPU"] and app.session_state["device"] == "cpu"
    assert not app.error and 'class="pictures"' in "".join(html.value for html in app.get("html"))
    assert "--device cpu" in "".join(code.value for code in app.code)  # copied, it gives the same again


def test_a_device_that_left_the_machine_is_one_sentence(visit, few_seeds, monkeypatch):
    monkeypatch.setattr(sidebar, "devices_to_choose", lambda: ("auto", "mps", "cpu"))
    app = visit("generate", seeds=few_seeds, device="MPS")
    assert "finds no device 'mps' here" in said(app.error)


def test_a_good_link_sets_the_sidebar(visit, few_seeds):
    app = visit("generate", seeds=few_seeds, mapping="Ridge", pooling="cls", layer="2")
    assert (app.selectbox(key="mapping").value, app.selectbox(key="pooling").value) == ("ridge", "cls")
    assert app.selectbox(key="layer").value == 2
    assert MAPPINGS["ridge"].reference in " ".join(caption.help for caption in app.sidebar.caption)
    assert not app.warning


@pytest.mark.parametrize("name", ["/no/such/folder", "asdf qwer"])
def test_what_can_be_no_name_of_a_model_is_refused_and_not_offered_as_a_download(visit, name):
    app = visit("generate", pair="Own models", encoder=name, generator="bundled")
    assert "is neither a known model, nor a folder here, nor a valid Hub name" in said(app.error)
    assert not [button for button in app.button if button.key == "download_models"]


def test_a_pretrained_pair_waits_for_consent_before_it_downloads(visit, monkeypatch):
    asked = []

    def refuse_to_load(wanted, **_):
        asked.append(wanted)
        raise InputError("'distilbert-base-uncased' could not be fetched; check the network connection.")

    monkeypatch.setattr(studies, "Study", refuse_to_load)
    monkeypatch.setattr(prepared_study, "downloads", lambda wanted: [(wanted.encoder, 268), (wanted.generator, 211)])
    studies.forget()
    app = visit("generate", pair="DistilBERT + BigGAN-deep-128")
    button = app.button(key="download_models")
    assert "479 MB" in button.label and not asked
    assert "268 MB" in said(app.markdown) and "211 MB" in said(app.markdown)
    button.click().run()
    assert asked == [Settings(encoder="distilbert-base-uncased", generator="biggan-deep-128")]
    assert "could not be fetched" in said(app.error) and not app.exception
    assert app.run().button(key="download_models")
    studies.forget()


def test_models_that_are_not_here_are_listed():
    wanted = Settings(encoder="no-such/encoder-anywhere", generator="bundled")
    assert prepared_study.downloads(wanted) == [("no-such/encoder-anywhere", None)]
    assert prepared_study.downloads(Settings()) == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in (GLOSSARY, LESSON)], ids=lambda page: page.address
)
def test_own_models_are_asked_for_before_anything_is_wrong(visit, page):
    app = visit(page.address, pair="Own models", encoder="minilm")
    assert "Name a text encoder and a generator" in said(app.info)
    assert not app.error and not app.exception


@pytest.mark.parametrize(
    ("page", "encoder", "generator", "reason"),
    [
        ("seed-pairs", "minilm", "EMPTY", "holds no generator"),
        ("generate", "EMPTY", "bundled", "config.json"),
        ("generate", "minilm", "missing.npy", "Cannot read the class embeddings"),
    ],
)
def test_own_models_that_cannot_be_loaded(visit, tmp_path, page, encoder, generator, reason):
    def named(source):
        return str(tmp_path) if source == "EMPTY" else source

    app = visit(page, pair="Own models", encoder=named(encoder), generator=named(generator))
    assert reason in said(app.error) and len(app.error) == 1
    app.selectbox(key="pair").set_value("bundled").run()
    assert not app.error and not app.exception
    assert app.selectbox(key="pooling").value == "subject"  # not what the other encoder had


def test_an_encoder_named_last_is_read_as_suits_it(visit):
    app = visit("glossary", pair="Own models")
    assert app.selectbox(key="pooling").value == "mean"
    app.text_input(key="encoder").set_value("minilm").run()
    assert app.selectbox(key="pooling").value == "subject"


def test_a_seed_file_that_is_gone_is_said_and_forgotten(visit, tmp_path):
    app = visit("generate", seeds=str(tmp_path / "gone.csv"))
    assert "no longer here" in said(app.warning) and "seeds" not in app.session_state
    assert not app.error and not app.exception
    assert not app.run().warning


def test_own_seeds_come_back_from_the_address(visit, study):
    path = seed_edits.save_seeds(CACHE / "seeds", SeedDictionary(study.seeds.frame.head(200)), study.classes.known)
    app = visit("glossary", own_seeds=path.stem)
    assert app.session_state["seeds"] == str(path)
    assert path.stem in app.query_params["own_seeds"]
    del app.session_state["seeds"]  # back to the built-in pairs
    app.run()
    assert "seeds" not in app.session_state and "own_seeds" not in app.query_params
    assert "no longer here" in said(visit("glossary", own_seeds="0" * 16).warning)
    malformed = visit("glossary", own_seeds="../../secret")
    assert "seeds" not in malformed.session_state
    assert "The link asks for the own_seeds" in said(malformed.warning).replace("\\", "")


def test_own_seeds_are_used_with_their_class_list_alone(tmp_path, monkeypatch):
    lists = {name: tmp_path / f"{name}.csv" for name in ("own", "other")}
    lists["own"].write_text("name\nred door\nblue door\n")
    lists["other"].write_text("name\nblue door\nred door\n")
    own = read_classes(lists["own"])[0]
    seeds = read_seeds(b"sentence,class\nA red door.,red door\n", own.known).seeds
    path = str(seed_edits.save_seeds(tmp_path / "seeds", seeds, own.known))
    state = {"seeds": path, "pair": "own", "encoder": "minilm", "generator": "x.npy", "class_file": str(lists["own"])}
    monkeypatch.setattr(sidebar.st, "session_state", state)
    assert sidebar.settings().seeds == path
    state["class_file"] = str(lists["other"])
    assert sidebar.settings().seeds is None
    lists["other"].write_text(lists["own"].read_text() + "\n")
    assert sidebar.settings().seeds == path  # the same classes in another file
    state["pair"] = "bundled"
    assert sidebar.settings().seeds is None and state["seeds"] == path


def test_a_folder_of_a_model_has_the_stamps_of_its_files(tmp_path):
    (tmp_path / "1_Pooling").mkdir()
    for name in ("config.json", "1_Pooling/config.json"):
        (tmp_path / name).write_text("{}")
        before = file_stamps.of_settings(Settings(encoder=str(tmp_path)))
        (tmp_path / name).write_text("{ }")
        assert before and file_stamps.of_settings(Settings(encoder=str(tmp_path))) != before
    assert file_stamps.of_settings(Settings(encoder="no/such\0")) == ()


def test_own_seeds_of_other_classes_are_said_to_wait(visit, tmp_path):
    names = read_classes(b"name\nred door\nblue door\n")[0].known
    seeds = read_seeds(b"sentence,class\nA red door.,red door\n", names).seeds
    path = seed_edits.save_seeds(tmp_path, seeds, names)
    app = visit("glossary", seeds=str(path))
    assert "for other classes" in said(app.sidebar.caption) and app.session_state["seeds"] == str(path)


@pytest.mark.parametrize("text", ["*a* _b_ `c` [d](e) ![f](g) <b>h</b> $i$ :red[j] # k", "a\n- b\n\n> c"])
def test_plain_escapes_every_mark(text):
    escaped = plain(text)
    assert escaped.replace("\\", "") == " ".join(text.split())
    for mark in "*_`[]()<>$:#!->":
        assert escaped.count(mark) == escaped.count(f"\\{mark}")
