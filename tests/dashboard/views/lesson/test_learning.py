"""Steps 4 to 7 of the lesson: what is drawn and measured beside a sentence."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from alignment.evaluation.baselines import MEAN_VECTOR, SHUFFLED
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from dashboard.views.lesson import learning


def test_each_card_has_the_snapped_point_and_the_nearest_class_of_its_sentence(monkeypatch):
    nearest = pd.DataFrame({"name": ["tabby cat", "pizza", "c", "d"], "similarity": [0.9, 0.4, 0.3, 0.2]})
    study = SimpleNamespace(
        nearest_to=lambda vectors, prompts, top: nearest, snap_to_nearest_class=lambda vectors, snap: vectors + snap
    )
    monkeypatch.setattr(learning, "picture_of", lambda study, point: point.tolist())
    cards = learning._cards(study, ["I have a cat", "A slice", "C", "D"], np.arange(4.0)[:, None])
    snap = DEFAULT_DRAWING.snap
    assert [(card.title, card.picture, card.nearest, card.similarity) for card in cards[:2]] == [
        ("A · I have a cat", [[snap]], "tabby cat", 0.9),
        ("B · A slice", [[1 + snap]], "pizza", 0.4),
    ]


def test_every_stop_of_the_slider_shows_its_own_stage_before_and_after_all_are_prepared(monkeypatch):
    kept = {}
    jobs = SimpleNamespace(result=kept.get, submit=lambda key, task, **_: kept.update({key: task(lambda *_: None)}))
    monkeypatch.setattr(learning.studies, "jobs", lambda study: jobs)
    monkeypatch.setattr(learning, "_stage", lambda study, amount: amount)
    last = len(learning.AMOUNTS) - 1
    assert [learning.stage(None, stop, "") for stop in (last, 3, last)] == [
        learning.AMOUNTS[at] for at in (last, 3, last)
    ]
    assert kept, "the slider answers at once from now on"


def test_what_was_measured_is_shown_once_it_is_asked_for_beside_the_guess(visit, monkeypatch):
    found = {"ridge": 0.5, DEFAULT_MAPPING: 0.75, SHUFFLED: 0.125, MEAN_VECTOR: 0.0}
    results = {key: SimpleNamespace(summary=lambda share=share: {"p_at_10": share}) for key, share in found.items()}
    monkeypatch.setattr(learning.evaluations, "with_baselines", lambda study, mapping: results)
    monkeypatch.setattr(learning.evaluations, "evaluate", lambda study, mapping: results[mapping])
    shown = []
    monkeypatch.setattr(
        learning.charts, "guess_and_measured", lambda values, *_: shown.extend(values.items()) or go.Figure()
    )
    app = visit("lesson", step="7", guess="30")
    assert not shown, "the answer would be given away"
    app.toggle(key="reveal").set_value(True).run()
    labels = ["your guess", "Ridge", MAPPINGS[DEFAULT_MAPPING].label, SHUFFLED, MEAN_VECTOR]
    assert shown == [*zip(labels, [30, 50, 75, 12.5, 0], strict=True)] and not app.exception
