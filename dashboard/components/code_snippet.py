"""Code snippets: how to reproduce a result on the command line and in Python."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from alignment.study import Settings
from alignment.study.code_snippets import CodeSnippet

SEEDS_FILE_NAME = "seeds.csv"  # never the path of a visitor's file on the server


def shared_settings(settings: Settings) -> Settings:
    """Settings as shown in a snippet: a visitor's own seed pairs are the file downloaded from the page Seed pairs."""
    return replace(settings, seeds=SEEDS_FILE_NAME) if settings.seeds else settings


def copy_buttons(code: CodeSnippet, settings: Settings) -> None:
    """Button that opens both forms, each with a copy button."""
    with st.popover("Code", icon=":material/terminal:", help="Copy as command line, copy as Python", width="content"):
        st.caption("Copy as command line")
        st.code(code.command, language="bash", wrap_lines=True)
        st.caption("Copy as Python")
        st.code(code.python, language="python", wrap_lines=True)
        if settings.seeds:
            st.caption(
                f"It learns from your own seed pairs: save them on the page Seed pairs as {SEEDS_FILE_NAME} first."
            )
