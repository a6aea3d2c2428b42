"""Correlations of the error with traits of the classes."""

from __future__ import annotations

import streamlit as st

from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.glossary import tooltip
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import data, error_charts
from dashboard.views.mapping_error.data import EvaluationView

MEANING = {
    "seeds": "sentences the class has",
    "label seeds": "sentences that are its name alone, as “A tabby cat.”",
    "template seeds": "sentences with its name in a frame, as “I have a tabby cat”",
    "synonym seeds": "sentences with another name that WordNet has for it",
    "everyday seeds": "sentences with a word that people say for it, as “kitty”",
    "hypernym seeds": "sentences with a word that stands above it, as “cat” for every kind of cat; they are about "
    "several classes",
    "description seeds": "sentences that say what it is and looks like",
    "own seeds": "sentences of your own",
    "distance to the nearest class": "1 - cosine to the nearest other class's vector; small for dogs",
    "length of the class vector": "distance of its vector from the mean class vector",
    "word pieces of the name": "pieces the encoder cuts its name into: rare words are cut",
    "place in the vocabulary": "where the encoder's vocabulary lists the rarest piece of its name; frequent words "
    "stand first, so that it stands in for the word's frequency",
}


@st.fragment
def show(view: EvaluationView) -> None:
    table, traits = data.reasons(view), data.traits(view.study)
    if table.empty:
        st.info("All classes have the same figure here; choose another one.", icon=":material/info:")
        return
    metric, names = view.metric, view.study.classes.labels
    left, right = st.columns(2, gap="medium")
    with left:
        chart_with_caption(
            error_charts.correlations(table),
            f"How to read it: how far {metric.label.lower()} ({metric.better}) rises (right) or falls (left) with each "
            "trait, by Spearman's rank correlation; faint bars may be chance (p ≥ 0.05).",
            name="error_reasons",
            title=view.title(f"{metric.label} and traits"),
        )
        download_table(table, "error_reasons")
    with right:
        trait = bound(st.selectbox, "Trait", table["trait"].tolist(), key="trait", help=tooltip("kind of sentence"))
        found = table[table["trait"] == trait].iloc[0]
        values = view.result.values(metric.key)
        chance = "p < 0.001" if found["p_value"] < 0.001 else f"p = {found['p_value']:.3f}"
        chart_with_caption(
            error_charts.error_by_trait(
                traits[trait].iloc[values.index],
                values,
                [names[k] for k in values.index],
                metric.label,
                ranks=metric.is_rank,
            ),
            f"How to read it: a dot is a class. The trait: {MEANING[trait]}. "
            f"Rank correlation {round(found['correlation'], 2) + 0.0:.2f}, {chance}.",  # -0.0 + 0.0 is 0.0
            name="error_trait",
            title=view.title(f"{metric.label} by {trait}"),
        )
        of_classes = traits.assign(name=names).iloc[values.index].assign(**{metric.key: values.to_numpy()})
        of_classes.insert(0, "class", values.index)
        download_table(view.study.classes.with_indices(of_classes), "traits")
