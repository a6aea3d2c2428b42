"""Background jobs: a thread pool with a fair share for each visitor; equal requests share one job.

A job that nobody watches any more is cancelled at its next progress report or :func:`alignment.progress.at_step`. A
task should reach either at least once a second.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from alignment.progress import Progress, following
from dashboard.state import visitors
from dashboard.state.result_sizes import size_in_bytes

MAX_RUNNING_JOBS = 4
MAX_RUNNING_JOBS_PER_VISITOR = 2
MAX_RESULTS = 64  # of one study
MAX_RESULT_BYTES = 300_000_000  # of one study, together
ABANDONED_AFTER_SECONDS = 1.2  # the next run of the page resumes watching within this time
POLL_SECONDS = 0.1
LOW_PRIORITY = 10  # a "nice" value: about a tenth of the processor time of a competing thread at 0

Task = Callable[[Progress], Any]


class JobCancelled(Exception):
    """The job was stopped. Unlike an InputError, work must not skip it and go on."""


class JobAbandoned(JobCancelled):
    """The job ended because nobody watched it any more."""


class Job:
    """One task with its progress, its result, and the visitors who watch it.

    Parameters
    ----------
    task : callable
        Called with a progress callback, which raises when the job should end.
    visitor : str
        Who asked for it first; it counts against their share of the pool.
    exclusive : str
        Jobs with the same word here run one at a time; "" for no limit.
    keep : bool
        Whether the result is kept after the last watcher has left.
    for_page : bool
        Whether a page waits for it: it may take one place beyond the visitor's share, for what else takes long.
    """

    def __init__(
        self, task: Task, visitor: str = "", *, exclusive: str = "", keep: bool = True, for_page: bool = False
    ):
        self.visitor, self.exclusive, self.keep, self.for_page = visitor, exclusive, keep, for_page
        self.future: Future = Future()
        self.progress: tuple[str, float, int] | None = None
        self.size = 0  # of the result, in bytes
        self._task: Task | None = task
        self._cancelled = self._abandoned = False
        self._last_seen: dict[str, float] = {}  # visitor -> when they last looked
        self._pages: dict[str, str] = {}  # visitor -> page that they must not leave

    def seen_by(self, visitor: str, *, page: str = "") -> None:
        """Record that a visitor watches the job.

        With ``page``, they count as watching, without another call, while they are connected and on that page.
        """
        self._last_seen[visitor] = time.monotonic()
        if page:
            self._pages[visitor] = page

    def left_by(self, visitor: str) -> None:
        """Record that a visitor stopped watching; the job ends if nobody watches it by its next step."""
        self._last_seen.pop(visitor, None)
        self._pages.pop(visitor, None)

    def cancel(self) -> None:
        """Cancel the job, whoever watches it."""
        self._cancelled = True

    def watchers(self) -> set[str]:
        """Visitors who watch the job now."""
        latest = time.monotonic() - ABANDONED_AFTER_SECONDS
        looking = {visitor for visitor, seen in self._last_seen.copy().items() if seen >= latest}
        return looking | {visitor for visitor, page in self._pages.copy().items() if visitors.is_on(visitor, page)}

    @property
    def is_abandoned(self) -> bool:
        """Whether it ends, or ended, because nobody watched it."""
        return self._abandoned

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled or self._abandoned

    @property
    def is_running(self) -> bool:
        """Whether it runs or waits for its turn."""
        return not self.future.done()

    def run(self) -> None:
        """Run the task; its result or exception goes into ``future``."""
        task, self._task = self._task, None
        self.future.set_running_or_notify_cancel()
        try:
            self._raise_if_over()
            assert task is not None
            with following(lambda done, total: self._raise_if_over()):
                result = task(self._report)
            self.size = size_in_bytes(result) if self.keep else 0
            self.future.set_result(result)
        except BaseException as error:
            self.future.set_exception(error)

    def _report(self, stage: str, done: float, total: int) -> None:
        self.progress = (stage, done, total)
        self._raise_if_over()

    def _raise_if_over(self) -> None:
        if self._cancelled:
            raise JobCancelled("This was stopped.")
        self._abandoned = self._abandoned or not self.watchers()  # permanent: the task may go on after the first error
        if self._abandoned:
            raise JobAbandoned("This ended because nobody waited for it.")


class JobQueue:
    """Queue of all visitors' jobs, run on a bounded thread pool.

    The visitor with the fewest running jobs comes first, then the job that has waited longest.

    Parameters
    ----------
    workers, per_visitor : int
        Maximum number of jobs running at once, in total and for one visitor, besides one that a page waits for.
    gives_way : bool
        Whether the threads run at low priority: for work of seconds or more, so that other visitors can type meanwhile.
    """

    def __init__(
        self,
        workers: int = MAX_RUNNING_JOBS,
        per_visitor: int = MAX_RUNNING_JOBS_PER_VISITOR,
        *,
        gives_way: bool = True,
    ):
        self._workers, self._per_visitor = workers, per_visitor
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job", initializer=_give_way if gives_way else None)
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._closed = False
        self._here = threading.local()
        self._lock = threading.Lock()

    def put(self, job: Job) -> None:
        """Queue a job."""
        with self._lock:
            self._waiting.append(job)
            self._start_jobs()

    def is_here(self) -> bool:
        """Whether the current thread is one of this queue's workers."""
        return getattr(self._here, "is_worker", False)

    def close(self, timeout: float) -> bool:
        """Cancel all jobs, present and future; return whether all running ones ended within ``timeout`` seconds."""
        with self._lock:
            self._closed = True
            running = [*self._running]
            self._start_jobs()
        for job in running:
            job.cancel()
        self._pool.shutdown(wait=False)
        return not wait([job.future for job in running], timeout=timeout).not_done

    def _start_jobs(self) -> None:
        while self._closed and self._waiting:
            self._waiting.pop().future.set_exception(JobCancelled("The dashboard is closing."))
        while len(self._running) < self._workers and (job := self._next()):
            self._waiting.remove(job)
            self._running.append(job)
            self._pool.submit(self._run, job)

    def _next(self) -> Job | None:
        shares = Counter(job.visitor for job in self._running)
        taken = {job.exclusive for job in self._running} - {""}
        ready = (
            job
            for job in self._waiting
            if shares[job.visitor] < self._per_visitor + job.for_page and job.exclusive not in taken
        )
        return min(ready, key=lambda job: shares[job.visitor], default=None)

    def _run(self, job: Job) -> None:
        self._here.is_worker = True
        try:
            job.run()
        finally:
            with self._lock:
                self._running.remove(job)
                self._start_jobs()


def _give_way() -> None:
    """Lower the priority of this thread and those it starts; only Linux has one priority per thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)


class BackgroundJobs:
    """Jobs of one study by key, and their latest results.

    A request for a key whose job is running or done gets that job; a failed or stopped job is started again.
    """

    def __init__(self, queue: JobQueue):
        self._queue = queue
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()  # the job that ended last is last
        self._lock = threading.Lock()

    def submit(
        self,
        key: Hashable,
        task: Task,
        *,
        visitor: str = "",
        page: str = "",
        exclusive: str = "",
        keep: bool = True,
        for_page: bool = False,
    ) -> Job:
        """Return the job of this key, started unless it is running or done; ``visitor`` watches it from now on.

        ``page`` is as in :meth:`Job.seen_by`; the rest are parameters of :class:`Job`.
        """
        with self._lock:
            job, begun = self._jobs.get(key), False
            if job is None or job.is_cancelled:
                begun, job = True, Job(task, visitor, exclusive=exclusive, keep=keep, for_page=for_page)
                self._jobs[key] = job
                job.future.add_done_callback(lambda _: self._finish(key, job))
            job.seen_by(visitor, page=page)
        if begun:
            self._queue.put(job)
        return job

    def watch(
        self,
        key: Hashable,
        task: Task,
        show: Progress,
        *,
        visitor: str = "",
        check_in: Callable[[], None] = lambda: None,
        keep: bool = True,
        for_page: bool = False,
    ) -> Any:
        """Wait for a job and return its result; ``show`` receives its progress, the rest is as for :meth:`submit`.

        Parameters
        ----------
        check_in : callable
            Called repeatedly during the wait; it raises to end the wait when the visitor is gone.
        """
        while True:
            job, shown = self.submit(key, task, visitor=visitor, keep=keep, for_page=for_page), None
            while not job.future.done():
                if job.progress and job.progress != shown:
                    shown = job.progress
                    show(*shown)
                check_in()
                wait([job.future], timeout=POLL_SECONDS)
                job.seen_by(visitor)
            if not isinstance(job.future.exception(), JobAbandoned):  # else abandoned just before this visitor came
                return job.future.result()

    def result(self, key: Hashable) -> Any:
        """Result of the job of this key, None while there is none."""
        job = self._jobs.get(key)
        return job.future.result() if job is not None and job.future.done() and not job.future.exception() else None

    def forget_result(self, key: Hashable) -> None:
        """Drop the result of this key, so that the next request runs the job again; an unfinished job goes on."""
        with self._lock:
            if (job := self._jobs.get(key)) is not None and not job.is_running:
                del self._jobs[key]

    def cancel(self, key: Hashable) -> None:
        """Cancel the job of this key, whoever watches it, and drop its result."""
        with self._lock:
            if job := self._jobs.pop(key, None):
                job.cancel()

    def _finish(self, key: Hashable, job: Job) -> None:
        """Drop the job if it failed or is not to be kept, and the oldest results or large results beyond the limits."""
        with self._lock:
            if self._jobs.get(key) is not job:
                return
            if job.keep and not job.future.exception():
                self._jobs.move_to_end(key)  # in one step: result() is asked for without the lock
            else:
                del self._jobs[key]
            sizes = {key: other.size for key, other in self._jobs.items() if other.future.done()}
            while len(sizes) > MAX_RESULTS:
                self._drop_result(next(iter(sizes)), sizes)
            share = MAX_RESULT_BYTES / MAX_RESULTS  # dropping smaller ones would free little
            for large in [other for other, size in sizes.items() if size > share and other != key]:
                if sum(sizes.values()) > MAX_RESULT_BYTES:
                    self._drop_result(large, sizes)

    def _drop_result(self, key: Hashable, sizes: dict[Hashable, int]) -> None:
        del self._jobs[key], sizes[key]


def run_in_queue(queue: JobQueue, compute: Callable[[], Any]) -> Any:
    """Run ``compute()`` on a queue and return its result; the job is cancelled when the visitor's script run ends."""
    if queue.is_here():  # called from such a job: waiting for another worker could deadlock
        return compute()
    jobs, visitor = BackgroundJobs(queue), visitors.current()
    try:
        return jobs.watch(
            "", lambda progress: compute(), lambda *_: None, visitor=visitor, check_in=visitors.check_in, keep=False
        )
    except BaseException:
        jobs.cancel("")
        raise
