"""Fixtures of the browser tests: one server and one browser for the dashboard, another browser for the rest."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.visits import PATIENCE_MS, WINDOW, served, watched_page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
collect_ignore_glob = ["*_app.py"]  # scripts that Streamlit runs


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    reason = "no Chromium on this machine (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def playwright():
    chromium_path()  # without one the tests are skipped
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def address(study, playwright):
    """URL of a running dashboard whose study is already in the cache."""
    with served("dashboard") as place:
        yield place


@pytest.fixture(scope="session")
def profile(playwright, address, tmp_path_factory):
    """Browser with a persistent cache, so that Streamlit's scripts are loaded and compiled once."""
    profile = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=chromium_path(), args=ARGUMENTS, base_url=address
    )
    yield profile
    profile.close()


@pytest.fixture
def page(profile, address):
    """Page of the dashboard with empty browser storage."""
    with watched_page(profile, address) as page:
        page.set_viewport_size(WINDOW)
        stored = {"origin": address, "storageTypes": "local_storage,cookies"}
        profile.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        yield page
