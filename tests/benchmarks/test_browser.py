"""What the benchmarks wait for on each page."""

from benchmarks.browser import READY, address_of
from dashboard.pages import GENERATE, OVERVIEW, PAGES


def test_every_page_is_waited_for():
    assert set(READY) == set(PAGES)


def test_addresses():
    assert address_of("http://localhost", OVERVIEW) == "http://localhost"
    assert address_of("http://localhost", GENERATE) == "http://localhost/generate"
