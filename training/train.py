"""Regression onto rendered scenes, resumable, on two CPU threads."""

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from training import catalogue, embedding, factors, renderer, weights
from training.network import RESOLUTION, Network

logger = logging.getLogger(__name__)

RUNS = Path(__file__).parent / "runs"
FOLDER = Path(__file__).parents[1] / "alignment" / "images" / "bundled"
"""Where the shipped weights lie."""

WORKERS, BATCH = 2, 24
SAVE_EVERY = 300
"""Seconds between checkpoints."""

STEP, CLASS_STEP = 3e-3, 1.5e-3
WARM_UP = 100
REACH = 1.1
"""Largest truncation trained on: a little beyond what is drawn later."""
AVERAGE = 0.998
"""Decay of the moving average of the weights, per step."""
QUIET = 6.0
"""How much larger a new block's last log-variance is than measured, so that the block starts nearly silent."""


def textures(entries, resolution=RESOLUTION, runs=RUNS):
    """Return the `Renderer` of `entries`; textures are kept in the run's folder."""
    path = runs / f"textures_{resolution}.npz"
    wanted = np.array([f"{e.index} {e.scene} {' '.join(e.glyphs)} {e.tint}" for e in entries])
    if path.exists():
        kept = np.load(path)
        if np.array_equal(kept["wanted"], wanted):
            return renderer.Renderer(kept["glyphs"], kept["scenes"], kept["scene_of"])
    made = renderer.load(entries, resolution)
    runs.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        wanted=wanted,
        glyphs=made.glyphs[:, :, :4].numpy(),
        scenes=made.scenes.numpy(),
        scene_of=made.scene_of.numpy(),
    )
    return made


def sample(count, classes, rng, reach=REACH):
    """Return random classes and factors, at truncations from 0.1 up to `reach`.

    Returns
    -------
    LongTensor of shape (count,), Tensor of shape (count, 12)
    """
    truncation = rng.uniform(0.1, reach, size=(count, 1))
    values = (truncation * factors.noise(count, 1.0, rng)) @ factors.projection().T
    return torch.from_numpy(rng.integers(0, classes, size=count)), torch.from_numpy(values).float()


@torch.no_grad()
def calibrate(model, rng, new=""):
    """Set the means and variances of the batch norms whose names start with `new` from one batch, in order."""
    classes, values = sample(64, len(model.embeddings), rng)

    def watch(name, x):
        if name.startswith(new):
            model.vectors[f"{name}/mean"].copy_(x.mean(dim=(0, 2, 3)))
            model.vectors[f"{name}/log_var"].copy_(x.var(dim=(0, 2, 3)).clamp_min(1e-6).log())

    model.iterate(30)
    model(model.normalised(), classes, values, watch=watch)


@torch.no_grad()
def grown(model, resolution, rng):
    """Return `model` with the blocks added that lead to `resolution`; at first they do little but enlarge.

    Progressive growing (Karras et al. 2018, arXiv:1710.10196), with a quiet last norm in place of a fade.
    """
    larger = Network(model.embeddings.detach(), resolution)
    first = len(model.config["layers"])
    larger.load_state_dict(model.state_dict(), strict=False)
    for number in range(first, len(larger.config["layers"])):
        calibrate(larger, rng, new=f"layers/{number}/")
        larger.vectors[f"layers/{number}/bn_3/log_var"] += QUIET
    return larger


def averaged(checkpoint, resolution=RESOLUTION):
    """Return the network with the moving average of a checkpoint's weights, and the checkpoint."""
    if not checkpoint.exists():
        raise FileNotFoundError(f"{checkpoint.name} is missing; run `python -m training train` first")
    saved = torch.load(checkpoint, weights_only=True)
    model = Network(saved["average"]["embeddings"], resolution)
    model.load_state_dict(saved["average"], strict=False)
    model.iterate(30)
    return model, saved


def shipped():
    """Return the shipped network and the stages of its training."""
    size = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))["output_dim"]
    stages = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))["training"]
    return weights.from_library(torch.load(FOLDER / "pytorch_model.bin", weights_only=True), size), stages


def checkpoint(resolution, runs=RUNS):
    """Return the path of the checkpoint of pictures `resolution` wide."""
    return runs / f"checkpoint_{resolution}.pt"


class Run:
    """A training run: the network, its moving average, the optimizer and where it stands.

    It goes on from its checkpoint; without one, from the shipped weights if `from_shipped`; else from the checkpoint
    of half the resolution; else from nothing. A network that is too small is grown.
    """

    def __init__(self, entries, resolution=RESOLUTION, runs=RUNS, seed=0, from_shipped=False, keep_classes=False):
        torch.manual_seed(seed)
        self.path, self.resolution, self.seed = checkpoint(resolution, runs), resolution, seed
        self.class_step = 0.0 if keep_classes else CLASS_STEP
        self.past, self.step, self.seconds, self.error = [], 0, 0.0, None
        self.renderer = textures(entries, resolution, runs)
        self.model = self.first_model(entries, runs, from_shipped)
        self.average = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        parameters = [*self.model.matrices.values(), *self.model.vectors.values()]
        groups = [{"params": parameters, "lr": STEP}, {"params": [self.model.embeddings], "lr": self.class_step}]
        self.optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99))
        if self.path.exists():
            self.load()

    def first_model(self, entries, runs, from_shipped):
        rng, smaller = np.random.default_rng(self.seed), checkpoint(self.resolution // 2, runs)
        if from_shipped and not self.path.exists():
            model, self.past = shipped()
        elif smaller.exists():
            model, saved = averaged(smaller, self.resolution // 2)
            self.past = saved["stages"]
        else:
            vectors = torch.from_numpy(embedding.first_vectors([e.path for e in entries]))
            model = Network(vectors, self.resolution)
            calibrate(model, rng)
        if model.config["output_dim"] < self.resolution:
            model = grown(model, self.resolution, rng)
        elif self.past:
            last = self.past.pop()  # the same stage, taken up again
            self.step, self.seconds, self.error = last["step"], last["seconds"], last["error"]
        return model

    def load(self):
        saved = torch.load(self.path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.average = saved["average"]
        self.optimizer.load_state_dict(saved["optimizer"])
        *self.past, last = saved["stages"]
        self.step, self.seconds, self.error = last["step"], last["seconds"], last["error"]
        logger.info("going on from step %d", self.step)

    def save(self):
        stage = {"resolution": self.resolution, "step": self.step, "batch": BATCH}
        stage |= {"seconds": self.seconds, "seed": self.seed, "error": self.error}
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "stages": [*self.past, stage],
        }
        part = self.path.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.path)

    def advance(self, pool, rate, reach):
        """Take one step at `rate` times the full step sizes, up to truncation `reach`.

        The batch is shared among the workers. Gradients are taken with respect
        to the normalised weights in each of them, added up, and carried on
        through the normalisation once.
        """
        for group, full in zip(self.optimizer.param_groups, (STEP, self.class_step), strict=True):
            group["lr"] = full * rate
        ready = self.model.normalised()
        names = list(ready)

        def work(worker):
            torch.set_num_threads(1)
            rng = np.random.default_rng((self.seed, self.step, worker))
            classes, values = sample(BATCH // WORKERS, len(self.model.embeddings), rng, reach)
            with torch.no_grad():
                target, mask = self.renderer.draw(classes, values)
            leaves = {name: ready[name].detach().requires_grad_() for name in names}
            made = self.model(leaves, classes, values, torch.bfloat16)
            error = (made - target).abs()
            loss = ((1 + mask) * (error + error**2)).mean() / WORKERS
            return error.mean().item(), torch.autograd.grad(loss, list(leaves.values()))

        errors, gradients = zip(*pool.map(work, range(WORKERS)), strict=True)
        torch.autograd.backward([ready[name] for name in names], [sum(parts) for parts in zip(*gradients, strict=True)])
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.model.iterate()
        self._keep(float(np.mean(errors)))

    @torch.no_grad()
    def _keep(self, error):
        self.step += 1
        decay = min(AVERAGE, self.step / (self.step + 10))
        for name, value in self.model.named_parameters():
            self.average[name].lerp_(value, 1 - decay)
        self.error = error if self.error is None else 0.99 * self.error + 0.01 * error


def train(minutes, resolution=RESOLUTION, widen=0.3, cool=0.5, from_shipped=False, keep_classes=False, runs=RUNS):
    """Train for `minutes` of wall time, or go on from where a run stopped for as long; see `Run`.

    With `keep_classes` the class vectors stay as they are, and with them all that was measured of the class space.

    Over the first `widen` of the time truncation grows to its full reach: classes
    first, then how they vary. Over the last `cool` of it the steps shrink to nothing.
    """
    torch.set_num_threads(1)
    run = Run(catalogue.read(), resolution, runs, from_shipped=from_shipped, keep_classes=keep_classes)
    first = run.step
    start, saved = time.monotonic(), time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool, tqdm(total=round(minutes * 60), unit="s") as bar:
        while (passed := time.monotonic() - start) < minutes * 60:
            share = passed / (minutes * 60)
            rate = min(1.0, (run.step - first + 1) / WARM_UP, (1 - share) / cool)
            reach = REACH * min(1.0, 0.2 + 0.8 * share / widen) if widen else REACH
            run.advance(pool, rate, reach)
            bar.update(round(passed) - bar.n)
            bar.set_postfix(step=run.step, error=f"{run.error:.4f}")
            if time.monotonic() - saved > SAVE_EVERY:
                run.seconds += time.monotonic() - saved
                saved = time.monotonic()
                run.save()
    run.seconds += time.monotonic() - saved
    run.save()
