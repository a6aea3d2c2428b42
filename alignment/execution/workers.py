"""Executors of independent work items: this process, or the workers of a Dask cluster.

Both run the same function with the same arguments and one thread for every item, so that the numbers are the same to
the last bit on processors of one kind.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from alignment.errors import InputError
from alignment.execution.cpu import one_thread
from alignment.execution.interrupts import deferred_termination
from alignment.execution.software import software
from alignment.progress import LOOK_SECONDS, at_step, following

CONNECT_SECONDS = 10
WORKER_SECONDS = 60  # to wait for the first worker
ROUNDS = 3  # attempts at work that was lost with the only worker that had its arguments
KEPT = "what is finished is kept, and the same command goes on from there"


class Executor(Protocol):
    """Runs a function on many items."""

    def share(self, value: Any) -> Any:
        """An argument of :meth:`map` that is sent to each worker once, not with every item."""

    def map(self, function: Callable, items: Sequence, *shared: Any) -> Iterator[tuple[int, Any]]:
        """Run ``function(item, *shared)`` for every item: (number of the item, result), in order of completion.

        Raises
        ------
        InputError
            Raised by the function, or when workers cannot do the work.
        """


def check_executor(executor: Any) -> None:
    """Refuse what runs no items, such as a number of processes; None is no executor at all.

    Raises
    ------
    InputError
    """
    if executor is not None and not (hasattr(executor, "map") and hasattr(executor, "share")):
        raise InputError(f"executor is an Executor, such as ThisProcess(at_once=4); got {executor!r:.60}.")


class ThisProcess:
    """Runs items in this process.

    Parameters
    ----------
    at_once : int
        Items that run at the same time, each in one thread; more than one only for functions that share nothing.
    """

    def __init__(self, at_once: int = 1):
        self.at_once = at_once

    def share(self, value: Any) -> Any:
        return value

    def map(self, function: Callable, items: Sequence, *shared: Any) -> Iterator[tuple[int, Any]]:
        from threadpoolctl import threadpool_limits

        ended = threading.Event()

        def look(done: int, total: int) -> None:
            if ended.is_set():
                raise CancelledError

        def run(item: Any) -> Any:
            with following(look), one_thread():
                return function(item, *shared)

        # Each item sets torch's threads for itself; those of linear algebra are the whole process's, and items go on
        # while whoever takes the results does something else.
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(self.at_once) as pool:
            futures: dict[Future, int] = {pool.submit(run, item): number for number, item in enumerate(items)}
            try:
                while futures:
                    done = wait(futures, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED).done
                    for future in sorted(done, key=futures.__getitem__):
                        yield futures.pop(future), future.result()
                    at_step()  # whoever waits for the items may have left
            finally:  # an error or an interruption ends those that run between two of their steps
                ended.set()
                pool.shutdown(wait=False, cancel_futures=True)


@dataclass
class Scattered:
    """A value and the future of its copies on the workers."""

    value: Any
    future: Any


class DaskWorkers:
    """Runs items on the workers of a Dask cluster; items of a worker that dies go to others.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client):
        self.client = client

    def share(self, value: Any) -> Scattered:
        return Scattered(value, self._scatter(value))

    def _scatter(self, value: Any):
        return self.client.scatter(value, broadcast=True, hash=False)

    def map(self, function: Callable, items: Sequence, *shared: Any) -> Iterator[tuple[int, Any]]:
        waiting = dict(enumerate(items))
        for _ in range(ROUNDS):
            for number, result in self._round(function, waiting, shared):
                del waiting[number]
                yield number, result
            if not waiting:
                return
            if self.client.status != "running":
                raise InputError(f"The Dask scheduler stopped answering; {KEPT}.")
            for each in shared:  # the worker that held them is gone
                if isinstance(each, Scattered):
                    each.future = self._scatter(each.value)
        raise InputError(f"The workers lost what they were sent {ROUNDS} times; {KEPT}.")

    def _round(self, function: Callable, waiting: dict, shared: Sequence) -> Iterator[tuple[int, Any]]:
        """Results of the waiting items; items with cancelled futures keep waiting."""
        from distributed import KilledWorker
        from distributed import as_completed as completed_on_workers

        arguments = [each.future if isinstance(each, Scattered) else each for each in shared]
        futures = {
            self.client.submit(run_item, software(), function, item, *arguments, pure=False): number
            for number, item in waiting.items()
        }
        try:
            for future in completed_on_workers(list(futures)):
                try:
                    result = future.result()
                except CancelledError:
                    continue
                except KilledWorker as error:
                    raise InputError(
                        f"Several workers died at the same piece of work, the last at {error.last_worker.address}, "
                        f"most likely for want of memory; give workers more; {KEPT}."
                    ) from error
                except (ImportError, AttributeError, RuntimeError) as error:
                    if isinstance(error, RuntimeError) and "deserializ" not in str(error):
                        raise
                    raise InputError(
                        "The scheduler or a worker lacks code that it is sent; install latent-alignment there too, "
                        f"in the version that is here; {KEPT}."
                    ) from error
                yield futures[future], result
                future.release()
        finally:
            self.client.cancel(list(futures))


def run_item(expected: dict[str, str], function: Callable, item: Any, *shared: Any) -> Any:
    """Run one item on a worker, with one thread, after checking that it has the client's software.

    Raises
    ------
    InputError
        With the worker's address in the message.
    """
    from distributed import get_worker

    where = f"The worker {get_worker().address}"
    check_software(software(), get_worker().address, expected)
    try:
        with one_thread():
            return function(item, *shared)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    except MemoryError as error:
        raise InputError(f"{where} is out of memory; give workers more.") from error
    except OSError as error:
        raise InputError(
            f"{where} cannot read or write {error.filename or 'a file'}: {error.strerror or error}."
        ) from error


@contextmanager
def open_executor(scheduler: str | None = None, workers: int | None = None, at_once: int = 1) -> Iterator[Executor]:
    """Open an executor: an existing cluster, a cluster of processes on this machine, or this process.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running scheduler, such as ``tcp://10.0.0.1:8786``. Dask sends pickles, so that whoever runs the
        scheduler can run code here: use only a trusted one.
    workers : int, optional
        Number of processes to start on this machine.
    at_once : int
        Without the other two, items that run at the same time in this process.

    Raises
    ------
    InputError
        When Dask is not installed, the scheduler does not answer, or it has no workers.
    """
    if scheduler is None and workers is None:
        yield ThisProcess(at_once)
        return
    if scheduler and workers is not None:
        raise InputError("Give either --scheduler or --workers.")
    if workers is not None and workers < 1:
        raise InputError(f"At least one worker is needed; got {workers}.")
    try:
        import distributed
    except ImportError as error:
        raise InputError("Workers need Dask; install latent-alignment[cluster].") from error
    with _quiet(), _client(distributed, scheduler, workers) as client:
        _check_workers(client)
        yield DaskWorkers(client)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what Dask and the libraries below it log: errors are reported in one sentence."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado.application", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _client(distributed, scheduler: str | None, workers: int | None):
    if scheduler is None:
        with ExitStack() as opened:
            with deferred_termination():
                cluster = opened.enter_context(
                    distributed.LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL,
                    )
                )
            yield opened.enter_context(distributed.Client(cluster))
        return
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"No Dask scheduler answers at {scheduler}; start one with 'dask scheduler', or check the address."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            raise InputError(f"The scheduler at {scheduler} has no workers; start some with 'dask worker'.") from error
        yield client


def _check_workers(client) -> None:
    """Check the software of all present workers; later ones are checked with each item."""
    try:
        found = client.run(software)
    except Exception as error:  # the worker's own, or one that stands for it
        last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        raise InputError(
            f"A worker cannot run this project ({last[0]}); install latent-alignment there as here."
        ) from error
    for address, installed in found.items():
        check_software(installed, address)


def check_software(found: dict[str, str], address: str, expected: dict[str, str] | None = None) -> None:
    """Refuse a worker that would compute other numbers.

    Parameters
    ----------
    found : dict
        :func:`~alignment.execution.software.software` of the worker.
    expected : dict, default that of this process

    Raises
    ------
    InputError
    """
    expected = software() if expected is None else expected
    if other := [name for name in expected if found.get(name) != expected[name]]:
        raise InputError(
            f"The worker {address} has {other[0]} {found.get(other[0]) or 'none'}, and the process that sends it work "
            f"has {expected[other[0]] or 'none'}; install the same versions on all machines."
        )


def in_order(results: Iterable[tuple[int, Any]]) -> list:
    """Results of :meth:`Executor.map` in the order of the items."""
    return [result for _, result in sorted(results, key=lambda one: one[0])]
