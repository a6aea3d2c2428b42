"""The terms in English, in alphabetical order."""

from dashboard.components.glossary.english_figures import FIGURES
from dashboard.components.glossary.english_mappings import MAPPINGS
from dashboard.components.glossary.english_spaces import SPACES

TERMS = tuple(sorted((*FIGURES, *MAPPINGS, *SPACES), key=lambda term: term.name.casefold()))
