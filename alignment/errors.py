"""The one exception a person can cause, and what messages quote of others."""


class InputError(ValueError):
    """What was asked for cannot be done; the message says why and what to do instead.

    The command line prints it and exits with code 2; the dashboard shows it in place. Every other
    exception is a fault of the program and propagates.
    """


def first_line(error: BaseException, most: int = 200) -> str:
    """The first line of what an exception says, cut after so many characters; its type where it says nothing."""
    return next(iter(str(error).splitlines()), type(error).__name__)[:most]
