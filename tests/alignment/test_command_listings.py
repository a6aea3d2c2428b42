"""What the commands models and cache list, as tables and as JSON."""

import json

import numpy as np

from alignment.__main__ import main
from alignment.study.cache.keys import ArtifactKey
from alignment.study.cache.store import ArtifactCache


def test_models_lists_both_pairs(capsys):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    for name in ("minilm", "distilbert-base-uncased", "bundled", "biggan-deep-512", "268 MB"):
        assert name in out
    assert max(map(len, out.splitlines())) <= 72
    assert main(["models", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed["minilm"]["here"] and listed["minilm"]["numbers"] == 384 and listed["bundled"]["pixels"] == 256


def test_one_entry_is_counted_as_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("alignment.study.CACHE", tmp_path)
    monkeypatch.setattr("alignment.study.prompt_lists.prompt_lists.kept_lists", lambda _: [(tmp_path, 1_000_000, 0.0)])
    ArtifactCache(tmp_path).write(ArtifactKey("fitted_mapping", "0" * 64, "minilm"), np.zeros(3))
    assert main(["cache"]) == 0
    assert capsys.readouterr().out.endswith(f"1 entry, 0.0 MB in {tmp_path}, and 1 drawn list, 1.0 MB\n")


def test_cache_is_listed_and_cleared(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("alignment.study.CACHE", tmp_path)
    (tmp_path / "built").touch()
    cache = ArtifactCache(tmp_path)
    for number in range(2):
        cache.write(ArtifactKey("fitted_mapping", str(number) * 64, "minilm · bundled · ridge"), np.zeros(1_000_000))
    assert main(["cache"]) == 0
    said = capsys.readouterr().out
    assert "fitted mapping" in said and "minilm · bundled · ridge" in said and "2 entries, 16.0 MB" in said
    assert max(map(len, said.splitlines()[:-1])) <= 72
    assert main(["cache", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["entries"] == 2 and told["bytes"] == sum(one["bytes"] for one in told["artifacts"]) > 16_000_000
    assert main(["cache", "--clear", "--json"]) == 2 and cache.entries()
    assert main(["cache", "--clear"]) == 0
    assert not cache.entries() and not (tmp_path / "built").exists()
    capsys.readouterr()
    assert main(["cache"]) == 0
    assert capsys.readouterr().out.startswith("0 entries, 0.0 MB")
