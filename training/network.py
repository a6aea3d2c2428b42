"""The generator network in training: a BigGAN-deep conditioned on factors in place of noise.

It computes what ``pytorch_pretrained_biggan.BigGAN`` computes, under three exact rewritings that
:mod:`training.library_weights` undoes:

* a linear layer takes the 16 factors P z in place of the 128 numbers of z, so that no weight is spent on unused
  directions of z (P is orthonormal, hence spectral norms agree);
* the running means and variances of the batch norms are parameters, the same for every truncation, so that no
  picture depends on the others in its batch;
* biases that a following batch norm would remove, and the channels of the last convolution that the library throws
  away, are zero.

There is no attention: position -1 means none to the library, and at this size its time is better spent on more steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import factors
from training.operations import doubled, first_half, modulated_relu
from training.textures import RESOLUTION

CLASS_SIZE = 128
"""Numbers in a class vector."""

CONDITION_SIZE = CLASS_SIZE + len(factors.NAMES)
"""Input size of a conditional layer: factors, then class vector."""

FIRST_SIZE = 4
"""Side of the first map in pixels."""

CONFIG: dict[str, Any] = {
    "output_dim": RESOLUTION,
    "z_dim": factors.NOISE_SIZE,
    "class_embed_dim": CLASS_SIZE,
    "channel_width": 32,
    "num_classes": None,
    "layers": [  # doubles the map; channels in and out, in widths
        [True, 16, 16],
        [False, 16, 16],
        [True, 16, 8],
        [False, 8, 8],
        [True, 8, 8],
        [False, 8, 8],
        [False, 8, 8],
        [True, 8, 4],
        [False, 4, 4],
        [True, 4, 2],
        [False, 2, 2],
        [True, 2, 1],
    ],
    "attention_layer_position": -1,
    "eps": 1e-4,
    "n_stats": 51,
}
"""Content of config.json at full resolution; ``num_classes`` is filled in."""

COLOUR_CHANNELS = 8
"""Channels the last convolution computes, three of them in use: GPUs multiply eight faster than three."""


def config(classes: int, resolution: int = RESOLUTION) -> dict[str, Any]:
    """The library's configuration of a network that stops growing at `resolution`."""
    layers, side = [], FIRST_SIZE
    for layer in CONFIG["layers"]:
        side *= 2 if layer[0] else 1
        if side <= resolution:
            layers.append(layer)
    return CONFIG | {"output_dim": resolution, "num_classes": classes, "layers": layers}


class Network(nn.Module):
    """BigGAN-deep generator; parameters have the library's names with ``/`` for ``.``.

    `forward` takes the weights that `normalised` returns.

    Parameters
    ----------
    embeddings : float32 tensor (K, 128)
        Initial class vectors.
    resolution : int
        Side of the pictures. A smaller network is the larger one without its last blocks, with a separate last norm
        and convolution.

    Attributes
    ----------
    matrices : ParameterDict
        Weights that are used divided by their spectral norm.
    vectors : ParameterDict
        Biases, and gains, means and log-variances of the norms.
    """

    def __init__(self, embeddings: Tensor, resolution: int = RESOLUTION):
        super().__init__()
        self.config = config(len(embeddings), resolution)
        self.matrices, self.vectors = nn.ParameterDict(), nn.ParameterDict()
        self.embeddings = nn.Parameter(embeddings.clone())
        width = CONFIG["channel_width"]
        first = FIRST_SIZE**2 * width * self.config["layers"][0][1]
        self._add_matrix("gen_z", first, CONDITION_SIZE)
        self.vectors["gen_z/bias"] = nn.Parameter(torch.zeros(first))
        for i, (_, before, after) in enumerate(self.config["layers"]):
            self._add_block(i, width * before, width * after)
        last = width * self.config["layers"][-1][2]
        self._add_norm("bn", last, conditional=False)
        self._add_matrix("conv_to_rgb", 3, last, 3, 3)
        self.vectors["conv_to_rgb/bias"] = nn.Parameter(torch.zeros(3))

    def _add_matrix(self, name: str, *shape: int) -> None:
        """Add a weight that is used divided by its spectral norm, and its singular vectors."""
        weight = torch.empty(shape)
        nn.init.orthogonal_(weight.view(shape[0], -1))
        self.matrices[name] = nn.Parameter(weight)
        key = name.replace("/", "_")
        self.register_buffer(f"u_{key}", F.normalize(torch.randn(shape[0]), dim=0))
        self.register_buffer(f"v_{key}", F.normalize(torch.randn(weight[0].numel()), dim=0))

    def _add_norm(self, name: str, channels: int, conditional: bool = True) -> None:
        self.vectors[f"{name}/mean"] = nn.Parameter(torch.zeros(channels))
        self.vectors[f"{name}/log_var"] = nn.Parameter(torch.zeros(channels))
        if conditional:
            self._add_matrix(f"{name}/scale", channels, CONDITION_SIZE)
            self._add_matrix(f"{name}/offset", channels, CONDITION_SIZE)
        else:
            self.vectors[f"{name}/weight"] = nn.Parameter(torch.ones(channels))
            self.vectors[f"{name}/bias"] = nn.Parameter(torch.zeros(channels))

    def _add_block(self, number: int, before: int, after: int) -> None:
        name, middle = f"layers/{number}", before // 4
        for i, (into, out, side) in enumerate(
            ((before, middle, 1), (middle, middle, 3), (middle, middle, 3), (middle, after, 1))
        ):
            self._add_norm(f"{name}/bn_{i}", into)
            self._add_matrix(f"{name}/conv_{i}", out, into, side, side)
        self.vectors[f"{name}/conv_3/bias"] = nn.Parameter(torch.zeros(after))

    def singular_vectors(self, name: str) -> tuple[Tensor, Tensor]:
        """First singular vectors of a matrix, left and right, as estimated by the power iteration."""
        key = name.replace("/", "_")
        return self.get_buffer(f"u_{key}"), self.get_buffer(f"v_{key}")

    @torch.no_grad()
    def iterate(self, steps: int = 1) -> None:
        """Advance the power iterations that estimate spectral norms."""
        for name, weight in self.matrices.items():
            u, v = self.singular_vectors(name)
            matrix = weight.view(len(weight), -1)
            for _ in range(steps):
                v.copy_(F.normalize(matrix.T @ u, dim=0))
                u.copy_(F.normalize(matrix @ v, dim=0))

    @torch.no_grad()
    def converge(self) -> None:
        """Make spectral norms exact; trained weights would need hundreds of steps of the power iteration."""
        for name, weight in self.matrices.items():
            for vector, value in zip(self.singular_vectors(name), first_singular_vectors(weight), strict=True):
                vector.copy_(value)

    def normalised(self) -> dict[str, Tensor]:
        """Weights for `forward`, each matrix divided by its spectral norm."""
        weights = {"embeddings": self.embeddings, **dict(self.vectors.items())}
        for name, weight in self.matrices.items():
            u, v = self.singular_vectors(name)
            weights[name] = weight / torch.dot(u, weight.view(len(weight), -1) @ v)
        return weights

    def forward(
        self,
        weights: Mapping[str, Tensor],
        classes: Tensor,
        values: Tensor,
        dtype: torch.dtype = torch.float32,
        watch: Callable[[str, Tensor], None] | None = None,
    ) -> Tensor:
        """Generate pictures in (-1, 1).

        Parameters
        ----------
        weights : dict of tensors
            From `normalised`.
        classes : int64 tensor (n,)
        values : float tensor (n, 16)
            The factors.
        dtype : torch.dtype
            Number format of the maps.
        watch : callable, optional
            Called as ``watch(name, x)`` before every batch norm.

        Returns
        -------
        float32 tensor (n, 3, resolution, resolution)
        """
        condition = torch.cat([values, F.embedding(classes, weights["embeddings"])], dim=1)

        def norm(x: Tensor, name: str) -> Tensor:
            if watch:
                watch(name, x)
            return modulated_relu(x, *_affine(weights, name, condition))

        x = F.linear(condition, weights["gen_z"], weights["gen_z/bias"])
        x = x.to(dtype).view(len(x), FIRST_SIZE, FIRST_SIZE, -1).permute(0, 3, 1, 2)
        for i, (doubles, _, _) in enumerate(self.config["layers"]):
            name, kept = f"layers/{i}", x
            x = _convolution(norm(x, f"{name}/bn_0"), weights[f"{name}/conv_0"])
            x = norm(x, f"{name}/bn_1")
            x = _convolution(doubled(x) if doubles else x, weights[f"{name}/conv_1"])
            x = _convolution(norm(x, f"{name}/bn_2"), weights[f"{name}/conv_2"])
            x = _convolution(norm(x, f"{name}/bn_3"), weights[f"{name}/conv_3"])
            x = x + weights[f"{name}/conv_3/bias"].view(1, -1, 1, 1).to(dtype)
            if kept.shape[1] != x.shape[1]:
                kept = first_half(kept)
            x = x + (doubled(kept) if doubles else kept)
        colours = F.pad(weights["conv_to_rgb"], (0, 0) * 3 + (0, COLOUR_CHANNELS - 3))
        x = _convolution(norm(x, "bn"), colours)[:, :3].float()
        return torch.tanh(x + weights["conv_to_rgb/bias"].view(1, -1, 1, 1))


def first_singular_vectors(weight: Tensor) -> tuple[Tensor, Tensor]:
    """First singular vectors, left and right, of a weight as a matrix with a row per output channel."""
    matrix = weight.flatten(1).double()
    if len(matrix) > matrix.shape[1]:
        v = torch.linalg.eigh(matrix.T @ matrix).eigenvectors[:, -1]
        u = F.normalize(matrix @ v, dim=0)
    else:
        u = torch.linalg.eigh(matrix @ matrix.T).eigenvectors[:, -1]
        v = F.normalize(matrix.T @ u, dim=0)
    return u.float(), v.float()


def _convolution(x: Tensor, weight: Tensor) -> Tensor:
    weight = weight.to(x.dtype).contiguous(memory_format=torch.channels_last)
    return F.conv2d(x, weight, padding=weight.shape[-1] // 2)


def _affine(weights: Mapping[str, Tensor], name: str, condition: Tensor) -> tuple[Tensor, Tensor]:
    """Gain and shift, each (n, c), equivalent to a batch norm."""
    gain = torch.rsqrt(weights[f"{name}/log_var"].exp() + CONFIG["eps"])
    if f"{name}/scale" in weights:
        gain = gain * (1 + F.linear(condition, weights[f"{name}/scale"]))
        bias = F.linear(condition, weights[f"{name}/offset"])
    else:
        gain = (gain * weights[f"{name}/weight"]).expand(len(condition), -1)
        bias = weights[f"{name}/bias"]
    return gain, bias - weights[f"{name}/mean"] * gain
