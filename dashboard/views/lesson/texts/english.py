"""The lesson in English."""

from dashboard.views.lesson.texts import english_questions, english_steps
from dashboard.views.lesson.texts.texts import LessonTexts

TEXTS = LessonTexts(
    language="en",
    heading="Lesson",
    introduction="From a sentence to a picture in nine steps: one class period, no formula needed.",
    step="Step",
    back="Back",
    forward="Next",
    keys="The arrow keys move too.",
    question="Question",
    answer="Show the answer",
    pupils="Ten questions that pupils ask",
    worksheet="Worksheet",
    worksheet_introduction="Work through the steps of the lesson in the dashboard; answer in a sentence or two.",
    worksheet_name="Name and date:",
    answers="Answers, for the teacher",
    always_bundled="The lesson always uses the bundled models and the project's own seed sentences, whatever the "
    "sidebar says.",
    steps=english_steps.STEPS,
    pupils_questions=english_questions.QUESTIONS,
)
