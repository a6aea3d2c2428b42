"""Tables as people write them."""

import bz2
import csv
import gzip

import pytest

from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.encodings import decode
from alignment.files.tables import read_text_table

COLUMNS = {
    "sentence": Column(("text", "caption")),
    "class": Column(("label",), whole=True),
    "kind": Column(required=False),
}
TWO_ROWS = "sentence,class\nÉté à la mer “so”…,1\nA dog,2\n"
CELLS = [("Été à la mer “so”…", "1"), ("A dog", "2")]


def read(text, encoding="utf-8", columns=COLUMNS):
    return read_text_table(text if isinstance(text, bytes) else text.encode(encoding), "mine.csv", columns)


def cells(table):
    return [tuple(row.cells.values()) for row in table.rows]


def where(table):
    return [one.line for one in table.refused]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_said(encoding, named):
    table = read(TWO_ROWS, encoding)
    assert cells(table) == CELLS and not table.refused
    assert [note.partition(";")[0].strip(".") for note in table.notes] == (
        [f"mine.csv is not in UTF-8 and is read as {named}"] if named else []
    )


FRENCH = [f"Un café numéro {i} près de la forêt" for i in range(20)]


@pytest.mark.parametrize("rows", [FRENCH, [*["A cat"] * 20, "A café"], ["“Two” cats", "Über uns"]])
@pytest.mark.parametrize("damaged", ["A naïve dog".encode("cp1252"), b"A fox\x92s den", b"A caf\xc3"])
def test_a_line_that_is_not_in_utf8_costs_itself_alone(rows, damaged):
    table = read("\n".join(["caption", *rows, ""]).encode() + damaged, columns={"caption": Column()})
    assert cells(table) == [(row,) for row in rows] and not table.notes
    assert where(table) == [len(rows) + 2] and "not in UTF-8" in table.refused[0].reason


def test_a_cut_character_that_is_the_only_one_beyond_ascii():
    table = read("sentence,class\nA cat,1\nA dog,2\nA caf\u00e9".encode()[:-1])
    assert len(table.rows) == 2 and where(table) == [4]


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
def test_older_encodings_of_western_europe(encoding):
    rows = ["Un café près de la forêt", "ÉTÉ: l'été à Nîmes", "Der Käse über Straßen"]
    table = read("\n".join(["caption", *rows]), encoding, {"caption": Column()})
    assert cells(table) == [(row,) for row in rows] and "if letters come out wrong" in table.notes[0]


def test_a_language_of_another_alphabet():
    lines = "sentence,class\nСобака бежит по улице и громко лает на прохожих,1\nКошка спит на старом диване,2\n"  # noqa: RUF001
    table = read(lines, "cp1251")
    assert table.rows[0].cells["sentence"].startswith("Собака бежит")
    assert "1251" in table.notes[0]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sentence;class\nHello, you;1\n", "semicolons"),
        ("sentence\tclass\nHello, you\t1\n", "tabs"),
        ("sep=;\r\nsentence;class\r\nHello, you;1\r\n", "semicolons"),
        ('"sep=|"\nsentence|class\nHello, you|1\n', "'|'"),
    ],
)
def test_the_separator_is_found_and_said(text, named):
    table = read(text)
    assert cells(table) == [("Hello, you", "1")]
    assert table.notes == [f"mine.csv: cells are separated by {named}."]


@pytest.mark.parametrize("separator", ["p", '"', ":"])
def test_a_separator_that_no_table_has_is_refused(separator):
    with pytest.raises(InputError, match=r"mine\.csv, line 1: cells cannot be separated by .*; use commas,"):
        read(f"sep={separator}\nsentence,class\nA cat,281\n")


@pytest.mark.parametrize("rule", ["|---|---|", "| :-- | --: |", "----+---"])
def test_the_line_below_the_titles_of_a_table_in_markdown_is_no_row(rule):
    table = read(f"| sentence | class |\n{rule}\n| A cat | 281 |\n")
    assert cells(table) == [("A cat", "281")] and not table.refused
    assert cells(read("sentence,class\n-,-\nA cat,281\n")) == [("-", "-"), ("A cat", "281")]


def test_a_bar_within_a_sentence_moves_no_cell_into_the_next_column():
    table = read("| sentence | class |\n|---|---|\n| A cat | dog | 281 |\n| A cat \\| dog | 281 |\n| A fox | 3 |\n")
    assert cells(table) == [("A fox", "3")] and [one.line for one in table.refused] == [3, 4]


def test_a_table_needs_no_required_column():
    assert read_text_table(b"note\nA cat\n", "mine.csv", {"note": Column(required=False)}).rows[0].cells == {
        "note": "A cat"
    }


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_blank_lines(ends):
    table = read(ends.join(["", "sentence,class", "", "A cat,1", ",", "  ", "A dog,2"]))
    assert cells(table) == [("A cat", "1"), ("A dog", "2")] and [row.line for row in table.rows] == [4, 7]


def test_lines_without_a_cell_before_the_header_and_a_column_passed_over():
    table = read("\n,,\nimage|text|caption|class\u200b\n1|A cat|no|281\n")
    assert cells(table) == [("A cat", "281")] and table.rows[0].line == 4
    assert "'caption' is passed over; 'text' is read" in table.notes[-1]
    with pytest.raises(InputError, match="two columns called 'text'"):
        read("text,text,class\na,b,1\n")


@pytest.mark.parametrize("header", [" Sentence , CLASS", '"sentence"," class "', "Text,Label", "caption,label,"])
def test_headers_are_forgiven(header):
    assert cells(read(f"{header}\nA cat,1\n")) == [("A cat", "1")]


def test_a_header_that_is_taken_for_another_is_said():
    assert read("Caption,class\nA cat,1\n").notes == ["mine.csv: the column 'Caption' is read as 'sentence'."]
    assert cells(read("text,sentence,class\nno,yes,1\n")) == [("yes", "1")]  # the name itself before its synonyms


def test_columns_in_another_order_and_columns_that_nobody_asked_for():
    table = read(",class,note,sentence\n0,1,x,A cat\n")
    assert table.rows[0].cells == {"sentence": "A cat", "class": "1"}


def test_a_row_with_too_many_or_too_few_cells_is_left_out():
    table = read("sentence,class,kind\nA mug, a cat,1,own\nA cat,1,own\nAlone\nShort,2\nA dog,2,,,\n")
    assert cells(table) == [("A cat", "1", "own"), ("Short", "2", ""), ("A dog", "2", "")]
    assert where(table) == [2, 4]
    assert "has 4 cells where the first line names 3" in table.refused[0].reason
    assert "has 1 cell where" in table.refused[1].reason


@pytest.mark.parametrize(
    ("lines", "kept", "refused"),
    [
        (["sentence,class,split", "A dog, cat,281", "A fox,277,train"], ["A fox"], [2]),
        (["sentence,class,kind", "A mug, a cat,1", "A fox,277,own"], ["A fox"], [2]),
        (["sentence,class", "A dog, 281", "A fox,277"], ["A dog", "A fox"], []),
        (["sentence, class, split", "A dog, 281, train", "A fox, 277"], ["A dog", "A fox"], []),
        (["sentence,class,split", '"A dog, asleep", 281', "A fox,277"], ["A dog, asleep", "A fox"], []),
    ],
)
def test_a_comma_of_a_sentence_moves_no_cell_into_the_next_column(lines, kept, refused):
    table = read("\n".join(lines))
    assert [row.cells["sentence"] for row in table.rows] == kept and where(table) == refused


def test_whole_numbers_of_a_spreadsheet_with_decimal_commas():
    assert cells(read("text;label\nA cat;281,0\nA 2,5 dog;207\n")) == [("A cat", "281"), ("A 2,5 dog", "207")]


def test_one_column_with_unquoted_commas():
    table = read('prompt\nA cat, asleep\nA dog\n"A fox, awake"\n', columns={"prompt": Column()})
    assert cells(table) == [("A dog",), ("A fox, awake",)] and where(table) == [2]


@pytest.mark.parametrize(
    ("rows", "kept", "refused"),
    [
        (['"A lemon,1', "A cat,2", "A dog,3"], ["A cat", "A dog"], [2]),
        (['"A lemon,1', "A cat,2", '"A dog, too",3'], ["A cat", "A dog, too"], [2]),
        (['"A lemon,1', "A cat,2", '"A dog,3', "A fox,4"], ["A cat", "A fox"], [2, 4]),
        (['"Two\nlines",1', '"A dog,2', "A fox,3"], ["Two\nlines", "A fox"], [4]),
        (['"A lemon,1', 'A dog ",2', "A fox,3"], ["A fox"], [2, 3]),
        (['"A lemon,1', 'A dog",2', "A fox,3"], ["A fox"], [2, 3]),
        (['"A lemon, cut', 'and eaten",2', "A fox,3"], ["A lemon, cut\nand eaten", "A fox"], []),
        (['"Say "hi" to her",1', "A cat,2"], ["A cat"], [2]),
        (['"Say ""hi"" to her",1', 'An "old" cat,2'], ['Say "hi" to her', 'An "old" cat'], []),
    ],
)
def test_a_damaged_quote_costs_its_own_row(rows, kept, refused):
    table = read("\n".join(["sentence,class", *rows]))
    assert [row.cells["sentence"] for row in table.rows] == kept and where(table) == refused


@pytest.mark.parametrize(
    ("rows", "kept", "refused"),
    [
        ('1,"A cat,\nasleep"\n2,A dog\n', ["A cat,\nasleep", "A dog"], []),
        ('1,"A cat\n2,A dog"\n3,A fox\n', ["A fox"], [2, 3]),
        ('1,"A cat\n2,A dog\n3,A "fox\n', ["A dog", 'A "fox'], [2]),
    ],
    ids=["a sentence of two lines", "a quote that takes in the next row", "a quote within a later row"],
)
def test_quotes_in_the_last_column_cost_no_other_row(rows, kept, refused):
    table = read("class,sentence\n" + rows)
    assert [row.cells["sentence"] for row in table.rows] == kept and where(table) == refused


def test_an_open_quote_is_named_where_it_opens():
    table = read('sentence,class\nA cat,1\n"A lemon,1\nA dog,2\n')
    assert str(table.refused[0]).startswith("line 3: a quote is opened here that is never closed")


def test_a_row_of_a_long_file_may_span_some_lines_and_no_more(monkeypatch):
    fed, own = [], csv.reader
    monkeypatch.setattr(csv, "reader", lambda lines, **how: own((fed.append(line) or line for line in lines), **how))
    damaged = ['a","xxxx'] * 1000
    cats = ["A cat,3"] * 300
    table = read("\n".join(["sentence,class", *damaged, *cats, '"A lemon,1', *cats]))
    assert cells(table) == [("A cat", "3")] * 600 and where(table) == [*range(2, 1002), 1302]
    assert str(table.refused[-1]).startswith("line 1302: a quote is opened here that is not closed within 200 lines")
    assert len(fed) < 250 * len(damaged)
    whole = "\n".join(["A cat"] * 200)
    assert cells(read(f'sentence,class\nA dog,2\n"{whole}",3\nA fox,4\n')) == [
        ("A dog", "2"),
        (whole, "3"),
        ("A fox", "4"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "mine.csv is empty"),
        (b"\n\n", "mine.csv is empty"),
        (b"A cat,1\nA dog,2\n", "'sentence' (or text, caption) and 'class' (or label); found: 'A cat', '1'"),
        (b"sentence,class,Class\na,1,2\n", "two columns called 'class'"),
        (b'"sentence,class\na,1\n', "line 1: a quote is opened here"),
        (b"PK\x03\x04\x14\x00\x08\x00", "mine.csv is a spreadsheet or a ZIP; save the table as CSV"),
        (b"PK\x03\x04\x14\x00\x08\x00\x00\xb3sentence,class", "mine.csv is a spreadsheet or a ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "mine.csv is a file of Excel or Word in their old formats"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "mine.csv is a PDF; save its text as CSV or TXT."),
        (b"{\\rtf1\\ansi A cat\\par}", "mine.csv is a text with formats (RTF); save it as plain text."),
        (
            b'[{"words": "A cat", "class": 281}]',
            "mine.csv needs a JSON object for each row that names the columns 'sentence'",
        ),
        (gzip.compress(b"sentence,class\na,1\n", mtime=0), "mine.csv is compressed (gzip); unpack it first."),
        (bz2.compress(b"sentence,class\na,1\n"), "mine.csv is compressed (bzip2); unpack it first."),
        (b"ARROW1\x00\x00\xff\xff", "mine.csv is a Feather file; save it as CSV."),
        (b"PAR1\x15\x04", "mine.csv is a Parquet file; save it as CSV."),
        (b"\xff\xfes\x00e", "cut off"),
        (b"\xff\xfes\x00e\x00", "found: 'se'"),
        (bytes(range(128, 256)) * 3, "mine.csv"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_sentence(content, message):
    with pytest.raises(InputError) as caught:
        read(content)
    assert message in str(caught.value) and len(str(caught.value)) < 400


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=r"Cannot read mine.csv: (No such file|Is a directory)"):
            read_text_table(path, "mine.csv", COLUMNS)


def test_control_characters_stay_for_the_reader_to_refuse():
    table = read("sentence,class\nMy\0 cat,1\nA dog,2\n")
    assert table.rows[-1].cells["sentence"] == "A dog" and len(table.rows) + len(table.refused) == 2


def test_decimal_commas_are_taken_off_whole_numbers_alone():
    assert cells(read("sentence\tclass\n5,0\t281,0\n7\t281,00\n8\t1,000\n")) == [
        ("5,0", "281"),
        ("7", "281"),
        ("8", "1,000"),
    ]


@pytest.mark.parametrize("cell", ['"A cat\nsleeps "', '"Red,green\nblue,281 things"'])
def test_no_rest_of_a_quoted_cell_becomes_a_row(cell):
    table = read(f"sentence,class\n{cell},281\nA fox,277\n")
    assert cells(table) == [("A fox", "277")] and where(table) == [2, 3]


@pytest.mark.parametrize("byte", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_a_byte_that_one_encoding_lacks_is_read_in_another(byte):
    text, notes = decode(b"caption\nit\x92s " + byte + b" here\n", "mine.csv")
    assert "\ufffd" not in text and "is read as" in notes[0]


def test_a_header_that_is_not_in_utf_8_is_refused_with_its_line():
    with pytest.raises(InputError, match=r"^mine\.csv, line 1: the line is not in UTF-8"):
        read(b"sentence,class,Gr\xf6e\ncaf\xc3\xa9,1,1\nth\xc3\xa9,2,1\n")


def test_all_columns_with_a_title_and_a_first_one_without_can_be_read():
    table = read_text_table(b",sentence,class,size,,\n7,a cat,1,x,,\n", "mine.csv", COLUMNS, others=True)
    assert table.rows[0].cells == {"": "7", "sentence": "a cat", "class": "1", "size": "x"}


def test_as_many_of_the_other_columns_are_read_as_are_wanted():
    table = read_text_table(b",sentence,a,class,b,c\n7,a cat,x,1,y,z\n", "mine.csv", COLUMNS, others=True, most=1)
    assert table.rows[0].cells == {"": "7", "sentence": "a cat", "a": "x", "class": "1"} and table.unread == ["b", "c"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_first_line_of_more_characters_than_a_cell_can_hold(separator):
    titles = ["sentence", "class", *(f"column {number}" for number in range(20_000))]
    assert len(separator.join(titles)) > csv.field_size_limit()
    table = read(f"{separator.join(titles)}\na cat{separator}281\n")
    assert cells(table) == [("a cat", "281")] and table.separator == separator


def test_a_cell_of_the_first_line_that_is_too_long_is_said():
    with pytest.raises(InputError, match=r"^mine\.csv, line 1: a cell is longer than a table can hold\.$"):
        read("sentence,class," + "x" * (csv.field_size_limit() + 1) + "\na cat,281,1\n")


def test_more_blanks_before_a_cell_than_it_can_hold():
    assert cells(read("sentence,class\na cat," + " " * 140_000 + "281\n")) == [("a cat", "281")]


@pytest.mark.parametrize("cell", ["['A cat.', 'A tabby.']", '[""A cat."", ""A tabby.""]', "['A cat.' 'A tabby.']"])
def test_a_list_in_place_of_a_sentence_is_refused(cell):
    columns = {"sentence": Column(sentence=True), "class": Column()}
    table = read_text_table(
        f"sentence,class\n\"{cell}\",281\n[A cat] sleeps,\"['a', 'b']\"\n".encode(), "mine.csv", columns
    )
    assert [row.line for row in table.rows] == [3]
    assert [str(one)[:15] for one in table.refused] == ["line 2: the cel"]
    assert "is a list; write each of its sentences in a row of its own" in table.refused[0].reason
