"""Parquet files as other tools write them: lists, structs, labels, and headers as in a CSV."""

import json

import pyarrow
import pytest
from pyarrow import parquet

from alignment.dictionary.prompts import read_prompts
from alignment.dictionary.seed_files import SEED_COLUMNS, read_seeds
from alignment.errors import InputError
from alignment.files.shards import find_shards, read_shard


@pytest.fixture
def write(tmp_path):
    def write(columns, names=None, metadata=None):
        arrays, titles = list(columns.values()), names or list(columns)
        table = pyarrow.table([pyarrow.array(array) for array in arrays], names=titles)
        parquet.write_table(table.replace_schema_metadata(metadata), tmp_path / "mine.parquet")
        return tmp_path / "mine.parquet"

    return write


def labels(**features):
    return {"huggingface": json.dumps({"info": {"features": features}})}


def test_a_list_of_sentences_is_one_row_for_each(write):
    path = write(
        {"caption": [[b"Two dogs run.", b"Dogs play."], ["A cat.", None], []], "class": [[207, 208], [281], [282]]}
    )
    seeds, refused, _ = read_seeds(path)
    assert seeds.sentences == ["Two dogs run.", "Dogs play.", "A cat."]
    assert seeds.frame["classes"].tolist() == [(207, 208), (207, 208), (281,)]
    assert [str(one) for one in refused] == ["line 2: the sentence is empty.", "line 3: the sentence is empty."]
    rows = read_prompts(path).rows
    assert [(row.line, row.cells["prompt"]) for row in rows] == [(1, "Two dogs run."), (1, "Dogs play."), (2, "A cat.")]
    (shard,) = find_shards(str(path), SEED_COLUMNS)
    assert [row.line for row in read_shard(shard, SEED_COLUMNS).rows] == [1, 1, 2, 2, 3]


def test_a_text_that_is_a_list_is_refused(write):
    seeds, refused, _ = read_seeds(write({"caption": ['["A cat.", "A tabby."]', "A fox."], "class": [281, 277]}))
    assert seeds.sentences == ["A fox."] and "is a list" in str(refused[0])


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"en": "A cat.", "fr": "Un chat."}, "'caption' holds structs with the fields 'en', 'fr'"),
        ([{"raw": "A cat."}], "'caption' holds lists of structs with the fields 'raw'"),
        ([["A cat."]], "'caption' holds lists of lists"),
    ],
)
def test_sentences_that_are_no_texts_are_refused_before_any_work(write, cell, told):
    path = write({"caption": [cell], "class": [281]})
    for read in (read_seeds, read_prompts, lambda path: find_shards(str(path), SEED_COLUMNS)):
        with pytest.raises(InputError, match=told):
            read(path)


def test_structs_of_classes_and_of_columns_that_are_not_required(write):
    choices, template = [{"choices": ["tabby", "lemon"]}], [["a"]]
    seeds, _, notes = read_seeds(write({"sentence": ["A cat."], "class": choices, "template": template}))
    assert seeds.frame["classes"].tolist() == [(281, 951)] and seeds.frame["template"].tolist() == ["A cat."]
    assert len(notes) == 1 and notes[0].endswith("the column 'template' holds lists, and is passed over.")
    with pytest.raises(InputError, match="'class' holds structs with the fields 'id', 'name'; write a column 'class'"):
        read_seeds(write({"sentence": ["A cat."], "class": [{"id": 281, "name": "tabby"}]}))


def test_headers_are_those_of_a_csv(write):
    columns = {"text": ["A cat."], "caption": ["x"], "label": [281]}
    assert [note.partition(": ")[2] for note in read_seeds(write(columns)).notes] == [
        "the column 'text' is read as 'sentence'.",
        "the column 'caption' is passed over; 'text' is read in its place.",
        "the column 'label' is read as 'class'.",
    ]
    for names, told in ((["text", "label", "label"], "'label'"), (["Sentence", "sentence", "class"], "'Sentence'")):
        path = write(columns, names)
        for read in (read_seeds, lambda path: find_shards(str(path), SEED_COLUMNS)):
            with pytest.raises(InputError, match=rf"has two columns called {told}; keep one"):
                read(path)


@pytest.mark.parametrize("of_list", [None, "Sequence", "older"])
def test_labels_are_the_names_that_a_data_set_lists(write, of_list):
    label = {"names": ["tabby", "unicorn"], "_type": "ClassLabel"}
    feature = {None: label, "Sequence": {"feature": label, "_type": of_list}, "older": [label]}[of_list]
    cells = [0, 1, 2, -1]
    columns = {
        "text": ["A cat.", "A unicorn.", "A thing.", "None."],
        "label": [[c] for c in cells] if of_list else cells,
    }
    seeds, refused, notes = read_seeds(write(columns, metadata=labels(label=feature)))
    assert seeds.frame["classes"].tolist() == [(281,)]
    for one, reason in zip(refused, ("called 'unicorn'", "and none for 2", "class is empty"), strict=True):
        assert reason in one.reason
    assert notes[-1].endswith("'label' are read as the names that the file lists: 'tabby', 'unicorn'.")


@pytest.mark.parametrize("metadata", [{"huggingface": "{"}, {"huggingface": "[1]"}, labels(label={"dtype": "int64"})])
def test_numbers_of_a_file_that_lists_no_names_are_indices(write, metadata):
    seeds, _, notes = read_seeds(write({"sentence": ["A cat."], "class": [281]}, metadata=metadata))
    assert seeds.frame["classes"].tolist() == [(281,)] and notes == []


@pytest.mark.parametrize("name", ["mine.pq", "mine.PARQUET", "mine.csv", "mine"])
def test_a_file_is_known_by_its_first_bytes_whatever_it_is_called(write, tmp_path, name):
    path = write({"text": ["A cat."], "class": [281]}).rename(tmp_path / name)
    assert read_seeds(path).seeds.sentences == read_seeds(str(path)).seeds.sentences == ["A cat."]
    (shard,) = find_shards(str(path), SEED_COLUMNS)
    assert shard.count == 1 and [row.line for row in read_shard(shard, SEED_COLUMNS).rows] == [1]
