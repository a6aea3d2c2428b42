"""Comparison of two readings of sentences: which the second one is."""

from types import SimpleNamespace

import pytest

from alignment.study import Settings
from dashboard.views.latent_spaces import comparison


@pytest.mark.parametrize(
    ("against", "encoder", "layer", "pooling", "title"),
    [
        ("Pooling: mean", "minilm", -1, "mean", "Text space, pooling mean"),
        ("Layer: 3", "minilm", 3, "subject", "Text space, layer 3"),
        ("Encoder: /models/other", "/models/other", -1, "", "Text space, encoder other"),
    ],
)
def test_the_second_version_is_read_as_chosen(monkeypatch, against, encoder, layer, pooling, title):
    asked = []
    other = SimpleNamespace(text_means="read otherwise")
    monkeypatch.setattr(comparison.sidebar, "settings", lambda: Settings(pooling="subject"))
    monkeypatch.setattr(comparison.prepared_study, "of", lambda settings, mapping: asked.append(settings) or other)
    found = comparison.versions(SimpleNamespace(text_means="own"), None, against)
    assert (found.first, found.second, found.titles["second"]) == ("own", "read otherwise", title)
    assert [(one.encoder, one.layer, one.pooling) for one in asked] == [(encoder, layer, pooling)]
