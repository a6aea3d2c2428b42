"""Calibration of the confidence: confidence against accuracy, on sentences with known answers."""

from __future__ import annotations

import streamlit as st

from alignment.evaluation.reliability import calibration_figures, reliability
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.glossary import explained
from dashboard.state import cached_results
from dashboard.views.mapping_error import error_charts
from dashboard.views.mapping_error.data import EvaluationView

TERMS = {  # figure -> its glossary term
    "Calibration error": "calibration error",
    "AUROC": "AUROC",
    "Coverage": "conformal set",
    "Set size": "conformal set",
}


@st.fragment
def show(view: EvaluationView) -> None:
    calibration = cached_results.calibration(view.study, view.mapping)
    if calibration is None:
        st.info("There are too few sentences with known answers about these classes.", icon=":material/info:")
        return
    table = calibration.sentences
    figures, bins = calibration_figures(table), reliability(table)
    st.caption(
        f"{view.label}, {figures['sentences']:,} sentences written for this: captions, things beside other things, "
        "things that no class is beside things that one is (a ghost on a park bench), typing errors, other languages, "
        "near misses (a cat burglar), and sentences about nothing that can be drawn. "
        "The confidence in each, and its set of answers, come from a calibration that has not seen it."
    )
    shown = (
        ("Calibration error", f"{figures['ece']:.3f}", "Mean gap of confidence and share right; lower is better."),
        (
            "AUROC",
            f"{figures['auroc']:.3f}",
            "How often a caption whose thing can be drawn has more confidence than a sentence off the topic; 0.5 is "
            "chance.",
        ),
        (
            "Coverage",
            f"{figures['coverage']:.2f}",
            "Share of the sets of answers with a right one, of sentences in a language that the encoder reads; the "
            "target is 0.90.",
        ),
        ("Set size", f"{figures['median_size']:.0f}", "Answers in a set, by the median."),
    )
    for place, (label, value, meaning) in zip(st.columns(len(shown)), shown, strict=True):
        place.metric(label, value, help=explained(meaning, TERMS[label]), border=True)
    chart_with_caption(
        error_charts.reliability(bins),
        "How to read it: of the sentences with that confidence, how many are right; on the dashed line confidence is "
        "exactly right, below it is too high. Large dots are many sentences.",
        name="confidence_reliability",
        title=f"Confidence and share right · {view.label}",
    )
    download_table(table, "confidence_sentences")
