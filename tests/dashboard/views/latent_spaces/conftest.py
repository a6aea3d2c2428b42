"""Fixtures of the tests of the page Latent spaces."""

import threading

import pytest


@pytest.fixture
def scenes(monkeypatch):
    """List of all scenes that the page passes to the component, which is replaced."""
    shown = []
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda scene, **rest: shown.append(scene))
    return shown


@pytest.fixture
def threads_of(monkeypatch):
    """Function that records on which threads a function of a module runs from now on, by the first part of a name."""

    def recorded(module, name):
        compute, seen = getattr(module, name), []

        def run(*args, **rest):
            seen.append(threading.current_thread().name.partition("_")[0])
            return compute(*args, **rest)

        monkeypatch.setattr(module, name, run)
        return seen

    return recorded
