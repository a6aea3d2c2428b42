"""CSV cells: escaping against formula injection, numbers, and lists in a cell."""

from __future__ import annotations

import json
import re

import pandas as pd

QUOTE = "'"  # spreadsheets show what follows it as text
EXCEL_TEXT = re.compile(r'="([^"]*)"')
FORMULA = re.compile(rf"{QUOTE}*[=+\-@\t\r\n]")
INDEX_TITLE = re.compile(
    r"(?:.*[ _-])?(?:id|ids|idx|index|number|nr|no|#)|class(?:es)?|labels?|targets?|category|row|y|unnamed: ?\d+",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
MISSING = {  # in lower case
    *("", "-", "n/a", "na", "nan", "none", "null"),
    *("#n/a", "#div/0!", "#name?", "#null!", "#num!", "#ref!", "#value!"),  # of Excel
}
MINUS_SIGNS, INVISIBLE = "\u2212\ufe63\uff0d", "\u200b\u200e\u200f\u2060\ufeff"
TYPED = dict.fromkeys(map(ord, MINUS_SIGNS), "-") | dict.fromkeys(map(ord, INVISIBLE), "")
EXPONENT = r"(?:[eE][+-]?\d+)?"
GROUP_MARK = "[ \u00a0\u2009\u202f'\u2019]"
GROUPED_BY_BLANKS = re.compile(rf"[+-]?\d{{1,3}}(?:{GROUP_MARK}\d{{3}})+(?:[.,]\d*)?{EXPONENT}")
OTHER_MARK = {".": ",", ",": "."}  # what separates thousands, by the decimal mark
THOUSANDS = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}})+(?:\{mark}\d*)?{EXPONENT}")
    for mark, other in OTHER_MARK.items()
}
DECIMAL_COMMA = re.compile(rf"[+-]?(?:\d+,\d*|,\d+){EXPONENT}")


def to_csv(table: pd.DataFrame) -> str:
    """CSV text of a table without its index, text cells and headers escaped by :func:`escaped`."""
    safe = table.rename(columns=escaped)
    for place, kind in enumerate(table.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            safe.isetitem(place, table.iloc[:, place].map(escaped))
    return safe.to_csv(index=False, lineterminator="\n")


def escaped(cell):
    """Escape a cell that a spreadsheet would run as a formula; numbers and cells that are not text are unchanged.

    Examples
    --------
    >>> escaped('=HYPERLINK("https://example.org")')
    '\\'=HYPERLINK("https://example.org")'
    >>> escaped("-5"), escaped("a cat"), escaped("'@cat")
    ('-5', 'a cat', "''@cat")

    References
    ----------
    OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return QUOTE + cell
    return cell


def unescaped(cell: str) -> str:
    """Inverse of :func:`escaped`, and of ``="281"``, which keeps Excel from reading a text as a number.

    Examples
    --------
    >>> unescaped("'=1+1"), unescaped("'tis a cat"), unescaped('="0281"')
    ('=1+1', "'tis a cat", '0281')
    """
    if text := EXCEL_TEXT.fullmatch(cell):
        return text[1]
    return cell[1:] if cell.startswith(QUOTE) and FORMULA.match(cell) else cell


def number_in(cell: str) -> float:
    """Parse the number in a cell, which may be infinite or NaN.

    Raises
    ------
    ValueError
        When it is not a number. 1_000, which Python accepts, is refused.
    """
    return float(cell.replace("_", "x"))


def is_missing(cell: str) -> bool:
    """Whether a cell is empty, or what spreadsheets, databases and people write where a value is missing."""
    return cell.casefold() in MISSING


def with_plain_signs(cell: str) -> str:
    """Replace typographic minus signs, and remove invisible characters and blanks between the thousands of a number.

    Examples
    --------
    >>> with_plain_signs("\u22121\u00a0234,5"), with_plain_signs("12 monkeys")
    ('-1234,5', '12 monkeys')
    """
    if cell.isascii() and " " not in cell and "'" not in cell:
        return cell
    cell = cell.translate(TYPED).strip()
    return re.sub(GROUP_MARK, "", cell) if GROUPED_BY_BLANKS.fullmatch(cell) else cell


def with_decimal_point(cell: str) -> str:
    """Replace the decimal comma of a number; other cells unchanged.

    Examples
    --------
    >>> with_decimal_point("-1,5"), with_decimal_point("1,234.5")
    ('-1.5', '1,234.5')
    """
    return cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell


def parse_list(cell: str) -> list[str]:
    """Members of a cell that is a list of texts and whole numbers, or Label Studio's ``{"choices": [...]}``; else [].

    Returned as text, like members separated by '|', because a number may be the name of a class.

    Examples
    --------
    >>> parse_list("[281, 282]"), parse_list("['tabby']"), parse_list('{"choices": ["tabby"]}'), parse_list("tabby")
    (['281', '282'], ['tabby'], ['tabby'], [])
    """
    if not cell.startswith(("[", "{")):
        return []
    try:
        held = json.loads(cell.replace("'", '"') if '"' not in cell else cell)
    except (ValueError, RecursionError):
        return []
    held = held.get("choices") if isinstance(held, dict) else held
    if not isinstance(held, list) or not all(type(key) in (int, str) for key in held):  # True is no 1
        return []
    return [str(key) for key in held]


def whole_number(cell: str) -> str:
    """Remove the zero decimals that spreadsheets with decimal commas write (281,0); other cells (1,000) unchanged."""
    number = re.fullmatch(r"(\d+),0{1,2}", cell)
    return number[1] if number else cell


def names_an_index(title: str) -> bool:
    """Whether a column of this title holds numbers of rows or classes rather than measurements.

    Examples
    --------
    >>> names_an_index("imagenet_id"), names_an_index("Unnamed: 0"), names_an_index("width")
    (True, True, False)
    """
    return bool(INDEX_TITLE.fullmatch(title))
