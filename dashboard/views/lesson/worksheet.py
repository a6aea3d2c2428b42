"""Printable worksheet: the questions of all steps, with the answers on a separate sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from dashboard.pages import LESSON
from dashboard.views.lesson.pupils_questions import HEADING, QUESTIONS
from dashboard.views.lesson.step_texts import STEPS

TITLE = "Worksheet"
STYLE = """
body { font: 11pt/1.45 "Source Sans 3", system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 17pt; } h2 { font-size: 12pt; margin: 1.2em 0 0.2em; }
p { margin: 0.2em 0; } .name { margin: 1em 0; }
.line { border-bottom: 1px solid #888; height: 1.9em; }
section { break-inside: avoid; } .answers { break-before: page; }
@page { margin: 18mm; }
"""
LINE, LINES = '<div class="line"></div>', 3  # lines for an answer


def worksheet(figures: Mapping[str, str]) -> str:
    """Self-contained HTML file; ``figures`` are the values of the placeholders in questions and answers."""
    asked = "".join(
        f"<section><h2>{number}. {escape(step.title)}</h2><p>{_html(step.question, figures)}</p>"
        f"{LINES * LINE}</section>"
        for number, step in enumerate(STEPS, start=1)
    )
    answered = "".join(
        f"<section><h2>{number}. {_html(step.question, figures)}</h2><p>{_html(step.answer, figures)}</p></section>"
        for number, step in enumerate(STEPS, start=1)
    )
    pupils = "".join(
        f"<section><h2>{_html(each.question, figures)}</h2><p>{_html(each.answer, figures)}</p></section>"
        for each in QUESTIONS
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{STYLE}</style><h1>{LESSON.heading}: {TITLE}</h1>"
        "<p>Work through the steps of the lesson in the dashboard; answer in a sentence or two.</p>"
        f'<p class="name">Name and date:</p>{asked}'
        f'<div class="answers"><h1>Answers, for the teacher</h1>{answered}<h1>{HEADING}</h1>{pupils}</div>'
        "</html>"
    )


def _html(text: str, figures: Mapping[str, str]) -> str:
    """A text of the lesson as HTML; the only Markdown it may have is emphasis."""
    filled = escape(re.sub(r"\\(.)", r"\1", text.format_map(figures)), quote=False)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", filled))
