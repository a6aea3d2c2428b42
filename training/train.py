"""Training of the generator by regression onto rendered pictures, growing from 64 to 256 pixels.

It takes minutes on a GPU, days on a processor.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training import catalogue, checkpoints, class_vectors, factors, growing, sheets, textures
from training.catalogue import Entry, classes_of
from training.checkpoints import BUNDLED, Record
from training.network import Network, config
from training.sampling import projection_tensor
from training.schedule import Schedule
from training.textures import RUNS
from training.training_step import Stage

logger = logging.getLogger(__name__)

RESOLUTIONS = (64, 128, 256)
"""Sides of the pictures in the stages of a run."""

MINUTES = 9.2
BATCHES = (128, 96, 80)
SHARES = (0.2, 0.22, 0.58)
"""Shares of the time of the stages."""

SAVE_SECONDS, LOG_SECONDS = 60, 10
"""Time between checkpoints, and between lines of the log."""


@dataclass(frozen=True)
class StagePlan:
    """One stage: its resolution, pictures per step, the share of the run at which it ends, its maximum of steps."""

    resolution: int
    batch: int
    until: float
    steps: int | None = None


def train(
    minutes: float = MINUTES,
    *,
    batches: Sequence[int] = BATCHES,
    shares: Sequence[float] = SHARES,
    steps: int | None = None,
    resume: bool = False,
    keep_classes: bool = False,
    start: Path = BUNDLED,
    runs: Path = RUNS,
    device: str | None = None,
    seed: int = 0,
) -> Stage:
    """Train for `minutes` of wall time in stages of growing resolution.

    Parameters
    ----------
    batches, shares : three numbers each
        Pictures per step, and share of the time, at each resolution.
    steps : int, optional
        Steps that a stage takes at most, to try things out.
    resume : bool
        Go on from the checkpoint of `runs` at its resolution, in one stage; without a checkpoint from the generator
        in `start`, which may be of other classes.
    keep_classes : bool
        Leave the class vectors as they are, and with them all that was measured of the class space.
    start : Path
        Folder of the generator whose class vectors, or with `resume` whose weights, are the first.
    runs : Path
        Where textures, checkpoint, contact sheets and log lie.
    device : str, optional
        "cuda" or "cpu"; by default a GPU where there is one.

    Returns
    -------
    Stage
        The last one, as it stands.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cpu" and not resume and steps is None:
        logger.warning("No GPU: from nothing this takes days; --resume goes on from the shipped weights.")
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(seed)
    runs.mkdir(parents=True, exist_ok=True)
    entries = catalogue.read()
    renderer = textures.load(entries, runs, device)
    weights, stages, notes = first_weights(entries, resume, start, runs, device)
    notes |= {"seed": seed, "torch": str(torch.__version__), "device": device_name(device)}
    log: list[Record] = []
    schedule = Schedule(minutes, widens=not resume)  # begins now, when everything is drawn
    for plan in stage_plans(batches, shares, steps, stages[-1]["resolution"] if resume else None):
        resized = renderer.reduced(plan.resolution) if plan.resolution < renderer.resolution else renderer
        stage = Stage(network_for(weights, plan.resolution), resized, plan.batch, keep_classes)
        stages = _StageRun(stage, plan, schedule, notes, stages, log, runs, classes_of(entries)).until_end()
        weights = stage.average
    _draw_variations(stage, runs / "variations.jpg")
    return stage


def stage_plans(
    batches: Sequence[int], shares: Sequence[float], steps: int | None, resolution: int | None
) -> list[StagePlan]:
    """One stage for each resolution; a single one at `resolution` where a run is resumed."""
    if resolution is not None:
        return [StagePlan(resolution, batches[-1], 1.0, steps)]
    ends = (np.cumsum(shares) / sum(shares)).tolist()
    return [StagePlan(*plan, steps) for plan in zip(RESOLUTIONS, batches, ends, strict=True)]


def first_weights(
    entries: Sequence[Entry], resume: bool, start: Path, runs: Path, device: str
) -> tuple[dict[str, Tensor], list[Record], dict[str, Any]]:
    """Initial parameters, records of the stages that trained them, and notes for new records.

    A new run starts from class vectors only. Where a run continues from a generator of other classes, only the class
    vectors are new.

    Raises
    ------
    ValueError
        When the checkpoint to resume is of other classes.
    """
    if resume and checkpoints.path(runs).exists():
        model, stages = checkpoints.load(runs, classes_of(entries))
        return _parameters(model, device), stages, {}
    if resume and checkpoints.shipped_classes(start) == classes_of(entries):
        model, stages = checkpoints.load_shipped(start)
        return _parameters(model, device), stages, {}
    vectors, kept = class_vectors.initial_vectors(entries, start)
    embeddings, notes = torch.from_numpy(vectors).to(device), {"kept_class_vectors": kept}
    if not resume:
        return {"embeddings": embeddings}, [], notes
    model, stages = checkpoints.load_shipped(start)
    return _parameters(model, device) | {"embeddings": embeddings}, stages, notes


def _parameters(model: Network, device: str) -> dict[str, Tensor]:
    return {name: value.detach().to(device) for name, value in model.named_parameters()}


def network_for(weights: dict[str, Tensor], resolution: int) -> Network:
    """Build a network from parameters: new from class vectors only, resumed, or grown from a smaller network's."""
    if len(weights) == 1:
        model = Network(weights["embeddings"], resolution).to(weights["embeddings"].device)
        growing.calibrate(model)
        return model
    if growing.blocks(weights) == len(config(len(weights["embeddings"]), resolution)["layers"]):
        return checkpoints.network_of(weights, resolution)
    return growing.grown(weights, resolution)


def device_name(device: str) -> str:
    """Name of the training device: the GPU's, or the number of processor threads."""
    return torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} processor threads"


@dataclass
class _StageRun:
    """Training loop of one stage, with checkpoints and log."""

    stage: Stage
    plan: StagePlan
    schedule: Schedule
    notes: dict[str, Any]
    stages: list[Record]
    log: list[Record]
    runs: Path
    classes: list[str]
    began: float = field(default_factory=time.monotonic)

    def until_end(self) -> list[Record]:
        """Run the steps of the stage; return the records of all stages so far."""
        saved = logged = self.began
        while (share := self.schedule.share()) < self.plan.until and self.stage.step != self.plan.steps:
            self.stage.advance(self.schedule.rate(share), self.schedule.truncation(share))
            now = time.monotonic()
            if now - logged > LOG_SECONDS:
                logged = now
                self.log.append(self.record(share))
                logger.info("%s", json.dumps(self.log[-1]))
            if now - saved > SAVE_SECONDS:
                saved = now
                checkpoints.save(self.runs, self.stage.average, [*self.stages, self.record(share)], self.classes)
        stages = [*self.stages, self.record(share)]
        logger.info("%s", json.dumps(stages[-1]))
        checkpoints.save(self.runs, self.stage.average, stages, self.classes)
        (self.runs / "log.json").write_text(json.dumps(self.log, indent=1) + "\n", encoding="utf-8")
        self.stage.release()
        _draw_classes(self.stage, self.runs / f"sheet_{self.plan.resolution}.jpg")
        return stages

    def record(self, share: float) -> Record:
        """Record of this stage up to now."""
        error, edges = self.stage.error.tolist()
        counts = {"resolution": self.plan.resolution, "step": self.stage.step, "batch": self.plan.batch}
        seconds = round(time.monotonic() - self.began, 1)
        errors = {"error": round(error, 5), "edges": round(edges, 5)}
        return counts | {"seconds": seconds, "share": round(share, 4)} | errors | self.notes


@torch.no_grad()
def _draw(stage: Stage, classes: Tensor, values: Tensor) -> Tensor:
    """Draw pictures with the averaged weights, in batches."""
    model = checkpoints.network_of(stage.average, stage.renderer.resolution)
    weights = model.normalised()
    parts = zip(classes.split(64), values.split(64), strict=True)
    return torch.cat([model(weights, c, v).cpu() for c, v in parts])


def _draw_classes(stage: Stage, path: Path) -> None:
    """Draw every class at zero noise."""
    device = stage.renderer.device
    classes = torch.arange(len(stage.renderer), device=device)
    values = torch.zeros(len(classes), len(factors.NAMES), device=device)
    sheets.write(path, _draw(stage, classes, values), 20)


def _draw_variations(stage: Stage, path: Path) -> None:
    """Draw twelve classes at truncation 1."""
    device = stage.renderer.device
    classes = sheets.varied_classes(len(stage.renderer)).to(device)
    values = sheets.varied_noise().to(device) @ projection_tensor(device).T
    classes, values = classes.repeat_interleave(len(values)), values.repeat(len(classes), 1)
    sheets.write(path, _draw(stage, classes, values), sheets.NOISES_PER_CLASS)
