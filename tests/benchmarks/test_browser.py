"""What the benchmarks wait for on each page, and a server that does not start."""

import sys

import pytest

from benchmarks.browser import READY, address_of, served
from dashboard.pages import GENERATE, OVERVIEW, PAGES


def test_every_page_is_waited_for():
    assert set(READY) == set(PAGES)


def test_addresses():
    assert address_of("http://localhost", OVERVIEW) == "http://localhost"
    assert address_of("http://localhost", GENERATE) == "http://localhost/generate"


def test_a_server_that_ends_before_it_answers_is_no_server(monkeypatch):
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(RuntimeError, match="ended with status 1"), served():
        pass
