"""A file is there whole or not at all, whatever happens while it is written."""

import os
import stat
import threading
from pathlib import Path

import pytest

from alignment.errors import InputError
from alignment.files.writing import make_folder, replace_file, stream_file, write_file
from tests.faults import full_disk

OLD, NEW = b"as it was", b"x" * 10_000


@pytest.mark.parametrize("before", [None, OLD])
def test_a_full_disk_leaves_what_was_there(tmp_path, before):
    path = tmp_path / "cat.png"
    if before:
        path.write_bytes(before)
    with full_disk(), pytest.raises(InputError, match=r"Cannot write .*cat\.png: File too large\."):
        write_file(path, NEW)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == ({"cat.png": before} if before else {})


@pytest.mark.parametrize("before", [None, OLD])
def test_an_interruption_leaves_what_was_there(tmp_path, monkeypatch, before):
    path = tmp_path / "cat.png"
    if before:
        path.write_bytes(before)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, NEW)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == ({"cat.png": before} if before else {})


def test_permissions_stay_and_new_files_have_the_usual_ones(tmp_path):
    path, usual = tmp_path / "cat.png", tmp_path / "usual"
    usual.touch()
    replace_file(path, OLD)
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o640)
    replace_file(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and path.read_bytes() == NEW


def test_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "cat.png", tmp_path / "link.png"
    path.write_bytes(OLD)
    link.symlink_to(path)
    replace_file(link, NEW)
    assert link.is_symlink() and path.read_bytes() == NEW


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    replace_file(pipe, NEW)
    reader.join(10)
    assert read == [NEW] and pipe.is_fifo()


@pytest.mark.parametrize("name", ["x" * 300, "no folder/cat.png", "a\0b.png", "/dev/full", "\udcff\ud800.png"])
def test_a_name_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"(?s)^Cannot write .*\.$"):
        write_file(name, NEW)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_refused_though_it_is_there(tmp_path, monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    make_folder(tmp_path / "new")
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError, match=r"Cannot write into the folder .*new: Permission denied\."):
        make_folder(tmp_path / "new")


def test_a_reason_of_the_content_is_not_wrapped(tmp_path):
    def refuse(file):
        raise InputError("None of the prompts could be drawn.")

    with pytest.raises(InputError, match=r"^None of the prompts could be drawn\.$"):
        stream_file(tmp_path / "x.zip", refuse)
    assert not list(tmp_path.iterdir())
