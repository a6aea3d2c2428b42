"""The words of the lesson, apart from its code: one module per language."""

from dashboard.views.lesson.texts.texts import LessonTexts, PupilsQuestion, StepTexts

__all__ = ["LessonTexts", "PupilsQuestion", "StepTexts"]
