"""Tooltips use everyday words and words that the glossary has, and no others."""

import re

import pytest

from alignment.evaluation.metrics import METRICS
from alignment.mappings import MAPPINGS
from alignment.text.pooling import POOLINGS
from dashboard.components.glossary import TERMS
from dashboard.views.mapping_error.data import SPLITS
from tests.dashboard.views.glossary.tooltips import DASHBOARD, of_dashboard, roots, strange_words, tooltips

# Numbers, names of classes and of publications, names of terms, tables whose fields are read, and what stands in a
# keyword of its own.
NO_TEXT = {"METRICS", "dim", "help", "loc", "name", "next", "noise_help", "reference", "shape", "snap_help", "st"}


@pytest.fixture(scope="module")
def read():
    return tooltips(of_dashboard())


def test_every_word_of_a_tooltip_is_an_everyday_word_or_in_the_glossary(read):
    texts, unknown = read
    assert len(texts) > 100 and unknown == NO_TEXT
    assert {place: words for place, text in texts.items() if (words := strange_words(text))} == {}


def test_tables_that_tooltips_take_from_are_read(read):
    texts = set(read[0].values())
    tables = ([metric.meaning for metric in METRICS.values()], SPLITS.values())
    assert all(set(table) <= texts for table in tables)
    assert {pooling.explanation for pooling in POOLINGS.values()} <= texts


@pytest.mark.parametrize("term", TERMS, ids=[term.name for term in TERMS])
def test_a_definition_is_made_of_everyday_words_and_other_terms(term):
    assert strange_words(term.definition) == []


@pytest.mark.parametrize("spec", MAPPINGS.values(), ids=list(MAPPINGS))
def test_what_is_said_of_a_mapping_is_too(spec):
    assert strange_words(f"{spec.label}. {spec.explanation} {spec.best_for}") == []


def test_tooltips_of_components_in_javascript_are_too():
    titles = [title for path in DASHBOARD.rglob("*.js") for title in TITLE.findall(path.read_text(encoding="utf-8"))]
    assert len(titles) > 4
    assert {title: words for title in titles if (words := strange_words(FILLED_IN.sub("", title)))} == {}


TITLE = re.compile(r"""\btitle(?::| =) ["`]([^"`]+)["`]""")
FILLED_IN = re.compile(r"\$\{.*?\}")

MADE_UP = """
HELP = "Eigenvalues" if full else f"{logits} of the Hessian"

def show(*figures):
    for value, said in figures:
        metric(value, help=explained(said, "cosine"))

show((1, "The kurtosis."), (2, "A vector."))
box(help=HELP, column_help="Its manifold", format="%.2f")
"""


def test_a_tooltip_in_other_words_is_found():
    texts, unknown = tooltips({"page.py": MADE_UP})
    assert unknown == {"logits"}
    found = [strange_words(text) for text in texts.values()]
    assert sorted(word for words in found for word in words) == ["Eigenvalues", "Hessian", "kurtosis", "manifold"]


@pytest.mark.parametrize("word", ["kernels", "variances", "tokens", "vectors", "eigenvectors", "softmax", "Lanczos"])
def test_words_of_the_field_are_no_everyday_words(word, monkeypatch):
    monkeypatch.setattr("tests.dashboard.views.glossary.tooltips._terms", tuple)
    monkeypatch.setattr("tests.dashboard.views.glossary.tooltips._term_roots", frozenset)
    assert strange_words(f"The {word} of a sentence") == [word]


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("neighbours", "neighbor"),
        ("mapped", "map"),
        ("steadily", "steady"),
        ("averages", "average"),
        ("taken", "taken"),
    ],
)
def test_inflections_are_folded(word, root):
    assert root in roots(word)
