"""Fault injection for tests and the soak benchmark."""

import resource
from contextlib import contextmanager


@contextmanager
def full_disk(n_bytes=5_000):
    """Limit the size of every file this process writes to ``n_bytes``: larger writes fail after their first part."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
