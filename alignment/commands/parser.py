"""Argument parser whose errors are one sentence that says what to do instead."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NoReturn

from alignment.errors import closest_name, did_you_mean, name_in_any_case

OPTION = re.compile(r"--?[A-Za-z]")  # how one begins
SHOWN_CHOICES = 10  # of an option, when one is refused; more are listed by --help alone
SHOWN_CHARACTERS = 80  # of a text that is refused


class CommandParser(argparse.ArgumentParser):
    """Parser whose errors are one sentence without the usage of the program, and whose choices are of any case."""

    def error(self, message: str) -> NoReturn:
        """Print one sentence and the command that says more; exit with status 2."""
        sentence = message.removeprefix("argument ")
        sentence = f"{sentence[:1].upper()}{sentence[1:]}".rstrip(".")
        see = "See" if sentence.endswith("?") else "; see"
        self.exit(2, f"error: {sentence}{' ' if see == 'See' else ''}{see} '{self.prog} --help'.\n")

    @property
    def option_names(self) -> list[str]:
        """Options of this command, with their dashes."""
        return list(self._option_string_actions)

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """Value of a text; a choice in other case is that choice. A command is not: its options follow in the texts."""
        value = super()._get_value(action, arg_string)
        if action.choices is None or isinstance(action, argparse._SubParsersAction):
            return value
        return name_in_any_case(value, action.choices)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is none of the choices, with the nearest of them."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(None, _no_such_choice(action, str(value), list(action.choices)))

    def refusal_of(self, arguments: argparse.Namespace, rest: Sequence[str]) -> str:
        """Sentence that refuses arguments which this command does not take.

        Parameters
        ----------
        arguments : Namespace
            What was parsed besides.
        rest : sequence of str
            What no option and no position of the command takes, at least one.
        """
        from alignment.mappings import MAPPINGS  # takes a second, which the dashboard does not need here

        see = f"see '{self.prog} --help'"
        for option in rest:
            if OPTION.match(option):
                name = option.partition("=")[0]
                known = {each.lstrip("-"): each for each in self.option_names}
                meant = known.get(closest_name(name.lstrip("-"), known))
                instead = f"did you mean {meant}?" if meant else f"{see}."
                return f"'{self.prog}' has no option {name[:SHOWN_CHARACTERS]}; {instead}"
        first, mapping = getattr(arguments, "prompt", None), getattr(arguments, "mapping", None)
        if set(rest) <= set(MAPPINGS) and not first and "--mapping" in self.option_names and not mapping:
            return f"'{self.prog}' takes no {rest[0]!r}; did you mean --mapping {rest[0]}?"
        if set(rest) <= set(MAPPINGS) and mapping != (self.get_default("mapping") if first else None):
            several = " ".join([arguments.mapping, *rest])
            return f"--mapping takes one mapping here; 'compare --mapping {several}' takes several."
        for option in ("prompts", "seeds"):
            if isinstance(getattr(arguments, option, None), str | Path):  # a list are interpolate's sentences
                return f"--{option} takes one name; put a pattern in quotes, such as --{option} 'folder/*.csv'."
        if first and " " not in first:
            sentence = " ".join([first, *rest])[:SHOWN_CHARACTERS]
            return f'Put the sentence in quotes: {self.prog} "{sentence}".'
        quoted = "put what has blanks in quotes, or " if hasattr(arguments, "file") else ""
        return f"'{self.prog}' takes no {rest[0][:SHOWN_CHARACTERS]!r}; {quoted}{see}."


def _no_such_choice(action: argparse.Action, value: str, choices: Collection[str]) -> str:
    """Why a value that is none of the choices is refused."""
    if isinstance(action, argparse._SubParsersAction):
        return f"There is no command {value[:SHOWN_CHARACTERS]!r}{did_you_mean(value, choices)}"
    option = "/".join(action.option_strings)
    parts = [part.strip() for part in value.split(",")]
    if len(parts) > 1 and set(parts) <= set(choices):
        apart = f"{option} takes names with blanks between: {option} {' '.join(parts)}"
        return apart if action.nargs == "+" else f"{option} takes one of {', '.join(parts)}"
    meant = did_you_mean(value, choices)
    listed = f"; choose one of {', '.join(choices)}" if len(choices) <= SHOWN_CHOICES else ""
    return f"{option} has no {value[:SHOWN_CHARACTERS]!r}{meant or listed}"
