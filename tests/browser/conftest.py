"""One server and one Chromium for all browser tests; both are gone when the tests are."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.visits import PATIENCE_MS, served, visitor

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
def chromium():
    path = chromium_path()
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(study, chromium):
    """Address of a running dashboard whose study is already in the cache."""
    with served("dashboard") as place:
        yield place


@pytest.fixture
def page(chromium, address):
    """A fresh visitor of the dashboard."""
    with visitor(chromium, address) as page:
        yield page
