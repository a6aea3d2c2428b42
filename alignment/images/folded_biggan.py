"""Fast forward pass of a BigGAN-deep, with the same pictures as the library's.

Values that ``pytorch_pretrained_biggan`` recomputes at every call are computed once; values it discards, not at all:

* A batch norm is one multiply-add. With c the condition (noise and class vector), μ and σ² the statistics of a row
  of truncation, b the bias of the convolution before it, S and O the norm's two matrices:
  ``gain = (1 + S c) / sqrt(σ² + eps)``, ``shift = O c - (μ - b) gain``. One product gives S c and O c of all norms.
* Upsampling by 2 and a 3 x 3 convolution are one transposed convolution with 4 x 4 weights and stride 2: 4/9 of the
  multiplications.
* The last convolution computes the three channels that are kept, not all ``channel_width``: its 3 x 3 weights are three
  rows of 1 x 3, one convolution with nine channels, summed where the rows fall. (oneDNN computes 16 channels
  whether three or nine of them are asked for.)
* Attention's three 1 x 1 convolutions are one, its factor gamma is multiplied into the fourth. Its two products are
  plain ones: torch's fused attention takes twice as long where a query is narrower than a value.
* The residual sum is part of the last convolution of a block.
* The memory format is channels last, and on the processor weights are packed for oneDNN.
* On an NVIDIA card, repeated batch sizes are replayed as a CUDA graph. Convolutions do not round float32 to
  TF32, and are deterministic.

References
----------
Brock, Donahue and Simonyan 2019, arXiv:1809.11096, appendix B. Zhang et al. 2019, Self-Attention Generative
Adversarial Networks, arXiv:1805.08318.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor

from alignment.execution.cpu import can_pack
from alignment.execution.cuda_graphs import CudaGraphs
from alignment.execution.packed_linear import PackedLinear

FIRST_SIZE = 4  # width and height of the first activations
VECTOR_BYTES = 64  # of AVX-512; torch does not vectorise over fewer
_cuda_lock = threading.Lock()  # the settings of cuDNN are those of the whole process


class FoldedBigGAN:
    """A BigGAN generator with folded weights: a callable from conditions and a truncation row to pictures.

    Parameters
    ----------
    model : pytorch_pretrained_biggan.BigGAN
        In evaluation mode, spectral norm removed (:func:`alignment.images.weights.load_model`), on the device that
        shall draw.
    dtype : torch.dtype
        Of weights and activations. bfloat16 has 8 bits of precision: pictures differ from those of float32 by about one
        step of 255. float16 has 11, and overflows at 65,504.
    graphs : bool
        Whether repeated batch sizes are replayed as CUDA graphs on an NVIDIA card.

    Attributes
    ----------
    class_embeddings : float32 array (K, 128)
    """

    @torch.no_grad()
    def __init__(self, model, dtype: torch.dtype = torch.float32, *, graphs: bool = True):
        generator = model.generator
        self.dtype, self._device = dtype, model.embeddings.weight.device
        self.class_embeddings = model.embeddings.weight.T.contiguous().cpu().numpy()
        self._first = PackedLinear(generator.gen_z, dtype)
        self._norms = _ConditionalNorms(generator.layers, dtype)
        self._layers, size = [], FIRST_SIZE
        for layer in generator.layers:
            self._layers.append((_Attention if hasattr(layer, "gamma") else _Block)(layer, size, dtype))
            size *= 2 if getattr(layer, "up_sample", False) else 1
        norm = generator.bn
        self._last_gain = norm.weight / (norm.running_vars + norm.eps).sqrt()  # (51, c)
        self._last_shift = norm.bias - norm.running_means * self._last_gain
        rows = generator.conv_to_rgb.weight[:3].permute(2, 0, 1, 3).flatten(0, 1)  # (3 rows * 3 colours, c, 3)
        self._last = _Convolution(rows[:, :, None], size, dtype)
        self._last_bias = generator.conv_to_rgb.bias[:3].view(3, 1, 1).clone()
        self._graphs = CudaGraphs() if graphs and self._device.type == "cuda" else None

    @torch.inference_mode()
    def __call__(self, condition: Tensor, row: int) -> Tensor:
        """Draw pictures.

        Parameters
        ----------
        condition : float32 tensor (n, 256), on any device
            Noise vector and class vector, concatenated.
        row : int, 0 to 50
            Truncation times 50: the row of batch-norm statistics. (The library divides truncation by 0.02 and, where
            that is not whole, blends two rows with their weights swapped; 0.14 / 0.02 is 7.000000000000001.)

        Returns
        -------
        float32 tensor (n, 3, h, w), -1 to 1, on the model's device
        """
        inputs = condition.to(self._device), torch.tensor([row], device=self._device)  # a graph serves every row
        if self._device.type != "cuda":
            return self._pictures(*inputs)
        with _cuda_lock, torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
            return self._pictures(*inputs) if self._graphs is None else self._graphs.call(self._pictures, *inputs)

    def _pictures(self, condition: Tensor, row: Tensor) -> Tensor:
        """Pictures of conditions (n, 256), with the truncation row in a tensor (1,)."""
        affine = self._norms(condition, row)
        x = self._first(condition).to(self.dtype)
        x = x.view(len(x), FIRST_SIZE, FIRST_SIZE, -1).permute(0, 3, 1, 2)  # (n, c, 4, 4), channels innermost
        for layer in self._layers:
            x = layer(x, affine)
        x = _norm_relu(x, (self._last_gain[row].to(self.dtype), self._last_shift[row].to(self.dtype)))
        above, here, below = self._last(x).float().split(3, dim=1)  # the sums of each row of weights
        pictures = here + self._last_bias
        pictures[:, :, 1:] += above[:, :, :-1]
        pictures[:, :, :-1] += below[:, :, 1:]
        return pictures.tanh_()


class _ConditionalNorms:
    """Gain and shift of every conditional batch norm, in the order in which they are used."""

    def __init__(self, layers, dtype):
        blocks = [layer for layer in layers if not hasattr(layer, "gamma")]
        norms = [norm for block in blocks for norm in (block.bn_0, block.bn_1, block.bn_2, block.bn_3)]
        biases = []
        for block in blocks:
            none = torch.zeros_like(block.bn_0.running_means[0])
            biases += [none, block.conv_0.bias, block.conv_1.bias, block.conv_2.bias]
        self._sizes = [norm.num_features for norm in norms]
        self._dtype = dtype
        weight = torch.cat([norm.scale.weight for norm in norms] + [norm.offset.weight for norm in norms])
        outputs, inputs = weight.shape
        product = torch.nn.Linear(inputs, outputs, bias=False, device="meta")
        product.weight = torch.nn.Parameter(weight)
        self._product = PackedLinear(product, dtype)
        self._mean = torch.cat([norm.running_means for norm in norms], dim=1) - torch.cat(biases)  # (51, sum of c)
        self._deviation = torch.cat([(norm.running_vars + norm.eps).sqrt() for norm in norms], dim=1)

    def __call__(self, condition: Tensor, row: Tensor):
        scale, offset = self._product(condition).float().chunk(2, dim=1)
        gain = (1 + scale) / self._deviation[row]
        shift = offset - self._mean[row] * gain
        gains, shifts = (each.to(self._dtype).split(self._sizes, dim=1) for each in (gain, shift))
        return iter(zip(gains, shifts, strict=True))  # (n, c) each


class _Block:
    """Norm and convolution four times (1 x 1, 3 x 3, 3 x 3, 1 x 1), added to the input."""

    def __init__(self, block, size: int, dtype):
        self._doubles = block.up_sample
        self._kept = block.conv_3.out_channels
        large = 2 * size if self._doubles else size
        self._convolutions = (
            _Convolution(block.conv_0.weight, size, dtype),
            _Convolution(block.conv_1.weight, size, dtype, doubles=self._doubles),
            _Convolution(block.conv_2.weight, large, dtype),
            _Convolution(block.conv_3.weight, large, dtype, bias=block.conv_3.bias),
        )

    def __call__(self, x: Tensor, affine) -> Tensor:
        out = x
        for convolution in self._convolutions[:-1]:
            out = convolution(_norm_relu(out, next(affine)))
        x = x[:, : self._kept]
        x = F.interpolate(x, scale_factor=2.0) if self._doubles else x.contiguous(memory_format=torch.channels_last)
        return self._convolutions[-1](_norm_relu(out, next(affine)), onto=x)


class _Attention:
    """Self-attention (Zhang et al. 2019): queries at every position, keys and values at half the resolution."""

    def __init__(self, layer, size: int, dtype):
        self._width = layer.in_channels // 8  # of a query and of a key
        projections = (layer.snconv1x1_theta, layer.snconv1x1_phi, layer.snconv1x1_g)
        self._projections = _Convolution(torch.cat([each.weight for each in projections]), size, dtype)
        self._out = _Convolution(layer.gamma * layer.snconv1x1_o_conv.weight, size, dtype)

    def __call__(self, x: Tensor, affine) -> Tensor:
        n, _, h, w = x.shape
        projected = self._projections(x)
        queries = projected[:, : self._width].permute(0, 2, 3, 1).flatten(1, 2)  # (n, h w, c / 8)
        pooled = F.max_pool2d(projected[:, self._width :], 2).permute(0, 2, 3, 1).flatten(1, 2)  # (n, h w / 4, ...)
        keys, values = pooled[..., : self._width], pooled[..., self._width :]
        answers = torch.softmax(queries @ keys.transpose(1, 2), dim=-1) @ values  # (n, h w, c / 2)
        return self._out(answers.view(n, h, w, -1).permute(0, 3, 1, 2), onto=x)


class _Convolution:
    """A convolution that keeps the size of its input or doubles it first; its weights are packed on the processor."""

    def __init__(self, weight: Tensor, size: int, dtype, *, bias: Tensor | None = None, doubles: bool = False):
        weight = upsampling_weight(weight) if doubles else weight
        weight = weight.detach().to(dtype).contiguous(memory_format=torch.channels_last)
        stride, padding = ((2, 2), (1, 1)) if doubles else ((1, 1), tuple(width // 2 for width in weight.shape[2:]))
        self._bias = None if bias is None else bias.detach().to(dtype)
        self._operator: Callable[..., Tensor]
        self._arguments: tuple
        self._is_packed = can_pack(dtype, weight.device.type)
        if self._is_packed:  # torch.conv2d would pack the weights at every call
            ops, channels = torch.ops.mkldnn, weight.shape[0 if doubles else 1]
            self._around = (padding, *(((0, 0),) if doubles else ()), stride, (1, 1), 1)
            arrange = ops._reorder_convolution_transpose_weight if doubles else ops._reorder_convolution_weight
            weight = arrange(weight, *self._around, (1, channels, size, size))
            self._operator = ops._convolution_transpose_pointwise if doubles else ops._convolution_pointwise
            self._arguments = (*self._around, "none", [], "")
        else:
            self._operator = torch.conv_transpose2d if doubles else torch.conv2d
            self._arguments = (stride, padding)
        self._weight = weight

    def __call__(self, x: Tensor, *, onto: Tensor | None = None) -> Tensor:
        """The convolution of ``x``, added to ``onto`` (which is overwritten) where that is given."""
        if onto is None or not self._is_packed:
            out = self._operator(x, self._weight, self._bias, *self._arguments)
            return out if onto is None else onto.add_(out)
        add: tuple = ("add", 1.0, None, [], None)  # fused with the convolution
        return torch.ops.mkldnn._convolution_pointwise_.binary(onto, x, self._weight, self._bias, *self._around, *add)


def upsampling_weight(weight: Tensor) -> Tensor:
    """Weights (in, out, 4, 4) of the transposed convolution equal to upsampling by 2, then weights (out, in, 3, 3).

    They are the sum of four shifted copies.
    """
    shifted = [F.pad(weight, (right, 1 - right, down, 1 - down)) for right in (0, 1) for down in (0, 1)]
    summed = reduce(torch.add, shifted)
    return summed.flip(2, 3).transpose(0, 1)


def _norm_relu(x: Tensor, affine: tuple[Tensor, Tensor]) -> Tensor:
    """``relu(gain x + shift)``, gain and shift one number per channel, (n, c) or (1, c)."""
    n, channels, h, w = x.shape
    if channels * x.element_size() >= VECTOR_BYTES or x.device.type != "cpu":
        gain, shift = (each.view(-1, channels, 1, 1) for each in affine)
        return torch.addcmul(shift, x, gain).relu_()
    rows = x.permute(0, 2, 3, 1).reshape(n, h, w * channels)  # rows of w * channels, to vectorise over
    gain, shift = (each[:, None].expand(-1, w, -1).reshape(-1, 1, w * channels) for each in affine)
    return torch.addcmul(shift, rows, gain).relu_().view(n, h, w, channels).permute(0, 3, 1, 2)
