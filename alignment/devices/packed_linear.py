"""Linear layers whose weights lie as oneDNN wants them, so that no call rearranges them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alignment.devices.cpu import packs


class PackedLinear(nn.Module):
    """``x Wᵀ + b``, as the layer it is made of gives it, in a fraction of the time; for inference alone.

    In bfloat16 both factors are rounded to 8 bits of precision, sums are not, and the answer is a bfloat16 tensor;
    added to a float32 one, as the layers of a transformer are, it becomes float32 again. Where oneDNN does not serve
    this processor, torch's own product gives the answer.
    """

    def __init__(self, layer: nn.Linear, dtype: torch.dtype = torch.float32):
        super().__init__()
        self._packs = packs(dtype)
        weight = layer.weight.detach().to(dtype)
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight, None) if self._packs else weight
        self.bias = None if layer.bias is None else layer.bias.detach().to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        x = x.to(self.weight.dtype)
        if not self._packs:
            return F.linear(x, self.weight, self.bias)
        return torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, "none", [], "")


def pack_linear(model: nn.Module, dtype: torch.dtype = torch.float32) -> nn.Module:
    """The model with a :class:`PackedLinear` for every linear layer."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, PackedLinear(child, dtype))
    return model
