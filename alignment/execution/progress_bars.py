"""Progress bars on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from alignment.progress import counts_bytes

if TYPE_CHECKING:
    from tqdm import tqdm

TERMINAL_SECONDS, LOG_SECONDS = 0.1, 10.0  # between two states of a bar; in a log each is a line


class ProgressBars:
    """Progress callback that draws a bar on the terminal, named after the stage; in a log, a line every ten seconds."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def __call__(self, stage: str, done: float, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None:
            of_bytes = counts_bytes(stage)
            pause = TERMINAL_SECONDS if sys.stderr.isatty() else LOG_SECONDS
            unit = "B" if of_bytes else "it"
            self._bar = tqdm(total=total, file=sys.stderr, mininterval=pause, unit=unit, unit_scale=of_bytes)
        self._bar.total = total  # known better when the work has begun
        self._bar.set_description(stage, refresh=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None
