"""Differentiable forward pass of a BigGAN-deep, with gradients by its condition, for GAN inversion.

The weights packed for oneDNN in :class:`~alignment.images.folded_biggan.FoldedBigGAN` do not support gradients. Two of
its savings are used here too: the last convolution computes three channels only, and upsampling with the convolution
after it is one transposed convolution.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from alignment.images.folded_biggan import upsampling_weight


class DifferentiableBigGAN:
    """BigGAN at one truncation as a differentiable function from conditions to pictures.

    Parameters
    ----------
    model : pytorch_pretrained_biggan.BigGAN
        In evaluation mode, spectral norm removed (:func:`alignment.images.weights.load_model`).
    row : int, 0 to 50
        Truncation times 50: the row of batch-norm statistics.
    """

    def __init__(self, model, row: int):
        self._generator, self._row = model.generator, row
        self._doubled = {
            block: upsampling_weight(block.conv_1.weight).contiguous()
            for block in model.generator.layers
            if getattr(block, "up_sample", False)
        }

    def __call__(self, condition: Tensor) -> Tensor:
        """Pictures, float32 tensor (n, 3, h, w), -1 to 1, of conditions (n, 256): noise and class vector."""
        generator = self._generator
        x = generator.gen_z(condition).view(len(condition), 4, 4, -1).permute(0, 3, 1, 2)  # (n, c, 4, 4)
        for layer in generator.layers:
            x = layer(x) if hasattr(layer, "gamma") else self._block(layer, x, condition)
        last = generator.bn
        gain = last.weight / (last.running_vars[self._row] + last.eps).sqrt()
        shift = last.bias - last.running_means[self._row] * gain
        x = torch.relu(x * gain.view(1, -1, 1, 1) + shift.view(1, -1, 1, 1))
        rgb = generator.conv_to_rgb
        return torch.tanh(F.conv2d(x, rgb.weight[:3], rgb.bias[:3], padding=1))

    def _block(self, block, x: Tensor, condition: Tensor) -> Tensor:
        out = F.conv2d(self._norm_relu(x, block.bn_0, condition), block.conv_0.weight, block.conv_0.bias)
        out = self._norm_relu(out, block.bn_1, condition)
        if block.up_sample:
            out = F.conv_transpose2d(out, self._doubled[block], block.conv_1.bias, stride=2, padding=1)
        else:
            out = F.conv2d(out, block.conv_1.weight, block.conv_1.bias, padding=1)
        out = F.conv2d(self._norm_relu(out, block.bn_2, condition), block.conv_2.weight, block.conv_2.bias, padding=1)
        out = F.conv2d(self._norm_relu(out, block.bn_3, condition), block.conv_3.weight, block.conv_3.bias)
        kept = x[:, : block.conv_3.out_channels]
        return out + (F.interpolate(kept, scale_factor=2.0) if block.up_sample else kept)

    def _norm_relu(self, x: Tensor, norm, condition: Tensor) -> Tensor:
        """``relu(gain x + shift)``, gain and shift from the norm's statistics and the condition."""
        gain = (1 + norm.scale(condition)) / (norm.running_vars[self._row] + norm.eps).sqrt()
        shift = norm.offset(condition) - norm.running_means[self._row] * gain
        return torch.relu(torch.addcmul(shift[..., None, None], x, gain[..., None, None]))
