import numpy as np
import pytest


@pytest.fixture
def space(tmp_path):
    """Options of a class space of ten classes."""
    np.save(tmp_path / "space.npy", np.random.default_rng(0).normal(size=(10, 6)))
    return ["--class-embeddings", str(tmp_path / "space.npy")]
