"""The generator while it learns: BigGAN-deep without what the factors make needless.

It computes what ``pytorch_pretrained_biggan.BigGAN`` computes, under three
exact rewritings that ``training.export`` undoes:

* a linear layer sees the 12 factors P z in place of the 128 numbers of z, so no
  weight is spent on directions of z that mean nothing (P is orthonormal, hence
  spectral norms agree);
* the running means and variances of the batch norms are parameters, the same
  for every truncation, so that no picture depends on the others in its batch;
* biases that a following batch norm would remove, and the channels of the last
  convolution that the library throws away, are zero.

There is no attention: position -1 means none to the library, and at this size
its time is better spent on more steps.
"""

import torch
import torch.nn.functional as F
from torch import nn

from training import factors

CLASS_DIM = 128
RESOLUTION = 128
"""Side of the shipped pictures in pixels."""

CONFIG = {
    "output_dim": RESOLUTION,
    "z_dim": 128,
    "class_embed_dim": 128,
    "channel_width": 32,
    "num_classes": None,
    "layers": [
        [True, 16, 8],
        [False, 8, 8],
        [True, 8, 4],
        [False, 4, 4],
        [True, 4, 2],
        [False, 2, 2],
        [True, 2, 1],
        [True, 1, 1],
    ],
    "attention_layer_position": -1,
    "eps": 1e-4,
    "n_stats": 51,
}
"""What config.json will say at full resolution; ``num_classes`` is filled in."""


def config(classes, resolution=RESOLUTION):
    """Return what the library needs to know of a network that stops growing at `resolution`."""
    sides = [4 * 2 ** sum(up for up, _, _ in CONFIG["layers"][: i + 1]) for i in range(len(CONFIG["layers"]))]
    layers = [layer for layer, side in zip(CONFIG["layers"], sides, strict=True) if side <= resolution]
    return CONFIG | {"output_dim": resolution, "num_classes": classes, "layers": layers}


class _Modulate(torch.autograd.Function):
    """relu(x * gain + shift) for x (n, c, h, w) and gain, shift (n, c), keeping one array for the way back."""

    @staticmethod
    def forward(ctx, x, gain, shift):
        y = torch.addcmul(shift[..., None, None], x, gain[..., None, None]).relu_()
        ctx.save_for_backward(x, gain, y)
        return y

    @staticmethod
    def backward(ctx, grad):
        x, gain, y = ctx.saved_tensors
        grad = torch.ops.aten.threshold_backward(grad, y, 0)
        return grad * gain[..., None, None], (grad * x).sum(dim=(2, 3)), grad.sum(dim=(2, 3))


class _FirstHalf(torch.autograd.Function):
    """The first half of the channels; its gradient keeps the memory layout."""

    @staticmethod
    def forward(ctx, x):
        return x[:, : x.shape[1] // 2]

    @staticmethod
    def backward(ctx, grad):
        whole = torch.cat([grad, torch.zeros_like(grad)], dim=1)
        return whole.contiguous(memory_format=torch.channels_last)


class Network(nn.Module):
    """Parameters by the names the library gives them; `normalised` makes them usable.

    Parameters
    ----------
    embeddings : Tensor of shape (K, 128)
        First class vectors.
    resolution : int
        Side of the pictures, 64 or 128. The smaller network is the larger one without its last block.
    """

    def __init__(self, embeddings, resolution=RESOLUTION):
        super().__init__()
        self.config = config(len(embeddings), resolution)
        self.matrices, self.vectors = nn.ParameterDict(), nn.ParameterDict()
        self.embeddings = nn.Parameter(embeddings.clone())
        width = CONFIG["channel_width"]
        self._matrix("gen_z", 16 * 16 * width, CLASS_DIM + len(factors.NAMES))
        self.vectors["gen_z/bias"] = nn.Parameter(torch.zeros(16 * 16 * width))
        for i, (_, before, after) in enumerate(self.config["layers"]):
            self._block(i, width * before, width * after)
        self._norm("bn", width, conditional=False)
        self._matrix("conv_to_rgb", 3, width, 3, 3)
        self.vectors["conv_to_rgb/bias"] = nn.Parameter(torch.zeros(3))

    def _matrix(self, name, *shape):
        """Add a weight that is used divided by its spectral norm, and its singular vectors."""
        weight = torch.empty(shape)
        nn.init.orthogonal_(weight.view(shape[0], -1))
        self.matrices[name.replace(".", "/")] = nn.Parameter(weight)
        key = name.replace(".", "_")
        self.register_buffer(f"u_{key}", F.normalize(torch.randn(shape[0]), dim=0))
        self.register_buffer(f"v_{key}", F.normalize(torch.randn(weight[0].numel()), dim=0))

    def _norm(self, name, channels, conditional=True):
        key = name.replace(".", "/")
        self.vectors[f"{key}/mean"] = nn.Parameter(torch.zeros(channels))
        self.vectors[f"{key}/log_var"] = nn.Parameter(torch.zeros(channels))
        if conditional:
            self._matrix(f"{name}.scale", channels, CLASS_DIM + len(factors.NAMES))
            self._matrix(f"{name}.offset", channels, CLASS_DIM + len(factors.NAMES))
        else:
            self.vectors[f"{key}/weight"] = nn.Parameter(torch.ones(channels))
            self.vectors[f"{key}/bias"] = nn.Parameter(torch.zeros(channels))

    def _block(self, number, before, after):
        name, middle = f"layers.{number}", before // 4
        for i, (into, out, side) in enumerate(
            ((before, middle, 1), (middle, middle, 3), (middle, middle, 3), (middle, after, 1))
        ):
            self._norm(f"{name}.bn_{i}", into)
            self._matrix(f"{name}.conv_{i}", out, into, side, side)
        self.vectors[f"layers/{number}/conv_3/bias"] = nn.Parameter(torch.zeros(after))

    @torch.no_grad()
    def iterate(self, steps=1):
        """Advance the power iterations by which spectral norms are known."""
        for name, weight in self.matrices.items():
            key = name.replace("/", "_")
            u, v = getattr(self, f"u_{key}"), getattr(self, f"v_{key}")
            matrix = weight.view(len(weight), -1)
            for _ in range(steps):
                v.copy_(F.normalize(matrix.T @ u, dim=0))
                u.copy_(F.normalize(matrix @ v, dim=0))

    def normalised(self):
        """Return every weight ready for `forward`, each matrix divided by its spectral norm."""
        ready = {"embeddings": self.embeddings, **{name: value for name, value in self.vectors.items()}}
        for name, weight in self.matrices.items():
            key = name.replace("/", "_")
            matrix = weight.view(len(weight), -1)
            sigma = torch.dot(getattr(self, f"u_{key}"), matrix @ getattr(self, f"v_{key}"))
            ready[name] = weight / sigma
        return ready

    def forward(self, ready, classes, values, dtype=torch.float32, watch=None):
        """Return pictures in (-1, 1).

        Parameters
        ----------
        ready : dict
            From `normalised`.
        classes : LongTensor of shape (n,)
        values : Tensor of shape (n, 12)
            The factors.
        dtype : torch.dtype
            Number format of the convolutions.
        watch : callable, optional
            Called as ``watch(name, x)`` before every batch norm.

        Returns
        -------
        Tensor of shape (n, 3, resolution, resolution)
        """
        condition = torch.cat([values, ready["embeddings"][classes]], dim=1)

        def norm(x, name):
            if watch:
                watch(name, x)
            gain, shift = self._affine(ready, name, condition)
            return _Modulate.apply(x, gain.to(dtype), shift.to(dtype))

        def conv(x, name):
            weight = ready[name].to(dtype)
            return F.conv2d(x, weight, padding=weight.shape[-1] // 2)

        x = F.linear(condition, ready["gen_z"], ready["gen_z/bias"])
        x = x.view(len(x), 4, 4, -1).permute(0, 3, 1, 2).to(dtype)
        for i, (up, _, _) in enumerate(self.config["layers"]):
            name, kept = f"layers/{i}", x
            x = conv(norm(x, f"{name}/bn_0"), f"{name}/conv_0")
            x = norm(x, f"{name}/bn_1")
            x = conv(F.interpolate(x, scale_factor=2) if up else x, f"{name}/conv_1")
            x = conv(norm(x, f"{name}/bn_2"), f"{name}/conv_2")
            x = conv(norm(x, f"{name}/bn_3"), f"{name}/conv_3")
            x = x + ready[f"{name}/conv_3/bias"].view(1, -1, 1, 1).to(dtype)
            if kept.shape[1] != x.shape[1]:
                kept = _FirstHalf.apply(kept)
            x = x + (F.interpolate(kept, scale_factor=2) if up else kept)
        x = conv(norm(x, "bn"), "conv_to_rgb").float()
        return torch.tanh(x + ready["conv_to_rgb/bias"].view(1, -1, 1, 1))

    @staticmethod
    def _affine(ready, name, condition):
        """Return the gain and shift, each (n, c), that a batch norm amounts to."""
        gain = torch.rsqrt(ready[f"{name}/log_var"].exp() + CONFIG["eps"])
        if f"{name}/scale" in ready:
            gain = gain * (1 + F.linear(condition, ready[f"{name}/scale"]))
            bias = F.linear(condition, ready[f"{name}/offset"])
        else:
            gain = (gain * ready[f"{name}/weight"]).expand(len(condition), -1)
            bias = ready[f"{name}/bias"]
        return gain, bias - ready[f"{name}/mean"] * gain
