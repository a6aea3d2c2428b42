"""Command line: python -m alignment COMMAND, or latent-alignment COMMAND once installed."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Stopped(KeyboardInterrupt):
    """A signal other than that of Ctrl-C asks the command to end."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


def main(argv: list[str] | None = None) -> int:
    """Run one command: 0 when it worked, 2 when what was asked for cannot be done, 128 and the signal that ended it."""
    _open_closed_streams()
    if argv is None:
        _start_in_utf8()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has it: not every terminal writes every name
    try:
        with _ended_by_signals():
            return _run(argv)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("alignment", "dashboard"):
            raise
        installed = "install this project, or in its folder run '. .venv/bin/activate' after 'make install'"
        print(f"error: This Python has no {error.name}; {installed}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stopped:
        print("Stopped; everything finished so far is kept.", file=sys.stderr)
        return 128 + (stopped.number if isinstance(stopped, Stopped) else signal.SIGINT)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _discard_output()
        return 0
    except OSError as error:
        if error.errno not in NO_SPACE and not _was_folder_removed():
            raise
        _discard_output()
        fault = f"The answer cannot be written: {error.strerror}"
        if error.errno not in NO_SPACE:
            fault = "The folder in which this was started is no longer there; change to another"
        print(f"error: {fault}.", file=sys.stderr)
        return 2


def _run(argv: list[str] | None) -> int:
    try:
        from alignment.files.folders import give_home

        if notice := give_home():
            print(notice, file=sys.stderr)
        from alignment.commands.command_line import run  # takes a second, in which Ctrl-C may come

        return run(argv)
    finally:
        sys.stdout.flush()  # here, where a failure can be said


def _open_closed_streams() -> None:
    """Open the null device for input, output and messages that were closed, as some services start their programs.

    Their numbers, the lowest that are free, would otherwise be those of the next files that are opened.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115


def _was_folder_removed() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _start_in_utf8() -> None:
    """Start Python anew in UTF-8 where the locale is said to have no such letters, and arguments have them.

    Files are named in the encoding of the locale, which a process cannot change.
    """
    was_tried = os.environ.get("PYTHONUTF8") == "1"  # in vain, as options of Python may forbid it
    if not (sys.flags.utf8_mode or was_tried) and sys.executable and any(map(_is_undecoded_utf8, sys.argv)):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | {"PYTHONUTF8": "1"})


def _is_undecoded_utf8(argument: str) -> bool:
    """Whether the bytes of an argument, which Python keeps where it cannot decode them, are UTF-8."""
    try:
        return os.fsencode(argument).decode() != argument
    except UnicodeError:
        return False


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """What docker stop, batch systems and terminals that close send ends the command as Ctrl-C does.

    A signal that is ignored, as by nohup, stays so.
    """
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    caught = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        caught = []

    def stop(number: int, _: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)  # so that the next one does not interrupt the end
        raise Stopped(number)

    for number in caught:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in caught:
            if signal.getsignal(number) is stop:
                signal.signal(number, signal.SIG_DFL)


def _discard_output() -> None:
    """Send what is still to be printed nowhere; Python would try to print it again at its end, and complain."""
    with contextlib.suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
