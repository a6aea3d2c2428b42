import numpy as np
import pytest


@pytest.fixture(scope="session")
def own_classes(tmp_path_factory):
    """Arguments of a study of five custom classes with 8 numbers each: quick to build."""
    from alignment.study import Settings

    folder = tmp_path_factory.mktemp("own_classes")
    np.save(folder / "five.npy", np.random.default_rng(0).normal(size=(5, 8)))
    (folder / "five.csv").write_text("name\ncat\ndog\nhorse\ntruck\noak\n")
    settings = Settings(class_embeddings=str(folder / "five.npy"), classes=str(folder / "five.csv"))
    return {"settings": settings, "cache": folder / "cache"}


@pytest.fixture(scope="session")
def small_study(own_classes):
    """The study of ``own_classes``."""
    from alignment.study import Study

    return Study(**own_classes)


@pytest.fixture
def tiny(tiny_folder, tmp_path):
    """Settings of a study of the tiny BigGAN with five classes: quick to build."""
    from alignment.study import Settings

    (tiny_folder / "classes.csv").write_text("class,index\n0,281\n1,207\n2,951\n3,817\n4,980\n")
    return {"settings": Settings(generator=str(tiny_folder)), "cache": tmp_path / "cache"}
