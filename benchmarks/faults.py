"""Faults of a machine, made for a while, to meet them in tests and in the soak."""

import resource
from contextlib import contextmanager


@contextmanager
def full_disk(n_bytes=5_000):
    """No file of this process can grow beyond ``n_bytes``: a write fails after its first part."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
