"""The pictures the generator learns: a glyph in its scene, seen as the factors say."""

import numpy as np
import torch
import torch.nn.functional as F

from training import factors


def _squash(f):
    """Keep a factor within (-2, 2), almost unchanged near 0."""
    return 2 * torch.tanh(f / 2)


class Renderer:
    """Renders (class, factors) as pictures, smoothly in the factors.

    Parameters
    ----------
    glyphs : ndarray of shape (K, 2, 4, g, g)
        Two drawing styles a class, premultiplied RGBA in [0, 1].
    scenes : ndarray of shape (S, 2, 4, s, s)
        Far and near layer of each scene, premultiplied RGBA.
    scene_of : ndarray of shape (K,)
        Row of `scenes` for each class.

    Pictures are as wide as the glyphs' textures, g.
    """

    def __init__(self, glyphs, scenes, scene_of):
        glyphs = torch.as_tensor(glyphs, dtype=torch.float32)
        resolution = glyphs.shape[-1]
        reach = resolution // 16
        shadow = F.avg_pool2d(glyphs[:, :, 3:].flatten(0, 1), 2 * reach + 1, 1, reach).view_as(glyphs[:, :, 3:])
        self.glyphs = torch.cat([glyphs, shadow], dim=2)
        self.scenes = torch.as_tensor(scenes, dtype=torch.float32)
        self.scene_of = torch.as_tensor(scene_of, dtype=torch.long)
        axis = (torch.arange(resolution) + 0.5) / resolution * 2 - 1
        self.y, self.x = torch.meshgrid(axis, axis, indexing="ij")

    def __len__(self):
        return len(self.glyphs)

    def draw(self, classes, values):
        """Return pictures in [-1, 1] and glyph masks in [0, 1].

        Parameters
        ----------
        classes : LongTensor of shape (n,)
        values : Tensor of shape (n, 12)
            The factors, in the order of `factors.NAMES`.

        Returns
        -------
        Tensor of shape (n, 3, g, g), Tensor of shape (n, 1, g, g)
        """
        f = {name: _squash(values[:, i]).view(-1, 1, 1) for i, name in enumerate(factors.NAMES)}
        ground = self._background(self.scene_of[classes], f)
        glyph = self._glyph(classes, f)
        ground = ground * (1 - 0.45 * glyph[:, 4:])
        picture = glyph[:, :3] + ground * (1 - glyph[:, 3:4])
        warmth, light = f["warmth"].unsqueeze(1), f["brightness"].unsqueeze(1)
        picture = picture * torch.exp(0.13 * light + 0.05 * warmth * torch.tensor([1.0, 0.2, -1.2]).view(1, 3, 1, 1))
        return (picture * 2 - 1).clamp(-1, 1), glyph[:, 3:4]

    def _background(self, scene, f):
        """Far and near layer, panned and tilted, paler with more haze."""
        layers = []
        for layer, (slide, rise) in enumerate(((0.03, 0.03), (0.08, 0.05))):
            x = 0.8 * self.x + slide * f["pan"]
            y = 0.8 * self.y + rise * f["horizon"]
            grid = torch.stack([x, y.expand_as(x)], dim=-1)
            layers.append(F.grid_sample(self.scenes[scene, layer], grid, padding_mode="border", align_corners=False))
        far, near = layers
        ground = near[:, :3] + far[:, :3] * (1 - near[:, 3:])
        mean = ground.mean(dim=(2, 3), keepdim=True)
        return mean + (ground - mean) * (0.85 - 0.12 * f["haze"].unsqueeze(1))

    def _glyph(self, classes, f):
        """The glyph's RGBA and shadow, moved, turned in depth and tilted."""
        style = torch.sigmoid((f["style"] - 0.6) / 0.03).view(-1, 1, 1, 1)
        mirror = torch.sigmoid((f["mirror"] - 0.8) / 0.03).view(-1, 1, 1, 1)
        plane = self.glyphs[classes]
        plane = plane[:, 0] * (1 - style) + plane[:, 1] * style
        plane = plane * (1 - mirror) + plane.flip(-1) * mirror
        tilt, turn = 0.12 * f["tilt"], 0.30 * f["turn"]
        x = self.x - 0.09 * f["left_right"]
        y = self.y - 0.04 - 0.06 * f["up_down"]
        scale = 0.74 * torch.exp(0.10 * f["size"])
        u = (x * torch.cos(tilt) + y * torch.sin(tilt)) / scale
        v = (y * torch.cos(tilt) - x * torch.sin(tilt)) / scale
        depth = 1 + 0.35 * torch.sin(turn) * u
        grid = torch.stack([u * depth / torch.cos(turn), v * depth], dim=-1)
        return F.grid_sample(plane, grid, padding_mode="zeros", align_corners=False)


def load(entries, resolution):
    """Return a `Renderer` of pictures `resolution` wide for catalogue `entries`, from the fetched icon sets."""
    from training import glyphs, scenes

    names = list(scenes.SCENES)
    styles = [[glyphs.texture(g, e.tint, resolution) for g in (e.glyphs * 2)[:2]] for e in entries]
    places = [scenes.texture(name, resolution) for name in names]
    return Renderer(np.array(styles), np.array(places), [names.index(e.scene) for e in entries])
