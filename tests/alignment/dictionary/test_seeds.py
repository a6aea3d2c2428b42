import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alignment.dictionary.classes import DATA, ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.dictionary.prompts import evaluation_prompts
from alignment.dictionary.seed_files import MAX_SENTENCE_CHARACTERS, read_seeds
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.dictionary.templates import Word
from alignment.errors import InputError
from benchmarks.prompt_files import prompt_tables

ALL = ClassTable(range(1000))


@lru_cache
def all_seeds() -> SeedDictionary:
    return default_seeds(ALL)


@pytest.mark.slow
def test_every_class_has_25_sentences_of_several_kinds():
    counts = all_seeds().counts(ALL)
    assert counts["total"].min() >= 25
    assert (counts["label"] == 1).all() and (counts["description"] == 8).all() and (counts["template"] >= 8).all()
    assert counts.index.tolist() == list(range(1000))


def test_no_slip_of_grammar_that_a_pattern_can_find():
    sentences = all_seeds().frame["sentence"]
    assert not sentences.str.contains(r"[{}]|\s\s|^\s|\s$|\s[,.?!]").any()
    assert not sentences.str.contains(r"\b(?:a|an|the|some) (?:a|an|the|some)\b", flags=re.I).any()
    assert not sentences.str.contains(
        r"\ba (?!eu|one|uni|us[ei]|ewe|utensil|ukulele|ute\b|U-)[aeiou]", flags=re.I
    ).any()
    assert not sentences.str.contains(
        r"\ban (?!hour|x|XL|SLR|RV|F|S-|SPF|honest|heir|MP|LP|LED|LCD|HDD)[^aeiou\W]", flags=re.I
    ).any()
    assert sentences.str.match(r"[A-Z0-9'\"].*[.?!]$").all(), (
        sentences[~sentences.str.match(r"[A-Z0-9'\"].*[.?!]$")].head().tolist()
    )
    assert sentences.is_unique
    assert sentences.str.split().str.len().max() <= 30


def test_terms_stand_in_their_sentences():
    frame = all_seeds().frame
    named = frame[frame["term"] != ""]
    inside = [
        term.casefold() in sentence.casefold() for term, sentence in zip(named["term"], named["sentence"], strict=True)
    ]
    assert np.mean(inside) == 1.0, named[~np.array(inside)].head()


def test_a_word_above_the_classes_names_them_all():
    frame = all_seeds().frame.set_index("sentence")
    assert set(frame.loc["A cat.", "classes"]) == {281, 282, 283, 284, 285}
    assert frame.loc["A cat.", "kind"] == "hypernym"
    assert len(frame.loc["A dog.", "classes"]) >= 118


def test_templates_fit_their_groups():
    templates = pd.read_csv(DATA / "templates.csv")
    counts = templates["group"].value_counts()
    assert set(ALL.groups) <= set(counts.index) and counts.min() >= 12
    slots = templates["template"].str.findall(r"{(\w+)}")
    assert (slots.map(lambda found: sum(slot in ("a", "one", "many", "this") for slot in found)) == 1).all()
    assert not templates.duplicated(["group", "template"]).any()


@pytest.mark.parametrize(
    ("term", "number", "template", "filled"),
    [
        ("tabby cat", "count", "{a} {is} asleep.", "A tabby cat is asleep."),
        ("orange", "count", "I ate {a}.", "I ate an orange."),
        ("unicycle", "count", "{this} {was} mine.", "This unicycle was mine."),
        ("hourglass", "count", "I have {a}.", "I have an hourglass."),
        ("goose", "count", "{many} are loud.", "Geese are loud."),
        ("Doberman", "count", "Two {many}.", "Two Dobermans."),
        ("sunglasses", "pair", "Where {is} my {one}?", "Where is my pair of sunglasses?"),
        ("sunglasses", "pair", "{a} and two {many}.", None),
        ("parallel bars", "plural", "{this} {has} a crack, {it} {does}.", "These parallel bars have a crack, they do."),
        ("guacamole", "mass", "{a}, please, but not {its} bowl.", "Some guacamole, please, but not its bowl."),
        ("guacamole", "mass", "I like {many}.", None),
        ("skis", "count", "I like {a}.", "I like a pair of skis."),
    ],
)
def test_words_in_templates(term, number, template, filled):
    if filled is None and number != "mass":
        filled = "A pair of sunglasses and two sunglasses."
    assert Word(term, number).fill(template) == filled


def test_membership_agrees_with_the_table():
    table = ClassTable([285, 281, 207])
    seeds = default_seeds(table)
    membership = seeds.membership(table).toarray()
    expected = [[index in named for index in table.indices] for named in seeds.frame["classes"]]
    assert membership.dtype == bool and (membership == np.array(expected)).all()
    assert membership.any(axis=1).all()


def test_seeds_of_a_smaller_space_are_the_larger_spaces_restricted():
    table = ClassTable([281, 282, 950])
    restricted = all_seeds().restricted(table).frame
    assert set(default_seeds(table).frame["sentence"]) >= set(restricted.query("kind == 'label'")["sentence"])
    assert all(set(named) <= {281, 282, 950} for named in restricted["classes"])


def write(tmp_path, text):
    (tmp_path / "seeds.csv").write_text(text, encoding="utf-8")
    return tmp_path / "seeds.csv"


def test_reading_a_users_seeds(tmp_path):
    seeds, refused, _ = read_seeds(
        write(
            tmp_path,
            (
                "sentence,class\n"
                "My cat purrs.,281\n"
                '"Two\ncats, asleep",n02123045|282\n'
                "A lemon.,lemon\n"
                ",281\n"
                "What is this?,unicorn\n"
                "my CAT purrs.,281\n"
                "No class.,\n"
                f"{'x' * 501},1\n"
            ),
        )
    )
    assert seeds.sentences == ["My cat purrs.", "Two cats, asleep", "A lemon."]
    assert seeds.frame["classes"].tolist() == [(281,), (281, 282), (951,)]
    assert [refusal.line for refusal in refused] == [6, 7, 8, 9, 10]
    assert (
        str(refused[1])
        == "line 7: No ImageNet class is called 'unicorn'; give an index (0 to 999), a WordNet id or a name."
    )
    assert (
        "already" in refused[2].reason
        and "class is empty" in refused[3].reason
        and "501 characters" in refused[4].reason
    )


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "sentence,class\n", "sentence,class\n,\n"])
def test_a_file_without_a_usable_row_is_one_sentence(tmp_path, text):
    with pytest.raises(InputError):
        read_seeds(write(tmp_path, text))


def test_a_file_without_a_usable_row_names_the_first_rows():
    with pytest.raises(InputError) as caught:
        read("sentence,class", ",281", *[f"A {k},unicorn {k}" for k in range(11)])
    said = str(caught.value)
    assert "(line 2: the sentence is empty; line 3: No ImageNet class is called 'unicorn 0'" in said
    assert "line 11: " in said and "line 12: " not in said and said.endswith("; and 2 more).")


@pytest.mark.parametrize("name", [str, Path])
def test_a_folder_is_encoded_first(tmp_path, name):
    with pytest.raises(InputError, match="is a folder; give one file, or seeds as a folder that 'encode' made"):
        read_seeds(name(tmp_path))


@pytest.mark.parametrize("make", [lambda path: path.write_bytes(b"\xff\xfe\x00\x00"), lambda path: None, Path.mkdir])
def test_a_file_that_is_no_text(tmp_path, make):
    make(tmp_path / "seeds.csv")
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "seeds.csv"))):
        read_seeds(tmp_path / "seeds.csv")


def read(*lines):
    return read_seeds("\n".join(lines).encode())


def test_a_sentence_may_have_as_many_characters_as_the_limit():
    rows = [f"{'x' * (MAX_SENTENCE_CHARACTERS + more - 4)} cat,281" for more in (0, 1)]
    found = read_seeds("\n".join(["sentence,class", *rows, "one,two,three,four"]).encode())
    assert len(found.seeds) == 1 and [one.line for one in found.refused] == [3, 4]


def test_a_sentence_in_several_rows_names_all_their_classes(tmp_path):
    seeds, refused, _ = read(
        "sentence,class", "I have a pet.,281", "A fish.,1", "i have a PET.,207|1", "I have a pet.,1"
    )
    assert seeds.sentences == ["I have a pet.", "A fish."]
    assert seeds.frame["classes"].tolist() == [(281, 207, 1), (1,)]
    assert [one.line for one in refused] == [5] and "already" in refused[0].reason


def test_a_class_may_be_a_word_above_the_classes():
    seeds, refused, _ = read("text,label", "She feeds them.,cats", "Two cranes,crane", "It flies,crane (bird)")
    assert seeds.frame["classes"].tolist() == [(281, 282, 283, 284, 285), (134,)]
    assert [one.line for one in refused] == [3] and "134 crane (bird), 517 construction crane" in refused[0].reason


def test_a_class_of_commas_alone_costs_its_own_row():
    seeds, refused, _ = read("sentence;class", "A cat.;tabby,", "A dog.;,")
    assert seeds.frame["classes"].tolist() == [(281,)]
    assert [one.line for one in refused] == [3] and "No ImageNet class is called ','" in refused[0].reason


@pytest.mark.parametrize(
    ("cell", "wanted"), [("281;282", "281|282"), ("281, 282", "281|282"), ("lemon and tabby", "lemon|tabby")]
)
def test_classes_that_are_separated_in_another_way_are_refused_with_the_one_to_use(cell, wanted):
    seeds, refused, _ = read("sentence,class", "A fox.,277", f'Two cats.,"{cell}"', "A unicorn.,unicorn;281")
    assert len(seeds) == 1 and [one.line for one in refused] == [3, 4]
    assert refused[0].reason.endswith(f"Several classes are separated by '|': {wanted}.")
    assert "'|'" not in refused[1].reason
    assert read("sentence,class", f"Two cats.,{wanted}").seeds.frame["classes"].map(len).tolist() == [2]


@pytest.mark.parametrize("mark", "'’‘`")  # noqa: RUF001
def test_a_term_is_named_with_any_apostrophe(mark):
    row = ("A potter's wheel.", (739,), "label", "potter's wheel", "{a}.")
    seeds = SeedDictionary(pd.DataFrame([row], columns=DICTIONARY_COLUMNS))
    assert seeds.named_term(f"My Potter{mark}s wheel turns") == f"Potter{mark}s wheel"


def test_merging_prefers_the_users_row():
    own = read("sentence,class", "a tabby cat.,282", "A new one.,281").seeds
    merged = all_seeds().merged(own).frame.set_index("sentence")
    assert merged.loc["a tabby cat.", "classes"] == (282,) and "A tabby cat." not in merged.index
    assert len(merged) == len(all_seeds()) + 1


def test_what_is_written_can_be_read_again():
    seeds = SeedDictionary(all_seeds().frame.iloc[::500])
    again, refused, _ = read_seeds(seeds.to_csv().encode())
    assert not refused
    pd.testing.assert_frame_equal(again.frame, seeds.frame)


def test_a_kind_a_term_and_control_characters_are_checked():
    rows = ("A fox runs,277,label,fox", "A,1,magic,", "A cat,281,own,dog", "bell\x07,1,,")
    seeds, refused, notes = read("sentence,class,kind,term", *rows)
    assert len(notes) == 1 and "kinds such as 'magic' (line 3) are passed over" in notes[0]
    assert seeds.frame.loc[0, ["kind", "term", "template"]].tolist() == ["label", "fox", "A fox runs"]
    assert seeds.frame[["kind", "term"]].to_numpy()[1:].tolist() == [["own", ""], ["own", ""]]
    assert [r.line for r in refused] == [5] and "control" in refused[0].reason


def test_columns_that_name_different_classes_refuse_their_row():
    seeds, refused, _ = read("text,label,label_name", "A cat,0,tabby", "A dog,162,beagle", "A pup,beagle,162")
    assert seeds.frame["classes"].tolist() == [(162,), (162,)]
    assert [one.line for one in refused] == [2] and "'label' says '0'" in refused[0].reason
    seeds, refused, _ = read("text,category,wnid", "A cat,pets,n02123045", "A dog,tabby,n02088364")
    assert seeds.frame["classes"].tolist() == [(281,)] and [one.line for one in refused] == [3]


@pytest.mark.parametrize(
    "header", ["label_text", "class_text", "category_text", "category_name", "text_label", "display_name"]
)
def test_texts_of_labels_beside_their_numbers_contradict_those_of_other_classes(tmp_path, header):
    seeds, refused, _ = read(f"text,label,{header}", "a cat,0,cat", "a dog,162,beagle")
    assert seeds.frame["classes"].tolist() == [(162,)]
    assert [one.line for one in refused] == [2] and "the column 'label' says '0'" in refused[0].reason
    (tmp_path / "p.csv").write_text(f"prompt,label,{header},score\na cat,0,cat,1\na dog,162,beagle,2\n")
    prompts = evaluation_prompts(ALL, tmp_path / "p.csv")
    assert prompts.table.columns.tolist() == ["line", "prompt", "rows"] and prompts.table["rows"].tolist() == [(162,)]
    assert [one.line for one in prompts.refused] == [2] and "keep one of these columns" in prompts.refused[0].reason


def test_columns_of_seeds_that_are_not_known_are_said():
    notes = read("id,text,label,split", "7,a cat,281,train").notes
    assert notes[-1].endswith("the columns 'id', 'split' are passed over.")
    assert read("id,text,label", "7,a cat,281").notes[-1].endswith("the column 'id' is passed over.")


def test_lists_of_classes_as_tools_write_them():
    lines = ['A,"[281, 282]"', "B,\"['tabby', 'lemon']\"", 'C,"{""choices"": [""tabby""]}"', "D,[unicorn]"]
    seeds, refused, _ = read("sentence,class", *lines)
    assert seeds.frame["classes"].tolist() == [(281, 282), (281, 951), (281,)] and [one.line for one in refused] == [5]


def test_300_prompts_of_every_group_and_440_to_choose_settings_on():
    prompts = evaluation_prompts(ALL).table
    assert len(prompts) == 300 and set(prompts["group"]) == set(ALL.groups)
    counts = [len(table) for table in prompt_tables(ALL).values()]
    assert counts == [440, 200, 300, 300, 200, 300]


def test_no_seed_and_no_prompt_repeats_another_prompt():
    prompts = pd.concat(prompt_tables(ALL).values())["prompt"]
    bare = [set_of.str.casefold().str.rstrip(".!?") for set_of in (prompts, all_seeds().frame["sentence"])]
    assert bare[0].is_unique and not bare[0].isin(bare[1]).any()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("prompt,animal\na cat,281\n", "names the columns 'prompt'"),
        ("prompt,classes\na cat,unicorn\n", "line 2: No ImageNet class is called 'unicorn'"),
        ("prompt,classes\na cat,5000\n", "no prompt about a class of this class space (line 2: "),
        ("prompt,classes\na cat, asleep,281\n", "line 2: the row has 3 cells where the first line names 2"),
        ("prompt,classes\n", "no prompt about a class"),
        (
            "prompt,classes,group\na cat,281,all\n",
            "line 2: the group 'all' means all prompts together; name it otherwise",
        ),
        ('prompt,classes\n"a cat', "line 2: a quote is opened here that is never closed"),
        (None, "Cannot read"),
    ],
)
def test_prompts_of_ones_own_are_checked(tmp_path, content, told):
    source = tmp_path / "own.csv"
    if content is not None:
        source.write_text(content)
    with pytest.raises(InputError, match=re.escape(told)):
        evaluation_prompts(ALL, source)


def test_prompts_of_a_smaller_space():
    prompts = evaluation_prompts(ClassTable([281, 951]))
    assert 0 < len(prompts.table) < 60 and set(prompts.table["rows"]) <= {(0,), (1,), (0, 1)}
    assert len(prompts.table) + prompts.lacking == 300 and str(prompts.lacking) in prompts.notices[0]


def test_right_answers_may_be_names_and_a_bad_row_is_left_out(tmp_path):
    (tmp_path / "own.csv").write_text(
        "Text,Label\nA tabby,tabby cat | 282\nNo,unicorn\n,281\nSome cat,cats\nA tench,0\n"
    )
    prompts = evaluation_prompts(ClassTable([282, 281, 285]), tmp_path / "own.csv")
    assert prompts.table["rows"].tolist() == [(1, 0), (1, 0, 2)]
    assert [one.line for one in prompts.refused] == [3, 4] and prompts.lacking == 1


def test_a_column_of_categories_contradicts_no_class():
    seeds, refused, _ = read_seeds(b"text,label,category\nA lemon,lemon,food\nA cat,tabby,bird\nA fox,tabby,lemon\n")
    assert seeds.sentences == ["A lemon", "A cat"] and [one.line for one in refused] == [4]


def test_lists_of_one_length_are_by_class_where_most_keys_name_one():
    by_class = b'{"tench": ["A fish"], "animal": ["It moves"], "no such thing": ["It is not"]}'
    found = read_seeds(by_class, called="mine.json")
    assert len(found.seeds) == 2 and "'no such thing'" in found.refused[0].reason
    with pytest.raises(InputError, match=r"names the columns .* found: 'animal', 'utterance'"):
        read_seeds(b'{"animal": ["tench", "goldfish"], "utterance": ["A fish", "It is orange"]}', called="mine.json")
