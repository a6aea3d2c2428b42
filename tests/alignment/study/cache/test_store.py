"""The cache: nothing damaged is used, nothing half-written stays, and no failure of the disk keeps an answer back."""

import errno
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alignment.study import Settings, Study
from alignment.study.cache.keys import ArtifactKey
from alignment.study.cache.store import MISSING, ArtifactCache
from benchmarks.faults import full_disk

KEY, OTHER = ArtifactKey("vectors", "0" * 64, "for a test"), ArtifactKey("vectors", "1" * 64, "for a test")
VALUE = np.arange(1000.0)


@pytest.fixture
def cache(tmp_path):
    return ArtifactCache(tmp_path)


def file_of(cache, key=KEY) -> Path:
    return cache.folder / key.artifact / f"{key.digest}.entry"


def test_a_value_is_computed_once(cache):
    computed = []
    for _ in range(3):
        value = cache.fetch(KEY, lambda: computed.append(1) or VALUE)
        np.testing.assert_array_equal(value, VALUE)
    assert len(computed) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_two_threads_that_ask_for_a_value_compute_it_once(cache, kept, monkeypatch):
    computed, both = [], threading.Barrier(2)
    if not kept:  # as where the cache cannot be written
        monkeypatch.setattr(cache, "write", lambda key, value: None)

    def compute():
        computed.append(1)
        time.sleep(0.2)
        return VALUE

    def ask():
        both.wait()
        return cache.fetch(KEY, compute)

    with ThreadPoolExecutor() as pool:
        found = [each.result() for each in [pool.submit(ask), pool.submit(ask)]]
    assert len(computed) == 1 and all(np.array_equal(value, VALUE) for value in found)


def test_a_value_whose_key_changes_while_it_is_computed_is_not_kept(cache):
    keys = iter([KEY, OTHER, OTHER, OTHER])
    for written in (False, True):
        np.testing.assert_array_equal(cache.fetch(lambda: next(keys), lambda: VALUE), VALUE)
        assert [cache.read(key) is not MISSING for key in (KEY, OTHER)] == [False, written]


def truncated(path):
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path):
    path.write_bytes(b"")


def flipped(path):
    content = bytearray(path.read_bytes())
    content[-500] ^= 1
    path.write_bytes(content)


def of_another_key(path):
    cache = ArtifactCache(path.parents[2])
    cache.write(OTHER, VALUE + 1)
    file_of(cache, OTHER).replace(path)


def pickled(path):
    path.write_bytes(pickle.dumps(Planted()))


def pickled_with_a_right_header(path):
    header = path.read_bytes().split(b"\n")[0]
    path.write_bytes(header + b"\n" + pickle.dumps(Planted()))


class Planted:
    def __reduce__(self):
        return pytest.fail, ("a pickle was run",)


@pytest.mark.parametrize(
    "damage",
    [truncated, emptied, flipped, of_another_key, pickled, pickled_with_a_right_header],
    ids=lambda f: f.__name__,
)
def test_a_damaged_entry_is_found_and_computed_anew(cache, damage):
    cache.write(KEY, VALUE)
    damage(file_of(cache))
    assert cache.read(KEY) is MISSING
    np.testing.assert_array_equal(cache.fetch(KEY, lambda: VALUE), VALUE)
    np.testing.assert_array_equal(cache.read(KEY), VALUE)


def test_a_file_that_is_shortened_later_harms_nothing_that_was_read(cache):
    cache.write(KEY, VALUE)
    read = cache.read(KEY)
    os.truncate(file_of(cache), 10)
    np.testing.assert_array_equal(read, VALUE)


@contextmanager
def a_file_in_its_place(cache, monkeypatch):
    cache.folder.parent.mkdir(exist_ok=True)
    cache.folder.write_text("not a folder")
    yield


@contextmanager
def a_full_disk(cache, monkeypatch):
    with full_disk():
        yield


@contextmanager
def a_folder_of_someone_else(cache, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    yield


@pytest.mark.parametrize(
    "fault", [a_file_in_its_place, a_full_disk, a_folder_of_someone_else], ids=lambda f: f.__name__
)
def test_a_cache_that_cannot_be_written_is_done_without(cache, monkeypatch, caplog, fault):
    with fault(cache, monkeypatch), caplog.at_level(logging.WARNING):
        for _ in range(2):
            np.testing.assert_array_equal(cache.fetch(KEY, lambda: VALUE), VALUE)
    assert len(caplog.records) == 1 and "cannot be written" in caplog.text
    assert not [path for path in cache.folder.parent.rglob("*") if path.is_file() and path != cache.folder]


def test_what_was_not_used_for_longest_is_removed_first(tmp_path):
    cache = ArtifactCache(tmp_path, limit_bytes=30_000)  # three of them
    keys = [replace(KEY, digest=str(number) * 64) for number in range(4)]
    for age, key in enumerate(keys[:3]):
        cache.write(key, VALUE)
        os.utime(file_of(cache, key), (time.time() - 100 + age,) * 2)
    assert cache.read(keys[0]) is not MISSING  # used now
    cache.write(keys[3], VALUE)
    assert [cache.read(key) is MISSING for key in keys] == [False, True, False, False]


def test_a_cache_is_looked_through_at_the_first_entry_and_then_after_a_share_of_the_limit(tmp_path, monkeypatch):
    looked, own = [], ArtifactCache._prune
    monkeypatch.setattr(ArtifactCache, "_prune", lambda cache, kept: (looked.append(kept), own(cache, kept)))
    cache = ArtifactCache(tmp_path)
    cache.write(KEY, VALUE)
    cache.limit_bytes = 20 * 5 * file_of(cache).stat().st_size  # the share is five entries
    for number in range(10):
        cache.write(replace(KEY, digest=str(number) * 64), VALUE)
    assert len(looked) == 3


def test_partial_files_of_ended_processes_are_removed(cache):
    file_of(cache).parent.mkdir(parents=True)
    old, new = file_of(cache).with_name("a.partial"), file_of(cache).with_name("b.partial")
    for path, age in ((old, 7200), (new, 0)):
        path.write_bytes(b"x")
        os.utime(path, (time.time() - age,) * 2)
    cache.write(OTHER, VALUE)
    assert not old.exists() and new.exists()


def test_entries_are_listed_and_cleared_and_nothing_else(cache, tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "own.csv").write_text("sentence,class\n")
    cache.write(KEY, VALUE)
    cache.write(OTHER, VALUE)
    file_of(cache, OTHER).write_bytes(b"rubbish")
    assert sorted((entry.artifact, entry.about) for entry in cache.entries()) == [
        ("vectors", "damaged"),
        ("vectors", "for a test"),
    ]
    cache.clear()
    assert not cache.entries() and (tmp_path / "seeds" / "own.csv").exists()


def test_two_processes_that_write_at_once_leave_a_whole_entry(cache):
    code = (
        "import sys, numpy as np\n"
        "from alignment.study.cache.store import ArtifactCache\n"
        "from alignment.study.cache.keys import ArtifactKey\n"
        "cache, key = ArtifactCache(sys.argv[1]), ArtifactKey('vectors', '0' * 64, 'for a test')\n"
        "for _ in range(200):\n"
        "    cache.write(key, np.arange(1000.0))\n"
        "    assert cache.read(key)[-1] == 999\n"
    )
    root = Path(__file__).parents[4]
    command = [sys.executable, "-c", code, str(cache.folder.parent)]
    writers = [subprocess.Popen(command, cwd=root) for _ in range(2)]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    np.testing.assert_array_equal(cache.read(KEY), VALUE)
    assert len(list(cache.folder.rglob("*.*"))) == 1


def test_a_value_of_a_callers_type_is_computed_and_not_kept(cache):
    assert cache.fetch(KEY, lambda: Planted).__name__ == "Planted"
    assert cache.read(KEY) is MISSING


@pytest.fixture(scope="module")
def space_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("space") / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(10, 6)))
    return path


def answer(folder, space_file):
    return Study(Settings(class_embeddings=str(space_file)), cache=folder).nearest(["I saw a goldfish"], "ridge")


def test_a_study_answers_the_same_whatever_happens_to_its_cache(tmp_path, space_file, caplog):
    expected = answer(tmp_path / "good", space_file)
    in_place = tmp_path / "file"
    in_place.touch()
    with caplog.at_level(logging.WARNING):
        pd.testing.assert_frame_equal(answer(in_place, space_file), expected)
        assert caplog.text.count("cannot be written") == 1
        with full_disk(4_000):
            pd.testing.assert_frame_equal(answer(tmp_path / "full", space_file), expected)
        assert caplog.text.count("cannot be written") == 2
    assert not list((tmp_path / "full").rglob("*.partial"))
    entries = sorted((tmp_path / "good").rglob("*.entry"))
    kept = [path.read_bytes() for path in entries]
    damages = (flipped, truncated, lambda path: path.write_bytes(kept[0]))  # the last puts another's in its place
    for damage, path in zip(damages, entries, strict=True):
        damage(path)
    pd.testing.assert_frame_equal(answer(tmp_path / "good", space_file), expected)
    assert [path.read_bytes() for path in entries] == kept
