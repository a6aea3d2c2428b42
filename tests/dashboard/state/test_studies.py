"""Long work: done once, in the background, whoever watches."""

import threading

import pytest

from alignment.errors import InputError
from alignment.study import Settings
from dashboard.state.studies import Workplace


class Left(Exception):
    """What ends the run of a page whose visitor has clicked on."""


def leave(*progress):
    raise Left


def test_work_goes_on_when_a_visitor_leaves_and_is_done_once():
    place, go_on, started = Workplace(Settings()), threading.Event(), []

    def task(progress):
        started.append(True)
        progress("counting", 1, 2)
        go_on.wait(30)
        return 42

    with pytest.raises(Left):
        place.watch("count", task, leave)
    go_on.set()
    assert place.watch("count", task, lambda *progress: None) == 42
    assert place.watch("count", task, leave) == 42
    assert len(started) == 1


def test_failed_work_is_reported_and_tried_anew():
    place, outcomes = Workplace(Settings()), iter([InputError("no"), None])

    def task(progress):
        if error := next(outcomes):
            raise error
        return "done"

    with pytest.raises(InputError, match="no"):
        place.watch("load", task, leave)
    assert not place.has("load")
    assert place.watch("load", task, leave) == "done"
    assert place.has("load")
