"""The table of runs beside other processes that write and remove its files."""

from pathlib import Path

import pytest

from alignment.study.runs.table import RunTable


@pytest.fixture
def removed_meanwhile(monkeypatch):
    """Another process, which removes every file right after its state was asked for."""
    own = Path.stat

    def stat(path, **options):
        found = own(path, **options)
        if path.suffix in (".parquet", ".partial"):
            path.unlink()
        return found

    monkeypatch.setattr(Path, "stat", stat)


def test_a_row_that_is_removed_while_the_table_is_read_is_no_damage(tmp_path, removed_meanwhile):
    table = RunTable(tmp_path)
    table.folder.mkdir()
    (table.folder / "row.parquet").write_bytes(b"")
    found = table.read()
    assert found.table.empty and not found.damaged


def test_a_file_left_half_written_that_is_removed_meanwhile_is_passed_over(tmp_path, removed_meanwhile):
    table = RunTable(tmp_path)
    table.folder.mkdir()
    (table.folder / ".row.partial").write_bytes(b"")
    table.remove([])
