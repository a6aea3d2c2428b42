"""Progress of long work, as callers may follow it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], object]
"""Called with (what is being done, steps done, steps in all); an exception that it raises ends the work."""
