"""Runs over pairs of spaces: what is kept, what is measured again, and what is compared."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from alignment.commands.command_line import make_parser
from alignment.commands.compare import settings_of_options
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.errors import InputError
from alignment.execution.workers import ThisProcess
from alignment.study import Settings, artifacts
from alignment.study.code_snippets import comparison_code
from alignment.study.paired_spaces import PairedSpaces
from alignment.study.runs.estimates import built_in_sentences, duration, estimate
from alignment.study.runs.measure import Run, measure_runs, runs_over
from alignment.study.runs.paired_tests import (
    PairTest,
    against_best,
    are_clear,
    pair_test,
    result_in_words,
    sorted_runs,
)
from alignment.study.runs.report import report_html
from alignment.study.runs.rows import run_label, settings_of
from alignment.study.runs.table import RunTable, newest
from alignment.text.encoder import TextEncoder


@pytest.fixture(scope="module")
def class_vectors(tmp_path_factory):
    """A class space of eight classes, as a file."""
    path = tmp_path_factory.mktemp("space") / "<i>space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(8, 6)))
    return str(path)


@pytest.fixture(scope="module")
def measured(class_vectors, tmp_path_factory):
    """Two mappings with the text of two layers, and the table they are kept in."""
    table = RunTable(tmp_path_factory.mktemp("cache"))
    pairs = [Settings(class_embeddings=class_vectors, pooling="mean", layer=layer) for layer in (-1, 2)]
    runs = runs_over(pairs, ["ridge", "prototypes"])
    return runs, table, measure_runs(runs, table)


@pytest.fixture
def counted(monkeypatch):
    """The mappings that were measured."""
    mappings, compute = [], artifacts.run_figures
    monkeypatch.setattr(
        artifacts,
        "run_figures",
        lambda mapping, *rest, **named: (mappings.append(mapping), compute(mapping, *rest, **named))[1],
    )
    monkeypatch.setattr(artifacts.run_figures, "__name__", "run_figures")
    monkeypatch.setattr(artifacts.run_figures, "__module__", artifacts.__name__)
    return mappings


def test_every_pair_of_spaces_with_every_mapping_each_in_a_random_space_too(measured):
    runs, _, found = measured
    assert len(runs) == len(found.rows) == found.new == 8 and not found.failures
    assert found.rows["layer"].tolist() == [6] * 4 + [2] * 4 and set(found.rows["layers"]) == {6}
    assert found.rows["random"].tolist() == [False, True] * 4
    assert (
        (found.rows["p_at_1_low"] <= found.rows["p_at_1"]) & (found.rows["p_at_1"] <= found.rows["p_at_1_high"])
    ).all()
    assert [settings_of(row) for _, row in found.rows.iterrows()] == [run.settings for run in runs]


def test_what_the_table_holds_is_not_measured_again_and_other_settings_are_another_row(measured, counted):
    runs, table, found = measured
    again = measure_runs(runs, RunTable(table.cache))
    assert again.new == 0 and counted == []
    pd.testing.assert_frame_equal(again.rows, found.rows, check_like=True)
    other = measure_runs([Run(runs[0].settings, "ridge", split="sentences")], table)
    assert other.new == 1 and counted == ["ridge"] and other.rows["key"][0] not in set(found.rows["key"])
    table.remove(other.rows["key"])


def test_the_last_layer_under_both_its_names_is_one_row(measured, class_vectors):
    _, table, found = measured
    names = [Settings(class_embeddings=class_vectors, pooling="mean", layer=layer) for layer in (-1, 6)]
    runs = runs_over(names, ["ridge"])
    assert measure_runs(runs, table).rows["key"].tolist() == found.rows["key"][:2].tolist()
    assert estimate(runs, table.read().table).there == 4


def test_the_last_layer_by_its_number_is_the_last_layer(measured, counted, class_vectors):
    named = Settings(class_embeddings=class_vectors, pooling="mean", layer=6)
    assert measure_runs([Run(named, "ridge")], measured[1]).new == 0 and counted == []


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-9], lambda content: b"", lambda content: content[:99] + b"\0" * 20 + content[119:]],
)
def test_a_damaged_row_is_named_left_out_and_measured_anew(measured, damage, counted):
    runs, table, found = measured
    path = table.folder / f"{found.rows['key'][0]}.parquet"
    path.write_bytes(damage(path.read_bytes()))
    kept = table.read()
    assert kept.damaged == (path.name,) and len(kept.table) == 7
    assert measure_runs(runs, table).new == 1 and counted == ["ridge"]
    assert not table.read().damaged


def test_a_row_of_a_version_with_other_columns_is_no_damage_and_measured_anew(measured, counted):
    runs, table, found = measured
    path = table.folder / f"{found.rows['key'][0]}.parquet"
    pd.read_parquet(path).drop(columns="device").to_parquet(path)
    kept = table.read()
    assert not kept.damaged and len(kept.table) == 7
    assert measure_runs(runs, table).new == 1 and counted == ["ridge"]


def test_what_was_finished_before_an_interruption_is_kept(measured, tmp_path):
    (tmp_path / "artifacts").symlink_to(measured[1].cache / "artifacts")

    def interrupt(stage, done, total):
        reported.append((stage, done, total))
        if done >= 2.5:
            raise KeyboardInterrupt

    reported = []
    with pytest.raises(KeyboardInterrupt):
        measure_runs(measured[0], RunTable(tmp_path), progress=interrupt)
    assert len(RunTable(tmp_path).read().table) == 2
    stages, done, total = zip(*reported, strict=True)
    assert list(done) == sorted(done) and {0, 1, 2} < set(done) and set(total) == {len(measured[0])}
    assert stages[0] == "minilm, last layer, mean, ridge"


def test_what_is_done_is_reported_in_hundredths_of_a_run(measured, tmp_path, monkeypatch):
    """A bar showed 1.3900000000000001 of 8."""

    def by_hundredths(evaluations, run, encoding_seconds, progress):
        for done in range(101):
            progress("Fitting", done, 100)
        raise InputError("It cannot be measured.")

    (tmp_path / "artifacts").symlink_to(measured[1].cache / "artifacts")
    monkeypatch.setattr("alignment.study.runs.measure._measure_here", by_hundredths)
    reported = []
    measure_runs(measured[0][:3], RunTable(tmp_path), progress=lambda _, done, total: reported.append(done))
    assert {0, 0.99, 1.39, 2.99, 3} <= set(reported) and reported == [round(done, 2) for done in reported]


def test_workers_give_the_same_rows_and_measure_what_is_missing_alone(measured, tmp_path, counted):
    runs, table, found = measured
    (tmp_path / "artifacts").symlink_to(table.cache / "artifacts")
    elsewhere = RunTable(tmp_path)
    first = measure_runs(runs[:2], elsewhere, executor=ThisProcess())
    rest = measure_runs(runs, elsewhere, executor=ThisProcess())
    assert (first.new, rest.new, counted) == (2, 6, []) and rest.rows["key"].tolist() == found.rows["key"].tolist()
    for figure in ("p_at_1", "median_rank", "cosine"):
        np.testing.assert_allclose(rest.rows[figure], found.rows[figure], rtol=1e-4, atol=1e-6)


def test_layers_and_poolings_of_one_encoder_are_encoded_in_one_pass_as_if_each_alone(
    class_vectors, tmp_path, monkeypatch
):
    passes, batches = [], TextEncoder.token_batches
    monkeypatch.setattr(
        TextEncoder,
        "token_batches",
        lambda self, *given, **rest: (passes.append(self), batches(self, *given, **rest))[1],
    )
    monkeypatch.setattr(TextEncoder, "encode", lambda *_, **__: pytest.fail("encoded by itself"))
    kinds = [(-1, "word"), (3, "subject"), (0, "mean")]
    pairs = [Settings(class_embeddings=class_vectors, layer=layer, pooling=pooling) for layer, pooling in kinds]
    assert (
        measure_runs(runs_over(pairs, ["ridge"], random_space=False), RunTable(tmp_path)).new == 3 and len(passes) == 1
    )
    monkeypatch.undo()
    for settings in pairs:
        together = PairedSpaces(settings, cache=tmp_path)
        assert together.sentence_vectors.has_seeds
        np.testing.assert_array_equal(together.X, PairedSpaces(settings, cache=tmp_path / "alone").X)


def test_where_one_encoder_is_missing_the_others_are_measured(measured, class_vectors, tmp_path):
    missing = Settings(class_embeddings=class_vectors, encoder=str(tmp_path))
    found = measure_runs([Run(missing, "ridge"), Run(missing, "cca"), *measured[0]], measured[1])
    assert len(found.rows) == 8 and found.new == 0
    assert [failure.mapping for failure in found.failures] == [None] and str(tmp_path) in found.failures[0].reason


def test_a_folder_that_cannot_be_written_keeps_no_answer_back(measured, tmp_path, caplog):
    (tmp_path / "artifacts").symlink_to(measured[1].cache / "artifacts")
    (tmp_path / "runs").write_text("a file in the folder's place")
    table = RunTable(tmp_path)
    rows = measure_runs(measured[0][:4], table).rows
    assert "cannot be written" in caplog.text
    keys = rows.loc[~rows["random"], "key"].tolist()
    assert pair_test(table, *keys, keys).classes == 8


def test_an_unknown_mapping_is_refused_before_any_work():
    with pytest.raises(InputError, match="'none'"):
        runs_over([Settings()], ["ridge", "none"])


def test_the_newest_of_rows_that_chose_the_same(measured):
    rows = measured[2].rows
    older = rows.assign(measured="2020-01-01T00:00:00+00:00", key="old", p_at_1=0.5)
    assert set(newest(pd.concat([older, rows]))["key"]) == set(rows["key"])


def test_sorted_rows_know_the_figure_in_a_random_space(measured):
    rows = sorted_runs(measured[2].rows, "median_rank")
    assert rows["median_rank"].is_monotonic_increasing
    row = rows[~rows["random"]].iloc[0]
    same = rows[rows["random"] & (rows["layer"] == row["layer"]) & (rows["mapping"] == row["mapping"])]
    assert row["random_space"] == same["median_rank"].item()


def test_a_pair_class_by_class(measured):
    _, table, found = measured
    first, second = found.rows.loc[~found.rows["random"], "key"][:2]
    among = found.rows["key"].tolist()
    test = pair_test(table, first, second, among, "median_rank")
    other = pair_test(table, second, first, among, "median_rank")
    assert test.tested == 8 and test.difference == pytest.approx(-other.difference)
    assert test.p_corrected >= test.p_value - 0.02
    values = test.gains.set_index("name")
    assert (values["gain"] == values["second"] - values["first"]).all()  # a lower rank is better
    assert "tench" in values.index
    words = result_in_words(test, "A", "B")
    assert "over 8 classes" in words and "28 pairs among the 8 runs" in words


@pytest.mark.parametrize(("difference", "low", "high"), [(0.2, -3.4, 2.0), (-0.2, -2.0, 3.4)])
def test_the_interval_said_is_that_of_the_difference_said(difference, low, high):
    """A skewed interval: what is said to differ by 0.2 differs by -3.4 to 2.0, whichever run comes first."""
    test = PairTest("p_at_1", 40, (40, 40), difference, low, high, 0.8, np.nan, 2, pd.DataFrame())
    interval = "95 % interval -3.400 to 2.000)"
    assert f"by 0.200 on average over 40 classes ({interval}" in result_in_words(test, "A", "B")
    words = result_in_words(replace(test, figure="median_rank"), "A", "B")
    assert f"(the mean, not the median that stands elsewhere; {interval}" in words


@pytest.mark.parametrize(
    ("low", "p_value", "p_corrected", "conclusion", "reason"),
    [
        (0.2, 0.02, np.nan, "A is better than B", "hardly do that (p = 0.020)"),
        (-0.045, 0.048, np.nan, "Perhaps no difference", "but the interval includes 0"),
        (-0.045, 0.01, 0.03, "Perhaps no difference", "but the interval includes 0"),
        (0.2, 0.02, 0.3, "Perhaps no difference", "two picked out of so many"),
        (0.2, 0.06, np.nan, "No clear difference", "although the interval leaves out 0"),
        (-0.045, 0.06, np.nan, "No clear difference", "often do (p = 0.060)."),
    ],
)
def test_a_difference_is_clear_only_where_test_and_interval_agree(low, p_value, p_corrected, conclusion, reason):
    test = PairTest("p_at_1", 40, (40, 40), 2.0, low, 5.8, p_value, p_corrected, 3, pd.DataFrame())
    words = result_in_words(test, "A", "B")
    assert words.startswith(conclusion) and reason in words
    assert test.is_clear is (conclusion == "A is better than B")
    tests = pd.DataFrame({"low": [low], "high": [5.8], "p_value": [p_value], "p_corrected": [p_corrected]})
    assert are_clear(tests).tolist() == are_clear(tests.assign(low=-5.8, high=-low)).tolist() == [test.is_clear]


@pytest.mark.parametrize("shared", [0, 1])
def test_a_pair_that_shares_less_than_two_classes_is_not_compared(measured, monkeypatch, shared):
    _, table, found = measured
    rows = sorted_runs(found.rows[~found.rows["random"]])
    keys, read = rows["key"].tolist(), RunTable.of_classes

    def lacking(table, asked, figure):
        values = read(table, asked, figure)
        values.iloc[shared:, values.columns.get_loc(keys[1])] = np.nan
        return values

    monkeypatch.setattr(RunTable, "of_classes", lacking)
    with pytest.raises(InputError, match="share fewer than two classes"):
        pair_test(table, keys[0], keys[1], keys)
    tests = against_best(table, rows)
    assert tests.index.tolist() == keys[2:] and tests["p_corrected"].notna().all()


def test_estimates_know_what_is_there_and_grow_with_what_is_not(measured, class_vectors):
    runs, table, _ = measured
    rows = table.read().table
    assert str(estimate(runs, rows)) == "All 8 runs are in the table."
    assert str(estimate(runs, rows, again=True)).startswith("8 runs take about ")
    assert "7 of 8 runs are in the table; the other one takes about" in str(estimate(runs, rows.iloc[1:]))
    more = runs_over([Settings(class_embeddings=class_vectors, layer=1)], ["ridge", "prototypes"])
    some, nothing = estimate([*runs, *more], rows), estimate([*runs, *more], rows.iloc[:0])
    assert (some.there, some.runs) == (8, 12) and 0 < some.seconds < nothing.seconds
    assert "a guess" in str(nothing) and "a guess" not in str(some)
    assert [duration(seconds) for seconds in (1, 61, 600, 9000)] == [
        "5 seconds",
        "60 seconds",
        "10 minutes",
        "2.5 hours",
    ]


def test_a_recipe_names_these_runs_and_no_others():
    pairs = [Settings(layer=layer, pooling=pooling) for layer in (-1, 2) for pooling in ("mean", "lexical")]
    chosen = [*((each, mapping) for each in pairs for mapping in ("ridge", "cca")), (Settings(encoder="a/b"), "ridge")]
    code = comparison_code(chosen, "classes")
    found = set()
    for line in code.command.splitlines():
        arguments = make_parser().parse_args(line.split()[3:])
        found |= {(each, mapping) for each in settings_of_options(arguments) for mapping in arguments.mapping}
    assert len(code.command.splitlines()) == 2 and found == set(chosen)
    names = {}
    exec(code.python.rpartition("\n")[0], names)
    assert set(names["runs"]) == {
        Run(each, mapping, random=chance) for each, mapping in chosen for chance in (False, True)
    }


def test_a_report_reads_nothing_as_html_and_names_all_that_repeats_it(measured):
    _, table, found = measured
    rows = sorted_runs(found.rows)
    keys = rows.loc[~rows["random"], "key"].tolist()
    pair = pair_test(table, keys[0], keys[1], keys)
    page = report_html(table, rows, pair=pair, pair_names=("A", "<script>"), failures=["no <b>"])
    assert "<i>" not in page and "<script>" not in page and "<b>" not in page
    for name in ("encoder_sha256", "seeds_sha256", "libraries", "measured"):
        assert rows[name][0] in page
    data = json.loads(page.rpartition('id="runs">')[2].partition("</script>")[0])
    assert [row["key"] for row in data] == rows["key"].tolist()
    assert "&lt;i&gt;space.npy" in page and "--layer -1 2" in page
    nonbreaking = "\N{NO-BREAK SPACE}"
    assert f"{rows['p_at_1_low'][0]:.3f}{nonbreaking}to{nonbreaking}{rows['p_at_1_high'][0]:.3f})</td>" in page


def test_a_label_says_what_is_not_as_usual(measured):
    row = measured[2].rows.iloc[1].to_dict() | {"class_space": "bundled"}
    assert run_label(row) == "minilm · layer 6 (last) · mean · Ridge · random space"
    assert run_label(row | {"seeds": "/a/mine.csv", "random": False}).endswith("seeds mine.csv · Ridge")


def test_the_number_of_built_in_seeds_is_known_without_reading_them(study):
    assert built_in_sentences("bundled") == len(study.seeds)
    assert built_in_sentences("biggan-deep-256") == len(default_seeds(ClassTable(range(1000))))
