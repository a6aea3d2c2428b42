"""Background jobs: done once whoever waits, queued fairly, ended when nobody watches, and forgotten."""

import gc
import os
import sys
import threading
import time
import weakref

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.progress import at_step
from dashboard.state import background_jobs
from dashboard.state.background_jobs import BackgroundJobs, Job, JobAbandoned, JobCancelled, JobQueue, run_in_queue

LIMIT = 30  # seconds that a test waits for what should come at once


class VisitorLeft(Exception):
    """What ends the script run of a visitor who has clicked on."""


def leave(*progress):
    raise VisitorLeft


def ignore(*progress):
    pass


@pytest.fixture
def queue():
    queue = JobQueue(workers=3, per_visitor=2)
    yield queue
    assert queue.close(LIMIT)


@pytest.fixture
def jobs(queue):
    return BackgroundJobs(queue)


class Steps:
    """A task that goes on until it is told to end, and reports every hundredth of a second."""

    def __init__(self, result=None):
        self.result, self.started, self.end = result, threading.Event(), threading.Event()

    def __call__(self, report):
        self.started.set()
        while not self.end.wait(0.01):
            report("stepping", 1, 2)
        return self.result


def until(condition):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_goes_on_for_the_next_run_of_the_page_and_is_done_once(jobs):
    task, started = Steps(42), []
    with pytest.raises(VisitorLeft):
        jobs.watch("count", lambda report: (started.append(1), task(report))[1], leave, visitor="a")
    task.end.set()
    assert jobs.watch("count", leave, ignore, visitor="a") == 42
    assert jobs.watch("count", leave, leave, visitor="b") == jobs.result("count") == 42
    assert len(started) == 1


def test_a_failed_job_is_reported_and_tried_anew(jobs):
    outcomes = iter([InputError("no"), None])

    def task(report):
        if error := next(outcomes):
            raise error
        return "done"

    with pytest.raises(InputError, match="no"):
        jobs.watch("load", task, ignore)
    assert jobs.result("load") is None
    assert jobs.watch("load", task, ignore) == "done"


def test_progress_is_followed(jobs):
    task, seen = Steps(), []
    with pytest.raises(VisitorLeft):
        jobs.watch("x", task, lambda *progress: (seen.append(progress), leave()))
    assert seen == [("stepping", 1, 2)]
    task.end.set()


def test_a_visitor_who_is_gone_is_noticed_though_nothing_is_reported(jobs):
    go_on = threading.Event()
    with pytest.raises(VisitorLeft):
        jobs.watch("silent", lambda report: go_on.wait(LIMIT), ignore, check_in=leave)
    go_on.set()


@pytest.mark.slow
def test_a_job_that_nobody_watches_ends_within_two_seconds(jobs):
    task = Steps()
    job = jobs.submit("x", task, visitor="a")
    task.started.wait(LIMIT)
    begun = time.monotonic()
    assert isinstance(job.future.exception(LIMIT), JobAbandoned)
    assert time.monotonic() - begun < 2
    assert not job.watchers()


def test_a_job_shared_by_two_visitors_ends_with_the_last(jobs):
    task = Steps()
    job = jobs.submit("x", task, visitor="a")
    assert jobs.submit("x", leave, visitor="b") is job
    job.left_by("a")
    time.sleep(0.1)
    assert job.is_running and job.watchers() == {"b"}
    job.left_by("b")
    assert isinstance(job.future.exception(LIMIT), JobCancelled)
    assert jobs.submit("x", Steps(), visitor="a") is not job


def test_a_visitor_who_comes_just_after_the_last_has_left_keeps_the_job(jobs):
    begun, go_on = threading.Event(), threading.Event()

    def between_two_steps(progress):
        begun.set()
        go_on.wait(LIMIT)
        progress("second step", 1, 2)
        return "result"

    job = jobs.submit("x", between_two_steps, visitor="a")
    begun.wait(LIMIT)
    job.left_by("a")
    assert jobs.submit("x", leave, visitor="b") is job
    go_on.set()
    assert job.future.result(LIMIT) == "result"


def test_a_job_of_a_page_goes_on_while_its_visitor_is_there(jobs, monkeypatch):
    there = {("a", "Generate")}
    monkeypatch.setattr(background_jobs.visitors, "is_on", lambda *who_and_where: who_and_where in there)
    monkeypatch.setattr(background_jobs, "ABANDONED_AFTER_SECONDS", 0.1)
    job = jobs.submit("list", Steps(), visitor="a", page="Generate")
    time.sleep(0.3)
    assert job.is_running and job.watchers() == {"a"}
    there.clear()
    assert isinstance(job.future.exception(LIMIT), JobAbandoned)


@pytest.mark.slow
def test_a_visitor_who_comes_as_a_job_ends_unwatched_gets_it_done_anew(jobs):
    ending, end = threading.Event(), threading.Event()

    def task(report):
        try:
            Steps()(report)
        finally:
            ending.set()
            end.wait(LIMIT)

    jobs.submit("x", task, visitor="a")
    ending.wait(LIMIT)
    threading.Timer(0.3, end.set).start()
    assert jobs.watch("x", lambda report: "done", ignore, visitor="b") == "done"


def test_a_visitor_takes_no_more_than_their_share(queue, monkeypatch):
    monkeypatch.setattr(background_jobs, "ABANDONED_AFTER_SECONDS", LIMIT)
    mine, others = [Steps() for _ in range(4)], Steps()
    jobs = [Job(task, "a") for task in mine]
    for job in [*jobs, other := Job(others, "b")]:
        job.seen_by(job.visitor)
        queue.put(job)
    others.started.wait(LIMIT)
    assert [task.started.is_set() for task in mine] == [True, True, False, False]
    mine[0].end.set()
    until(mine[2].started.is_set)
    assert not mine[3].started.is_set()
    for task in [*mine, others]:
        task.end.set()
    assert not other.future.exception(LIMIT)


def test_a_page_is_prepared_while_a_visitors_long_jobs_go_on(jobs, monkeypatch):
    monkeypatch.setattr(background_jobs, "ABANDONED_AFTER_SECONDS", LIMIT)
    long = [Steps() for _ in range(3)]
    for number, task in enumerate(long):
        jobs.submit(number, task, visitor="a")
    page = jobs.submit("study", lambda report: "prepared", visitor="a", for_page=True)
    assert page.future.result(LIMIT) == "prepared" and not long[2].started.is_set()
    for task in long:
        task.end.set()


def test_exclusive_jobs_wait_for_one_another(queue):
    first, second = Steps(), Steps()
    for visitor, task in (("a", first), ("b", second)):
        job = Job(task, visitor, exclusive="one at a time")
        job.seen_by(visitor)
        queue.put(job)
    first.started.wait(LIMIT)
    assert not second.started.wait(0.2)
    first.end.set()
    assert second.started.wait(LIMIT)
    second.end.set()


class Answer:
    """A result that can be referred to weakly."""


@pytest.mark.slow
def test_a_result_is_held_only_as_long_as_it_is_kept(jobs):
    answer = jobs.watch("x", lambda report: Answer(), ignore)
    held, dropped = weakref.ref(answer), weakref.ref(jobs.watch("y", lambda report: Answer(), ignore, keep=False))
    del answer
    until(lambda: gc.collect() >= 0 and dropped() is None)
    assert held() is not None
    jobs.cancel("x")
    until(lambda: gc.collect() >= 0 and held() is None)


def test_a_result_is_forgotten_and_a_running_job_goes_on(jobs):
    jobs.watch("x", lambda report: 1, ignore)
    jobs.forget_result("x")
    assert jobs.result("x") is None
    held = threading.Event()
    job = jobs.submit("x", lambda report: held.wait(LIMIT), visitor="a")
    jobs.forget_result("x")
    jobs.forget_result("y")
    held.set()
    assert jobs.submit("x", ignore, visitor="b") is job and job.future.result(LIMIT)


def test_the_oldest_results_are_dropped(jobs, monkeypatch):
    monkeypatch.setattr(background_jobs, "MAX_RESULTS", 2)
    for number in range(4):
        jobs.watch(number, lambda report, number=number: str(number), ignore)
    assert [jobs.result(number) for number in range(4)] == [None, None, "2", "3"]


def test_closing_ends_running_and_waiting_jobs():
    queue = JobQueue(workers=1)
    running, waiting = (Job(Steps(), visitor) for visitor in "ab")
    for job in (running, waiting):
        job.seen_by(job.visitor)
        queue.put(job)
    assert queue.close(LIMIT)
    for job in (running, waiting):
        with pytest.raises(JobCancelled):
            job.future.result(LIMIT)


@pytest.mark.slow
def test_a_job_ends_at_a_step_of_its_work(jobs):
    started = threading.Event()

    def task(report):
        started.set()
        while True:
            at_step()
            time.sleep(0.01)

    job = jobs.submit("x", task, visitor="a")
    started.wait(LIMIT)
    begun = time.monotonic()
    assert isinstance(job.future.exception(LIMIT), JobAbandoned)
    assert time.monotonic() - begun < 2


def test_the_oldest_large_results_are_dropped_and_small_ones_kept(jobs, monkeypatch):
    monkeypatch.setattr(background_jobs, "MAX_RESULT_BYTES", 1000)
    monkeypatch.setattr(background_jobs, "MAX_RESULTS", 5)
    for number, size in enumerate((500, 100, 500, 500, 5000)):
        jobs.watch(number, lambda report, size=size: {"a": [np.zeros(size, np.int8)]}, ignore)
        assert jobs.result(number) is not None
    assert [jobs.result(number) is not None for number in range(5)] == [False, True, False, False, True]
    jobs.watch(5, lambda report: "a little", ignore)
    assert jobs.result(1) is not None and jobs.result(4) is None and jobs.result(5) == "a little"


def test_short_work_is_answered_and_ends_with_the_script_run(queue, monkeypatch):
    assert run_in_queue(queue, lambda: run_in_queue(queue, lambda: 42)) == 42
    begun, ended = threading.Event(), threading.Event()

    def work():
        begun.set()
        try:
            Steps()(lambda *_: at_step())
        finally:
            ended.set()

    monkeypatch.setattr(background_jobs.visitors, "check_in", lambda: begun.is_set() and leave())
    with pytest.raises(VisitorLeft):
        run_in_queue(queue, work)
    assert ended.wait(2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives each thread its own priority")
@pytest.mark.parametrize("gives_way", [True, False])
def test_a_job_gives_way_to_visitors_and_so_do_the_threads_that_it_starts(gives_way):
    def priorities():
        found = [os.getpriority(os.PRIO_PROCESS, threading.get_native_id())]
        helper = threading.Thread(
            target=lambda: found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        )
        helper.start()
        helper.join()
        return found

    own, queue = os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), JobQueue(gives_way=gives_way)
    assert run_in_queue(queue, priorities) == [background_jobs.LOW_PRIORITY if gives_way else own] * 2
    assert queue.close(LIMIT)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_what_short_work_refuses_is_raised_where_it_is_waited_for(queue):
    def refuse():
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        run_in_queue(queue, refuse)


def test_work_that_passes_over_refusals_does_not_pass_over_its_end(jobs):
    begun, went_on = threading.Event(), []

    def work(report):
        try:
            while True:
                begun.set()
                report("Measuring", 0, 1)
                time.sleep(0.01)
        except InputError:
            went_on.append(True)

    job = jobs.submit("x", work, visitor="a")
    assert begun.wait(LIMIT)
    job.cancel()
    assert isinstance(job.future.exception(LIMIT), JobCancelled) and not went_on
