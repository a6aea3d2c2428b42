"""What the tests of the page Latent spaces share."""

import pytest


@pytest.fixture
def scenes(monkeypatch):
    """Every scene that the page shows, in place of the component."""
    shown = []
    monkeypatch.setattr("dashboard.components.linked_scatter.show", lambda scene, **rest: shown.append(scene))
    return shown
