"""Command line: python -m alignment COMMAND, or latent-alignment COMMAND once installed."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when what was asked for cannot be done, 130 when it was interrupted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has it: not every terminal writes every name
    try:
        try:
            from alignment.commands.command_line import run  # takes a second, in which Ctrl-C may come

            return run(argv)
        finally:
            sys.stdout.flush()  # here, where a failure can be said
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("alignment", "dashboard"):
            raise
        installed = "install this project, or in its folder run '. .venv/bin/activate' after 'make install'"
        print(f"error: This Python has no {error.name}; {installed}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; everything finished so far is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _discard_output()
        return 0
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        _discard_output()
        print(f"error: The answer cannot be written: {error.strerror}.", file=sys.stderr)
        return 2


def _discard_output() -> None:
    """Send what is still to be printed nowhere; Python would try to print it again at its end, and complain."""
    with contextlib.suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
