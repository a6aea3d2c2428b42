"""What the mappings share that torch trains: the device."""

from __future__ import annotations

from alignment.execution.placement import Placement
from alignment.mappings.base import MappingRegressor


class TorchMapping(MappingRegressor):
    """A mapping that torch trains on its parameter ``device``, and on the CPU where a card's memory is too short.

    A family implements ``_fit_on(device, X, Z, **metadata)``, which learns from the start whenever it is called. It
    keeps arrays, and predicts from them on the CPU: what was trained on a card is used on any machine.
    """

    device: str

    def _fit(self, X, Z, **metadata):
        placement = Placement(self.device, "mappings")
        placement.once(lambda device: self._fit_on(device, X, Z, **metadata))
