"""Columns of a user's own: numbers, words, and the rows that are refused."""

import numpy as np
import pytest

from alignment.dictionary.class_columns import MAX_CATEGORIES, MAX_COLUMNS, read_class_columns
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.files import columns
from alignment.files.tables import MAX_HEADERS

CLASSES = ClassTable([281, 207, 951, 0])


def read(text):
    return read_class_columns(text.encode(), CLASSES, called="mine.csv")


def test_numbers_and_words_reach_their_classes():
    frame, refused, notes = read("class,Weight (kg),home\nlemon,0.1,garden\n281,4,house\nn02099601,30.5,-\n")
    assert not refused and not notes
    np.testing.assert_array_equal(frame["Weight (kg)"], [4, 30.5, 0.1, np.nan])
    assert frame["home"].tolist() == ["house", None, "garden", None]


def test_decimal_commas_in_a_table_of_semicolons():
    frame, _, notes = read("label;weight\nlemon;0,5\n281;1,25\n")
    assert frame["weight"].tolist()[:3:2] == [1.25, 0.5] and len(notes) == 2


@pytest.mark.parametrize("missing", ["#N/A", "#DIV/0!", "NULL", "nan", "?", "\u2013", "unknown"])
def test_values_that_are_missing_refuse_no_row_and_make_no_words(missing):
    frame, refused, _ = read(f"class,weight,home\nlemon,0.1,garden\n281,{missing},house\n207,{missing},{missing}\n")
    assert not refused and frame["home"].tolist() == ["house", None, "garden", None]
    np.testing.assert_array_equal(frame["weight"], [np.nan, np.nan, 0.1, np.nan])


def test_numbers_as_they_are_typeset():
    frame, refused, _ = read("class;height\nlemon;1\u00a0234,5\n281;\u22125\n207;1.5e3\n")
    assert not refused and frame["height"].tolist()[:3] == [-5, 1500, 1234.5]


def test_thousands_are_no_decimals():
    frame, _, notes = read('class,size\nlemon,"1,234"\n281,"12,500.5"\n0,7\n')
    assert frame["size"].tolist()[::2] == [12500.5, 1234] and "thousands" in notes[0]
    assert read('class,size\nlemon,"1,234"\n281,"2,5"\n').frame["size"].tolist()[::2] == [2.5, 1.234]


def test_after_semicolons_a_comma_is_a_decimal_one_whatever_follows_it():
    assert read("label;weight\nlemon;1,250\n281;2,500\n").frame["weight"].tolist()[:3:2] == [2.5, 1.25]


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("other", ["1.234,5", "1,5"])
def test_points_separate_thousands_where_the_column_has_decimal_commas(separator, other):
    lines = ["class;size", f"lemon;{other}", "281;1.000", "0;7,5", ""]
    frame, refused, notes = read("\n".join(lines).replace(";", separator))
    assert not refused and frame["size"].tolist()[::2] == [1000, float(other.replace(".", "").replace(",", "."))]
    assert "points" in notes[1]
    assert read("class;size\nlemon;1.234\n281;1.000\n").frame["size"].tolist()[::2] == [1, 1.234]


def test_several_points_separate_thousands_and_words_are_no_numbers():
    assert read("class;size\nlemon;1.234.567\n281;83.000\n").frame["size"].tolist()[:3:2] == [83000, 1234567]
    assert read("class;size\nlemon;1.234\n281;big, red\n").frame["size"].tolist()[:3:2] == ["big, red", "1.234"]


def test_shares_are_numbers_without_their_signs():
    frame, refused, notes = read('class,share,kind\nlemon,12%,100% fruit\n281,3.5%,100%\n0,"1,200%",n/a\n')
    assert not refused and frame["share"].tolist()[::2] == [3.5, 12] and frame["share"][3] == 1200
    assert frame["kind"][2] == "100% fruit" and "The percent signs of the column 'share' are passed over." in notes
    assert read('class,share\nlemon,"1,234.5%"\n281,3%\n').frame["share"].tolist()[:3:2] == [3, 1234.5]
    assert read("class;share\nlemon;1.234,5 %\n281;3 %\n").frame["share"].tolist()[:3:2] == [3, 1234.5]
    assert read("class,share\nlemon,12%\n281,0.5\n").frame["share"].tolist()[::2] == ["0.5", "12%"]


def test_a_column_of_which_half_are_numbers_has_words():
    frame, refused, _ = read("class,a,b\nlemon,1,1\n281,x,2\n")
    assert not refused and frame["a"].tolist() == ["x", None, "1", None]
    np.testing.assert_array_equal(frame["b"], [2, np.nan, 1, np.nan])


def test_cells_that_are_unknown_in_any_case_are_no_words():
    frame, refused, notes = read("class,weight,home,nothing\nlemon,N/A,Unknown,-\n281,4,house,?\n0,5,NaN,None\n")
    assert not refused and list(frame) == ["weight", "home"]
    np.testing.assert_array_equal(frame["weight"], [4, np.nan, np.nan, 5])
    assert frame["home"].tolist() == ["house", None, None, None] and "'nothing' has 0 different words" in notes[0]


def test_a_number_beyond_all_numbers_is_refused_and_refusals_are_in_order():
    _, refused, _ = read("class,weight\n281,1e999\nlemon,1,2,3\n207,2\n0,3\n")
    assert [one.line for one in refused] == [2, 3] and "'1e999' is no number" in str(refused[0])


def test_rows_that_cannot_be_used_are_named():
    _, refused, _ = read("class,weight\nlemon,1\n281,2\nunicorn,3\ngolden retriever,heavy\nlemon,4\n5,1\n")
    said = [str(one) for one in refused]
    assert [one.line for one in refused] == [4, 5, 6, 7]
    assert "unicorn" in said[0] and "'heavy' is no number" in said[1] and "lemon stands in line 2" in said[2]
    assert "this space has no class '5'" in said[3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class\nlemon\n", "no column to colour by"),
        ("name,weight\nlemon,1\n", "needs a first line that names the columns 'class'"),
        ("class,weight\nunicorn,1\n", "no usable row in mine.csv .line 2"),
        ("class,weight,weight\nlemon,1,2\n", "two columns called 'weight'"),
    ],
)
def test_files_that_cannot_be_used(text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def wide(count):
    numbers = [*map(str, range(count))]
    return f"class,{','.join(f'c{number}' for number in numbers)}\nlemon,{','.join(numbers)}\n"


def test_columns_beyond_those_that_are_read_cost_little(monkeypatch):
    fold, folded = columns._fold, []
    monkeypatch.setattr(columns, "_fold", lambda header: (folded.append(header), fold(header))[1])
    frame, _, notes = read(wide(1000))
    assert frame.columns[[0, -1]].tolist() == ["c0", f"c{MAX_COLUMNS - 1}"] and len(frame.columns) == MAX_COLUMNS
    assert notes == [f"mine.csv: 1,000 columns; those after 'c{MAX_COLUMNS - 1}', the {MAX_COLUMNS}th, are left out."]
    assert len(folded) < 20 * 1000  # not each of them for each


def test_far_too_many_columns_are_refused():
    with pytest.raises(
        InputError, match=r"^mine\.csv has 10,001 columns; a file holds up to 10,000, of which 40 are read\.$"
    ):
        read(wide(MAX_HEADERS))


def test_a_column_of_too_many_words_is_left_out():
    classes = ClassTable(range(100))
    lines = [f"{row},word {row},{row % 3}" for row in range(100)]
    text = "class,word,third\n" + "\n".join(lines)
    frame, _, notes = read_class_columns(text.encode(), classes, called="mine.csv")
    assert list(frame) == ["third"] and f"1 to {MAX_CATEGORIES}" in notes[0]


def test_a_column_of_as_many_words_as_there_may_be_is_kept():
    classes = ClassTable(range(MAX_CATEGORIES))
    text = "class,word\n" + "\n".join(f"{row},word {row}" for row in range(MAX_CATEGORIES))
    assert list(read_class_columns(text.encode(), classes).frame) == ["word"]


def test_a_row_that_is_left_out_leaves_nothing():
    frame, refused, _ = read("class,x\n207,2\n281|207,1\n")
    assert [one.line for one in refused] == [3]
    np.testing.assert_array_equal(frame["x"], [np.nan, 2, np.nan, np.nan])


def test_columns_beyond_the_limit_are_named():
    titles = ",".join(f"c{number}" for number in range(60))
    frame, _, notes = read(f"class,{titles}\nlemon,{','.join('1' * 60)}\n281,{','.join('2' * 60)}\n")
    assert frame.shape[1] == MAX_COLUMNS and "60 columns; those after 'c39'" in notes[0]


@pytest.mark.parametrize("mark", ["\t", "|"])
def test_thousands_between_tabs_and_bars_are_no_decimals(mark):
    frame, _, _ = read("class,size\nlemon,1;000\n281,12;500\n0,7\n".replace(",", mark).replace(";", ","))
    assert frame["size"].tolist()[::2] == [12500, 1000]


def test_an_index_without_a_title_is_no_column():
    frame, refused, _ = read(",class,weight,,\n0,lemon,0.1,,\n1,281,4,,\n")
    assert frame.columns.tolist() == ["weight"] and not refused
