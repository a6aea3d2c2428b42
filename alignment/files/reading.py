"""Reading of user-given files, with checks of their kind, and parsing of untrusted JSON."""

from __future__ import annotations

import json
import os
import re
import stat
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alignment.errors import InputError

GIT_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
COMMENT = rb"<!--(?:(?!-->).)*-->"  # which ends at the first "-->", so that a row of them is split in one way only
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:%s\s*)*<(?:!doctype\s+)?html\b" % COMMENT, re.I | re.S
)
COMPRESSED = "is compressed ({}); unpack it first"
OTHER_FORMATS = {  # by the first bytes of a file
    re.compile(rb"\x1f\x8b\x08"): COMPRESSED.format("gzip"),
    re.compile(rb"BZh[1-9]1AY&SY"): COMPRESSED.format("bzip2"),
    re.compile(rb"\xfd7zXZ\x00"): COMPRESSED.format("xz"),
    re.compile(rb"\x28\xb5\x2f\xfd"): COMPRESSED.format("Zstandard"),
    re.compile(rb"7z\xbc\xaf\x27\x1c"): COMPRESSED.format("7z"),
    re.compile(rb"ARROW1\x00\x00|FEA1\x00"): "is a Feather file; save it as CSV",
    re.compile(rb"PAR1\x15"): "is a Parquet file; save it as CSV",
    re.compile(rb"\xd0\xcf\x11\xe0"): "is a file of Excel or Word in their old formats; save it as CSV UTF-8",
    re.compile(rb"%PDF-"): "is a PDF; save its text as CSV or TXT",
    re.compile(rb"\{\\rtf"): "is a text with formats (RTF); save it as plain text",
}
GZIP = b"\x1f\x8b\x08"
MAX_UNPACKED = 2**30  # bytes, of a file that a few thousand may unpack to
HEAD = 1024  # bytes of a file that are checked
JSON_HEAD = 100_000  # characters by which JSON is told from other text; read whole, it takes many times its size
JSON_ENDINGS = (".json", ".jsonl")
TOKEN = 12  # characters of the longest part of JSON, a text aside, that may be cut off at the end: \ud83d\udc08


def read_file(path: str | Path, called: str = "") -> bytes:
    """Read the bytes of a file; ``called`` is its name in messages.

    Raises
    ------
    InputError
        When it cannot be read, or :func:`refuse_stand_in` refuses it.
    """
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError for a name that no file can have
        raise InputError(f"Cannot read {called or path}: {getattr(error, 'strerror', None) or error}.") from error
    refuse_stand_in(content, called or str(path))
    return content


def unpacked(content: bytes, called: str) -> bytes:
    """The content of a file that gzip has compressed, of one or several parts; any other as it is.

    Raises
    ------
    InputError
        When it is damaged, or unpacks to more than 1 GB.
    """
    parts, size = [], 0
    while content.startswith(GZIP):
        packed = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            parts.append(packed.decompress(content, MAX_UNPACKED + 1 - size))
        except zlib.error as error:
            raise InputError(f"{called} is compressed (gzip) and damaged; save or download it anew.") from error
        size += len(parts[-1])
        if size > MAX_UNPACKED:
            raise InputError(f"{called} unpacks to more than {MAX_UNPACKED / 1e9:.0f} GB; split it into several files.")
        if not packed.eof:
            raise InputError(f"{called} is compressed (gzip) and cut off; save or download it anew.")
        content = packed.unused_data.lstrip(b"\0")  # with which tapes and disks fill up
    if parts and content:
        raise InputError(f"{called} is compressed (gzip), and something else follows; save or download it anew.")
    return b"".join(parts) if parts else content


def refuse_stand_in(content: bytes, called: str) -> None:
    """Refuse a Git LFS pointer or a web page, which are often stored or downloaded in place of a file.

    Raises
    ------
    InputError
    """
    head = content[:HEAD]
    if head.startswith(GIT_LFS_POINTER):
        raise InputError(
            f"{called} is a Git LFS pointer, not the file itself; run 'git lfs fetch', then 'git lfs checkout'."
        )
    if WEB_PAGE.match(head):
        raise InputError(f"{called} is a web page, not the file itself; download that anew.")


def refuse_other_formats(content: bytes, called: str) -> None:
    """Refuse compressed files and binary table formats, by their first bytes.

    Raises
    ------
    InputError
    """
    for first, what in OTHER_FORMATS.items():
        if first.match(content):
            raise InputError(f"{called} {what}.")


def refuse_stand_ins(paths: Iterable[Path]) -> None:
    """:func:`refuse_stand_in` for several files; unreadable ones are skipped."""
    for path in paths:
        try:
            with path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            continue
        refuse_stand_in(head, str(path))


def is_folder(path: str | Path) -> bool:
    """Whether a path, which may be any text, is a folder.

    Raises
    ------
    InputError
        When permissions forbid the check; also in :func:`is_file`, :func:`exists` and :func:`refuse_pipe`.
    """
    return stat.S_ISDIR(_mode(path))


def is_file(path: str | Path) -> bool:
    """Whether a path, which may be any text, is a regular file."""
    return stat.S_ISREG(_mode(path))


def exists(path: str | Path) -> bool:
    """Whether a path, which may be any text, exists."""
    return _mode(path) != 0


def refuse_pipe(path: str | Path) -> None:
    """Refuse a pipe where a file is read more than once or by several processes: it can be read only once.

    Raises
    ------
    InputError
    """
    if stat.S_ISFIFO(_mode(path)):
        raise InputError(f"{path} is a pipe, which can be read only once; save its content as a file and name that.")


def _mode(path: str | Path) -> int:
    """File mode of a path; 0 where it does not exist or is not a valid path."""
    try:
        return os.stat(path).st_mode
    except PermissionError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error
    except (OSError, ValueError):
        return 0


def parse_json(content: str | bytes, *, pairs: bool = False) -> Any:
    """Parse JSON; with ``pairs``, each object is a list of its keys and values, so that a key may stand there twice.

    Raises
    ------
    ValueError
        When the content is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        text = content.removeprefix("\ufeff") if isinstance(content, str) else content
        return json.loads(text, object_pairs_hook=list if pairs else None)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def begins_with_json(text: str) -> bool:
    """Whether a text begins with a JSON array or object, as JSON and JSON Lines do; judged by :data:`JSON_HEAD`."""
    head = text.lstrip()[:JSON_HEAD]
    if not head.startswith(("[", "{")):
        return False
    try:
        json.JSONDecoder().raw_decode(head)
    except json.JSONDecodeError as error:
        is_cut = error.pos > JSON_HEAD - TOKEN or error.msg.startswith("Unterminated string")
        return len(head) == JSON_HEAD and is_cut
    except (ValueError, RecursionError):  # ValueError for a number of thousands of digits
        return False
    return True


def is_json(text: str, name: str) -> bool:
    """Whether a text is read as JSON: judged by its beginning, or, where it is damaged, by the name of its file too."""
    is_named_so = name.lower().removesuffix(".gz").endswith(JSON_ENDINGS)
    return begins_with_json(text) or (is_named_so and text.lstrip().startswith(("[", "{")))
