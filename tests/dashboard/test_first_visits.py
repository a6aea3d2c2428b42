"""What first visits need is prepared: by the command build, and by the server in the background."""

import pytest
import streamlit as st

from alignment.__main__ import main
from alignment.study.cache.store import ArtifactCache
from dashboard.first_visits import prepare_pages
from dashboard.pages import PAGES
from dashboard.state import studies


@pytest.fixture
def asked_for(monkeypatch):
    """What was looked for in the cache, latest last."""
    found, read = [], ArtifactCache.read
    monkeypatch.setattr(ArtifactCache, "read", lambda cache, key: (found.append(key), read(cache, key))[1])
    return found


@pytest.fixture(autouse=True)
def without_components(monkeypatch):
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda *_, **__: None)


def test_pages_ask_for_nothing_that_build_does_not_leave_in_the_cache(study, visit, asked_for):
    assert main(["build"]) == 0
    built = set(asked_for)
    studies._shared.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
    prepare_pages(study)
    for page in PAGES:
        visit(page.address)
    assert {(key.artifact, key.about) for key in set(asked_for) - built} == set()
