"""Training step at one resolution: loss, optimizer and moving average, as one CUDA graph on a GPU."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from training.network import Network
from training.renderer import Renderer
from training.sampling import MAX_TRUNCATION, sample

LEARNING_RATE = 3e-3
CLASS_LEARNING_RATE = 3e-4
"""Of the class vectors: five times as much reduced their order (cosine within above between groups 0.205 to 0.149)."""

ADAM_BETAS = (0.9, 0.99)
GRADIENT_NORM = 1.0
"""Norm at which gradients are clipped."""

WARM_UP_STEPS = 80
AVERAGE_DECAY = 0.997
"""Decay of the moving average of the weights, per step."""

EDGE_WEIGHT = 0.7
"""Weight of the error of differences between neighbouring pixels, for crisp edges."""

POWER_ITERATION_STEPS = 4
"""Training steps between two steps of the power iteration."""

ERROR_SMOOTHING = 0.02
"""Share of the newest batch in the error that is logged."""


class Stage:
    """Network, moving average and optimizer at one resolution.

    Parameters
    ----------
    model : Network
    renderer : Renderer
        Of the network's resolution, on its device.
    batch : int
        Pictures per step.
    keep_classes : bool
        Leave the class vectors as they are.
    dtype : torch.dtype, optional
        Number format of the maps; by default bfloat16 on a GPU and float32 on a processor.

    Attributes
    ----------
    average : dict of tensors
        Exponential moving average of every parameter.
    error : tensor (2,)
        Smoothed errors of the batches, as :meth:`loss` gives them.
    step : int
        Steps taken.
    """

    def __init__(
        self,
        model: Network,
        renderer: Renderer,
        batch: int,
        keep_classes: bool = False,
        dtype: torch.dtype | None = None,
    ):
        device = renderer.device
        on_gpu = device.type == "cuda"
        self.model, self.renderer, self.batch, self.step = model, renderer, batch, 0
        self.dtype = dtype or (torch.bfloat16 if on_gpu else torch.float32)
        self.average = {name: value.detach().clone() for name, value in model.named_parameters()}
        self.error = torch.zeros(2, device=device)
        self._truncation = torch.tensor(0.2 * MAX_TRUNCATION, device=device)
        self._decay = torch.tensor(0.0, device=device)
        self._rates = (LEARNING_RATE, 0.0 if keep_classes else CLASS_LEARNING_RATE)
        parameters = ([*model.matrices.values(), *model.vectors.values()], [model.embeddings])
        groups = [{"params": group, "lr": torch.tensor(0.0, device=device)} for group in parameters]
        self.optimizer = torch.optim.Adam(groups, betas=ADAM_BETAS, fused=on_gpu, capturable=on_gpu)
        work: tuple[Callable[[], None], ...] = (self._advance, model.iterate)
        self._take_step, self._iterate = map(capture_graph, work) if on_gpu else work

    def loss(self) -> tuple[Tensor, Tensor]:
        """Loss of a random batch, and the errors that are logged, (2,): mean abs e, and mean (1 + m) abs ∂e.

        With e the error, m the mask of the object and ∂e the differences of e between neighbouring pixels, the mean of
        those across and that of those down added: mean (1 + m)(abs e + e²) + `EDGE_WEIGHT` mean (1 + m) abs ∂e.
        """
        classes, values = sample(self.batch, len(self.renderer), self._truncation, self.renderer.device)
        with torch.no_grad():
            target, mask = self.renderer.draw(classes, values)
        made = self.model(self.model.normalised(), classes, values, self.dtype)
        error = made - target
        pixels = (1 + mask) * (error.abs() + error**2)
        across, down = error[..., 1:] - error[..., :-1], error[..., 1:, :] - error[..., :-1, :]
        edges = ((1 + mask[..., 1:]) * across.abs()).mean() + ((1 + mask[..., 1:, :]) * down.abs()).mean()
        return pixels.mean() + EDGE_WEIGHT * edges, torch.stack([error.detach().abs().mean(), edges.detach()])

    def advance(self, rate: float, truncation: float) -> None:
        """Take one step at `rate` times the full learning rates, on pictures up to this truncation."""
        self._truncation.fill_(truncation)
        self._decay.fill_(min(AVERAGE_DECAY, self.step / (self.step + 10)))
        for group, full in zip(self.optimizer.param_groups, self._rates, strict=True):
            group["lr"].fill_(full * rate * min(1.0, (self.step + 1) / WARM_UP_STEPS))
        self._take_step()
        if self.step % POWER_ITERATION_STEPS == 0:
            self._iterate()
        self.step += 1

    def release(self) -> None:
        """Free the GPU memory of the captured graphs."""
        self._take_step, self._iterate = self._advance, self.model.iterate
        if self.renderer.device.type == "cuda":
            torch.cuda.empty_cache()

    def _advance(self) -> None:
        loss, error = self.loss()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), GRADIENT_NORM, foreach=True)
        self.optimizer.step()
        with torch.no_grad():
            values, averages = [p.detach() for p in self.model.parameters()], list(self.average.values())
            change = torch._foreach_sub(values, averages)
            torch._foreach_mul_(change, 1 - self._decay)
            torch._foreach_add_(averages, change)
            self.error.lerp_(error, ERROR_SMOOTHING)


def capture_graph(work: Callable[[], None]) -> Callable[[], None]:
    """Capture `work` as a CUDA graph; return a function that replays it."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()

    def replay() -> None:
        graph.replay()
        torch.cuda.synchronize()

    return replay
