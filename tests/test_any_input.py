"""Whatever a person types, uploads or links to is answered, or refused in one sentence: nothing else is ever raised.

Each reader meets examples that hypothesis makes up: the same 200 in every run, 10,000 new ones with ``make
test-nightly``. Examples that once failed are kept in ``FOUND``.
"""

import pytest

from benchmarks.soak.hostile_inputs import READERS, meet

pytestmark = pytest.mark.slow

FOUND = {
    "settings": [b"[" * 100_000, b"[]", b'{"models": ' * 50_000, b'"\\ud800"'],
    "table": [
        b"name,index\nx," + b"9" * 5000 + b"\ny,1\n",
        b"sentence,class\na cat," + b"9" * 5000 + b"\n",
        b"sentence,class\na cat," + b"9" * 5000 + b" cat\n",
        "name,index\nx,²\ny,1\n".encode(),
        (b"9" * 5000 + b",") * 2 + b"name\n",
    ],
    "arguments": [["seeds", "\0"], ["seeds", "\ud800"], ["interpolate", "--settings", "\0"]],
    "address": ["1000", "9" * 5000, "1e400", "²", "0\x1f"],
}


@pytest.mark.parametrize("reader", READERS)
def test_any_input_is_answered_or_refused(reader):
    meet(reader, 200, derandomize=True)


@pytest.mark.nightly
@pytest.mark.parametrize("reader", READERS)
def test_ten_thousand_inputs_are_answered_or_refused(reader):
    meet(reader, 10_000)


@pytest.mark.parametrize(("reader", "example"), [(name, one) for name, found in FOUND.items() for one in found])
def test_inputs_that_once_failed(reader, example):
    READERS[reader][1](example)
