"""Models that cannot be had, or not yet."""

import pytest

from alignment.errors import InputError
from alignment.study import Settings
from dashboard.pages import GLOSSARY, LESSON, PAGES
from dashboard.state import prepared_study, studies
from tests.dashboard.texts import said


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
    studies._shared.cache_clear()
    app = visit("generate", pair="DistilBERT + BigGAN-deep-128")
    button = app.button(key="download_models")
    assert "479 MB" in button.label and not asked
    assert "268 MB" in said(app.markdown) and "211 MB" in said(app.markdown)
    button.click().run()
    assert asked == [Settings(encoder="distilbert-base-uncased", generator="biggan-deep-128")]
    assert "could not be fetched" in said(app.error) and not app.exception
    assert app.run().button(key="download_models")
    studies._shared.cache_clear()


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
