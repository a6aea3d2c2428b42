"""Seeds encoded shard by shard: written, resumed, and taken by a study in place of encoding."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alignment.__main__ import main
from alignment.commands.notices import say_of_shards
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.errors import InputError
from alignment.execution.workers import ThisProcess
from alignment.files.shards import Shard
from alignment.study import Settings, Study, artifacts
from alignment.study.shards import encoded_seeds, encoded_shards
from alignment.study.shards.encoded_seeds import EncodedSeeds
from alignment.study.shards.encoded_shards import EncoderModel, Encoding, encode_shards, read_metadata, read_vectors
from alignment.study.shards.shard_results import ShardResult, map_shards
from alignment.text.encoder import TextEncoder

ROWS = [("a", (0,), "own", "", "a"), ("b", (1,), "own", "", "b")]
WORDS = ("cat", "fox", "lemon", "violin", "pizza", "lighthouse")


@pytest.fixture
def seeds(tmp_path):
    """Two shards of seeds for a few classes, one row of them with a class that does not exist."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    classes = dict(zip(WORDS, ("tabby cat", "red fox", "lemon", "violin", "pizza", "lighthouse"), strict=True))
    rows = [(f"{how} {word}", classes[word], "everyday", word) for how in ("A", "I see a", "My") for word in WORDS]
    frame = pd.DataFrame(rows, columns=["sentence", "class", "kind", "term"])
    frame[:9].to_parquet(folder / "one.parquet")
    pd.concat([frame[9:], pd.DataFrame([("A thing", "no such class", "own", "")], columns=frame.columns)]).to_csv(
        folder / "two.csv", index=False
    )
    return folder


@pytest.fixture
def encoding(encoder, tmp_path):
    return Encoding(EncoderModel.of(encoder), tmp_path / "vectors")


@pytest.mark.parametrize(("file_format", "number"), [("npy", "float32"), ("parquet", "float16")])
def test_shards_hold_the_vectors_of_their_good_rows(seeds, encoding, encoder, file_format, number):
    encoding = replace(encoding, file_format=file_format, number=number)
    shards = encode_shards(str(seeds), encoding)
    assert [(shard.name, shard.rows, shard.was_finished) for shard in shards] == [("one", 9, False), ("two", 9, False)]
    assert [one.line for one in shards[1].refused] == [11]
    assert "no such class" in (encoding.folder / "refused.csv").read_text()
    path = encoding.folder / "one.parquet"
    sentences = pd.read_parquet(path)["sentence"].tolist()
    expected = encoder.encode(sentences).astype(number)
    assert (read_vectors(path, read_metadata(path)) == expected.astype(np.float32)).all()


@pytest.mark.parametrize("file_format", ["npy", "parquet"])
def test_names_of_files_and_folders_need_not_be_utf8(seeds, encoding, encoder, file_format):
    for name in ("one.parquet", "two.csv"):
        (seeds / name).rename(seeds / f"caf\udce9-{name}")
    encoding = replace(encoding, folder=Path(f"{encoding.folder}\udce9"), file_format=file_format)
    encode_shards(str(seeds), encoding)
    assert all(shard.was_finished for shard in encode_shards(str(seeds), encoding))
    assert "caf\\udce9-two.csv,11," in (encoding.folder / "refused.csv").read_text()
    assert len(EncodedSeeds(encoding.folder, encoder, ClassTable(range(1000))).seeds) == 18


def test_a_finished_shard_is_encoded_again_only_when_it_would_differ(seeds, encoding, monkeypatch):
    encode_shards(str(seeds), encoding)
    calls = []
    encode = TextEncoder.encode
    count = lambda self, texts, **options: calls.append(len(texts)) or encode(self, texts, **options)  # noqa: E731
    monkeypatch.setattr(TextEncoder, "encode", count)
    assert all(shard.was_finished for shard in encode_shards(str(seeds), encoding)) and not calls
    vectors = encoding.folder / "one.npy"
    vectors.write_bytes(vectors.read_bytes()[:-4])
    assert [shard.was_finished for shard in encode_shards(str(seeds), encoding)] == [False, True]
    pd.concat([pd.read_csv(seeds / "two.csv"), pd.DataFrame([{"sentence": "A dog", "class": "beagle"}])]).to_csv(
        seeds / "two.csv", index=False
    )
    assert [shard.was_finished for shard in encode_shards(str(seeds), encoding)] == [True, False]
    assert calls == [9, 10]
    other = replace(encoding.model, layer=3)
    assert not any(shard.was_finished for shard in encode_shards(str(seeds), replace(encoding, model=other)))
    assert not any(shard.was_finished for shard in encode_shards(str(seeds), encoding))


def test_shards_stay_finished_where_the_encoder_was_moved(seeds, encoding, encoder, tmp_path):
    encode_shards(str(seeds), encoding)
    (tmp_path / "moved").symlink_to(encoder.folder)
    moved = replace(encoding, model=replace(encoding.model, source=str(tmp_path / "moved")))
    assert all(shard.was_finished for shard in encode_shards(str(seeds), moved))


@pytest.mark.parametrize("linked", ["nothing", "file", "folder"])
def test_no_shard_is_written_over_the_files_it_is_made_from(seeds, encoding, tmp_path, linked):
    given, output = seeds, seeds
    if linked == "file":
        given = tmp_path / "links"
        given.mkdir()
        (given / "one.parquet").symlink_to(seeds / "one.parquet")
    elif linked == "folder":
        output = tmp_path / "link"
        output.symlink_to(seeds)
    before = {path.name: path.read_bytes() for path in seeds.iterdir()}
    with pytest.raises(InputError, match=r"one\.parquet lies in .*write them to another folder"):
        encode_shards(str(given), replace(encoding, folder=str(output)))
    assert {path.name: path.read_bytes() for path in seeds.iterdir()} == before


def test_another_format_leaves_no_vectors_of_the_first_and_no_other_file_is_deleted(seeds, encoding):
    encode_shards(str(seeds), encoding)
    (encoding.folder / "two.npy").write_bytes(b"someone's own")
    encode_shards(str(seeds), replace(encoding, file_format="parquet"))
    names = sorted(path.name for path in encoding.folder.iterdir())
    assert names == ["one.parquet", "refused.csv", "shards.json", "two.npy", "two.parquet"]


def test_a_failing_shard_leaves_the_finished_ones(seeds, encoding, monkeypatch):
    write = encoded_shards.write_file

    def full(path, content):
        if path.name.startswith("two"):
            raise InputError(f"Cannot write {path}: No space left on device.")
        write(path, content)

    monkeypatch.setattr(encoded_shards, "write_file", full)
    with pytest.raises(InputError, match="No space left"):
        encode_shards(str(seeds), encoding)
    monkeypatch.undo()
    assert [shard.was_finished for shard in encode_shards(str(seeds), encoding)] == [True, False]


def test_a_study_takes_the_vectors_in_place_of_encoding(seeds, tmp_path, monkeypatch, capsys):
    options = ["encode", "--seeds", str(seeds), "--output", str(tmp_path / "vectors"), "--pooling", "mean"]
    assert main(options) == 0 and "18 sentences of 384 numbers in 2 shards" in capsys.readouterr().out
    settings = Settings(pooling="mean", vectors=tmp_path / "vectors")
    study = Study(settings, cache=tmp_path / "cache")
    monkeypatch.setattr(artifacts, "sentence_vectors", None)
    assert study.X.shape == (18, 384) and study.seeds.frame["classes"][0] == (281,)
    assert study.mapping("ridge").predict(study.X).shape == (18, 128)
    with pytest.raises(InputError, match="encoded with --pooling mean, and subject is asked for"):
        _ = Study(replace(settings, pooling="subject"), cache=tmp_path / "cache").seeds
    with pytest.raises(InputError, match="--seeds"):
        Settings(vectors="vectors", seeds="seeds.csv")


def test_of_very_many_sentences_a_sample_is_taken_and_said(seeds, encoding, tmp_path, monkeypatch):
    encode_shards(str(seeds), encoding)
    monkeypatch.setattr(encoded_seeds, "SAMPLE", 12)
    settings = Settings(pooling="mean", vectors=encoding.folder)
    one, two = (Study(settings, cache=tmp_path / "cache") for _ in range(2))
    assert len(one.seeds) == len(one.X) == 12 and (one.X == two.X).all()
    assert any("12 of 18 sentences" in notice for notice in one.notices)
    rows = {sentence: x for sentence, x in zip(one.seeds.sentences, one.X, strict=True)}
    path = encoding.folder / "one.parquet"
    everything = dict(zip(pd.read_parquet(path)["sentence"], read_vectors(path, read_metadata(path)), strict=True))
    shared = rows.keys() & everything.keys()
    assert shared and all((rows[sentence] == everything[sentence]).all() for sentence in shared)


def test_mappings_that_need_only_class_means_learn_from_all_of_a_sample(seeds, encoding, tmp_path, monkeypatch):
    encode_shards(str(seeds), encoding)
    settings = Settings(pooling="mean", vectors=encoding.folder)
    whole = Study(settings, cache=tmp_path / "whole")
    from_means, single = encoded_seeds.learning_from_class_means(), "kernel-ridge"
    assert {"ridge", "procrustes", "refined-procrustes", "whitened-rotation", "cca", "pls"} <= set(from_means)
    fitted = {name: whole.mapping(name) for name in (*from_means, single)}
    monkeypatch.setattr(encoded_seeds, "SAMPLE", 12)
    sample = Study(settings, cache=tmp_path / "sample")
    means = sample.seed_reader.encoded.pairs_by_classes("ridge", sample.class_vectors).X
    for name in from_means:  # at the means, as elsewhere few classes leave a rotation undetermined
        found = sample.mapping(name).predict(means)
        np.testing.assert_allclose(found, fitted[name].predict(means), atol=1e-5, err_msg=name)
    assert not np.allclose(sample.mapping(single).predict(whole.X), fitted[single].predict(whole.X), atol=1e-2)
    assert any("ridge, procrustes, refined" in notice for notice in sample.notices)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "shards.json").unlink(), "which 'encode' writes"),
        (lambda folder: (folder / "shards.json").write_text("{"), "shards.json is damaged"),
        (lambda folder: (folder / "shards.json").write_text('"one"'), "shards.json is damaged"),
        (lambda folder: (folder / "shards.json").write_text('["../one"]'), "shards.json is damaged"),
        (lambda folder: np.save(folder / "one.npy", np.ones((9, 384), np.float32)), "holds other vectors"),
        (lambda folder: (folder / "one.npy").unlink(), "one.npy is damaged"),
        (lambda folder: (folder / "one.parquet").write_bytes(b"PAR1"), "one.parquet is no whole Parquet file"),
        (lambda folder: pd.DataFrame({"a": [1]}).to_parquet(folder / "one.parquet"), "not written by 'encode'"),
    ],
)
def test_a_damaged_folder_of_vectors_is_said_in_one_sentence(seeds, encoding, tmp_path, damage, reason):
    encode_shards(str(seeds), encoding)
    damage(encoding.folder)
    with pytest.raises(InputError, match=reason):
        _ = Study(Settings(pooling="mean", vectors=encoding.folder), cache=tmp_path / "cache").X


@pytest.mark.parametrize("file_format", ["npy", "parquet"])
def test_vectors_are_those_that_were_written_and_finite(encoding, tmp_path, rng, file_format):
    encoding = replace(encoding, file_format=file_format)
    encoding.folder.mkdir()
    path, seeds = encoding.folder / "s.parquet", SeedDictionary(pd.DataFrame(ROWS, columns=DICTIONARY_COLUMNS))
    vectors = rng.normal(size=(2, 3)).astype(np.float32)

    def write(written, stated):
        said = {"rows": 2, "dimension": 3, "number": "float32", "format": file_format}
        encoded_shards._write(path, seeds, written, said, encoding)
        stated = said | {"sha256": encoded_shards._vectors_sha256(stated)}
        return stated

    assert (read_vectors(path, write(vectors, vectors)) == vectors).all()
    with pytest.raises(InputError, match="holds other vectors than 'encode' wrote"):
        read_vectors(path, write(vectors[::-1], vectors))
    with pytest.raises(InputError, match="numbers that are not finite"):
        read_vectors(path, write(vectors * np.nan, vectors * np.nan))


def test_numbers_beyond_float16_are_refused_before_they_are_written(seeds, encoding, monkeypatch):
    monkeypatch.setattr(TextEncoder, "encode", lambda self, texts, **_: np.full((len(texts), 384), 7e4, np.float32))
    with pytest.raises(InputError, match=r"one\.parquet reach 70,000, and float16 .*give --number float32"):
        encode_shards(str(seeds), replace(encoding, number="float16"))
    assert not list(encoding.folder.iterdir())


def test_vectors_know_the_class_list_they_were_made_for(tmp_path, encoding, encoder):
    things = ["door", "lamp", "spoon"]
    for name, order in (("one", things), ("other", things[::-1])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["name", *order]))
    one, other = (read_classes(tmp_path / f"{name}.csv")[0] for name in ("one", "other"))
    (tmp_path / "seeds.csv").write_text("sentence,class\n" + "".join(f"A {name},{name}\n" for name in things))
    encode_shards(str(tmp_path / "seeds.csv"), replace(encoding, names=one.known))
    assert EncodedSeeds(encoding.folder, encoder, one).seeds.frame["classes"].tolist() == [(0,), (1,), (2,)]
    for classes in (other, ClassTable(range(3))):
        with pytest.raises(InputError, match="encoded for another list of classes"):
            EncodedSeeds(encoding.folder, encoder, classes)
    (shard,) = encode_shards(str(tmp_path / "seeds.csv"), replace(encoding, names=other.known))
    assert not shard.was_finished and EncodedSeeds(encoding.folder, encoder, other).count == 3


def test_a_mapping_states_the_class_list_it_was_learned_for(tmp_path):
    np.save(tmp_path / "vectors.npy", np.eye(3))
    found = []
    for name in ("door\nlamp\nspoon", "spoon\nlamp\ndoor"):
        (tmp_path / "classes.csv").write_text(f"name\n{name}\n")
        settings = Settings(class_embeddings=str(tmp_path / "vectors.npy"), classes=str(tmp_path / "classes.csv"))
        found.append(Study(settings, cache=tmp_path / "cache").models)
    assert {name for name in found[0] if found[0][name] != found[1][name]} == {"classes_sha256"}


def test_results_must_be_where_they_were_asked_for_and_inputs_are_absolute(seeds, encoding, tmp_path, monkeypatch):
    class Elsewhere(ThisProcess):
        def map(self, function, items, *shared):
            (tmp_path / "worker").mkdir()
            monkeypatch.chdir(tmp_path / "worker")
            return super().map(function, items, *shared)

    monkeypatch.chdir(tmp_path)
    shards = encode_shards("seeds", replace(encoding, folder="out"), executor=Elsewhere())
    assert [shard.rows for shard in shards] == [9, 9] and (tmp_path / "out" / "one.npy").is_file()
    lost = ShardResult("one", "one.csv", "key", 1, False)
    with pytest.raises(InputError, match=r"worker wrote .*one\.parquet where this process does not see it"):
        map_shards(lambda *_: lost, [Shard("one.csv", "one")], None, tmp_path / "empty", "")


def test_sentences_longer_than_the_limit_are_named(encoding, encoder, tmp_path, monkeypatch, capsys):
    (tmp_path / "long.csv").write_text("sentence,class\nA red fox,red fox\n" + "A lemon " + "a " * 9 + ",lemon\n")
    encoded_shards._opened.cache_clear()
    monkeypatch.setattr(TextEncoder, "_longest", 8)
    (shard,) = encode_shards(str(tmp_path / "long.csv"), encoding)
    assert [(one.line, one.reason[:17]) for one in shard.cut] == [(3, "read only in part")]
    assert ',3,"read only in part' in (encoding.folder / "read_in_part.csv").read_text()
    say_of_shards([shard], encoding.folder)
    assert "long.csv, line 3: read only in part" in capsys.readouterr().err
    notices = EncodedSeeds(encoding.folder, encoder, ClassTable(range(999))).notices
    assert any("limit: 1 of 2 sentences" in said for said in notices)


def test_other_weights_under_the_same_name_are_refused(encoding):
    with pytest.raises(InputError, match="are others than those"):
        replace(encoding.model, fingerprint="other").open()


def test_what_files_are_taken_for_is_said_once_for_a_folder(tmp_path, capsys):
    def result(path, notes):
        return ShardResult(path, path, "", 1, False, notes=[f"{path}{note}" for note in notes])

    read_as, latin = ": the column 'text' is read as 'sentence'.", " is not in UTF-8 and is read as latin-1."
    shards = [result("a", [read_as]), result("a", [read_as]), result("b", [read_as, latin]), result("c", [read_as])]
    say_of_shards(shards, tmp_path)
    assert capsys.readouterr().err.splitlines() == [f"a{read_as.rstrip('.')}; so in 2 more files.", f"b{latin}"]


def test_class_numbers_that_count_from_1_are_said(tmp_path, encoding):
    (tmp_path / "one.csv").write_text("sentence,class\nA fish,1\nA roll,1000\n")
    (shard,) = encode_shards(str(tmp_path / "one.csv"), encoding)
    assert "seem to count from 1" in shard.notes[0] and [one.line for one in shard.refused] == [3]


def test_where_no_row_is_usable_the_list_of_all_is_named(tmp_path, encoding):
    (tmp_path / "one.csv").write_text("sentence,class\nA thing,unicorn\n,1\n")
    with pytest.raises(
        InputError, match=r"one.csv, line 2: No ImageNet class .* name; .*refused.csv names every row\)\."
    ):
        encode_shards(str(tmp_path / "one.csv"), encoding)
    assert len((encoding.folder / "refused.csv").read_text().splitlines()) == 3
