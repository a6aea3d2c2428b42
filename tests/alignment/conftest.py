import numpy as np
import pytest


@pytest.fixture
def space(tmp_path):
    """Options of a class space of ten classes."""
    np.save(tmp_path / "space.npy", np.random.default_rng(0).normal(size=(10, 6)))
    return ["--class-embeddings", str(tmp_path / "space.npy")]


@pytest.fixture
def hub(served, monkeypatch, tmp_path):
    """An empty Hub cache, and the Hub's address pointing at the served folder."""
    from huggingface_hub import constants

    folder, address = served
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_XET_CACHE", str(tmp_path / "xet"))
    return folder
