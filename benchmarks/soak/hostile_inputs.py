"""Fuzzing of all readers: any generated input must give a result, or an error of one sentence."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.__main__ import main
from alignment.class_embeddings.embedding_files import EMBEDDING_FILES, read_embeddings
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_names import MAX_INDEX_DIGITS
from alignment.dictionary.prompts import read_prompts
from alignment.dictionary.seed_files import read_seeds
from alignment.errors import InputError
from alignment.study import interpolation_files
from alignment.study.settings import Settings
from alignment.text.encoder import TextEncoder
from benchmarks.soak.rows import Row
from dashboard.state.query_params import SWITCH, number_between, one_of, text_up_to
from dashboard.views.generate import steer
from dashboard.views.latent_spaces import selection

ANY_CHARACTER = st.characters(codec=None, exclude_categories=())  # surrogates too, which no file in UTF-8 holds
ODD_NUMBERS = ("9" * 5000, "9" * 300, "-1", "1e400", "nan", "inf", "²", "٣")
ODD = (*ODD_NUMBERS, "", " ", "\ud800", "\0", "'", '"', "|", "=1+1", "\u202e", "281|281")
WORDS = ("a cat", "281", "n02123045", "tabby cat", "cat", "own", "label")
CELLS = st.sampled_from([*ODD, *WORDS]) | st.text(ANY_CHARACTER)
SEED_HEADERS = ("sentence", "class", "kind", "term", "template")
HEADERS = ("prompt", *SEED_HEADERS, "name", "index", "wordnet_id", "group", "synonyms")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp932")


def refused_in_one_sentence(read, *given):
    """Call a reader; check that an error is one short sentence."""
    try:
        return read(*given)
    except InputError as error:
        assert 0 < len(str(error)) < 2000 and "Traceback" not in str(error)


def encoded(text, encoding):
    try:
        return text.encode(encoding, "surrogatepass")
    except (UnicodeEncodeError, LookupError):
        return text.encode("utf-8", "surrogatepass")


@st.composite
def tables(draw):
    """Strategy of files that resemble tables."""
    separator, quote = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(['"', "", "'"]))
    headers = draw(st.lists(st.sampled_from(HEADERS) | CELLS, min_size=1, max_size=6))
    rows = draw(st.lists(st.lists(CELLS, max_size=7), max_size=8))
    lines = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in (headers, *rows)]
    return encoded(draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines), draw(st.sampled_from(ENCODINGS)))


def is_read_as_a_table(content):
    for read in (read_prompts, read_seeds, read_classes):
        refused_in_one_sentence(partial(read, called="own.csv"), content)


def is_read_as_a_prompt(prompt):
    encoder = bundled_encoder()
    if (text := refused_in_one_sentence(encoder.check_prompt, prompt)) is not None:
        assert np.isfinite(encoder.encode([text])).all()


_encoders: list[TextEncoder] = []


def bundled_encoder():
    if not _encoders:
        _encoders.append(TextEncoder())
    return _encoders[0]


@st.composite
def npy_files(draw):
    """Strategy of ``.npy`` files whose header is nearly well-formed, with too few numbers."""
    sizes = st.integers() | st.sampled_from([0, 1, 2, 1000, 10**12, 10**41, -1])
    shape = draw(
        st.lists(sizes, max_size=4).map(tuple).map(repr) | st.sampled_from(["(" * 500, "()", "[2, 3]", "None", "2"])
    )
    kind = draw(st.sampled_from(["<f4", ">f8", "<f2", "|O", "<i8", "|S9", "<U3", "|V4", "<c8", "x", "<M8[s]"]))
    header = draw(
        st.just(f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}\n") | st.text(ANY_CHARACTER)
    ).encode("utf-8", "surrogatepass")
    version, size = draw(st.sampled_from([(1, 2), (2, 4), (3, 4), (9, 2)]))
    length = draw(st.just(len(header)) | st.integers(0, 65_535)).to_bytes(size, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + draw(st.binary(max_size=200))


def whole_file(write):
    buffer = io.BytesIO()
    write(buffer, np.eye(3, dtype=np.float32))
    return buffer.getvalue()


@st.composite
def damaged(draw, whole):
    """Strategy of valid files with some bytes replaced, or truncated."""
    content = bytearray(draw(st.sampled_from(whole)))
    for place, byte in draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=5)):
        content[place] = byte
    return bytes(content[: draw(st.integers(0, len(content)))])


NUMBER_TABLES = st.lists(st.lists(st.floats().map(str) | CELLS, max_size=4).map(",".join), max_size=5).map("\n".join)
MATRICES = st.tuples(
    st.sampled_from([*EMBEDDING_FILES, ".xyz"]),
    st.binary()
    | npy_files()
    | damaged([whole_file(np.save), whole_file(np.savez), whole_file(np.savez_compressed)])
    | NUMBER_TABLES.map(lambda text: text.encode("utf-8", "surrogatepass")),
)


def is_read_as_a_matrix(file):
    suffix, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"space{suffix}"
        path.write_bytes(content)
        if (found := refused_in_one_sentence(read_embeddings, path)) is not None:
            assert found[0].dtype == np.float32 and np.isfinite(found[0]).all()


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(ANY_CHARACTER) | st.sampled_from([10**400, 1e308])
)
ANY_JSON = st.recursive(SCALARS, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=10)
LIST_KEYS = st.sampled_from([*HEADERS, "names", "id2label", "categories", "0", "1", "n02123045"]) | st.text(
    ANY_CHARACTER
)
LIKE_LISTS = st.recursive(
    SCALARS | CELLS,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(LIST_KEYS, part, max_size=4),
    max_leaves=12,
)
MARKUP = st.text(st.sampled_from("{}[]\":, \n\tab01&*-!#|>%@`'?"), max_size=60)


@st.composite
def lists(draw):
    """Strategy of JSON and YAML files that resemble records or lists of classes."""
    text = draw(LIKE_LISTS.map(json.dumps) | st.lists(LIKE_LISTS.map(json.dumps)).map("\n".join) | MARKUP)
    return draw(st.sampled_from(["own.json", "own.jsonl", "own.yaml", "own.txt"])), text.encode()


def is_read_as_a_list(file):
    name, content = file
    for read in (read_prompts, read_seeds, read_classes):
        refused_in_one_sentence(partial(read, called=name), content)


GOOD = {
    "models": {"encoder": "minilm", "layer": -1, "pooling": "mean", "generator": "bundled", "seeds": None},
    "interpolation": {"prompts": ["a cat", "a dog"], "mapping": "ridge", "steps": 9, "space": "class", "even": False},
}


@st.composite
def settings_files(draw):
    """Strategy of settings files with one value or one name replaced."""
    parts = json.loads(json.dumps(GOOD))
    parts["interpolation"]["drawing"] = {"truncation": 0.4, "noise_seed": 0, "snap": 0.7}
    place = draw(st.sampled_from([parts, *parts.values(), parts["interpolation"]["drawing"]]))
    place[draw(st.sampled_from([*place, "other"]) | st.text(ANY_CHARACTER))] = draw(ANY_JSON)
    return json.dumps(parts, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def is_read_as_settings(content):
    found = refused_in_one_sentence(interpolation_files.from_json, content)
    if found is not None:
        assert isinstance(found[0], Settings)
        interpolation_files.to_json(*found).encode()


def is_taken_from_an_address(value):
    texts, numbers = (text_up_to(80), text_up_to(None)), (number_between(int, 0, 10), number_between(float, 0.0, 1.0))
    for accepted in (SWITCH, one_of(("a", "b")), *texts, *numbers):
        assert accepted.accepts(value) in (True, False)
    assert all(0 <= number < 10**MAX_INDEX_DIGITS for number in selection._numbers(value))
    assert steer.TRAIL.accepts(value) in (True, False)


OPTIONS = (
    *("--count", "--truncation", "--seed", "--snap", "--output", "--steps", "--space", "--shape", "--even", "--grid"),
    *("--top", "--json", "--prompts", "--settings", "--mapping", "--layer", "--pooling", "--encoder", "--generator"),
    *("--class-embeddings", "--classes", "--seeds", "--split", "--csv", "--sweep", "--help", "--", "-x", "@file"),
)
VALUES = st.sampled_from([*ODD, "a cat", "x.png", "x.gif", ".", "/", "/dev/null", "a\nb", "9" * 300, "~"]) | st.text(
    ANY_CHARACTER
)
COMMAND_LINES = st.tuples(
    st.sampled_from(["generate", "interpolate", "nearest", "evaluate", "build", "seeds", "fly"]),
    st.lists(VALUES, max_size=3),
    st.lists(st.tuples(st.sampled_from(OPTIONS), VALUES | st.none()), max_size=4),
).map(lambda parts: [parts[0], *parts[1], *(word for pair in parts[2] for word in pair if word is not None)])


@contextlib.contextmanager
def inside(folder):
    """Change the current folder within the context."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def is_answered_on_the_command_line(arguments):
    def stop(*_, **__):
        raise InputError("The study would be opened here.")

    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, inside(folder), mock.patch("alignment.study.Study", stop):
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            try:
                code = main(arguments)
            except SystemExit as end:  # argparse's way
                code = end.code
        assert code in (0, 2) and "Traceback" not in said.getvalue()
        assert not list(Path(folder).iterdir())


READERS = {
    "prompt": (st.text(ANY_CHARACTER) | CELLS, is_read_as_a_prompt),
    "table": (tables() | st.binary(), is_read_as_a_table),
    "list": (lists(), is_read_as_a_list),
    "matrix": (MATRICES, is_read_as_a_matrix),
    "settings": (
        settings_files() | st.binary() | ANY_JSON.map(lambda value: json.dumps(value).encode()),
        is_read_as_settings,
    ),
    "address": (VALUES, is_taken_from_an_address),
    "arguments": (COMMAND_LINES, is_answered_on_the_command_line),
}


def meet(reader: str, examples: int, *, derandomize: bool = False) -> None:
    """Call a reader with ``examples`` inputs generated by hypothesis, by default new ones at every call; errors are
    raised."""
    strategy, check = READERS[reader]
    quietly = [HealthCheck.too_slow, HealthCheck.data_too_large]
    limits = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=quietly,
        derandomize=derandomize,
    )
    limits(given(strategy)(check))()


def hostile_inputs(times: int) -> Iterator[Row]:
    """Fuzz prompts, tables, lists, matrices, settings files, addresses and command lines."""
    each, wrong = -(-times // len(READERS)), []
    for reader in READERS:
        try:
            meet(reader, each)
        except Exception as error:  # whatever it is, it is the finding
            wrong.append(f"{reader}: {type(error).__name__}: {str(error)[:300]}")
    found = f"{each:,} each of {', '.join(READERS)}; answered, or refused in one sentence"
    yield Row(f"{each * len(READERS):,} hostile inputs", found, tuple(wrong))
