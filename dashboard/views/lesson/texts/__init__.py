"""The words of the lesson, apart from its code: the modules of one language, and which language is shown."""

from dashboard.views.lesson.texts.english import TEXTS
from dashboard.views.lesson.texts.texts import LessonTexts, PupilsQuestion, StepTexts

__all__ = ["TEXTS", "LessonTexts", "PupilsQuestion", "StepTexts"]
