"""The one exception a person can cause."""


class InputError(ValueError):
    """What was asked for cannot be done; the message says why and what to do instead.

    The command line prints it and exits with code 2; the dashboard shows it in place. Every other
    exception is a fault of the program and propagates.
    """
