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
from training.network import Network

logger = logging.getLogger(__name__)

RUNS = Path(__file__).parent / "runs"
FOLDER = Path(__file__).parents[1] / "alignment" / "data" / "generator"
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


def textures(entries, runs=RUNS):
    """Return the `Renderer` of `entries`; textures are kept in the run's folder."""
    path = runs / "textures.npz"
    wanted = np.array([f"{e.index} {e.scene} {' '.join(e.glyphs)} {e.tint}" for e in entries])
    if path.exists():
        kept = np.load(path)
        if np.array_equal(kept["wanted"], wanted):
            return renderer.Renderer(kept["glyphs"], kept["scenes"], kept["scene_of"])
    made = renderer.load(entries)
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
def calibrate(model, rng):
    """Set the means and variances of the batch norms from one batch, in order of computation."""
    classes, values = sample(64, len(model.embeddings), rng)

    def watch(name, x):
        model.vectors[f"{name}/mean"].copy_(x.mean(dim=(0, 2, 3)))
        model.vectors[f"{name}/log_var"].copy_(x.var(dim=(0, 2, 3)).clamp_min(1e-6).log())

    model.iterate(30)
    model(model.normalised(), classes, values, watch=watch)


class Run:
    """A training run: the network, its moving average, the optimizers and where it stands."""

    def __init__(self, entries, runs=RUNS, seed=0, shipped=False):
        torch.manual_seed(seed)
        self.path, self.seed, self.step, self.seconds, self.error = runs / "checkpoint.pt", seed, 0, 0.0, None
        self.renderer = textures(entries, runs)
        if shipped and not self.path.exists():
            self.model = self.take_shipped()
        else:
            self.model = Network(torch.from_numpy(embedding.first_vectors([e.path for e in entries])))
            calibrate(self.model, np.random.default_rng(seed))
        self.average = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        weights = [*self.model.matrices.values(), *self.model.vectors.values()]
        groups = [{"params": weights, "lr": STEP}, {"params": [self.model.embeddings], "lr": CLASS_STEP}]
        self.optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99))
        if self.path.exists():
            self.load()

    def take_shipped(self):
        """Return the shipped network and go on counting where it stopped; the optimizer starts afresh."""
        past = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))["training"]
        self.step, self.seconds, self.error = past["step"], past["seconds"], past["error"]
        return weights.from_library(torch.load(FOLDER / "pytorch_model.bin", weights_only=True))

    def load(self):
        saved = torch.load(self.path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.average = saved["average"]
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.seconds, self.error = saved["step"], saved["seconds"], saved["error"]
        logger.info("going on from step %d", self.step)

    def save(self):
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "seed": self.seed,
            "error": self.error,
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
        for group, full in zip(self.optimizer.param_groups, (STEP, CLASS_STEP), strict=True):
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


def train(minutes, widen=0.3, cool=0.5, shipped=False, runs=RUNS):
    """Train for `minutes` of wall time, or go on from the last checkpoint for as long.

    Without a checkpoint `shipped` goes on from the shipped weights.

    Over the first `widen` of the time truncation grows to its full reach: classes
    first, then how they vary. Over the last `cool` of it the steps shrink to nothing.
    """
    torch.set_num_threads(1)
    run = Run(catalogue.read(), runs, shipped=shipped)
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
