"""Classes of one's own, and the seeds made from their names."""

import pytest

from alignment.dictionary.class_cells import named_classes
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.named_seeds import MAX_TEMPLATES, SENTENCE_BUDGET, named_seeds
from alignment.dictionary.prompts import evaluation_prompts
from alignment.dictionary.seed_files import read_seeds
from alignment.errors import InputError

pytestmark = pytest.mark.slow

OWN = (
    "Name,synonyms,group,description,wordnet_id\n"
    "Röntgen machine,x-ray machine|X ray,device,It looks through things.,\n"
    "crane,,bird,,n02012849\n"
    "crane,,machine,,\n"
    "trousers,,clothing,,\n"
    "guacamole,,,,\n"
    "bird,,,,\n"
)


def own(text=OWN):
    return read_classes(text.encode(), called="mine.csv")[0]


def test_a_name_is_enough():
    table = own("class\ncat\ndog\n")
    assert list(table.names) == ["cat", "dog"] and list(table.indices) == [0, 1]
    assert table.groups is None and own("class,group\ncat,pet\ndog,\n").group_labels == ("pet", "no group")
    assert not table.are_imagenets and table.row("Dogs") == 1
    with pytest.raises(InputError, match="No class of your own is called 'tench'"):
        table.row("tench")


def test_names_synonyms_groups_and_shared_names():
    known = own().known
    assert known.find("rontgen machine") == known.find("X-rays") == (0,)
    assert known.find("crane (bird)") == (1,) and known.find("n02012849") == (1,) and known.find("2") == (2,)
    assert known.find("device") == (0,)
    assert known.label(5) == "bird (5)" and known.find("bird (5)") == (5,)
    with pytest.raises(InputError, match=r"1 crane \(bird\), 5 bird \(5\)"):  # a class and a group
        known.find("bird")
    with pytest.raises(InputError, match=r"1 crane \(bird\), 2 crane \(machine\)"):
        known.find("crane")


def test_wordnet_ids_in_place_of_names_are_imagenets_classes():
    """Lists of folders, such as those of ImageNet-100, hold nothing else."""
    classes, notes = read_classes(b"n02123045\nn02012849\n", called="mine.txt")
    assert list(classes.names) == ["tabby cat", "crane"] and list(classes.frame["wordnet_id"]) == [
        "n02123045",
        "n02012849",
    ]
    assert classes.known.find("kitty") == (0,) and classes.known.find("sandhill crane") == (1,)
    assert notes == ["mine.txt: WordNet ids such as n02123045 are read as ImageNet's classes, this one as 'tabby cat'."]
    numbered = read_classes(b"n02123045 1\nn02012849 0\n", called="mine.txt")[0]
    assert list(numbered.names) == ["crane", "tabby cat"] and list(numbered.indices) == [0, 1]
    table = own("class,description\nn02123045,Mine.\nn02012849,\n")
    assert table.frame["description"][0] == "Mine." and table.frame["description"][1].startswith("A")
    for ids in (["n02123045", "n00001740"], ["LABEL_0", "LABEL_1"], ["/m/011k07", "/t/dd00003"]):
        classes, notes = read_classes("\n".join(ids).encode(), called="mine.txt")
        assert list(classes.names) == ids and "is no class of ImageNet; give names in words" in notes[0]


def test_quotes_around_every_line_are_no_part_of_names():
    classes, _ = read_classes(b'"cat"\n"say ""hi"""\n', called="mine.txt")
    assert list(classes.names) == ["cat", 'say "hi"']
    assert list(read_classes(b"'cat',\n'dog',\n", called="mine.txt")[0].names) == ["cat", "dog"]
    assert list(read_classes(b"'cat'\ndog\n", called="mine.txt")[0].names) == ["'cat'", "dog"]


@pytest.mark.parametrize(
    ("column", "indices", "names"),
    [
        ([2, 0, 1], [0, 1, 2], ["b", "c", "a"]),
        ([10, 20, 30], [10, 20, 30], ["a", "b", "c"]),
        (["0.0", "1.0", "2.0"], [0, 1, 2], ["a", "b", "c"]),
        (["0.00", "1.00", "2.00"], [0, 1, 2], ["a", "b", "c"]),
    ],
)
def test_indices_say_which_row_a_class_is(column, indices, names):
    table = own("name,index\n" + "\n".join(f"{name},{i}" for name, i in zip("abc", column, strict=True)))
    assert list(table.indices) == indices and list(table.names) == names


@pytest.mark.parametrize(
    "header", ["id,name", "idx,class_name", "category_id,name", "label,name", "class,name", "label,class_name"]
)
def test_numbers_beside_names_say_which_row_a_class_is(header):
    table, notes = read_classes(f"{header}\n2,cat\n0,dog\n1,fox\n".encode(), called="mine.csv")
    assert list(table.names) == ["dog", "fox", "cat"] and "is read as 'index'" in " ".join(notes)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            "LabelName,DisplayName\n/m/011k07,cat\n/m/011q46kg,dog\n",
            ["the column 'DisplayName' is read as 'name'.", "the column 'LabelName' is passed over."],
        ),
        (
            "index,mid,display_name\n0,/m/09x0r,cat\n1,/m/05zppz,dog\n",
            ["the column 'display_name' is read as 'name'.", "the column 'mid' is passed over."],
        ),
        (
            "label,display_name\nn02123045,cat\nn02084071,dog\n",
            ["the column 'display_name' is read as 'name'.", "the column 'label' is passed over."],
        ),
        (
            "class name,label,title\n/m/011k07,n02123045,cat\n/m/011q46kg,n02084071,dog\n",
            [
                "the column 'title' is read as 'name'.",
                "the column 'class name' is passed over.",
                "the column 'label' is passed over.",
            ],
        ),
    ],
)
def test_codes_beside_names_are_no_names(text, notes):
    table, said = read_classes(text.encode(), called="mine.csv")
    assert list(table.names) == ["cat", "dog"] and said == [f"mine.csv: {note}" for note in notes]


@pytest.mark.parametrize(
    ("cells", "noted"),
    [
        (["kitty|feline", ""], False),
        (["kitty;feline", "hound"], True),
        (['"kitty, feline"', "[]"], True),
        (['"[""kitty"", ""feline""]"', "[]"], False),
        (["\"['kitty', 'feline']\"", "hound"], False),
    ],
)
def test_synonyms_in_other_forms_are_several_names(cells, noted):
    text = f"name,synonyms\ncat,{cells[0]}\ndog,{cells[1]}\n"
    table, notes = read_classes(text.encode(), called="mine.csv")
    assert table.row("kitty") == table.row("feline") == 0
    assert table.frame["synonyms"].tolist() == [("kitty", "feline"), ("hound",) if cells[1] == "hound" else ()]
    assert ["names in the column 'synonyms' are separated by" in note for note in notes] == [True] * noted


def test_commas_in_synonyms_that_are_joined_by_bars_are_part_of_them():
    table = own('name,synonyms\ncapital,"Washington, D.C.|federal city"\nother,\n')
    assert table.frame["synonyms"].tolist() == [("Washington, D.C.", "federal city"), ()]


def test_a_list_of_synonyms_that_cannot_be_read_is_refused():
    with pytest.raises(InputError, match=r"mine.csv, line 3: the list .* cannot be read; join names by '\|'"):
        own("name,synonyms\ncat,\ndog,['hound' 'pup']\n")


def test_several_names_of_a_class_in_one_cell_are_a_name_and_its_synonyms():
    table, notes = read_classes(b"Idx,Name,synonyms\n1,wall,\n2,building;edifice,house\n", called="mine.csv")
    assert list(table.names) == ["wall", "building"] and table.frame["synonyms"].tolist() == [(), ("edifice", "house")]
    assert notes[1:] == ["mine.csv: names such as 'building;edifice' are read as a name and its synonyms."]


@pytest.mark.parametrize("labels", [("good", "bad"), ("1 of 2", "2 of 2")])
def test_a_column_of_other_words_beside_names_is_said(labels):
    text = "name,label\ncat,{}\ndog,{}\n".format(*labels)
    table, notes = read_classes(text.encode(), called="mine.csv")
    assert list(table.names) == ["cat", "dog"] and list(table.indices) == [0, 1]
    assert notes == ["mine.csv: the column 'label' is passed over."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\na\n", "names 1 class; a space has at least 2"),
        ("name,group\na,x\n,y\nb,z\n", "mine.csv, line 3: a class needs a name"),
        ("name\na\nb, c\n", "mine.csv, line 3: the row has 2 cells"),
        ("name,index\na,0\nb,0\n", "must rise from row to row"),
        ("name,index\na,7\nb,3\n", "must rise from row to row"),
        ("name,index\na,3\nb,7\nc,5\n", "must rise from row to row"),
        ("name,index\na,0\nb,x\n", "line 3: the index must be a whole number, not 'x'"),
        ("name,wnid\na,n00000001\nb,n00000001\n", "n00000001 more than once"),
        ("animal\na\nb\n", "needs a first line that names the columns 'name'"),
    ],
)
def test_a_file_that_names_no_classes_is_one_sentence(text, message):
    with pytest.raises(InputError, match=message):
        own(text)


def test_seeds_are_made_from_what_is_known():
    frame = named_seeds(own()).frame.set_index("sentence")
    assert frame.loc["A crane.", "classes"] == (1, 2) and frame.loc["A crane.", "kind"] == "label"
    assert frame.loc["It looks through things.", "classes"] == (0,)
    assert frame.loc["An x-ray machine.", "kind"] == "synonym"
    assert frame.loc["A device.", "kind"] == "hypernym" and "Some guacamole." in frame.index
    assert frame.loc["A pair of trousers.", "classes"] == (3,)
    counts = named_seeds(own()).counts(own())
    assert (counts["template"] == MAX_TEMPLATES).all()


def test_many_classes_get_fewer_sentences_each():
    table = own("name\n" + "\n".join(f"thing {i}" for i in range(20_000)))
    seeds = named_seeds(table)
    assert len(seeds) <= SENTENCE_BUDGET and (seeds.counts(table)["total"] >= 2).all()


def test_seeds_and_prompts_are_read_in_the_space_s_own_names(tmp_path):
    table = own()
    seeds, refused, _ = read_seeds(b"sentence,class\nIt flies,crane (bird)\nNo,tench\n", table.known)
    assert seeds.frame["classes"].tolist() == [(1,)] and [one.line for one in refused] == [3]
    (tmp_path / "p.csv").write_text("prompt,classes\nIt flies,crane (bird) | bird (5)\n")
    assert evaluation_prompts(table, tmp_path / "p.csv").table["rows"].tolist() == [(1, 5)]
    with pytest.raises(InputError, match="ImageNet's classes; give your own"):
        evaluation_prompts(table)


def test_a_list_of_numbers_names_classes_as_numbers_between_bars_do():
    names = own("name\n1\n2\n3\n").known
    assert named_classes("[1, 2]", names) == named_classes("1|2", names) == (0, 1)
    for cell in ("[true]", "[1.0, 2]", '["1", null]'):
        with pytest.raises(InputError, match="No class of your own is called"):
            named_classes(cell, names)


@pytest.mark.parametrize("header", ["class,label", "label,title"])
def test_numbers_beside_words_are_the_index(header):
    table, notes = read_classes(f"{header}\n2,cat\n0,dog\n1,fox\n".encode(), called="mine.csv")
    first, second = header.split(",")
    assert list(table.names) == ["dog", "fox", "cat"]
    assert notes == [
        f"mine.csv: the column {second!r} is read as 'name'.",
        f"mine.csv: the column {first!r} is read as 'index'.",
    ]


def test_numbers_under_name_are_names():
    table, _ = read_classes(b"name,label\n7,seven\n5,five\n", called="mine.csv")
    assert list(table.names) == ["7", "5"]


def test_classes_of_one_name_are_told_apart_by_their_indices():
    names = own("name\n1\n1\n5\n").known
    assert [names.find(names.key(index)) for index in range(3)] == [(0,), (1,), (2,)]
    with pytest.raises(InputError, match=r"may mean 0 1 \(0\), 1 1 \(1\)"):
        names.find("1")


def test_an_index_is_no_group_that_is_called_by_the_same_number():
    names = own("index,name,group\n3,teddy,1\n4,cat,3\n5,dog,3\n6,fox,2020\n").known
    assert [names.find(names.key(index)) for index in (3, 4, 5, 6)] == [(3,), (4,), (5,), (6,)]
    assert names.find("3.0") == names.find("03") == (3,) and names.find("2020") == (6,)
    seeds, _, _ = read_seeds(b"sentence,class\nMy teddy is a bear,3\n", names)
    assert seeds.frame["classes"].tolist() == [(3,)]
    with pytest.raises(InputError, match="The indices of classes of your own are 3 to 6; 7 is not"):
        names.find("7")


def test_a_group_in_two_spellings_is_one_group():
    names = own("name,group\ntit,Birds\nowl,birds\ncat,\nwren,Birds\n").known
    assert names.find("birds") == names.find("Birds") == (0, 1, 3)


def test_names_with_joiners_and_signs_without_width():
    library, astronaut = "کتاب\u200cخانه", "👩\u200d🚀 astronaut"  # noqa: RUF001 - Persian
    table = own(f"name\n{library}\n{astronaut}\ncat\u200b\n\u200fשלום\u200e\nPar\u00adis\n")  # noqa: RUF001 - Hebrew
    assert list(table.names) == [library, astronaut, "cat", "שלום", "Paris"]
    cells = [library, "کتابخانه", f"\u200f{astronaut}", "cat", "\ufeffcat\u200b", "שלום", "2\u200b"]
    rows = "\n".join(f"sentence {number},{cell}" for number, cell in enumerate(cells))
    seeds, refused, _ = read_seeds(f"sentence,class\n{rows}\n".encode(), table.known)
    assert seeds.frame["classes"].tolist() == [(0,), (0,), (1,), (2,), (2,), (3,), (2,)] and not refused


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("\u200b", r"a class needs a name of 1 to 200 characters\."),
        ("\u200d", r"a class needs a name of 1 to 200 characters\."),
        ("a\u0007b", r"the name holds the character U\+0007, which cannot be printed; remove it\."),
        ("a\ue000b", r"the name holds the character U\+E000"),
    ],
)
def test_a_name_that_cannot_be_seen_is_refused(name, fault):
    with pytest.raises(InputError, match=f"line 3: {fault}"):
        own(f"name,group\ndog,x\n{name},y\n")


def test_names_of_emoji_newer_than_the_tables_of_python_and_of_flags():
    """To str.isprintable a goose of Unicode 15 and the tags in the flag of Wales are not printable."""
    flags = ["\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in f"{code}\x7f") for code in ("gbwls", "gbsct")]
    assert list(own("\n".join(["name", "\U0001fabf", "a \U0001facf", *flags])).names) == [
        "\U0001fabf",
        "a \U0001facf",
        *flags,
    ]


@pytest.mark.parametrize("header", ["", "Unnamed: 0", "number", "target", "imagenet_id"])
def test_a_column_of_another_title_that_counts_the_rows_is_the_index(header):
    table, notes = read_classes(f"{header},name\n2,cat\n0,dog\n1,fox\n".encode(), called="mine.csv")
    shown = f"the column {header!r}" if header else "the first column"
    assert list(table.names) == ["dog", "fox", "cat"] and notes == [f"mine.csv: {shown} is read as 'index'."]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (",name\n2,cat\n7,dog\n1,fox\n", ["the first column"]),
        ("target,name,index\n2,cat,0\n0,dog,1\n1,fox,2\n", ["the column 'target'"]),
        ("name,legs,colour\ncat,2,grey\ndog,0,red\nfox,1,red\n", ["the column 'legs'", "the column 'colour'"]),
        ("index,name,id\n0,cat,2\n1,dog,0\n2,fox,1\n", ["the column 'id'"]),
        ("name,,\ncat,,\ndog,,\nfox,,\n", []),
        (",name\n,cat\n,dog\n,fox\n", []),
    ],
)
def test_any_other_column_is_passed_over_and_said(text, columns):
    table, notes = read_classes(text.encode(), called="mine.csv")
    assert list(table.names) == ["cat", "dog", "fox"] and notes == [
        f"mine.csv: {one} is passed over." for one in columns
    ]
