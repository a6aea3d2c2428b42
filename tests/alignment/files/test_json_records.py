"""Tables in JSON: what a CSV of the same cells would hold."""

import json
import sys

import pytest

from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.json_records import MAX_KEYS
from alignment.files.tables import read_text_table

COLUMNS = {
    "sentence": Column(("text", "caption"), sentence=True, lines=True),
    "class": Column(("label",), whole=True),
}
ROWS = [("A cat, sleeping", "281"), ("A dog", "1|2")]
# Lists within lists that the parser still reads, but too many for a cell: a level takes one call fewer from 3.12 on.
NESTED = 900 if sys.version_info < (3, 12) else 3_000
RECORDS = [{"caption": "A cat, sleeping", "class": 281}, {"caption": "A dog", "class": [1, 2]}]


def read(content, **options):
    text = content if isinstance(content, str) else json.dumps(content)
    return read_text_table(text.encode(), "mine.json", COLUMNS, **options)


def cells(table):
    return [(row.cells["sentence"], row.cells["class"]) for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        RECORDS,
        "\ufeff" + json.dumps(RECORDS, indent="\t"),
        "\n".join(map(json.dumps, RECORDS)),
        "\r\n\r\n".join(map(json.dumps, RECORDS)) + "\r\n",
        {"info": {"year": 2017}, "images": [{"id": 1}], "annotations": RECORDS},
        {"caption": ["A cat, sleeping", "A dog"], "class": [281, [1, 2]]},
        {"caption": {"0": "A cat, sleeping", "1": "A dog"}, "class": {"0": 281.0, "1": [1, 2]}},
        {"caption": {"0": "A cat, sleeping", "1": "A dog"}, "class": {"1": [1, 2], "0": 281}},
        {"first.jpg": RECORDS[0], "second.jpg": RECORDS[1]},
        "\n".join(json.dumps(one, indent=2) for one in RECORDS),
        {"columns": ["class", "caption"], "index": [0, 1], "data": [[281, "A cat, sleeping"], [[1, 2], "A dog"]]},
        [["caption", "class", "by"], ["A cat, sleeping", 281], ["A dog", "1|2", "me"]],
        {"range": "A1:B3", "values": [["caption", "class"], ["A cat, sleeping", "281"], ["A dog", "1|2"]]},
        {"caption": "A cat, sleeping", "class": 281},
    ],
    ids=[
        *("array", "indented", "lines", "Windows lines", "COCO", "columns of lists", "pandas", "rows in any order"),
        *(
            "object of objects",
            "indented objects",
            "pandas, split",
            "lists below titles",
            "Google Sheets",
            "one object",
        ),
    ],
)
def test_records_are_read_in_every_usual_form(content):
    table = read(content)
    count = 1 if isinstance(content, dict) and content.get("class") == 281 else 2
    assert [(one, number.removesuffix(".0")) for one, number in cells(table)] == ROWS[:count] and not table.refused
    assert "mine.json: the column 'caption' is read as 'sentence'." in table.notes


def test_of_several_lists_the_one_with_most_columns_is_read_and_named():
    columns = COLUMNS | {"kind": Column(required=False)}
    held = {"old": [RECORDS[0]], "new": [RECORDS[1] | {"kind": "label"}], "older": [RECORDS[0]]}
    table = read_text_table(json.dumps(held).encode(), "mine.json", columns)
    assert cells(table) == ROWS[1:] and "mine.json: its list 'new' is read." in table.notes


def test_a_list_with_more_than_the_titles_costs_itself_alone():
    table = read([["caption", "class"], ["A cat", 281, "me"], ["A dog", 2, "", None], "A fox"])
    assert cells(table) == [("A dog", "2")] and [one.line for one in table.refused] == [1, 3]


def test_a_list_of_sentences_is_one_row_for_each():
    table = read([{"caption": ["A cat", "A pet"], "class": 281}, {"caption": [], "class": 2}, {"class": 3}])
    assert cells(table) == [("A cat", "281"), ("A pet", "281"), ("", "2"), ("", "3")]
    assert [row.line for row in table.rows] == [1, 1, 2, 3]


def test_sentences_by_class_are_rows_of_both():
    table = read({"tabby cat": ["A cat, sleeping", "A pet"], "n02085620": "A dog", "151": []})
    assert cells(table) == [
        ("A cat, sleeping", "tabby cat"),
        ("A pet", "tabby cat"),
        ("A dog", "n02085620"),
        ("", "151"),
    ]
    assert table.notes == ["mine.json: its keys are read as 'class', and what stands under each as 'sentence'."]


def test_a_class_that_stands_twice_keeps_the_sentences_of_both_places():
    table = read('{"cat": ["A cat"], "dog": "A dog", "cat": "A pet"}')
    assert cells(table) == [("A cat", "cat"), ("A dog", "dog"), ("A pet", "cat")]
    with pytest.raises(InputError, match="names the columns"):
        read('{"cat": [5], "cat": "A pet"}')


@pytest.mark.parametrize(
    "content", [{"cat": ["A cat", 5]}, {"cat": {"says": "A cat"}}, {"Sentence": "A cat", "cat": "A"}, {}]
)
def test_what_is_not_sentences_by_class_is_not_read_so(content):
    with pytest.raises(InputError, match=r"names? the columns"):
        read(content)


def test_where_most_keys_are_classes_what_is_no_sentence_costs_itself_alone():
    columns = COLUMNS | {"class": Column(("label",), whole=True, knows={"cat", "dog", "fox"}.__contains__)}
    others = [{"says": "A fox"}, 5, True]
    held = {
        "cat": ["A cat", None, "A pet"],
        "dog": {"says": "A dog"},
        "fox": others,
        "unheard of": ["A thing", "A toy", "A top"],
    }
    table = read_text_table(json.dumps(held).encode(), "mine.json", columns)
    sentences = [
        ("A cat", "cat"),
        ("", "cat"),
        ("A pet", "cat"),
        ("A thing", "unheard of"),
        ("A toy", "unheard of"),
        ("A top", "unheard of"),
    ]
    assert cells(table) == sentences
    reason = "something else than text stands where a sentence is read."
    assert [*map(str, table.refused)] == [f"line 2: {reason}", *[f"line 3: {reason}"] * 3]
    with pytest.raises(InputError, match="names the columns"):
        read_text_table(b'{"cat": [0.5, 0.25], "dog": [1, 2], "fox": "A fox"}', "mine.json", columns)


def test_a_list_of_texts_is_a_list_of_sentences():
    table = read_text_table(b'["A cat", "A dog, asleep"]', "mine.json", {"sentence": COLUMNS["sentence"]})
    assert [row.cells["sentence"] for row in table.rows] == ["A cat", "A dog, asleep"]


def test_a_damaged_record_costs_itself_alone():
    lines = [json.dumps(RECORDS[0]), '{"caption": "A fox", "cla', "", "[1, 2]", json.dumps(RECORDS[1])]
    table = read("\n".join(lines))
    assert cells(table) == ROWS and [row.line for row in table.rows] == [1, 5]
    assert [*map(str, table.refused)] == [
        "line 2: the line is no whole JSON object.",
        "line 4: the record is no JSON object.",
    ]


def test_a_damaged_object_of_several_lines_costs_itself_alone():
    first, second = (json.dumps(one, indent=2) for one in RECORDS)
    table = read(f"{first}\n{{\n  'caption': \"A fox\"\n}}\n{second}")
    assert cells(table) == ROWS and [row.line for row in table.rows] == [1, 8]
    assert [one.line for one in table.refused] == [5, 6, 7]


def test_an_object_in_place_of_a_sentence_is_refused():
    table = read([{"caption": {"raw": "A cat"}, "class": 281}, {"caption": [["A", "cat"]], "class": 281}, RECORDS[1]])
    assert cells(table) == ROWS[1:] and [one.line for one in table.refused] == [1, 2]


def test_what_is_no_number_is_no_sentence():
    assert cells(read('[{"caption": NaN, "class": NaN}, {"caption": "A cat", "class": 281}]')) == [("A cat", "281")]


def test_a_list_written_as_text_is_refused_as_in_a_csv():
    table = read([{"caption": "['A cat', 'A pet']", "class": 281}, RECORDS[1]])
    assert cells(table) == ROWS[1:] and "is a list" in table.refused[0].reason


def test_other_keys_are_said_or_read():
    records = [{**RECORDS[0], "source": "mine"}, {**RECORDS[1], "weight": 0.5, "deep": {"a": [1]}}]
    assert read(records).unread == ["source", "weight", "deep"]
    rows = read(records, others=True).rows
    assert rows[0].cells["source"] == "mine" and rows[0].cells["weight"] == "" and rows[1].cells["weight"] == "0.5"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            [{"words": "A cat", "class": 1}],
            "mine.json needs a JSON object for each row that names the columns 'sentence'",
        ),
        ([], "mine.json is empty"),
        ([["caption", "class", "class"], ["A cat", 281, 207]], "two columns called 'class'; keep one"),
        ({"train": RECORDS, "test": RECORDS}, "several lists with .*: 'train', 'test'; keep one"),
        ('[{"caption": "A cat"},\n{"caption": "A dog",}]', "mine.json, line 2: the JSON is damaged"),
        ([{f"key {at}": 1} for at in range(MAX_KEYS + 1)], "have 1,001 keys; the limit is 1,000"),
        ([{"caption": "a", "Caption": "b", "class": 1}], "two columns called 'caption'"),
        ([{"a": "[" * 100_000}, 1], "'sentence'"),
        ([["A cat", 281]], "mine.json holds no JSON objects that name the columns 'sentence'"),
        ('[{"caption": "A cat", "class": ' + "[" * NESTED + "]" * NESTED + "}]", "nested too deeply"),
    ],
)
def test_json_without_such_records_is_one_sentence(content, message):
    with pytest.raises(InputError, match=message) as caught:
        read(content)
    assert len(str(caught.value)) < 300
