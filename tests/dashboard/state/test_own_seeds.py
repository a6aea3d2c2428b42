"""Visitors' own seed pairs, kept from visit to visit."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.study import CACHE
from dashboard.state import own_seed_files, own_seeds, sidebar
from tests.dashboard.texts import said


def test_a_seed_file_that_is_gone_is_said_and_forgotten(visit, tmp_path):
    app = visit("generate", seeds=str(tmp_path / "gone.csv"))
    assert "no longer here" in said(app.warning) and "seeds" not in app.session_state
    assert not app.error and not app.exception
    assert not app.run().warning


def test_own_seeds_come_back_from_the_address(visit, study):
    path = own_seed_files.save(CACHE / "seeds", SeedDictionary(study.seeds.frame.head(200)), study.classes.known)
    app = visit("glossary", own_seeds=path.stem)
    assert app.session_state["seeds"] == str(path)
    assert path.stem in app.query_params["own_seeds"]
    del app.session_state["seeds"]  # back to the built-in pairs
    app.run()
    assert "seeds" not in app.session_state and "own_seeds" not in app.query_params
    assert "no longer here" in said(visit("glossary", own_seeds="0" * 16).warning)
    malformed = visit("glossary", own_seeds="../../secret")
    assert "seeds" not in malformed.session_state
    assert "The link asks for the own_seeds" in said(malformed.warning)


def test_own_seeds_are_used_where_the_cache_cannot_be_written(visit, study, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("in its place")
    monkeypatch.setattr(own_seed_files, "CACHE", tmp_path / "cache")
    with monkeypatch.context() as patch:
        patch.setattr(own_seeds.st, "session_state", {})
        own_seeds.use(SeedDictionary(study.seeds.frame.head(200)), study.classes.known)
        path = Path(own_seeds.st.session_state["seeds"])
    os.utime(path, ns=(10**9, path.stat().st_mtime_ns))
    app = visit("glossary", own_seeds=path.stem)
    assert app.session_state["seeds"] == str(path) and not app.warning
    assert path.stem in app.query_params["own_seeds"] and path.stat().st_atime_ns > 10**9
    (tmp_path / "cache").unlink()  # what was there before it could no longer be written is found too
    (tmp_path / "cache" / "seeds").mkdir(parents=True)
    path.rename(tmp_path / "cache" / "seeds" / path.name)
    assert visit("glossary", own_seeds=path.stem).session_state["seeds"].startswith(str(tmp_path))


def test_visitors_who_come_at_once_share_one_folder(tmp_path):
    (tmp_path / "file").write_text("")  # no folder can be made below it
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(own_seed_files._written, [tmp_path / "file" / "seeds"] * 8))
    assert len(found) == 1 and found.pop().is_dir()


def test_where_nothing_can_be_written_a_link_to_seeds_is_answered(tmp_path, monkeypatch):
    def nowhere(folder):
        raise FileNotFoundError("No usable temporary directory")

    monkeypatch.setattr(own_seed_files, "writable_folder", nowhere)
    assert own_seed_files._written(tmp_path / "no cache") == tmp_path / "no cache"


def test_where_seeds_are_kept_is_not_told(study, tmp_path):
    (tmp_path / "seeds").write_text("in its place")
    with pytest.raises(InputError) as refused:
        own_seed_files.save(tmp_path / "seeds", SeedDictionary(study.seeds.frame.head(2)), study.classes.known)
    assert str(refused.value) == "Your sentences cannot be kept: File exists."


def test_own_seeds_are_used_with_their_class_list_alone(tmp_path, monkeypatch):
    lists = {name: tmp_path / f"{name}.csv" for name in ("own", "other")}
    lists["own"].write_text("name\nred door\nblue door\n")
    lists["other"].write_text("name\nblue door\nred door\n")
    own = read_classes(lists["own"])[0]
    seeds = read_seeds(b"sentence,class\nA red door.,red door\n", own.known).seeds
    path = str(own_seed_files.save(tmp_path / "seeds", seeds, own.known))
    state = {"seeds": path, "pair": "own", "encoder": "minilm", "generator": "x.npy", "class_file": str(lists["own"])}
    monkeypatch.setattr(sidebar.st, "session_state", state)
    assert sidebar.settings().seeds == path
    state["class_file"] = str(lists["other"])
    assert sidebar.settings().seeds is None
    lists["other"].write_text(lists["own"].read_text() + "\n")
    assert sidebar.settings().seeds == path  # the same classes in another file
    state["pair"] = "bundled"
    assert sidebar.settings().seeds is None and state["seeds"] == path


def test_own_seeds_of_other_classes_are_said_to_wait(visit, tmp_path):
    names = read_classes(b"name\nred door\nblue door\n")[0].known
    seeds = read_seeds(b"sentence,class\nA red door.,red door\n", names).seeds
    path = own_seed_files.save(tmp_path, seeds, names)
    app = visit("glossary", seeds=str(path))
    assert "for other classes" in said(app.sidebar.caption) and app.session_state["seeds"] == str(path)
