"""The text of files that people write in any usual encoding; in UTF-8, damage in one line stays in that line."""

from __future__ import annotations

import codecs
import re
from functools import partial

from alignment.errors import InputError

BYTE_ORDER_MARKS = {  # the longer ones first: that of UTF-16 begins that of UTF-32
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ENCODING_NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS code page 850",
}
USUAL_ENCODINGS = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp932", "gb18030", "big5", "cp949")
WESTERN_ENCODINGS = ("cp1252", "mac_roman", "cp850")  # all three give every language of western Europe some sense
COHERENCE_MARGIN = 0.1  # by which another encoding must look more like a language than these do
CUT_BEGINNINGS = (b"\xc2", b"\xc3", b"\xe2")  # of most characters of western text that is not ASCII
UNREADABLE = re.compile("[\udc80-\udcff]")  # what bytes that are not UTF-8 become
SMALL, CAPITAL = "[à-öø-ÿßœ]", "[À-ÖØ-ÞŒŠŽŸ]"
PLAUSIBLE = re.compile(
    rf"(?<=[a-z]){SMALL}|{SMALL}(?=[a-z])|(?<!\w){SMALL}(?!\w)|(?<![a-z]){CAPITAL}(?=[a-zA-Z])|(?<=[A-Z]){CAPITAL}"
    r"|(?<!\w)[“‘«€£](?=\w)|(?<=[\w.,!?])[”’»…€°](?!\w)|(?<=\w)’(?=\w)|(?<=\s)[–—](?=\s)"  # noqa: RUF001
)


def decode(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file, and a note where its encoding is not UTF-8.

    Where a few bytes of a text in UTF-8 are not, they become characters that :func:`is_unreadable` finds, and the rest
    stays as it is.

    Raises
    ------
    InputError
        When the file is no text.
    """
    encoding = next((known for mark, known in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding == "utf-8" and 4 * content.count(0) > len(content):  # every other byte of English in UTF-16
        encoding = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-8") and _is_damaged_utf8(content, error):
            text = content.decode(encoding, "surrogateescape")
        else:
            encoding = _encoding_without_mark(content, name)
            text = content.decode(encoding)
    if content.startswith(b"PK\x03\x04") or text.count("\0") > len(text) / 4:
        raise InputError(f"{name} is no text; save the table as CSV (in a spreadsheet: save as, CSV UTF-8).")
    if encoding.startswith("utf-8"):
        return text, []
    read = ENCODING_NAMES.get(encoding, encoding.upper())
    doubt = "" if encoding.startswith("utf") else "; save it as CSV UTF-8 if letters come out wrong"
    return text, [f"{name} is not in UTF-8 and is read as {read}{doubt}."]


def is_unreadable(text: str) -> bool:
    """Whether a text holds bytes that are not in the encoding of its file."""
    return bool(UNREADABLE.search(text))


def _is_damaged_utf8(content: bytes, error: UnicodeDecodeError) -> bool:
    """Whether bytes are UTF-8 but for some, and not another encoding: most characters beyond ASCII are in UTF-8."""
    if content.startswith(codecs.BOM_UTF8):
        return True
    text = content.decode("utf-8", "surrogateescape")
    damaged = len(UNREADABLE.findall(text))
    whole = sum(not character.isascii() for character in text) - damaged
    if whole:
        return whole >= damaged
    return error.reason == "unexpected end of data" and content[error.start :].startswith(CUT_BEGINNINGS)


def _encoding_without_mark(content: bytes, name: str) -> str:
    """The encoding of bytes that are not UTF-8: a usual one unless another looks more like a language."""
    from charset_normalizer import from_bytes

    if content.startswith(tuple(BYTE_ORDER_MARKS)) or 4 * content.count(0) > len(content):
        raise InputError(f"{name} is cut off in the middle of a character; save it anew as CSV in UTF-8.")
    matches = from_bytes(content)
    best = matches.best()
    if best is None:
        raise InputError(f"{name} cannot be read as text; save it as CSV in UTF-8.")
    likely = [match for match in matches if match.coherence >= best.coherence - COHERENCE_MARGIN]
    names = {name for match in likely for name in match.could_be_from_charset}
    chosen = next((name for name in USUAL_ENCODINGS if name in names), best.encoding)
    if chosen in WESTERN_ENCODINGS or not _decodes(content, chosen):  # it looks at parts of a long file
        return _western_encoding(content)
    return chosen


def _western_encoding(content: bytes) -> str:
    """That in which most letters with accents stand beside letters of their case, and quotes around words."""

    def plausible(encoding: str) -> int:
        return len(PLAUSIBLE.findall(content.decode(encoding)))

    return max(filter(partial(_decodes, content), WESTERN_ENCODINGS), key=plausible)  # the first of equals


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether an encoding has a character for every byte, as Mac Roman has."""
    try:
        return "\ufffd" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False
