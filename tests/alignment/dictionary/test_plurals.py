"""The engine of English plurals, however many ask for it first."""

import subprocess
import sys

FIRST_ASKED_BY_SEVERAL = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import typeguard

from alignment.dictionary.plurals import english

checked, together = typeguard.typechecked, Barrier(4)


def ask(_):
    together.wait()
    return english()


with ThreadPoolExecutor(4) as threads:
    engines = set(threads.map(ask, range(4)))
assert len(engines) == 1, engines
assert typeguard.typechecked is checked
"""


def test_threads_that_ask_first_share_one_engine_and_leave_typeguard_as_it_was():
    asked = subprocess.run([sys.executable, "-c", FIRST_ASKED_BY_SEVERAL], capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
