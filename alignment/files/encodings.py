"""Text decoding with detection of the encoding; damaged bytes in UTF-8 affect only their own line."""

from __future__ import annotations

import codecs
import re
import unicodedata

from alignment.errors import InputError
from alignment.files.language_identifier import language_identifier
from alignment.files.reading import refuse_other_formats

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
    "mac_roman": "Mac Roman",
    "cp850": "DOS code page 850",
    "iso8859_2": "Latin-2",
    "koi8_r": "KOI8-R",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}  # the rest are code pages of Windows
WESTERN = "af ca da de en es eu fi fr ga gl id is it lb ms nl nn no pt sv sw tl".split()  # noqa: SIM905
CYRILLIC = "be bg kk ky mk mn ru sr uk".split()  # noqa: SIM905
CENTRAL_EUROPEAN = "bs cs hr hu pl ro sk sl sq".split()  # noqa: SIM905
LANGUAGES = {  # by encoding, languages (ISO 639-1) mostly written in it; of equally likely encodings the first is taken
    "cp1252": WESTERN,
    "mac_roman": WESTERN,
    "cp850": WESTERN,
    "cp1255": ["he"],  # before Cyrillic, of which most lower-case letters lie where Hebrew does
    "cp1251": CYRILLIC,
    "cp1250": CENTRAL_EUROPEAN,
    "iso8859_2": CENTRAL_EUROPEAN,
    "cp1253": ["el"],
    "cp1254": ["tr", "az"],
    "koi8_r": CYRILLIC,
    "cp1256": ["ar", "fa", "ur"],
    "cp1257": ["lt", "lv", "et"],
    "cp949": ["ko"],
    "cp932": ["ja"],
    "euc_jp": ["ja"],
    "gb18030": ["zh"],
    "big5": ["zh"],
}
NEARLY_AS_LIKELY = 0.1  # then western text is Windows-1252, that of Excel, of which the quotes are letters on old Macs
LINES_READ = 50  # of those beyond ASCII, to tell the encoding
BYTES_READ = 500  # of each of them
SIGNS = "«»“”‘’„–—…°€£©®™½×¿¡§·•、。，！？「」"  # beyond ASCII, that people write beside letters  # noqa: RUF001
WORD = re.compile(r"[^\W\d_]+")
WITHIN = re.compile(r"(?<=[^\W\d_])[^\w\s’—…·](?=[^\W\d_])")  # signs that stand between no two letters  # noqa: RUF001
FINAL_WITHIN = re.compile(r"[ςךםןףץ]\B")  # letters that end words of Greek and Hebrew
EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}  # scripts of one word of Japanese
CUT_BEGINNINGS = (b"\xc2", b"\xc3", b"\xe2")  # of most characters of western text that is not ASCII
ZIP = b"PK\x03\x04"  # .xlsx and .ods are such too
UNREADABLE = re.compile("[\udc80-\udcff]")  # surrogate escapes of bytes that are not UTF-8
NOT_UTF8 = "the line is not in UTF-8, as the rest of the file is, or is cut off; save the file anew as CSV UTF-8."


def decode(content: bytes, name: str) -> tuple[str, list[str]]:
    """Decode the text of a file; add a note where its encoding is not UTF-8.

    A few invalid bytes in UTF-8 become surrogate escapes, which :func:`is_unreadable` finds.

    Raises
    ------
    InputError
        When the file is not text.
    """
    refuse_other_formats(content, name)
    if content.startswith(ZIP):
        raise InputError(
            f"{name} is a spreadsheet or a ZIP; save the table as CSV (in a spreadsheet: save as, CSV UTF-8), or give "
            "the table in it."
        )
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
    if text.count("\0") > len(text) / 4:
        raise InputError(f"{name} is no text; save the table as CSV (in a spreadsheet: save as, CSV UTF-8).")
    if encoding.startswith("utf-8"):
        return text, []
    read = ENCODING_NAMES.get(encoding, encoding.upper().replace("CP", "Windows-"))
    doubt = "" if encoding.startswith("utf") else "; save it as CSV UTF-8 if letters come out wrong"
    return text, [f"{name} is not in UTF-8 and is read as {read}{doubt}."]


def is_unreadable(text: str) -> bool:
    """Whether a text contains bytes that could not be decoded."""
    return bool(UNREADABLE.search(text))


def _is_damaged_utf8(content: bytes, error: UnicodeDecodeError) -> bool:
    """Whether bytes are damaged UTF-8 rather than another encoding: most non-ASCII characters are valid UTF-8."""
    if content.startswith(codecs.BOM_UTF8):
        return True
    text = content.decode("utf-8", "surrogateescape")
    damaged = len(UNREADABLE.findall(text))
    whole = sum(not character.isascii() for character in text) - damaged
    if whole:
        return whole >= damaged
    return error.reason == "unexpected end of data" and content[error.start :].startswith(CUT_BEGINNINGS)


def _encoding_without_mark(content: bytes, name: str) -> str:
    """Detect an encoding other than UTF-8: the one in which the text is most plausible, by :func:`_sense`."""
    from charset_normalizer import is_binary

    if content.startswith(tuple(BYTE_ORDER_MARKS)) or 4 * content.count(0) > len(content):
        raise InputError(f"{name} is cut off in the middle of a character; save it anew as CSV in UTF-8.")
    if is_binary(content):
        raise InputError(f"{name} cannot be read as text; save it as CSV in UTF-8.")
    lines = [line[:BYTES_READ] for line in content.splitlines() if not line.isascii()][:LINES_READ]
    sense = {encoding: round(_sense(lines, encoding), 2) for encoding in LANGUAGES}
    likely = sorted(sense, key=sense.__getitem__, reverse=True)  # the first of equals stays first
    if LANGUAGES[likely[0]] is WESTERN and sense[likely[0]] - sense["cp1252"] <= NEARLY_AS_LIKELY:
        likely.insert(0, "cp1252")
    return next(encoding for encoding in likely if _decodes(content, encoding))  # Mac Roman at the latest


def _sense(lines: list[bytes], encoding: str) -> float:
    """Plausibility of an encoding for lines that are not ASCII, 0 to 1.

    Mean over lines of the probability that the line is in a language usually written in this encoding, times
    :func:`_share_written` of its text.
    """
    identifier = language_identifier(tuple(sorted({code for codes in LANGUAGES.values() for code in codes})))
    total = 0.0
    for line in lines:
        text = line.decode(encoding, "ignore")  # it may end within a character
        probability = sum(one for language, one in identifier.rank(text) if language in LANGUAGES[encoding])
        total += _share_written(text) * probability
    return total / len(lines)


def _share_written(text: str) -> float:
    """Share of non-ASCII words and characters that are words of one case and script, or usual punctuation."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    others = [character for character in WORD.sub("", text) if not character.isascii()]
    within = sum(character in SIGNS for character in WITHIN.findall(text))
    written = sum(map(_is_written, words)) + sum(character in SIGNS for character in others) - within
    return written / max(len(words) + len(others), 1)


def _is_written(word: str) -> bool:
    scripts = {unicodedata.name(character, "").partition(" ")[0] for character in word}
    one_case = word in (word.lower(), word.upper(), word.title())
    return one_case and not FINAL_WITHIN.search(word) and (len(scripts) == 1 or scripts <= EAST_ASIAN)


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether an encoding can decode all bytes, as Mac Roman always can."""
    try:
        return "\ufffd" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False
