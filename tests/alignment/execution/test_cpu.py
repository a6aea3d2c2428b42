"""The number of threads: one within, and afterwards what it was before."""

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from alignment.execution import cpu
from alignment.execution.cpu import all_threads, one_thread, threads_for
from alignment.execution.workers import ThisProcess


@pytest.fixture(autouse=True)
def three_threads(monkeypatch):
    """Three threads for torch and for NumPy's library, however many the machine has."""
    before = all_threads()
    monkeypatch.setattr(cpu, "all_threads", lambda: 3)
    torch.set_num_threads(3)
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(3, user_api="blas"):
        yield
    torch.set_num_threads(before)


def threads():
    """Those of torch, and those of the libraries of linear algebra."""
    with threads_for(small=False):
        return torch.get_num_threads(), {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


ONE, THREE = (1, {1}), (3, {3})


def test_one_thread_nests():
    with one_thread():
        with one_thread():
            assert threads() == ONE
        assert threads() == ONE
    assert threads() == THREE


def test_who_takes_only_some_results_keeps_all_threads():
    results = ThisProcess().map(lambda item: threads(), [0, 1, 2])
    assert next(results) == (0, ONE)
    with threads_for(small=False):
        assert torch.get_num_threads() == 3
    results.close()
    assert threads() == THREE
