"""Names that a person gives, and JSON from elsewhere: what cannot be read is an error that every reader expects."""

import gzip
import os
import random
import time
import tracemalloc

import pytest
from pytorch_pretrained_biggan import BigGANConfig

from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seed_files import read_seeds
from alignment.errors import InputError
from alignment.files.digests import file_sha256
from alignment.files.reading import JSON_HEAD, begins_with_json, exists, is_file, is_folder, parse_json
from alignment.files.shards import find_shards
from alignment.files.table_files import read_table_file
from alignment.images.weights import load_model, read_config
from alignment.study.cache.store import SUFFIX, ArtifactCache
from alignment.study.mapping_files import MAPPING_FILES, read_mapping
from alignment.study.shards.encoded_seeds import EncodedSeeds

DEEP = "[" * 100_000


@pytest.mark.parametrize("text", [DEEP, DEEP.encode(), "{", "9" * 5_000, b"\xff"])
def test_what_is_no_json_or_nested_too_deeply_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse_json(text)
    assert parse_json('{"a": [1]}') == parse_json('\ufeff{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ('{"a": 1}\n{"a": 2}', True),
        ("[281] tabby", True),
        ("[tabby]", False),
        ("a,b", False),
        (DEEP, False),
        ("[" + "9" * 5_000, False),
        ("[" + '"\\ud83d\\udc08", ' * JSON_HEAD, True),
        ('{"a": "' + "a" * JSON_HEAD, True),
        ("[1, 2" + " a cat" * JSON_HEAD, False),
    ],
)
def test_json_is_told_by_its_beginning(text, is_json):
    assert begins_with_json(text) == is_json


@pytest.mark.parametrize("cut", range(24))
def test_json_is_told_wherever_its_beginning_is_cut(cut):
    assert begins_with_json("[" + " " * cut + '[-1.5e10, true, "\\ud83d\\udc08"], ' * JSON_HEAD)


def test_long_json_is_told_in_little_memory():
    text = "[" + "[]," * 1_000_000
    tracemalloc.start()
    assert begins_with_json(text)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_files_of_deep_json_are_named(tmp_path, encoder):
    cache = ArtifactCache(tmp_path)
    (cache.folder / "ridge").mkdir(parents=True)
    (cache.folder / "ridge" / f"key{SUFFIX}").write_text("[" * 9_000)
    for path in (tmp_path / "shards.json", tmp_path / "config.json"):
        path.write_text(DEEP)
    with pytest.raises(InputError, match="not a readable BigGAN configuration"):
        read_config(tmp_path / "config.json")
    with pytest.raises(InputError, match=r"shards\.json is damaged"):
        EncodedSeeds(str(tmp_path), encoder, ClassTable([0]))
    assert [entry.about for entry in cache.entries()] == ["damaged"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("m.npz", lambda path: read_mapping(str(path), {}, (1, 1))),
        ("m.npz", file_sha256),
        ("p.csv", lambda path: find_shards(str(path), {})),
        ("p.parquet", lambda path: read_table_file(path, "p.parquet", {})),
    ],
)
def test_a_pipe_is_refused_where_it_would_be_read_again(tmp_path, name, read):
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match="is a pipe, which can be read only once"):
        read(tmp_path / name)


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = b"\n<!-- 404 -->\n<!DOCTYPE html>\n<html><head><title>Not found</title></head></html>\n"


@pytest.mark.parametrize(
    ("content", "message"), [(POINTER, "is a Git LFS pointer, not the file itself"), (PAGE, "is a web page, not the")]
)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        *[(f"m{suffix}", read_embeddings) for suffix in (".npy", ".npz", ".pt", ".safetensors", ".csv", "")],
        *[(f"map{suffix}", lambda path: read_mapping(str(path), {}, (1, 1))) for suffix in MAPPING_FILES],
        ("seeds.csv", read_seeds),
        ("seeds.csv", lambda path: read_seeds(path.read_bytes(), called="seeds.csv")),
        ("seeds.parquet", read_seeds),
        ("classes.csv", read_classes),
        ("config.json", read_config),
        ("model.safetensors", lambda path: load_model(BigGANConfig(), path)),
        ("pytorch_model.bin", lambda path: load_model(BigGANConfig(), path)),
    ],
)
def test_what_stands_in_for_a_file_is_said(tmp_path, name, read, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read(tmp_path / name)


def test_a_row_of_comments_that_begins_no_web_page_is_read_at_once():
    begun = time.perf_counter()
    with pytest.raises(InputError, match="needs a first line that names the columns"):
        read_seeds(b"<!---->" * 27 + b"a cat,281\n", called="seeds.csv")
    assert time.perf_counter() - begun < 2  # 10 s and more where the row may be split in any of 2^27 ways
    with pytest.raises(InputError, match="is a web page"):
        read_seeds(b"<!-- a -- b -->\n<!----> <!-- <p> -->" * 20 + b"<html>", called="seeds.csv")


@pytest.mark.parametrize("name", ["a long sentence " * 20, "a\0b", "none", "file/none"])
def test_a_name_that_nothing_has_or_can_have(tmp_path, name):
    (tmp_path / "file").touch()
    assert not any(test(tmp_path / name) for test in (exists, is_file, is_folder))
    assert is_file(str(tmp_path / "file")) and exists(tmp_path) and is_folder(tmp_path)
    assert not is_folder(tmp_path / "file") and not is_file(tmp_path)


def test_what_may_not_be_seen_is_one_sentence(monkeypatch):
    def refused(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refused)
    with pytest.raises(InputError, match="Cannot read /root/model: Permission denied"):
        is_folder("/root/model")


def test_tables_that_gzip_has_compressed_are_read(tmp_path):
    parts = gzip.compress(b"sentence,class\nA cat,281\n") + gzip.compress(b"A fox,277\n") + bytes(512)
    (tmp_path / "seeds.csv.gz").write_bytes(parts)
    assert read_seeds(tmp_path / "seeds.csv.gz").seeds.sentences == ["A cat", "A fox"]
    (tmp_path / "classes.txt.gz").write_bytes(gzip.compress(b"apple_pie\nbibimbap\n"))
    assert list(read_classes(tmp_path / "classes.txt.gz")[0].names) == ["apple_pie", "bibimbap"]


def test_a_compressed_table_that_cannot_be_read_is_one_sentence(tmp_path, monkeypatch):
    whole = gzip.compress(b"sentence,class\n" + random.Random(0).randbytes(500).hex().encode() + b",281\n")
    path = tmp_path / "seeds.csv.gz"
    for content, message in (
        (whole[:200], "cut off"),
        (whole[:100] + bytes(30) + whole[130:], "damaged"),
        (whole + b"more", "something else follows"),
        (gzip.compress(whole), "unpack it first"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=rf"seeds\.csv\.gz is compressed \(gzip\).*{message}"):
            read_seeds(path)
    monkeypatch.setattr("alignment.files.reading.MAX_UNPACKED", 1000)
    path.write_bytes(gzip.compress(b"sentence,class\n") + gzip.compress(bytes(10_000)))
    with pytest.raises(InputError, match=r"seeds\.csv\.gz unpacks to more than .* GB; split it into several files"):
        read_seeds(path)
