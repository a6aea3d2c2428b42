"""Linear layers whose weights are packed for oneDNN once, instead of at every call."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alignment.devices.cpu import can_pack


class PackedLinear(nn.Module):
    """``x Wᵀ + b`` with packed weights, for inference only.

    In bfloat16 both factors are rounded to 8 bits of precision, sums are not, and the result is a bfloat16 tensor;
    added to a float32 one, as in the residual sums of a transformer, it becomes float32 again. Where oneDNN does not
    support this processor, torch's own product is used.
    """

    def __init__(self, layer: nn.Linear, dtype: torch.dtype = torch.float32):
        super().__init__()
        self._is_packed = can_pack(dtype)
        weight = layer.weight.detach().to(dtype)
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight, None) if self._is_packed else weight
        self.bias = None if layer.bias is None else layer.bias.detach().to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        x = x.to(self.weight.dtype)
        if not self._is_packed:
            return F.linear(x, self.weight, self.bias)
        return torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, "none", [], "")


def pack_linear(model: nn.Module, dtype: torch.dtype = torch.float32) -> nn.Module:
    """Replace every linear layer of the model by a :class:`PackedLinear`; returns the model."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, PackedLinear(child, dtype))
    return model
