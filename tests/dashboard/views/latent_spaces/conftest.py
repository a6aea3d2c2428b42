"""Fixtures of the tests of the page Latent spaces."""

import pytest


@pytest.fixture
def scenes(monkeypatch):
    """List of all scenes that the page passes to the component, which is replaced."""
    shown = []
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda scene, **rest: shown.append(scene))
    return shown
