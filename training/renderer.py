"""Renderer of the training pictures: an object in its scene, varied by the factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training import factors

SHADOW_DARKNESS = 0.5
"""Share of the light that the darkest shadow takes."""

SWITCH_WIDTH = 0.03
"""Half-width, in units of the factor, over which a switch is thrown."""

LAYER_SHIFTS = ((0.03, 0.03), (0.08, 0.05))
"""Sideways and vertical shift of the far and the near layer for a factor of 1, in half pictures."""

VISIBLE_SHARE = 0.8
"""Share of a scene's texture that a picture shows."""

THING_SCALE = 0.80
"""Size of a thing's texture, in sides of the picture."""

ZOOM_CENTRE = 0.25
"""Height of the point on which the camera closes in, in half pictures below the middle."""

SIDE_LIGHT = (0.10, 0.26)
"""How much light from one side brightens that side of the scene and of the thing for a factor of 1."""

SHADOW_SHIFT = 0.07
"""How far light from one side moves the shadow to the other for a factor of 1, in half textures."""

DUSK = (0.42, 0.34, 0.10)
DAWN = (-0.02, 0.08, 0.26)
"""Light of red, green and blue that is taken by an hour late and by an hour early, as exponents; most from the sky."""

Factors = Mapping[str, Tensor]
"""Each factor by name, shape (n, 1, 1), within (-2, 2)."""


@dataclass(frozen=True)
class Looks:
    """Textures of each of K classes, as rows of the texture arrays.

    Attributes
    ----------
    drawings : int array or tensor (K, 3)
        Drawing of each style.
    gains : float array or tensor (K, 3, 3)
        Factors of red, green and blue of each style's drawing.
    scenes : int array or tensor (K,)
    shadows : float array or tensor (K,)
        Strength of the thing's shadow on the ground.
    """

    drawings: np.ndarray | Tensor
    gains: np.ndarray | Tensor
    scenes: np.ndarray | Tensor
    shadows: np.ndarray | Tensor

    def on(self, device: torch.device | str) -> Looks:
        """Convert to tensors on a device."""
        return Looks(
            drawings=torch.as_tensor(self.drawings, dtype=torch.long, device=device),
            gains=torch.as_tensor(self.gains, dtype=torch.float32, device=device),
            scenes=torch.as_tensor(self.scenes, dtype=torch.long, device=device),
            shadows=torch.as_tensor(self.shadows, dtype=torch.float32, device=device),
        )


class Renderer:
    """Renderer from (class, factors) to pictures, smooth in the factors.

    Pictures are as wide as the textures of the drawings, `s`.

    Parameters
    ----------
    drawings : uint8 array or tensor (D, 5, s, s)
        Premultiplied RGBA, and the shadow.
    scenes : uint8 array or tensor (S, 2, 2, 4, t, t)
        Two versions of each scene, each a far and a near layer of premultiplied RGBA.
    looks : Looks
        Textures of the classes.
    device : torch.device or str
        Of the textures and pictures.
    """

    def __init__(
        self,
        drawings: np.ndarray | Tensor,
        scenes: np.ndarray | Tensor,
        looks: Looks,
        device: torch.device | str = "cpu",
    ):
        self.drawings = torch.as_tensor(drawings).to(device)
        self.scenes = torch.as_tensor(scenes).to(device)
        self.looks = looks.on(device)
        axis = (torch.arange(self.resolution, device=device) + 0.5) / self.resolution * 2 - 1
        self._y, self._x = torch.meshgrid(axis, axis, indexing="ij")
        self._warm, self._dusk, self._dawn = (
            torch.tensor(gains, device=device).view(1, 3, 1, 1) for gains in ((1.0, 0.2, -1.2), DUSK, DAWN)
        )

    def __len__(self) -> int:
        return len(self.looks.scenes)

    @property
    def resolution(self) -> int:
        """Side of the pictures in pixels."""
        return self.drawings.shape[-1]

    @property
    def device(self) -> torch.device:
        return self.drawings.device

    def reduced(self, resolution: int) -> Renderer:
        """A renderer of the same pictures, `resolution` wide."""
        times = self.resolution // resolution
        return Renderer(_averaged(self.drawings, times), _averaged(self.scenes, times), self.looks, self.device)

    def draw(self, classes: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Render pictures in [-1, 1] and masks of the objects in [0, 1].

        Parameters
        ----------
        classes : int64 tensor (n,)
        values : float tensor (n, 16)
            The factors, in the order of :data:`training.factors.NAMES`.

        Returns
        -------
        float32 tensors (n, 3, s, s) and (n, 1, s, s)
        """
        limited = factors.limited(values)
        f = {name: limited[:, i].view(-1, 1, 1) for i, name in enumerate(factors.NAMES)}
        zoom = torch.exp(0.10 * f["distance"])
        x, y = self._x * zoom, ZOOM_CENTRE + (self._y - ZOOM_CENTRE) * zoom
        thing, shadow = self._thing(classes, x, y, f)
        shadow = shadow * self.looks.shadows[classes].view(-1, 1, 1, 1)
        ground = self._ground(self.looks.scenes[classes], x, y, f) * (1 - SHADOW_DARKNESS * shadow)
        picture = thing[:, :3] + ground * (1 - thing[:, 3:])
        return (picture * self._light(f) * 2 - 1).clamp(-1, 1), thing[:, 3:]

    def _light(self, f: Factors) -> Tensor:
        """Factors of a picture's colours by brightness, warmth and time of day, (n, 3, s, s)."""
        warmth, light, hours = (f[name].unsqueeze(1) for name in ("warmth", "brightness", "daytime"))
        late, early = _beyond_zero(hours), _beyond_zero(-hours)
        height = 1 - 0.35 * self._y
        return torch.exp(0.13 * light + 0.05 * warmth * self._warm - height * (late * self._dusk + early * self._dawn))

    def _ground(self, scenes: Tensor, x: Tensor, y: Tensor, f: Factors) -> Tensor:
        """The scene, (n, 3, s, s): far and near layer, panned and tilted, paler with more haze."""
        second = _switched(f["background"], factors.SWITCHES["background"]).unsqueeze(1)
        layers = []
        for layer, (sideways, vertical) in enumerate(LAYER_SHIFTS):
            u, v = VISIBLE_SHARE * x + sideways * f["pan"], VISIBLE_SHARE * y + vertical * f["horizon"]
            first, other = (self.scenes[:, version, layer][scenes].float() / 255 for version in (0, 1))
            plane = first.lerp(other, second)
            layers.append(F.grid_sample(plane, torch.stack([u, v], -1), padding_mode="border", align_corners=False))
        far, near = layers
        ground = near[:, :3] + far[:, :3] * (1 - near[:, 3:])
        mean = ground.mean(dim=(2, 3), keepdim=True)
        ground = mean + (ground - mean) * (0.9 - 0.12 * f["haze"].unsqueeze(1))
        return ground * torch.exp(SIDE_LIGHT[0] * f["light"] * self._x).unsqueeze(1)

    def _thing(self, classes: Tensor, x: Tensor, y: Tensor, f: Factors) -> tuple[Tensor, Tensor]:
        """The object's RGBA (n, 4, s, s) and shadow (n, 1, s, s): moved, turned in depth, tilted, lit from a side."""
        mirror = _switched(f["mirror"], factors.SWITCHES["mirror"]).unsqueeze(1)
        plane = self._styled(classes, f["style"])
        plane = plane.lerp(plane.flip(-1), mirror)
        tilt, turn = 0.12 * f["tilt"], 0.30 * f["turn"]
        x, y = x - 0.09 * f["left_right"], y - 0.06 - 0.06 * f["up_down"]
        scale = THING_SCALE * torch.exp(0.10 * f["size"])
        u = (x * torch.cos(tilt) + y * torch.sin(tilt)) / scale
        v = (y * torch.cos(tilt) - x * torch.sin(tilt)) / scale
        depth = 1 + 0.35 * torch.sin(turn) * u
        u, v = u * depth / torch.cos(turn), v * depth
        thing = F.grid_sample(plane[:, :4], torch.stack([u, v], -1), padding_mode="zeros", align_corners=False)
        cast = torch.stack([u + SHADOW_SHIFT * f["light"], v], -1)
        shadow = F.grid_sample(plane[:, 4:], cast, padding_mode="zeros", align_corners=False)
        lit = thing[:, :3] * torch.exp(SIDE_LIGHT[1] * f["light"] * u.clamp(-1, 1)).unsqueeze(1)
        return torch.cat([torch.minimum(lit, thing[:, 3:]), thing[:, 3:]], dim=1), shadow

    def _styled(self, classes: Tensor, style: Tensor) -> Tensor:
        """Textures (n, 5, s, s) of the classes: the first drawing, blended into the second or third by the switch."""
        away = torch.where(style.flatten() > 0, 1, 2)
        first, other = (self._texture(classes, styles) for styles in (torch.zeros_like(away), away))
        return first.lerp(other, _switched(style.abs(), factors.SWITCHES["style"]).unsqueeze(1))

    def _texture(self, classes: Tensor, styles: Tensor) -> Tensor:
        """Textures (n, 5, s, s) of the classes in these styles, with the styles' colour gains."""
        plane = self.drawings[self.looks.drawings[classes, styles]].float() / 255
        rgb = plane[:, :3] * self.looks.gains[classes, styles].view(-1, 3, 1, 1)
        return torch.cat([torch.minimum(rgb, plane[:, 3:4]), plane[:, 3:]], dim=1)


def _switched(value: Tensor, at: float) -> Tensor:
    """Smooth state of a switch at the value `at`, from 0 to 1."""
    return torch.sigmoid((value - at) / SWITCH_WIDTH)


def _beyond_zero(value: Tensor) -> Tensor:
    """Smooth ramp: near value - 0.25 well above zero, -0.25 well below, 0 at 0."""
    return (torch.sqrt(value**2 + 0.25) + value - 0.5) / 2


def _averaged(planes: Tensor, times: int) -> Tensor:
    """uint8 textures (..., c, h, w) with `times` x `times` pixels averaged into one, a few at a time."""
    flat = planes.flatten(0, -4)
    parts = [F.avg_pool2d(part.float(), times).round().byte() for part in flat.split(64)]
    return torch.cat(parts).view(*planes.shape[:-2], *parts[0].shape[-2:])
