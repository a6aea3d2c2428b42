"""The pictures the generator learns: a thing in its scene, seen as the factors say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training import factors

SHADOW_DARKNESS = 0.5
"""Share of the light that the darkest shadow takes."""

SWITCH_WIDTH = 0.03
"""Half-width, in units of the factor, over which mirror image and second style take over."""

LAYER_SHIFTS = ((0.03, 0.03), (0.08, 0.05))
"""Sideways and vertical shift of the far and the near layer for a factor of 1, in half pictures."""

VISIBLE_SHARE = 0.8
"""Share of a scene's texture that a picture shows."""

THING_SCALE = 0.80
"""Size of a thing's texture, in sides of the picture."""

Factors = Mapping[str, Tensor]
"""Each factor by name, shape (n, 1, 1), within (-2, 2)."""


class Renderer:
    """Renders (class, factors) as pictures, smoothly in the factors.

    Pictures are as wide as the textures of the drawings, `s`.

    Parameters
    ----------
    drawings : uint8 array or tensor (K, 2, 5, s, s)
        Two drawing styles per class, premultiplied RGBA and shadow.
    scenes : uint8 array or tensor (S, 2, 4, t, t)
        Far and near layer of each scene, premultiplied RGBA.
    scene_of : int array or tensor (K,)
        Row of `scenes` for each class.
    device : torch.device or str
        Where the textures lie and pictures are drawn.
    """

    def __init__(
        self,
        drawings: np.ndarray | Tensor,
        scenes: np.ndarray | Tensor,
        scene_of: np.ndarray | Tensor,
        device: torch.device | str = "cpu",
    ):
        self.drawings = torch.as_tensor(drawings).to(device)
        self.scenes = torch.as_tensor(scenes).to(device)
        self.scene_of = torch.as_tensor(scene_of, dtype=torch.long).to(device)
        axis = (torch.arange(self.resolution, device=device) + 0.5) / self.resolution * 2 - 1
        self._y, self._x = torch.meshgrid(axis, axis, indexing="ij")
        self._warm = torch.tensor([1.0, 0.2, -1.2], device=device).view(1, 3, 1, 1)

    def __len__(self) -> int:
        return len(self.drawings)

    @property
    def resolution(self) -> int:
        """Side of the pictures in pixels."""
        return self.drawings.shape[-1]

    @property
    def device(self) -> torch.device:
        return self.drawings.device

    def reduced(self, resolution: int) -> Renderer:
        """The renderer of the same pictures, `resolution` wide."""
        times = self.resolution // resolution
        return Renderer(_averaged(self.drawings, times), _averaged(self.scenes, times), self.scene_of, self.device)

    def draw(self, classes: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures in [-1, 1] and masks of the things in [0, 1].

        Parameters
        ----------
        classes : int64 tensor (n,)
        values : float tensor (n, 12)
            The factors, in the order of :data:`training.factors.NAMES`.

        Returns
        -------
        float32 tensors (n, 3, s, s) and (n, 1, s, s)
        """
        limited = 2 * torch.tanh(values / 2)
        f = {name: limited[:, i].view(-1, 1, 1) for i, name in enumerate(factors.NAMES)}
        thing = self._thing(classes, f)  # (n, 5, s, s)
        ground = self._ground(self.scene_of[classes], f) * (1 - SHADOW_DARKNESS * thing[:, 4:])
        picture = thing[:, :3] + ground * (1 - thing[:, 3:4])
        warmth, light = f["warmth"].unsqueeze(1), f["brightness"].unsqueeze(1)
        picture = picture * torch.exp(0.13 * light + 0.05 * warmth * self._warm)
        return (picture * 2 - 1).clamp(-1, 1), thing[:, 3:4]

    def _ground(self, scenes: Tensor, f: Factors) -> Tensor:
        """The scene, (n, 3, s, s): far and near layer, panned and tilted, paler with more haze."""
        layers = []
        for layer, (sideways, vertical) in enumerate(LAYER_SHIFTS):
            x = VISIBLE_SHARE * self._x + sideways * f["pan"]
            y = VISIBLE_SHARE * self._y + vertical * f["horizon"]
            grid = torch.stack([x, y.expand_as(x)], dim=-1)
            plane = self.scenes[:, layer][scenes].float() / 255
            layers.append(F.grid_sample(plane, grid, padding_mode="border", align_corners=False))
        far, near = layers
        ground = near[:, :3] + far[:, :3] * (1 - near[:, 3:])
        mean = ground.mean(dim=(2, 3), keepdim=True)
        return mean + (ground - mean) * (0.9 - 0.12 * f["haze"].unsqueeze(1))

    def _thing(self, classes: Tensor, f: Factors) -> Tensor:
        """The thing's RGBA and shadow, (n, 5, s, s), moved, turned in depth and tilted."""
        style = torch.sigmoid((f["style"] - factors.STYLE_AT) / SWITCH_WIDTH).view(-1, 1, 1, 1)
        mirror = torch.sigmoid((f["mirror"] - factors.MIRROR_AT) / SWITCH_WIDTH).view(-1, 1, 1, 1)
        plane = self.drawings[classes].float() / 255
        plane = plane[:, 0] * (1 - style) + plane[:, 1] * style
        plane = plane * (1 - mirror) + plane.flip(-1) * mirror
        tilt, turn = 0.12 * f["tilt"], 0.30 * f["turn"]
        x = self._x - 0.09 * f["left_right"]
        y = self._y - 0.06 - 0.06 * f["up_down"]
        scale = THING_SCALE * torch.exp(0.10 * f["size"])
        u = (x * torch.cos(tilt) + y * torch.sin(tilt)) / scale
        v = (y * torch.cos(tilt) - x * torch.sin(tilt)) / scale
        depth = 1 + 0.35 * torch.sin(turn) * u
        grid = torch.stack([u * depth / torch.cos(turn), v * depth], dim=-1)
        return F.grid_sample(plane, grid, padding_mode="zeros", align_corners=False)


def _averaged(planes: Tensor, times: int) -> Tensor:
    """uint8 textures (a, b, c, h, w) with `times` x `times` pixels averaged into one, a few at a time."""
    parts = [F.avg_pool2d(part.float(), times).round().byte() for part in planes.flatten(0, 1).split(64)]
    return torch.cat(parts).view(*planes.shape[:2], *parts[0].shape[1:])
