"""JSON from elsewhere: what cannot be read is an error that every reader of it expects."""

import pytest

from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.files.reading import parse_json
from alignment.images.weights import read_config
from alignment.study.cache.store import SUFFIX, ArtifactCache
from alignment.study.encoded_seeds import EncodedSeeds

DEEP = "[" * 100_000


@pytest.mark.parametrize("text", [DEEP, DEEP.encode(), "{", "9" * 5_000, b"\xff"])
def test_what_is_no_json_or_nested_too_deeply_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse_json(text)
    assert parse_json('{"a": [1]}') == parse_json('\ufeff{"a": [1]}') == {"a": [1]}


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
