"""The page Seed pairs, and the edits it makes."""

import os

import pandas as pd
import pytest
from streamlit.util import calc_hash

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import FEW_SENTENCES, SeedDictionary
from alignment.errors import InputError
from dashboard.components.markdown import plain
from dashboard.pages import PAGES
from dashboard.state import cached_results, limits, own_seed_files
from dashboard.state import seed_edits as edits

NO_EDITS = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}


def table(app):
    return app.dataframe[0].value


def upload(app, text, name="mine.csv"):
    app.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()
    assert not app.exception


def test_browse_by_group_class_kind_and_text(visit, study):
    app = visit("seed-pairs")
    assert len(table(app)) == 500
    (per_class,) = (metric for metric in app.metric if metric.label == "Sentences per class")
    assert f"the classes have {cached_results.seed_counts(study)['total'].sum():,} in all" in per_class.help
    counts, row = cached_results.seed_counts(study), 1
    group, name = study.classes.groups[row], study.classes.labels[row]
    app.selectbox(key="group").set_value(group).run()
    of_group = set(counts["name"][counts["group"] == group])
    assert all(of_group.intersection(named.split(edits.SEPARATOR)) for named in table(app)["class"])
    app.selectbox(key="class").set_value(name).run()
    assert table(app)["class"].str.contains(name, regex=False).all()
    assert any(plain(study.classes.frame["description"].iloc[row]) in markdown.value for markdown in app.markdown)
    assert any(f"{counts['total'][row]} sentences" in caption.value for caption in app.caption)
    app.multiselect(key="kinds").set_value(["description"]).run()
    assert len(table(app)) == counts["description"][row] > 1
    sentence = table(app)["sentence"][0]
    app.text_input(key="words").set_value(sentence.upper()).run()
    assert table(app)["sentence"].tolist() == [sentence]
    app.text_input(key="words").set_value("no such words in any sentence").run()
    assert table(app).empty and not app.exception


def test_a_single_sentence_is_enough_for_every_page(visit, study, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(f"sentence,class\nSomething small,{study.classes.indices[0]}\n")
    for page in PAGES:
        assert not visit(page.address, seeds=str(path)).exception


def test_too_few_sentences_are_warned_of(visit, few_seeds):
    app = visit("seed-pairs", seeds=few_seeds)
    assert f"fewer than {FEW_SENTENCES}" in app.warning[0].value


@pytest.mark.parametrize("way", ["besides the current pairs", "instead of them"])
def test_upload_is_checked_and_used(visit, study, few_seeds, way):
    app = visit("seed-pairs", seeds=few_seeds)
    app.button_group(key="way").set_value(way).run()
    name = study.classes.labels[0]
    upload(app, f"sentence,class\nMy own words,{name}\n,{name}\nSomething,no such class\n")
    assert app.info[0].value == "Usable sentences: 1; refused rows: 2."
    refusals = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert refusals["line"].tolist() == [3, 4]
    app.button(key="use_upload").click().run()
    assert not app.error and not app.exception
    assert len(table(app)) == (19 if way.startswith("besides") else 1)
    app.button(key="own_seeds_off").click().run()
    assert len(table(app)) == 500


def test_a_table_in_one_line_may_not_have_more_rows_than_one_in_several(visit, few_seeds, monkeypatch):
    monkeypatch.setattr(limits, "_allowed", limits.Limits(lines=2))
    app = visit("seed-pairs", seeds=few_seeds)
    upload(app, str([{"sentence": f"A cat and {n} dogs", "class": 281} for n in range(3)]).replace("'", '"'), "a.json")
    assert [error.value for error in app.error] == [plain("A file holds up to 2 rows here; this one has 3.")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "sentence,class\n,\n", "sentence,class\nhello,nothing\n"])
def test_a_file_without_a_usable_row_is_refused(visit, few_seeds, text):
    app = visit("seed-pairs", seeds=few_seeds)
    upload(app, text)
    assert len(app.error) == 1 and not app.info
    assert len(table(app)) == 18


@pytest.fixture
def seeds():
    return read_seeds(b"sentence,class\nA tabby,281\nA tiger cat,282\nI have a cat,281|282\n").seeds


CLASSES = ClassTable([281, 282, 0, 134])


@pytest.fixture
def shown(seeds):
    return edits.as_table(seeds, CLASSES)


def edited(seeds, shown, changes):
    return edits.apply_edits(seeds, shown, edits.with_changes(shown, shown, changes), CLASSES)


def test_no_edits_change_nothing(seeds, shown):
    after, refused = edited(seeds, shown, NO_EDITS)
    assert refused.empty
    pd.testing.assert_frame_equal(after.frame, seeds.frame)


def test_edit_add_and_delete(seeds, shown):
    after, refused = edited(
        seeds,
        shown,
        {
            "edited_rows": {0: {"sentence": "A grey tabby"}},
            "added_rows": [{"sentence": "A tench", "class": "tench"}, {}],
            "deleted_rows": [1],
        },
    )
    assert refused.empty
    assert sorted(after.sentences) == ["A grey tabby", "A tench", "I have a cat"]
    assert dict(zip(after.sentences, after.frame["classes"], strict=True))["I have a cat"] == (281, 282)


def test_a_cell_that_is_emptied_is_refused_in_place(seeds, shown):
    changed = NO_EDITS | {
        "edited_rows": {1: {"sentence": None}},
        "added_rows": [{"sentence": "A tench", "class": None}],
    }
    after, refused = edited(seeds, shown, changed)
    assert after is seeds and refused["class"].tolist() == ["tiger cat", ""]
    assert ["is empty" in reason for reason in refused["reason"]] == [True, True]


def test_a_class_of_a_shared_name_keeps_its_class_when_its_sentence_is_edited():
    seeds = read_seeds(b"sentence,class\nIt flies,134\n").seeds
    shown = edits.as_table(seeds, CLASSES)
    assert shown["class"].tolist() == ["crane (bird)"]
    changed = NO_EDITS | {"edited_rows": {0: {"sentence": "It wades"}}}
    after, refused = edited(seeds, shown, changed)
    assert refused.empty and after.frame["classes"].tolist() == [(134,)]


def test_edits_are_refused_as_a_whole_with_their_rows(seeds, shown):
    after, refused = edited(
        seeds,
        shown,
        {
            "edited_rows": {2: {"class": "unicorn"}},
            "added_rows": [{"sentence": "Fine", "class": "0"}, {"sentence": "x"}],
            "deleted_rows": [0],
        },
    )
    assert after is seeds
    assert refused["sentence"].tolist() == ["I have a cat", "x"]
    assert "unicorn" in refused["reason"][0] and "class is empty" in refused["reason"][1]


def test_changes_in_several_tables_are_applied_together(seeds, shown):
    draft = edits.with_changes(shown, shown[shown["class"] == "tiger cat"], NO_EDITS | {"deleted_rows": [0]})
    draft = edits.with_changes(draft, draft[:1], NO_EDITS | {"added_rows": [{"sentence": "A fish", "class": "tench"}]})
    draft = edits.with_changes(draft, draft[2:], NO_EDITS | {"edited_rows": {0: {"sentence": "A big fish"}}})
    assert edits.count_changes(shown, draft) == 2
    after, refused = edits.apply_edits(seeds, shown, draft, CLASSES)
    assert refused.empty and sorted(after.sentences) == ["A big fish", "A tabby", "I have a cat"]


def test_the_same_seeds_are_kept_in_the_same_file(seeds, tmp_path):
    path = own_seed_files.save(tmp_path, seeds, CLASSES.known)
    assert own_seed_files.save(tmp_path, seeds, CLASSES.known) == path
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert read_seeds(path).seeds.sentences == seeds.sentences


def test_the_files_not_used_for_longest_make_room(seeds, tmp_path, monkeypatch):
    of = [SeedDictionary(seeds.frame.iloc[[row]]) for row in range(3)]
    first, second = (own_seed_files.save(tmp_path, each, CLASSES.known) for each in of[:2])
    changed = first.stat().st_mtime_ns
    for age, path in enumerate((first, second), start=1):
        os.utime(path, ns=(10**9 * age, path.stat().st_mtime_ns))
    own_seed_files.mark_used(first)
    assert first.stat().st_mtime_ns == changed
    (tmp_path / "notes.csv").write_text("of somebody else\n" * 1000)
    size = own_seed_files.save(tmp_path / "elsewhere", of[2], CLASSES.known).stat().st_size
    monkeypatch.setattr(own_seed_files, "LIMIT_BYTES", first.stat().st_size + size)
    third = own_seed_files.save(tmp_path, of[2], CLASSES.known)
    assert {path.name for path in tmp_path.glob("*.csv")} == {first.name, third.name, "notes.csv"}
    monkeypatch.setattr(own_seed_files, "LIMIT_BYTES", 0)
    assert own_seed_files.save(tmp_path, seeds, CLASSES.known).is_file() and not third.exists()


def test_no_seeds_at_all_are_refused(seeds, shown, tmp_path):
    after, _ = edited(seeds, shown, NO_EDITS | {"deleted_rows": [0, 1, 2]})
    with pytest.raises(InputError, match="keep at least one"):
        own_seed_files.save(tmp_path, after, CLASSES.known)


def test_classes_with_sentences_are_counted(visit, study, few_seeds):
    metrics = {metric.label: metric.value for metric in visit("seed-pairs", seeds=few_seeds).metric}
    assert metrics["Classes with sentences"] == f"6 of {len(study.classes):,}"


def test_an_uploaded_file_waits_until_it_is_used(visit):
    app = visit("seed-pairs", section="Upload")
    upload(app, "sentence,class\nRex sleeps,golden retriever\n")
    for page in ("glossary", "seed-pairs"):
        app._page_hash = calc_hash(page)
        app.run()
    app.button(key="use_upload").click().run()
    assert not app.exception and "upload seed_file_0" not in app.session_state
    assert [button.key for button in app.button if button.key in ("use_upload", "remove seed_file_1")] == []
