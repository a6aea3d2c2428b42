"""The page Glossary, and the tooltips that take their words from it."""

import re

import pytest

from dashboard.components import glossary
from dashboard.components.glossary import TERMS

NAMES = [term.name for term in TERMS]
ASKED_FOR = [
    "encoder",
    "hidden state",
    "pooling",
    "layer",
    "latent space",
    "class embedding",
    "cosine",
    "mapping",
    "held out",
    "P@k",
    "CSLS",
    "hubness",
    "UMAP",
    "truncation",
    "noise",
    "snap to the nearest class",
    "bootstrap interval",
    "hypernym",
    "template",
    "Mahalanobis distance",
]


def test_the_glossary_has_every_word_once_and_in_order():
    assert set(ASKED_FOR) <= set(NAMES)
    assert sorted(NAMES, key=str.casefold) == NAMES
    words = [word.casefold() for term in TERMS for word in (term.name, *term.also)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("term", TERMS, ids=NAMES)
def test_a_definition_is_two_sentences_with_a_source(term):
    assert len(re.findall(r"\.(?= [A-Z]|$)", term.definition)) == 2
    assert term.source and not re.search(r"[\\$]", term.definition)
    assert bool(term.formula) or not term.symbols


def test_every_term_is_on_the_page_with_its_formula(visit):
    app = visit("glossary")
    assert [heading.value for heading in app.header] == NAMES
    assert len(app.get("latex") or app.latex) == sum(bool(term.formula) for term in TERMS)


def test_a_word_is_searched_by_any_of_its_names(visit):
    app = visit("glossary", term="similarity")
    assert app.header[0].value == "cosine"
    assert visit("glossary", term="set size").header[0].value == "conformal set"
    assert "no such word" in visit("glossary", term="<b>").info[0].value


def test_tooltips_are_the_definitions():
    assert glossary.tooltip("cosine", "noise").count("**") == 4
    with pytest.raises(KeyError):
        glossary.tooltip("flux")


def test_controls_explain_their_words_by_the_glossary(visit, few_seeds):
    app = visit("generate", seeds=few_seeds)
    for widget, word in (
        (app.slider(key="truncation"), "truncation"),
        (app.slider(key="snap"), "snap to the nearest class"),
        (app.number_input(key="noise"), "noise"),
        (app.selectbox(key="layer"), "layer"),
        (app.selectbox(key="pooling"), "pooling"),
        (app.selectbox(key="mapping"), "mapping"),
    ):
        assert glossary.tooltip(word) in widget.help
