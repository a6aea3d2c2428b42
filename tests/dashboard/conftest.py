"""Fixtures that run the app without a browser (Streamlit's AppTest)."""

import csv
from functools import lru_cache
from pathlib import Path

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.pages import OVERVIEW
from dashboard.state import durations

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
config._main_script_path = str(APP)  # as streamlit run sets it: the theme is read from the folder beside the script


@pytest.fixture(scope="session", autouse=True)
def packages_searched_once():
    """Search installed packages for Streamlit components once, not for the app of every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", lru_cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(autouse=True)
def no_remembered_times(monkeypatch, tmp_path):
    """Use an empty file of remembered durations, as on a new machine."""
    monkeypatch.setattr(durations, "FILE", tmp_path / "cache" / "timings.json")


@pytest.fixture(scope="session")
def few_seeds(study, tmp_path_factory):
    """CSV of three sentences for each of six classes, for a study that is ready at once."""
    path = tmp_path_factory.mktemp("seeds") / "few.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence", "class"])
        for index, row in study.classes.frame.head(6).iterrows():
            writer.writerows((row[column], index) for column in ("description", "kind_of", "scene"))
    return str(path)


@pytest.fixture
def visit(study):
    """Function that opens a page of the app, optionally with query parameters and the visitor's own seeds."""

    def open_page(page="overview", *, seeds=None, **link) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=300)  # seconds; two processes share the cores
        app.query_params.update(link)
        if seeds:
            app.session_state["seeds"] = seeds
        if page != OVERVIEW.address:
            app._page_hash = calc_hash(page)  # as the browser's address does; switch_page asks for a run before it
        app.run()
        assert not app.exception
        return app

    return open_page
