"""A file is there whole or not at all, whatever happens while it is written."""

import os
import stat
import threading
from pathlib import Path

import pytest

from alignment.errors import InputError
from alignment.files.writing import make_folder, replace_file, stream_file, write_file
from benchmarks.faults import full_disk

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


def test_what_is_written_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    path, synced = tmp_path / "file", []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append((os.fstat(number).st_size, path.exists())))
    replace_file(path, b"whole")
    assert synced == [(5, False)] and path.read_bytes() == b"whole"


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


@pytest.mark.parametrize("by", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_a_file_that_a_process_holds_open_is_written_on_where_it_is(tmp_path, monkeypatch, by):
    log = tmp_path / "log.txt"
    log.write_bytes(OLD)
    with open(log, "ab", buffering=0) as held, open(held.fileno(), "w", closefd=False) as printed:
        monkeypatch.setattr("sys.stdout", printed)
        name = by.format(held.fileno())
        if by == "link":
            name = tmp_path / "link"
            name.symlink_to(f"/dev/fd/{held.fileno()}")
        print(" before ", end="")
        replace_file(name, NEW)
        print(" after", end="")
    assert log.read_bytes() == OLD + b" before " + NEW + b" after"


def test_what_this_process_writes_into_a_redirected_file_follows_what_it_has_printed(tmp_path):
    with open(tmp_path / "log.txt", "wb", buffering=0) as held:
        held.write(OLD)
        replace_file(f"/dev/fd/{held.fileno()}", NEW)
        held.write(OLD)
    assert (tmp_path / "log.txt").read_bytes() == OLD + NEW + OLD


def test_a_reader_that_has_seen_enough_is_no_failure_to_write():
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(BrokenPipeError):
        write_file(f"/dev/fd/{write}", NEW)
    os.close(write)


@pytest.mark.parametrize(
    "name", ["x" * 300, "no folder/cat.png", "a\0b.png", "/dev/full", "/dev/fd/999", "\udcff\ud800.png"]
)
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
