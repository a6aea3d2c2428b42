"""Keys of the cache, made by several threads at once."""

import ast
import gc
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from alignment.study import artifacts
from alignment.study.cache import keys


@pytest.fixture
def threads_change_places():
    """Python runs code while a syntax tree is made, as Dask does, and another thread goes on."""

    def pause(phase, info):
        time.sleep(1e-4)

    before = gc.get_threshold()
    gc.callbacks.append(pause)
    gc.set_threshold(200)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(pause)


def test_threads_that_ask_at_once_get_the_same_key(threads_change_places):
    def found(_):
        keys._imported_modules.cache_clear()
        keys._source_digest.cache_clear()
        return keys.source_digest(artifacts.sentence_vectors)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(found, range(8)))) == 1


def test_code_is_parsed_again_where_another_thread_has_upset_the_count(monkeypatch):
    answers = iter([SystemError("AST constructor recursion depth mismatch"), ast.parse("x = 1")])

    def parse(source):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(keys, "ast", SimpleNamespace(parse=parse))
    assert ast.unparse(keys._parsed("x = 1")) == "x = 1"
