"""Printable worksheet: the questions of all steps for the pupils, and the same with answers for the teacher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from dashboard.pages import LESSON
from dashboard.views.lesson.pupils_questions import HEADING, QUESTIONS
from dashboard.views.lesson.step_texts import STEPS

TITLE, ANSWERS_TITLE = "Worksheet", "Worksheet with answers"
STYLE = """
body { font: 11pt/1.45 "Source Sans 3", system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 17pt; } h2 { font-size: 12pt; margin: 1.2em 0 0.2em; }
p { margin: 0.2em 0; } .answer { margin-left: 1.5em; }
.line { border-bottom: 1px solid #888; height: 1.9em; }
.name { display: flex; gap: 0.6em; margin: 1.6em 0 1em; } .name .line { flex: 1; height: 1.2em; }
section { break-inside: avoid; }
@page { margin: 18mm; }
"""
LINE, LINES = '<div class="line"></div>', 3  # lines for an answer
NAME_AND_DATE = f'<div class="name">Name: {LINE} Date: {LINE}</div>'


def worksheet(figures: Mapping[str, str]) -> str:
    """Self-contained HTML file of the questions, with lines to write on.

    Parameters
    ----------
    figures : mapping from placeholder to its value in questions and answers
    """
    asked = "".join(
        _section(_title(number), _question(number, figures), LINES * LINE) for number in range(1, len(STEPS) + 1)
    )
    how = "<p>Work through the steps of the lesson in the dashboard; answer in a sentence or two.</p>"
    return _file(TITLE, f"{NAME_AND_DATE}{how}{asked}")


def worksheet_with_answers(figures: Mapping[str, str]) -> str:
    """:func:`worksheet` with the answers in place of the lines, and the pupils' questions with theirs."""
    answered = "".join(
        _section(_title(number), _question(number, figures), _answer(step.answer, figures))
        for number, step in enumerate(STEPS, start=1)
    )
    pupils = "".join(_section(_html(each.question, figures), _answer(each.answer, figures)) for each in QUESTIONS)
    return _file(ANSWERS_TITLE, f"<p>For the teacher.</p>{answered}<h1>{HEADING}</h1>{pupils}")


def _file(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style><h1>{LESSON.heading}: {title}</h1>{content}</html>"
    )


def _section(heading: str, *content: str) -> str:
    return f"<section><h2>{heading}</h2>{''.join(content)}</section>"


def _title(number: int) -> str:
    return f"{number}. {escape(STEPS[number - 1].title)}"


def _question(number: int, figures: Mapping[str, str]) -> str:
    """Question of a step, which says where to look: on paper, nothing is beside it."""
    step = STEPS[number - 1]
    return f"<p>{_html(f'In step {number} of the lesson, {step.look}. {step.question}', figures)}</p>"


def _answer(text: str, figures: Mapping[str, str]) -> str:
    return f'<p class="answer">{_html(text, figures)}</p>'


def _html(text: str, figures: Mapping[str, str]) -> str:
    """A text of the lesson as HTML; the only Markdown it may have is emphasis."""
    filled = escape(re.sub(r"\\(.)", r"\1", text.format_map(figures)), quote=False)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", filled))
