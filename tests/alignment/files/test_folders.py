"""Where things are kept, and what is done where nothing can be."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from alignment.files import folders

ROOT = Path(__file__).parents[3]


def test_the_cache_of_a_checkout_lies_in_it(monkeypatch):
    monkeypatch.delenv("ALIGNMENT_CACHE")
    assert folders.cache_folder() == ROOT / "cache"


def test_the_cache_of_an_installed_package_is_the_users(monkeypatch, tmp_path):
    monkeypatch.delenv("ALIGNMENT_CACHE")
    monkeypatch.setattr(folders, "__file__", str(tmp_path / "site-packages" / "alignment" / "files" / "folders.py"))
    assert folders.cache_folder() == platformdirs.user_cache_path("latent-alignment", appauthor=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows names the home otherwise")
def test_a_user_without_a_home_that_can_be_entered_has_a_temporary_one(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not folders.give_home() and os.environ["HOME"] == str(tmp_path)
    monkeypatch.setenv("HOME", "/nonexistent")  # as in the image; libraries do without
    assert not folders.give_home()
    (tmp_path / "file").touch()
    for taken in (tmp_path / "file", tmp_path / "file" / "in it"):
        monkeypatch.setenv("HOME", str(taken))
        assert folders.give_home() and Path.home().is_dir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may enter any
    assert folders.give_home().endswith("HOME=FOLDER names one.")
    assert Path.home().is_dir() and Path.home() != tmp_path
    monkeypatch.undo()
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    assert folders.give_home() and Path.home().is_dir()


def test_the_environment_names_another_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("ALIGNMENT_CACHE", str(tmp_path))
    assert folders.cache_folder() == tmp_path


def test_a_folder_that_cannot_be_written_is_replaced(tmp_path):
    assert folders.writable_folder(tmp_path / "new" / "folder") == tmp_path / "new" / "folder"
    (tmp_path / "file").write_text("in its place")
    other = folders.writable_folder(tmp_path / "file")
    assert other.is_dir() and other != tmp_path / "file"


@pytest.mark.slow
def test_layouts_work_where_neither_the_installation_nor_a_home_can_be_written(tmp_path):
    """With functions that numba compiles and keeps in place of umap-learn's own, which take it twenty seconds."""
    package = tmp_path / "installed" / "umap"
    package.mkdir(parents=True)
    kept = "import numba\n@numba.njit(cache=True)\ndef double(x):\n    return 2 * x\n"
    (package / "__init__.py").write_text("from umap import umap_, layouts, utils\n")
    for part in ("umap_", "layouts", "utils"):
        (package / f"{part}.py").write_text(kept)
    code = (
        "from numba.core import caching\n"
        "(only,) = (each for name, each in vars(caching).items() if name.endswith('UserProvidedCacheLocator'))\n"
        "caching.CacheImpl._locator_classes = [only]\n"  # the others find no folder
        "from alignment.projection.aligned_umap import load_umap\n"
        "print(load_umap().layouts.double(3))\n"
    )
    environment = os.environ | {"ALIGNMENT_CACHE": str(tmp_path), "PYTHONPATH": str(package.parent)}
    environment.pop("NUMBA_CACHE_DIR", None)
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.stdout == "6\n", run.stderr
    assert list((tmp_path / "numba").rglob("*.nbi"))
