"""What runs work: this process and Dask workers give the same; what goes wrong on a worker is one sentence."""

import errno
import os
import signal
import threading
import time
from types import SimpleNamespace

import pytest

from alignment.errors import InputError
from alignment.execution import workers
from alignment.execution.software import software
from alignment.execution.workers import ThisProcess, in_order, open_executor, run_item
from alignment.progress import at_step, following


def power(base, exponent, more):
    return base**exponent + more


def test_this_process_runs_the_items_in_turn_with_one_thread():
    import torch

    before = torch.get_num_threads()
    executor = ThisProcess()
    assert in_order(executor.map(power, [1, 2, 3], executor.share(2), 1)) == [2, 5, 10]
    assert set(in_order(executor.map(lambda _: torch.get_num_threads(), [0]))) == {1}
    assert torch.get_num_threads() == before


def test_several_items_run_at_once_and_end_with_the_first_error():
    together = threading.Barrier(2, timeout=10)
    found = dict(ThisProcess(at_once=2).map(lambda item: (together.wait(), item)[1], [5, 6]))
    assert found == {0: 5, 1: 6}

    def fails_or_waits(item):
        if item == 0:
            raise InputError("no")
        while True:
            at_step()
            time.sleep(0.01)

    with pytest.raises(InputError, match="no"):
        list(ThisProcess(at_once=2).map(fails_or_waits, [0, 1, 2, 3]))


def test_items_end_when_nobody_waits_for_them_any_more():
    def never_ends(item):
        while True:
            at_step()
            time.sleep(0.01)

    def stop(done, total):
        raise InputError("stopped")

    with following(stop), pytest.raises(InputError, match="stopped"):
        list(ThisProcess().map(never_ends, [0, 1]))


def test_without_options_the_work_stays_here():
    with open_executor() as executor:
        assert isinstance(executor, ThisProcess)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"scheduler": "tcp://127.0.0.1:9"}, "No Dask scheduler answers at tcp://127.0.0.1:9"),
        ({"scheduler": "nonsense://"}, "No Dask scheduler answers"),
        ({"workers": 0}, "At least one worker"),
        ({"scheduler": "tcp://127.0.0.1:9", "workers": 2}, "either --scheduler or --workers"),
    ],
)
def test_a_cluster_that_cannot_be_had_is_said(options, reason, monkeypatch):
    monkeypatch.setattr("alignment.execution.workers.CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match=reason), open_executor(**options):
        pass


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(InputError, match=r"latent-alignment\[cluster\]"), open_executor(workers=2):
        pass


@pytest.fixture
def on_a_worker(monkeypatch):
    """This process as a worker would be."""
    monkeypatch.setattr("distributed.get_worker", lambda: SimpleNamespace(address="tcp://10.0.0.7:4242"))


def failing(error):
    raise error


@pytest.mark.usefixtures("on_a_worker")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            InputError("The weights of x are not here."),
            "The worker tcp://10.0.0.7:4242: The weights of x are not here.",
        ),
        (MemoryError(), "The worker tcp://10.0.0.7:4242 is out of memory; give workers more."),
        (
            OSError(errno.ENOSPC, "No space left on device", "out.npy"),
            "The worker tcp://10.0.0.7:4242 cannot read or write out.npy: No space left on device.",
        ),
    ],
)
def test_a_failure_on_a_worker_names_it(error, said):
    with pytest.raises(InputError) as found:
        run_item(software(), failing, error)
    assert str(found.value) == said


@pytest.mark.usefixtures("on_a_worker")
@pytest.mark.parametrize("name", ["latent-alignment", "Python", "torch", "numpy"])
def test_a_worker_with_other_software_is_refused(name):
    with pytest.raises(InputError, match=rf"tcp://10.0.0.7:4242 has {name} .* has 0\.1; install the same versions"):
        run_item(software() | {name: "0.1"}, power, 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: {"tcp://10.0.0.7:1": software() | {"torch": "0.1"}}, "The worker tcp://10.0.0.7:1 has torch 0.1"),
        (lambda _: failing(Exception("x\nNo module named 'alignment'")), r"cannot run this project \(No module named"),
    ],
)
def test_workers_are_asked_for_their_software_before_any_work(answer, reason):
    with pytest.raises(InputError, match=reason):
        workers._check_workers(SimpleNamespace(run=answer))


def end_this_process(item):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_piece_of_work_that_ends_every_worker_is_said():
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        open_executor(workers=1) as executor,
        pytest.raises(InputError, match=r"Several workers died at the same piece of work.*what is finished is kept"),
    ):
        in_order(executor.map(end_this_process, [0]))
