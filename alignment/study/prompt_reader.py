"""Checking prompts: whether the encoder can read them, unknown parts, truncation, and language."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

from alignment.dictionary.classes import ClassTable, all_names
from alignment.dictionary.prompts import EXAMPLES, PROMPTS_CSV, EvaluationPrompts, evaluation_prompts
from alignment.errors import InputError, check_type
from alignment.execution.locks import shared_property
from alignment.files.csv_records import Refusal
from alignment.study.foreign_sentences import (
    english_words,
    language_of,
    lowercase_words,
    sentences_read,
    unread_language,
)
from alignment.study.notices import SHOWN_SENTENCE_CHARACTERS, in_another_language, read_in_part, read_without
from alignment.study.seed_reader import SeedReader
from alignment.text.encoder import TextEncoder
from alignment.text.languages import Language
from alignment.text.readable_sentences import check_prompts, check_sentences
from alignment.wording import first_items


class PromptReader:
    """Checks prompts; the example prompts are known to be readable, so that they need no model.

    Parameters
    ----------
    encoder : TextEncoder
    classes : ClassTable
        Of the class space; prompts of a file that are about other classes are left out.
    seed_reader : SeedReader
        Its seeds provide known English words.
    """

    def __init__(self, encoder: TextEncoder, classes: ClassTable, seed_reader: SeedReader):
        self._encoder, self._classes, self._seed_reader = encoder, classes, seed_reader

    def check(self, prompt: str) -> str:
        """Check that a prompt can be read, and strip surrounding blanks; see :meth:`TextEncoder.check_prompt`."""
        check_type(prompt, str, "A prompt is one sentence, such as 'I have a cat'")
        if prompt.strip() in EXAMPLES:
            return prompt.strip()
        return self._encoder.check_prompt(prompt, lambda: self._class_name.findall(prompt))

    def fault(self, prompt: str) -> str:
        """Why :meth:`check` refuses a prompt; "" where it can be read."""
        try:
            self.check(prompt)
        except InputError as error:
            return str(error)
        return ""

    def check_all(self, prompts: Sequence[str]) -> list[str]:
        """:meth:`check` several prompts; the error names the position of the one that cannot be read.

        Raises
        ------
        InputError
            When they are not a list of sentences, or one cannot be read.
        """
        prompts, checked = check_prompts(prompts), []
        for number, prompt in enumerate(prompts, start=1):
            try:
                checked.append(self.check(prompt))
            except InputError as error:
                shown = f"{prompt[:SHOWN_SENTENCE_CHARACTERS]!r}"
                where = f"Prompt {number} of {len(prompts)}, {shown}: " if len(prompts) > 1 else ""
                raise InputError(f"{where}{error}") from error
        return checked

    @shared_property
    def _class_name(self) -> re.Pattern[str]:
        """Pattern of class names as whole words; the longest matching name wins."""
        frame = self._classes.frame
        names = {*all_names(frame), *self._classes.readable_names, *frame["group"]} - {""}
        longest_first = sorted(names, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def read_file(self, source: Path = PROMPTS_CSV) -> EvaluationPrompts:
        """Read the prompts of a file that the encoder can read, with the refused rows.

        See :func:`~alignment.dictionary.prompts.evaluation_prompts`.

        Raises
        ------
        InputError
            Also when none is left.
        """
        prompts = evaluation_prompts(self._classes, source)
        refused, notes = list(prompts.refused), list(prompts.notes)
        for line, prompt in zip(prompts.table["line"], prompts.table["prompt"], strict=True):
            if fault := self.fault(prompt):
                refused.append(Refusal(int(line), fault))
        cut = self._encoder.read_sentences(prompts.table["prompt"].tolist())[1]
        if cut.any():
            lines = ", ".join(first_items([str(line) for line in prompts.table["line"][cut]]))
            notes.append(f"{read_in_part(several=True)}: lines {lines}")
        table = prompts.table[~prompts.table["line"].isin([one.line for one in refused])].reset_index(drop=True)
        refused = sorted(refused)
        if table.empty:
            raise InputError(f"The encoder can read no prompt of {source} ({refused[0]}).")
        return replace(prompts, table=table, refused=refused, notes=notes)

    def notices(self, prompts: Sequence[str]) -> list[str]:
        """Notices about prompts that are truncated, in another language, or partly unknown to the encoder."""
        prompts = [prompt for prompt in check_sentences(prompts) if prompt not in EXAMPLES]
        if not prompts:
            return []
        readable, cut = self._encoder.read_sentences(prompts)
        long = [prompt for prompt, is_cut in zip(prompts, cut, strict=True) if is_cut]
        read = [prompt for prompt, is_read in zip(prompts, readable, strict=True) if is_read]  # others are refused
        return [
            *first_items([f"{read_in_part(several=False)}: {prompt[:SHOWN_SENTENCE_CHARACTERS]!r}" for prompt in long]),
            *first_items(
                [in_another_language(found, prompt) for prompt in read if (found := self.unread_language(prompt))]
            ),
            *first_items(
                [
                    read_without(parts, prompt)
                    for parts, prompt in zip(self.unread_parts(read), read, strict=True)
                    if parts
                ]
            ),
        ]

    def unread_language(self, prompt: str) -> Language | None:
        """Language of a prompt, where it is surely none that the encoder was trained on."""
        return None if prompt.strip() in EXAMPLES else unread_language(prompt, self.english_words, self._encoder)

    def language(self, prompt: str) -> Language | None:
        """Language of a prompt, where it is surely not English, whether the encoder was trained on it or not."""
        return None if prompt.strip() in EXAMPLES else language_of(prompt, self.english_words, self._encoder)

    def unread_parts(self, prompts: Sequence[str]) -> list[list[str]]:
        """Parts of every prompt that the encoder does not know; see :meth:`TextEncoder.unread_parts`."""
        prompts = check_sentences(prompts)
        asked = [prompt for prompt in prompts if prompt.strip() not in EXAMPLES]
        if not asked:  # a first page need not load the tokenizer
            return [[] for _ in prompts]
        found = dict(zip(asked, self._encoder.unread_parts(asked), strict=True))
        return [found.get(prompt, []) for prompt in prompts]

    @shared_property
    def english_words(self) -> Set[str]:
        """Known English words: those of class names and descriptions, and of the seeds in English."""
        seeds = self._seed_reader.seeds
        sentences = (
            seeds.sentences if self._seed_reader.are_built_in else sentences_read(seeds.sentences, self._encoder)
        )
        return english_words() | lowercase_words(sentences)
