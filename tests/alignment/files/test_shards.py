"""Tables in shards: which files a pattern names, how Parquet is read, and what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from alignment.dictionary.prompts import read_prompts
from alignment.dictionary.seed_files import SEED_COLUMNS, read_seeds
from alignment.errors import InputError
from alignment.files.shards import find_shards, passed_over, read_shard


@pytest.fixture
def folder(tmp_path):
    frame = pd.DataFrame({"text": [f"A cat, number {i}" for i in range(25)], "class": [[281, 282]] * 25, "other": 1})
    frame.to_parquet(tmp_path / "b.parquet", row_group_size=7)
    (tmp_path / "a.csv").write_text("sentence,class\nA fox,red fox\n")
    (tmp_path / "notes.md").write_text("no shard")
    return tmp_path


def test_a_folder_or_a_pattern_names_its_files_in_order(folder):
    assert [shard.name for shard in find_shards(str(folder), SEED_COLUMNS)] == ["a", "b"]
    assert [shard.name for shard in find_shards(f"{folder}/*.parquet", SEED_COLUMNS)] == ["b"]
    assert [shard.name for shard in find_shards(f"{folder}/a.csv", SEED_COLUMNS)] == ["a"]


def test_a_large_parquet_file_is_several_shards_across_its_row_groups(folder):
    found = find_shards(str(folder / "b.parquet"), SEED_COLUMNS, rows=10)
    assert [(one.name, one.start, one.count) for one in found] == [
        ("b-00000", 0, 10),
        ("b-00001", 10, 10),
        ("b-00002", 20, 5),
    ]
    rows = [row for shard in found for row in read_shard(shard, SEED_COLUMNS).rows]
    assert [row.line for row in rows] == list(range(1, 26))
    assert [row.cells["sentence"] for row in rows] == [f"A cat, number {i}" for i in range(25)]
    assert rows[7].cells["class"] == "281|282"


def test_parquet_serves_wherever_a_table_is_read(folder):
    assert len(read_seeds(folder / "b.parquet").seeds) == 25
    assert read_prompts(folder / "b.parquet").rows[3].cells == {"prompt": "A cat, number 3"}


def test_what_cannot_be_read_is_said_in_one_sentence(folder):
    whole = (folder / "b.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(whole[:-20])
    (folder / "damaged.parquet").write_bytes(whole[:4] + bytes(300) + whole[304:])
    pd.DataFrame({"words": ["a"], "class": [1]}).to_parquet(folder / "columns.parquet")
    for name, reason in {
        "cut.parquet": "no whole Parquet file",
        "columns.parquet": r"needs a schema that names the columns 'sentence' \(or text, caption, prompt\) and 'class'",
        "c*.csv": "names no file",
        "missing.parquet": "names no file",
    }.items():
        with pytest.raises(InputError, match=reason):
            find_shards(str(folder / name), SEED_COLUMNS)
    (damaged,) = find_shards(str(folder / "damaged.parquet"), SEED_COLUMNS)
    with pytest.raises(InputError, match=r"damaged.parquet is damaged"):
        read_shard(damaged, SEED_COLUMNS)
    with pytest.raises(InputError, match="names several files"):
        read_seeds(f"{folder}/*.parquet")


def test_what_is_no_table_is_passed_over_and_said(folder):
    (folder / "README.txt").write_text("hello, world")
    (folder / "._b.parquet").write_bytes(b"\0\5\x16\7")
    assert [shard.name for shard in find_shards(str(folder), SEED_COLUMNS)] == ["a", "b"]
    (said,) = passed_over(str(folder))
    assert all(name in said for name in ("._b.parquet", "README.txt", "notes.md")) and "a.csv" not in said
    assert passed_over(f"{folder}/*.csv") == []
    only = folder / "only"
    only.mkdir()
    (only / "a.txt").write_text("sentence,class\nA fox,red fox\n")
    assert [shard.name for shard in find_shards(str(only), SEED_COLUMNS)] == ["a"]


def test_files_of_one_name_have_results_of_their_own(folder):
    part = pd.read_parquet(folder / "b.parquet")
    for split in ("train", "test"):
        (folder / "split" / split).mkdir(parents=True)
        part[:3].to_parquet(folder / "split" / split / "0000.parquet")
    assert [one.name for one in find_shards(str(folder / "split"), SEED_COLUMNS)] == ["test-0000", "train-0000"]
    found = find_shards(str(folder), SEED_COLUMNS, results=folder / "split" / "train")
    assert [one.name for one in found] == ["a", "b", "0000"]
    (folder / "b.csv").write_text("sentence,class\nA fox,red fox\n")
    assert [one.name for one in find_shards(f"{folder}/b.*", SEED_COLUMNS)] == ["b-csv", "b-parquet"]
    part[:3].to_parquet(folder / "b-00000.parquet")
    names = [one.name for one in find_shards(f"{folder}/b*.parquet", SEED_COLUMNS, rows=20)]
    assert names == ["b-00000-parquet", "b-parquet-00000", "b-parquet-00001"]


def test_text_that_is_stored_as_bytes(folder):
    cells = [b"A caf\xc3\xa9 cat", b"A caf\xe9 cat"]
    pd.DataFrame({"text": cells, "class": [281, 282]}).to_parquet(folder / "bytes.parquet")
    found = read_seeds(folder / "bytes.parquet")
    assert found.seeds.sentences == ["A caf\N{LATIN SMALL LETTER E WITH ACUTE} cat"]
    assert [str(one) for one in found.refused] == ["line 2: its bytes are no text in UTF-8."]


@pytest.mark.parametrize("pattern", ["", "/**/*.csv", "/*/*.csv"])
def test_results_are_left_out_of_folders_and_patterns(tmp_path, pattern):
    for name in ("in/one/a.csv", "in/out/b.csv"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("sentence,class\nA fox,277\n")
    found = find_shards(f"{tmp_path}/in{pattern}", SEED_COLUMNS, results=tmp_path / "in" / "out")
    assert [shard.name for shard in found] == ["a"]


@pytest.mark.parametrize("ending", ["", "/**/*"])
def test_links_to_folders_are_followed_but_not_in_circles(tmp_path, ending):
    for name in ("real", "top/one", "top/two"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / f"{name[-3:]}.csv").write_text("sentence,class\nA fox,277\n")
    links = {
        "top/linked": "real",
        "top/one/up": "top",
        "top/one/root": ".",
        "top/one/b": "top/two",
        "top/two/a": "top/one",
    }
    for name, target in links.items():
        (tmp_path / name).symlink_to(tmp_path / target)
    top = tmp_path / "top"
    found = [str(Path(shard.path).relative_to(top)) for shard in find_shards(f"{top}{ending}", SEED_COLUMNS)]
    assert found == ["linked/eal.csv", "one/b/two.csv", "one/one.csv", "two/a/one.csv", "two/two.csv"]
    (said,) = passed_over(f"{top}{ending}")
    assert "links to a folder that holds them: " in said
    assert all(str(top / name) in said for name in ("one/b/a", "one/root", "one/up", "two/a/b", "two/a/root"))


@pytest.mark.parametrize("name", ["a long sentence " * 20, "a long sentence? " * 20])
def test_a_name_that_no_file_can_have(name):
    with pytest.raises(InputError, match="names no file"):
        find_shards(name, SEED_COLUMNS)
    with pytest.raises(InputError, match=r"Cannot read|names several files"):
        read_seeds(name)
