"""Linear layers whose weights are packed for oneDNN once, instead of at every call."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alignment.execution.cpu import can_pack

LARGEST_DIFFERENCE = 0.1  # between outputs in bfloat16 and float32, relative


class PackedLinear(nn.Module):
    """Linear layer ``x Wᵀ + b`` with packed weights, for inference only.

    In bfloat16 both factors are rounded to 8 bits of precision, sums are not, and the result is a bfloat16 tensor;
    added to a float32 one, as in the residual sums of a transformer, it becomes float32 again. Where oneDNN does not
    support this processor, in float16, and on a graphics card, torch's own product is used.
    """

    def __init__(self, layer: nn.Linear, dtype: torch.dtype = torch.float32):
        super().__init__()
        self._is_packed = can_pack(dtype, layer.weight.device.type)
        weight = layer.weight.detach().to(dtype)
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight, None) if self._is_packed else weight
        self.bias = None if layer.bias is None else layer.bias.detach().to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        x = x.to(self.weight.dtype)
        if not self._is_packed:
            return F.linear(x, self.weight, self.bias)
        return torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, "none", [], "")


def pack_where_equal(model: nn.Module, dtype: torch.dtype, trial: Callable[[], Tensor]) -> nn.Module:
    """Replace every linear layer by a :class:`PackedLinear` if the output stays the same; returns the model.

    Some models read the weights of their linear layers directly, or multiply their outputs by float32. They are
    packed in float32, and left unchanged where that does not work either.

    Parameters
    ----------
    trial : callable
        Calls the model on some input.
    """
    layers = _linear_layers(model)
    with torch.inference_mode():
        expected = trial()
        for each in dict.fromkeys((dtype, torch.float32)):
            for module, name, layer in layers:
                setattr(module, name, PackedLinear(layer, each))
            try:
                if (trial() - expected).norm() <= LARGEST_DIFFERENCE * expected.norm():
                    return model
            except (RuntimeError, AttributeError, TypeError):
                continue
    for module, name, layer in layers:
        setattr(module, name, layer)
    return model


def _linear_layers(model: nn.Module) -> list[tuple[nn.Module, str, nn.Linear]]:
    """Every linear layer, with its parent module and its name there."""
    return [
        (module, name, child)
        for module in model.modules()
        for name, child in module.named_children()
        if type(child) is nn.Linear
    ]
