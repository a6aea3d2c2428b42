"""A card of the tab Compare: two pictures and two gauges, each of what stands beside it."""

from alignment.evaluation.point_diagnosis import diagnose
from alignment.images.drawing_settings import DrawingSettings
from alignment.mappings import DEFAULT_MAPPING
from dashboard.components.images import picture_uri
from dashboard.views.generate import compare
from dashboard.views.generate.request import Request


def test_a_card_shows_the_point_beside_its_nearest_class_and_measures_the_point(study, monkeypatch):
    monkeypatch.setattr(compare, "with_confidence", lambda *_: "")
    drawing = DrawingSettings(snap=0.25)
    shown = compare.card(Request(study, DEFAULT_MAPPING, "a fish", 1, drawing), "", DEFAULT_MAPPING, "a fish")
    vector = study.map_vectors(study.encode(["a fish"]), DEFAULT_MAPPING)
    best = study.nearest_to(vector, ["a fish"], top=1).iloc[0]
    point = study.snap_to_nearest_class(vector, drawing.snap)
    drawn = study.pictures.draw([*point, study.class_vectors[best["class"]]], drawing=drawing)[:, 0]
    assert [shown.picture, shown.nearest_picture] == [*map(picture_uri, drawn)]
    assert (shown.nearest, shown.similarity) == (best["name"], best["similarity"])
    found = diagnose(point, study.class_vectors, study.classes.labels).iloc[0]
    measured = {gauge.label: (gauge.value, gauge.low, gauge.high) for gauge in shown.gauges}
    for label, figure in (("Length", "norm"), ("Mahalanobis distance", "distance")):
        assert measured[label] == (found[figure], found[f"{figure}_low"], found[f"{figure}_high"])
