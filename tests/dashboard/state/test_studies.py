"""Studies of files that change on disk: nothing that is kept of one is shown of the other."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from alignment.evaluation.metrics import METRICS
from alignment.study import Settings
from dashboard.state import cached_results, studies
from dashboard.state.background_jobs import JobCancelled
from dashboard.views.mapping_error import data
from dashboard.views.seed_pairs import editing


@pytest.fixture
def before_and_after(tmp_path):
    """The studies of equal settings before and after a class is added to the files that they name."""
    matrix, classes, seeds = (tmp_path / name for name in ("space.npy", "classes.csv", "seeds.csv"))
    settings = Settings(class_embeddings=str(matrix), classes=str(classes), seeds=str(seeds))

    def study_of(*names):
        np.save(matrix, np.random.default_rng(len(names)).normal(size=(len(names), 6)).astype(np.float32))
        classes.write_text("\n".join(["name", *names]) + "\n")
        seeds.write_text("sentence,class\n" + "".join(f"A {name}.,{name}\n" for name in names))
        return studies.shared(settings).study(None, lambda *progress: None)

    before = study_of("dog", "cat")
    assert studies.shared(settings).study(None, lambda *progress: None) is before
    assert studies.jobs(before) is studies.shared(settings).jobs
    return before, study_of("dog", "cat", "fox")


def test_files_that_change_on_disk_are_read_anew(before_and_after):
    before, after = before_and_after
    assert cached_results.seed_counts(after)["name"].tolist() == ["dog", "cat", "fox"]
    assert studies.jobs(before) is not studies.jobs(after)
    assert cached_results.seed_counts(before)["name"].tolist() == ["dog", "cat"]  # whoever still looks at it


def test_a_study_that_a_page_has_keeps_its_jobs_however_many_others_are_opened(before_and_after, monkeypatch):
    study = before_and_after[1]
    jobs, shared = studies.jobs(study), studies.shared(study.settings)
    for layer in range(studies.MAX_STUDIES):
        studies.shared(Settings(layer=layer))
    assert studies.jobs(study) is jobs and studies.shared(study.settings) is not shared


def test_a_mapping_is_fitted_once_to_the_study_of_the_page(before_and_after):
    study = before_and_after[0]  # its files have changed since
    assert not study.is_fitted("ridge")
    studies.fit(study, "ridge")
    assert study.is_fitted("ridge") and not before_and_after[1].is_fitted("ridge")


def test_tables_of_mapping_error_are_those_of_the_files_as_they_are(before_and_after):
    said = []
    for study, value in zip(before_and_after, (0.1, 0.9), strict=True):
        figures = {"own_p_at_10": value, "own_csls_p_at_1": 0.0, "own_median_rank": 1.0}
        result = SimpleNamespace(summary=lambda found=figures: found, confidence_interval=lambda key: (0.0, 1.0))
        view = data.EvaluationView(study, "ridge", "classes", METRICS["cosine"], {"ridge": result})
        said.append(data.own_similarity_figures(view))
    assert "P@10 is 0.100" in said[0] and "P@10 is 0.900" in said[1]


def test_a_wait_for_confidence_shows_what_is_done_as_it_is_done(monkeypatch):
    told = []

    def calibration(mapping, *, progress):
        progress("Encoding sentences", 3, 12)
        told.append(mapping)

    monkeypatch.setattr(studies, "watched", lambda study, key, task, **rest: task(lambda *step: told.append(step)))
    cached_results.calibration(SimpleNamespace(confidence=SimpleNamespace(calibration=calibration)), "ridge")
    assert told == [("Encoding sentences", 3, 12), "ridge"]


def test_seeds_are_not_edited_in_the_table_of_a_file_that_has_changed(before_and_after, monkeypatch):
    monkeypatch.setattr(editing.st, "session_state", {})
    assert [len(editing.draft(study, {})) for study in before_and_after] == [2, 3]


def test_a_page_says_that_what_it_waits_for_was_stopped_and_the_server_meets_the_error():
    def page():
        from dashboard.state import studies
        from dashboard.state.background_jobs import JobCancelled

        def stopped():
            raise JobCancelled("This was stopped.")

        studies.answer(stopped)

    app = AppTest.from_function(page, default_timeout=60).run()
    assert [box.value for box in app.info] == ["This was stopped."] and not app.exception
    with pytest.raises(JobCancelled):
        page()
