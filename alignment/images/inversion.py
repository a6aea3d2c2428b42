"""GAN inversion: the class vector and the noise with which a generator draws a given picture most closely."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.errors import InputError, check_whole
from alignment.execution.cpu import threads_for
from alignment.images.checkpoints import find_files
from alignment.images.generator import ImageGenerator
from alignment.images.truncation_and_noise import TRUNCATION_STEPS, draw_noise, nearest_truncation
from alignment.images.weights import load_model
from alignment.progress import Progress, at_step

STEPS, MAX_STEPS = 40, 500
FAR_ERROR = 20  # of 255: the bundled generator's own pictures reach less than 6 in the default search
FIRST_CLASSES, FIRST_NOISES = 4, 4  # of which the start is chosen
COMPARED_PIXELS = 16  # width at which pictures of classes are compared with the picture
PYRAMID_LEVELS = 5
NOISE_RATE, CLASS_RATE = 0.05, 0.03  # of Adam
CLASS_WEIGHT = 0.02  # of the distance from the class that the search begins with


@dataclass(frozen=True)
class Inversion:
    """Result of inverting a picture.

    Attributes
    ----------
    vector : float32 array (d,)
        In class space.
    noise : float32 array (d_noise,)
    picture : uint8 array (pixels, pixels, 3)
        Drawn with both.
    error : float
        Root mean square difference from the target picture, 0 to 255.
    start : int
        Row of the class that the search started from.
    start_error : float
        The error before the search.
    """

    vector: np.ndarray
    noise: np.ndarray
    picture: np.ndarray
    error: float
    start: int
    start_error: float

    def __repr__(self) -> str:
        return f"<Inversion: error {self.error:.1f} of 255, {self.start_error:.1f} before the search>"

    @property
    def notice(self) -> str:
        """Sentence for people where the search found no picture like the target; "" where it did."""
        if self.error <= FAR_ERROR:
            return ""
        return (
            "The generator cannot draw this picture: colours and places come near, the thing does not. The nearest "
            "classes say little about what is in it."
        )

    def to_npz(self, original: np.ndarray) -> bytes:
        """Vector, noise, picture and target picture as a NumPy archive without pickles."""
        content = io.BytesIO()
        np.savez_compressed(content, vector=self.vector, noise=self.noise, picture=self.picture, original=original)
        return content.getvalue()


def invert(
    generator: ImageGenerator,
    target: np.ndarray,
    class_pictures: np.ndarray,
    *,
    truncation: float,
    steps: int = STEPS,
    progress: Progress | None = None,
) -> Inversion:
    """Find the class vector z and the noise n that minimise ``L(G(n, z), target) + w |z - c|² / d`` from a class c.

    L is the L1 distance between Laplacian pyramids. The search starts from the pair with the smallest L, of a few noise
    vectors and the classes whose pictures are most like the target at low resolution. Adam then optimises both; noise
    is clipped to two standard deviations of the truncation. The step with the smallest L is the result.

    Parameters
    ----------
    target : uint8 array (pixels, pixels, 3), or Image of Pillow
    class_pictures : uint8 array (K, w, w, 3)
        Every class as the generator draws it, w >= 16.
    steps : int, 0 to 500
    progress : callable (stage, done, total)
        Called after every step; an exception that it raises ends the work.

    Raises
    ------
    InputError
        For a number of steps out of range, and for a picture of another size or type.

    References
    ----------
    Zhu, Krähenbühl, Shechtman and Efros 2016, Generative Visual Manipulation on the Natural Image Manifold,
    arXiv:1609.03552, and Karras et al. 2020, arXiv:1912.04958, for the search; Bojanowski et al. 2018, Optimizing the
    Latent Space of Generative Networks, arXiv:1707.05776, for the loss; Lipton and Tripathi 2017, arXiv:1702.04782, for
    clipping.
    """
    check_steps(steps)
    target = check_target(generator, target)
    truncation = nearest_truncation(truncation)
    start, noise = _start(generator, target, class_pictures, truncation, progress)
    first = generator.generate(generator.class_embeddings[[start]], truncation=truncation, noise=noise)[0]
    vector, fitted = generator.class_embeddings[start], noise[0]
    if steps:
        vector, fitted = generator.placement.once(
            lambda device: _search(generator, target, start, noise, truncation, steps, device, progress)
        )
    picture = generator.generate(vector[None], truncation=truncation, noise=fitted[None])[0]
    return Inversion(vector, fitted, picture, difference(picture, target), start, difference(first, target))


def check_steps(steps: int) -> None:
    """Raise InputError for a number of steps out of range."""
    check_whole("The number of steps of a search", steps, 0, MAX_STEPS)


def check_target(generator: ImageGenerator, target: Any) -> np.ndarray:
    """A picture as an array; raises InputError for another size or type than the generator's."""
    target, wanted = np.asarray(target), (generator.pixels, generator.pixels, 3)
    if target.shape != wanted or target.dtype != np.uint8:
        shapes = [" x ".join(map(str, shape)) for shape in (wanted, target.shape)]
        raise InputError(f"A picture to search for is uint8 of shape {shapes[0]}; got {target.dtype} of {shapes[1]}.")
    return target


def difference(picture: np.ndarray, other: np.ndarray) -> float:
    """Root mean square difference of two pictures, 0 to 255."""
    return float(np.sqrt(((picture.astype(np.float32) - other) ** 2).mean()))


def _start(generator, target, class_pictures, truncation, progress) -> tuple[int, np.ndarray]:
    """Choose the class row and the noise vector (1, d_noise) whose picture is most like the target."""
    import torch

    wanted = _downsample(target[None])
    errors = ((_downsample(class_pictures) - wanted) ** 2).mean(axis=(1, 2, 3))
    rows = np.argsort(errors, kind="stable")[:FIRST_CLASSES]
    noises = draw_noise(FIRST_NOISES, generator.config.z_dim, truncation=truncation, seed=0)
    goal, best = _as_tensor(target), (np.inf, 0, noises[:1])
    for done, row in enumerate(rows, start=1):
        vectors = np.repeat(generator.class_embeddings[[row]], len(noises), axis=0)
        drawn = generator.forward(vectors, noises, truncation=truncation)
        losses = [float(_distance(torch.from_numpy(one).permute(2, 0, 1)[None], goal)) for one in drawn]
        at = int(np.argmin(losses))
        best = min(best, (losses[at], int(row), noises[[at]]), key=lambda one: one[0])
        if progress:
            progress("Choosing where to begin", done, len(rows))
    return best[1], best[2]


def _search(generator, target, start: int, noise, truncation: float, steps: int, device: str, progress):
    """Run Adam for ``steps`` steps; return the best class vector (d,) and noise (d_noise,)."""
    import torch

    from alignment.images.biggan_gradients import DifferentiableBigGAN

    model = load_model(generator.config, find_files(generator.source)[1])
    network = DifferentiableBigGAN(
        model.to(device, memory_format=torch.channels_last), round(truncation * TRUNCATION_STEPS)
    )
    centre = torch.from_numpy(generator.class_embeddings[[start]]).to(device)
    goal = _as_tensor(target).to(device)
    with threads_for(False), torch.enable_grad():
        vector = centre.clone().requires_grad_()
        noise = torch.from_numpy(noise).to(device).requires_grad_()
        rates = [{"params": [noise], "lr": NOISE_RATE}, {"params": [vector], "lr": CLASS_RATE}]
        optimizer, best = torch.optim.Adam(rates), (float("inf"), vector.detach(), noise.detach())
        for done in range(steps + 1):
            at_step()
            loss = _distance(network(torch.cat([noise, vector], dim=1)), goal)
            if loss.item() < best[0]:
                best = loss.item(), vector.detach().clone(), noise.detach().clone()
            if done == steps:
                break
            optimizer.zero_grad()
            (loss + CLASS_WEIGHT * (vector - centre).square().mean()).backward()
            optimizer.step()
            with torch.no_grad():
                noise.clamp_(-2 * truncation, 2 * truncation)
            if progress:
                progress("Fitting the picture", done + 1, steps)
    return tuple(tensor[0].cpu().numpy() for tensor in best[1:])


def _downsample(pictures: np.ndarray) -> np.ndarray:
    """Scale pictures, uint8 (n, w, w, 3), to a width of :data:`COMPARED_PIXELS`, float32."""
    from PIL import Image

    sides = (COMPARED_PIXELS, COMPARED_PIXELS)
    small = [np.asarray(Image.fromarray(one).resize(sides, Image.Resampling.BOX)) for one in pictures]
    return np.stack(small).astype(np.float32)


def _as_tensor(picture: np.ndarray):
    """Convert a picture, uint8 (h, w, 3), to the generator's output format: float32 tensor (1, 3, h, w), -1 to 1."""
    import torch

    return torch.from_numpy(picture.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None].contiguous()


def _distance(drawn, goal):
    """Mean absolute difference of each level of two Laplacian pyramids, summed: tensor ()."""
    levels = zip(_pyramid(drawn), _pyramid(goal), strict=True)
    return sum((one - other).abs().mean() for one, other in levels)


def _pyramid(pictures) -> Iterator:
    """Yield the levels of a Laplacian pyramid: the detail lost by each halving of the width, then what remains.

    It ends at one pixel, which cannot be halved: a width is a power of two.
    """
    import torch.nn.functional as F

    for _ in range(min(PYRAMID_LEVELS, pictures.shape[-1].bit_length() - 1)):
        half = F.avg_pool2d(pictures, 2)
        yield pictures - F.interpolate(half, scale_factor=2.0)
        pictures = half
    yield pictures
