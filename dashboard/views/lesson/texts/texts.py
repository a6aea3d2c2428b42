"""What has to be said in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StepTexts:
    """The words of one step: Markdown, with the names of computed figures in braces.

    Attributes
    ----------
    text : three sentences
    labels : what its picture and its control are called, by name
    """

    title: str
    text: str
    question: str
    answer: str
    explore: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class PupilsQuestion:
    """A question that pupils ask, and its answer: Markdown, with figures in braces."""

    question: str
    answer: str


@dataclass(frozen=True)
class LessonTexts:
    """The words of the whole lesson, in one language (its code, as in HTML)."""

    language: str
    heading: str
    introduction: str
    step: str
    back: str
    forward: str
    keys: str
    question: str
    answer: str
    pupils: str
    worksheet: str
    worksheet_introduction: str
    worksheet_name: str
    answers: str
    always_bundled: str
    steps: tuple[StepTexts, ...]
    pupils_questions: tuple[PupilsQuestion, ...]
