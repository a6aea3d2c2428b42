"""Signals that end a command: what is finished is kept, and nothing of Python's own is said."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals end a process at once")

WORKERS = ["--workers", "2"]


def begun(arguments, number=signal.SIGINT, handler=signal.SIG_DFL):
    """A command that has made its folder; what a shell runs with "&" ignores Ctrl-C, and what nohup runs SIGHUP."""
    process = subprocess.Popen(
        [sys.executable, "-m", "alignment", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, number, handler),
    )
    while process.poll() is None and not Path(arguments[arguments.index("--output") + 1]).exists():
        time.sleep(0.05)
    return process


@pytest.fixture
def many_seeds(tmp_path):
    """Options that encode more sentences than are encoded in a minute, of shards of their own."""
    for shard in range(4):
        rows = (f"A cat and {number} lemons on {shard} tables,281\n" for number in range(10_000))
        (tmp_path / f"seeds_{shard}.csv").write_text("sentence,class\n" + "".join(rows))
    return ["encode", "--seeds", str(tmp_path / "seeds_*.csv"), "--output", str(tmp_path / "encoded")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "seconds", "workers"),
    [  # a terminal sends its own to all processes; the other two are handled alike
        ("SIGINT", 0, []),
        ("SIGINT", 2, []),
        ("SIGINT", 0, WORKERS),
        ("SIGINT", 2, WORKERS),
        ("SIGTERM", 2, []),
        ("SIGTERM", 0, WORKERS),
        ("SIGHUP", 0, []),
        ("SIGHUP", 2, WORKERS),
    ],
)
def test_a_signal_ends_a_command_as_ctrl_c_does(name, seconds, workers, many_seeds):
    number = getattr(signal, name)
    process = begun([*many_seeds, *workers], number)
    time.sleep(seconds)  # in which workers start
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal sends it
    else:
        process.send_signal(number)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 128 + number, said
    assert said.splitlines()[-1] == "Stopped; everything finished so far is kept."
    assert "Traceback" not in said and "resource_tracker" not in said


@pytest.mark.slow
def test_a_signal_that_nohup_ignores_stays_ignored(many_seeds):
    process = begun(many_seeds, signal.SIGHUP, signal.SIG_IGN)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=2)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_closes_the_server(name):
    command = [sys.executable, "-m", "alignment", "dashboard", "--server.port", "0"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, **output, preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL))
    for line in process.stdout:
        if "URL: " in line:
            break
    process.send_signal(getattr(signal, name))
    said = process.communicate(timeout=60)[0]
    assert process.returncode in (0, 1) and "Traceback" not in said, said  # 1: a job did not end in time
