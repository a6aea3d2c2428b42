"""Records of JSON files: objects or lists in an array, objects one after the other, columns, sentences by class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from json import JSONDecodeError, JSONDecoder
from typing import Any

from alignment.errors import InputError
from alignment.files.cell_texts import cell_text, split_sentences
from alignment.files.columns import SHOWN_CELL_CHARACTERS, Column, column_places, sentence_columns, wanted_columns
from alignment.files.csv_records import Record, Refusal, TitledRecords
from alignment.files.reading import parse_json

MAX_KEYS = 1_000  # of all objects together
BLANKS = re.compile(r"\s*")


def json_records(text: str, name: str, columns: Mapping[str, Column]) -> TitledRecords:
    """Parse a JSON text into records with the texts that a CSV would hold, titled by the keys of all objects.

    They are numbered by their lines where objects follow each other as in JSON Lines, otherwise from 1.

    Parameters
    ----------
    text : str
    name : str
        Name of the file in messages.
    columns : dict from name to Column
        The known columns. They decide which array of an object is read, and whose lists are several sentences.

    Raises
    ------
    InputError
        When the text is neither JSON nor JSON Lines, or holds no such records, or several arrays of them.
    """
    refused: list[Refusal] = []
    notes: list[str] = []
    try:
        whole = parse_json(text)
    except JSONDecodeError as error:
        if error.msg != "Extra data":
            raise InputError(
                f"{name}, line {error.lineno}: the JSON is damaged ({error.msg}); write it anew."
            ) from error
        numbered = _values(text, refused)
    except ValueError as error:
        raise InputError(f"{name} is JSON that cannot be read ({error}).") from error
    else:
        numbered = list(enumerate(_objects(whole, text, name, columns, notes), start=1))
    objects: list[tuple[int, dict[str, Any]]] = []
    for number, value in numbered:
        if isinstance(value, dict):
            objects.append((number, value))
        else:
            refused.append(Refusal(number, "the record is no JSON object."))
    if numbered and not objects:
        raise InputError(f"{name} holds no JSON objects that name the columns {wanted_columns(columns)}.")
    header = list(dict.fromkeys(key for _, held in objects for key in held))
    if len(header) > MAX_KEYS:
        raise InputError(f"{name}: its objects have {len(header):,} keys; the limit is {MAX_KEYS:,}.")
    places = column_places(header, columns)
    sentences = [header[places[key]] for key in sentence_columns(places, columns)]
    records = []
    try:
        for number, held in objects:
            for row in split_sentences(held, sentences):
                if not all(isinstance(row.get(key), str | None) for key in sentences):
                    refused.append(Refusal(number, "something else than text stands where a sentence is read."))
                else:
                    records.append(Record(number, number, [cell_text(row.get(key)) for key in header]))
    except RecursionError as error:
        raise InputError(f"{name} is JSON that cannot be read (nested too deeply).") from error
    return TitledRecords(header, records, refused, notes)


def _values(text: str, refused: list[Refusal]) -> list[tuple[int, Any]]:
    """Values that follow each other, as in JSON Lines, with the lines they begin in; the rest of a damaged line is
    refused."""
    found: list[tuple[int, Any]] = []
    line, end = 1, 0
    while (start := BLANKS.match(text, end).end()) < len(text):  # type: ignore[union-attr]
        line += text.count("\n", end, start)
        try:
            value, end = JSONDecoder().raw_decode(text, start)
            found.append((line, value))
        except (ValueError, RecursionError):
            newline = text.find("\n", start)
            end = len(text) if newline < 0 else newline
            refused.append(Refusal(line, "the line is no whole JSON object."))
        line += text.count("\n", start, end)
    return found


def _objects(value: Any, text: str, name: str, columns: Mapping[str, Column], notes: list[str]) -> list[Any]:
    """Objects of the JSON value that a text holds, one per row."""
    if isinstance(value, list):
        if value and isinstance(value[0], list) and _places(value, columns):
            return _rows_below_titles(value, name)
        listed = next((key for key, column in columns.items() if column.lines), "")
        return [{listed: one} if listed and isinstance(one, str) else one for one in value]
    titles, body = value.get("columns"), value.get("data")
    if isinstance(titles, list) and isinstance(body, list) and _places([titles], columns):
        return _rows_below_titles([titles, *body], name)  # as pandas writes it with orient="split"
    if all(isinstance(held, dict) for held in value.values()) and _places([*value.values()], columns):
        return [*value.values()]  # by a name or number of each
    arrays = {key: held for key, held in value.items() if _places(held, columns)}
    if not arrays:
        return _sentences_by_label(value, text, name, columns, notes) or _rows_of_columns(value) or [value]
    most = max(len(_places(held, columns)) for held in arrays.values())
    first, *others = [key for key, held in arrays.items() if len(_places(held, columns)) == most]
    if others:
        several = ", ".join(map(repr, (first, *others)))
        raise InputError(f"{name} has several lists with {wanted_columns(columns)}: {several}; keep one.")
    notes.append(f"{name}: its list {first!r} is read.")
    return _rows_below_titles(arrays[first], name) if isinstance(arrays[first][0], list) else arrays[first]


def _places(value: Any, columns: Mapping[str, Column]) -> dict[str, int]:
    """Columns of an array of objects, or of lists below one of titles, judged by its first; none where a required one
    is missing."""
    first = value[0] if isinstance(value, list) and value else None
    titles = list(first) if isinstance(first, list | dict) else []
    places = column_places(titles, columns) if all(isinstance(title, str) for title in titles) else {}
    return places if all(key in places for key, column in columns.items() if column.required) else {}


def _rows_below_titles(table: list[Any], name: str) -> list[Any]:
    """Objects of the lists below a list of titles, as Google Sheets has them; others are left to be refused.

    As in a CSV, a row may lack cells at its end, or have empty ones beyond the titles.
    """
    titles, *rows = table
    if twice := next((title for title, count in Counter(titles).items() if title and count > 1), ""):
        raise InputError(f"{name} has two columns called {twice[:SHOWN_CELL_CHARACTERS]!r}; keep one.")
    fits = (isinstance(row, list) and all(cell in ("", None) for cell in row[len(titles) :]) for row in rows)
    return [dict(zip(titles, row, strict=False)) if fit else row for row, fit in zip(rows, fits, strict=True)]


def _sentences_by_label(
    value: dict[str, Any], text: str, name: str, columns: Mapping[str, Column], notes: list[str]
) -> list[dict[str, Any]]:
    """Rows of an object of sentences, or lists of them, by class; [] where the keys name columns, and for others.

    Lists of one length may be columns with other titles: they are by class where most keys are classes. So are values
    of which at least half are texts; the others are refused one by one.
    """
    wanted = [key for key, column in columns.items() if column.required]
    labels = [key for key in wanted if not columns[key].sentence]
    if not value or len(wanted) != 2 or len(labels) != 1 or column_places(list(value), columns):
        return []
    knows = columns[labels[0]].knows
    are_named = knows is not None and 2 * sum(map(knows, value)) > len(value)
    if knows is not None and not are_named and _rows_of_columns(value):
        return []
    pairs = parse_json(text, pairs=True)  # a class that stands twice has the sentences of both places
    if _share_of_texts(held for _, held in pairs) < (0.5 if are_named else 1):
        return []
    (sentence,) = {*wanted} - {*labels}
    notes.append(f"{name}: its keys are read as {labels[0]!r}, and what stands under each as {sentence!r}.")
    return [{sentence: held, labels[0]: key} for key, held in pairs]


def _share_of_texts(values: Iterable[Any]) -> float:
    """Share of texts among values and the members of those that are lists; 1 of none."""
    are_texts = [isinstance(one, str) for held in values for one in (held if isinstance(held, list) else [held])]
    return sum(are_texts) / len(are_texts) if are_texts else 1.0


def _rows_of_columns(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of an object of columns, each a list or, as pandas writes it, an object by row; [] for another object."""
    columns = [*value.values()]
    if all(isinstance(held, dict) for held in columns):
        labels = dict.fromkeys(label for held in columns for label in held)
        return [{key: held.get(label) for key, held in value.items()} for label in labels]
    if not all(isinstance(held, list) for held in columns) or len({*map(len, columns)}) != 1:
        return []
    return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
