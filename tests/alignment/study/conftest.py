import numpy as np
import pytest


@pytest.fixture(scope="session")
def own_classes(tmp_path_factory):
    """What a study of five classes of one's own is made of, 8 numbers each: quick to build from nothing."""
    from alignment.study import Settings

    folder = tmp_path_factory.mktemp("own_classes")
    np.save(folder / "five.npy", np.random.default_rng(0).normal(size=(5, 8)))
    (folder / "five.csv").write_text("name\ncat\ndog\nhorse\ntruck\noak\n")
    settings = Settings(class_embeddings=str(folder / "five.npy"), classes=str(folder / "five.csv"))
    return {"settings": settings, "cache": folder / "cache"}


@pytest.fixture(scope="session")
def small_study(own_classes):
    """That study."""
    from alignment.study import Study

    return Study(**own_classes)
