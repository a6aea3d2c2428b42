"""Linear layers whose weights lie as oneDNN wants them, so that no call rearranges them."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PackedLinear(nn.Module):
    """``x Wᵀ + b``, as the layer it is made of gives it, in a fraction of the time.

    In bfloat16 both factors are rounded to 8 bits of precision, sums are not, and the answer is a bfloat16 tensor;
    added to a float32 one, as the layers of a transformer are, it becomes float32 again.
    """

    def __init__(self, layer: nn.Linear, dtype: torch.dtype = torch.float32):
        super().__init__()
        self.weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach().to(dtype), None)
        self.bias = None if layer.bias is None else layer.bias.detach().to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(x.to(self.weight.dtype), self.weight, self.bias, "none", [], "")


def packed(layer: nn.Linear, dtype: torch.dtype = torch.float32) -> nn.Module:
    """The layer packed, for inference alone; as it is, in float32, where torch has no oneDNN."""
    return PackedLinear(layer, dtype) if torch.backends.mkldnn.is_available() else layer


def pack_linear(model: nn.Module, dtype: torch.dtype = torch.float32) -> nn.Module:
    """The model with every linear layer :func:`packed`."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, packed(child, dtype))
    return model
