"""Waits for a lock may be ended; values are computed by one thread for all."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from alignment.execution.locks import Once, SharedComputation, interruptible, shared_property
from alignment.progress import following


class Ended(Exception):
    """What ends the work."""


def end(done, total):
    raise Ended


def test_a_wait_for_a_lock_may_be_ended():
    lock = threading.RLock()
    holder, let_go = threading.Event(), threading.Event()

    def hold():
        with interruptible(lock):
            holder.set()
            let_go.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    holder.wait(30)
    with following(end), pytest.raises(Ended), interruptible(lock):
        pass
    let_go.set()
    thread.join()
    with interruptible(lock):
        pass


def test_a_value_is_computed_once_and_another_key_does_not_wait():
    values, go_on, counted = Once(), threading.Event(), []

    def slow():
        counted.append(1)
        go_on.wait(30)
        return "slow"

    threads = [threading.Thread(target=values.get, args=("a", slow)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert values.get("b", lambda: "quick") == "quick"
    go_on.set()
    for thread in threads:
        thread.join()
    assert values.get("a", lambda: "again") == "slow" and counted == [1]


def test_a_value_that_is_set_takes_the_place_of_a_computed_one():
    values = Once()
    values.set("a", None)
    assert values.get("a", lambda: 1) is None
    values.set("a", 2)
    assert values.get("a", lambda: 1) == 2


def test_a_value_that_is_set_meanwhile_is_not_replaced_by_the_computed_one():
    values, begun, go_on = Once(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        go_on.wait(30)
        return 1

    with ThreadPoolExecutor() as pool:
        computed = pool.submit(values.get, "a", slow)
        begun.wait(30)
        values.set("a", 2)
        go_on.set()
        assert computed.result() == 2 and values.get("a", lambda: 3) == 2


def test_what_failed_is_tried_anew():
    values = Once()
    with pytest.raises(Ended):
        values.get("a", lambda: end(0, 0))
    assert values.get("a", lambda: 1) == 1


def test_a_computation_that_fails_is_tried_anew_by_those_who_wait():
    shared, begun, waiting = SharedComputation(), threading.Event(), threading.Event()

    def fail():
        begun.set()
        waiting.wait()
        raise ValueError

    with ThreadPoolExecutor() as pool:
        first = pool.submit(shared.get, "key", fail)
        begun.wait()
        second = pool.submit(shared.get, "key", lambda: 42)
        time.sleep(0.1)
        waiting.set()
        assert second.result() == 42 and isinstance(first.exception(), ValueError)
    assert shared.get("key", lambda: 43) == 43  # nothing is kept


def test_a_shared_property_is_computed_once_and_holds_up_no_other_object():
    go_on, begun, counted = threading.Event(), threading.Event(), []

    class Holder:
        def __init__(self, wait):
            self.wait = wait

        @shared_property
        def value(self):
            """What it is."""
            if self.wait:
                counted.append(1)
                begun.set()
                go_on.wait(30)
            return object()

    slow, quick = Holder(wait=True), Holder(wait=False)
    with ThreadPoolExecutor(3) as pool:
        same = [pool.submit(lambda: slow.value) for _ in range(2)]
        assert begun.wait(30)
        other = pool.submit(lambda: quick.value)
        try:
            assert other.result(timeout=5) is quick.value
            with following(end), pytest.raises(Ended):  # a wait for the thread that computes it may be ended
                _ = slow.value
        finally:
            go_on.set()
        assert same[0].result() is same[1].result() is slow.value and counted == [1]
    slow.value = "set"
    assert slow.value == "set" and Holder.value.__doc__ == "What it is."
