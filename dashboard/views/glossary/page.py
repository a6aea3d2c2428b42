"""Glossary: every technical term of the pages in two sentences, with formula and source."""

import streamlit as st

from dashboard.components import glossary
from dashboard.components.glossary import Term
from dashboard.pages import GLOSSARY
from dashboard.state.query_params import bound

MAX_SEARCH_CHARACTERS = 100
PAGE_WIDTH = 800


def main() -> None:
    st.title(GLOSSARY.heading)
    st.caption("Each word in two sentences. The formula is a click away; the same definitions stand in the tooltips.")
    terms()


@st.fragment
def terms() -> None:
    """Show the search box and the terms found (a fragment)."""
    text = bound(
        st.text_input,
        "Search",
        key="term",
        type="search",
        placeholder="A word, such as cosine",
        max_chars=MAX_SEARCH_CHARACTERS,
        live="300ms",
        width=400,
    )
    found = glossary.find(glossary.TERMS, text)
    if not found:
        st.info("The glossary has no such word.", icon=":material/search_off:")
    with st.container(width=PAGE_WIDTH):
        for term in found:
            show_term(term)


def show_term(term: Term) -> None:
    """Show a term and its definition, with formula and source in an expander."""
    st.header(term.name, anchor=term.name.replace(" ", "-").replace("@", "-at-").lower())
    st.markdown(term.definition)
    if term.also:
        st.caption(f"Also: {', '.join(term.also)}.")
    label = "Formula and source" if term.formula else "Source"
    with st.expander(label, key=f"formula_{term.name}"):
        if term.formula:
            st.latex(term.formula)
        if term.symbols:
            st.caption(f"{term.symbols}.")
        st.markdown(term.source)


main()
