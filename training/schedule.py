"""Learning rate and truncation over the wall time of a training run."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from training.sampling import MAX_TRUNCATION

COOLING_SHARE = 0.65
"""Share of a run over which learning rates fall along a cosine, down to `FINAL_RATE` of the full ones."""
FINAL_RATE = 0.01

WIDENING_SHARE = 0.25
"""Share of a run over which truncation grows to `MAX_TRUNCATION`: classes first, then how they vary."""


@dataclass
class Schedule:
    """Schedule of a run by its share of wall time.

    Parameters
    ----------
    minutes : float
    widens : bool
        Whether truncation grows from a small value; not where a run continues from trained weights.
    """

    minutes: float
    widens: bool = True
    began: float = field(default_factory=time.monotonic)

    def share(self) -> float:
        """Share of the run's time that has passed."""
        return (time.monotonic() - self.began) / (60 * self.minutes)

    def rate(self, share: float) -> float:
        """Learning rate, as a share of the full one."""
        cooled = min(1.0, max(0.0, (share - (1 - COOLING_SHARE)) / COOLING_SHARE))
        return FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * cooled))

    def truncation(self, share: float) -> float:
        """Largest truncation of the pictures of a step."""
        return MAX_TRUNCATION * min(1.0, 0.2 + 0.8 * share / WIDENING_SHARE) if self.widens else MAX_TRUNCATION
