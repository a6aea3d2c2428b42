"""Technical terms of the pages: one source for the page Glossary and for every tooltip."""

from dashboard.components.glossary import evaluation, mappings, spaces
from dashboard.components.glossary.terms import Term, find

__all__ = ["TERMS", "Term", "explained", "find", "tooltip"]

TERMS = tuple(sorted((*evaluation.TERMS, *mappings.TERMS, *spaces.TERMS), key=lambda term: term.name.casefold()))


def tooltip(*names: str) -> str:
    """Definitions of terms, as Markdown for the ``help`` of a widget.

    Raises
    ------
    KeyError
        For a name that is not in the glossary.
    """
    by_name = {term.name: term for term in TERMS}
    return "\n\n".join(f"**{name}**: {by_name[name].definition}" for name in names)


def explained(text: str, *names: str) -> str:
    """Explanation of a control, followed by the definitions of the terms in it: Markdown for ``help``."""
    return f"{text}\n\n{tooltip(*names)}"
