"""Base class of mappings trained with torch: device placement."""

from __future__ import annotations

from alignment.execution.placement import Placement
from alignment.mappings.base import MappingRegressor


class TorchMapping(MappingRegressor):
    """A mapping trained with torch on its parameter ``device``, or on the CPU where GPU memory is insufficient.

    A family implements ``_fit_on(device, X, Z, **metadata)``, which restarts training whenever it is called. It stores
    NumPy arrays and predicts on the CPU, so that a mapping trained on a GPU can be used on any machine.
    """

    device: str

    def _fit(self, X, Z, **metadata):
        placement = Placement(self.device, "mappings")
        placement.once(lambda device: self._fit_on(device, X, Z, **metadata))
