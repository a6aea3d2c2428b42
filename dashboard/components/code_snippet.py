"""A result as a command line and as Python, each to be copied."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from alignment.study import Settings
from alignment.study.code_snippets import CodeSnippet

SEEDS_FILE_NAME = "seeds.csv"  # never the place where a visitor's file lies on the server


def shared_settings(settings: Settings) -> Settings:
    """The models as a snippet names them: a visitor's own seed pairs are a file that the page Seed pairs downloads."""
    return replace(settings, seeds=SEEDS_FILE_NAME) if settings.seeds else settings


def copy_buttons(code: CodeSnippet, settings: Settings) -> None:
    """A button that opens both forms; each has a button that copies it."""
    with st.popover("Code", icon=":material/terminal:", help="Copy as command line, copy as Python", width="content"):
        st.caption("Copy as command line")
        st.code(code.command, language="bash", wrap_lines=True)
        st.caption("Copy as Python")
        st.code(code.python, language="python", wrap_lines=True)
        if settings.seeds:
            st.caption(
                f"It learns from your own seed pairs: save them on the page Seed pairs as {SEEDS_FILE_NAME} first."
            )
