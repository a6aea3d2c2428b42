"""Triton kernels of ``relu(x * gain + shift)`` and its gradients, each in one pass over the map."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

TILE_NUMBERS = 4096
"""Numbers of a map that a program processes at a time."""

TILES_PER_PROGRAM = 16
"""Tiles whose gradients one program of the backward pass adds up."""


@triton.jit
def _forward_kernel(
    x: tl.tensor,
    gain: tl.tensor,
    shift: tl.tensor,
    y: tl.tensor,
    pixels: tl.tensor,
    CHANNELS: tl.constexpr,
    ROWS: tl.constexpr,
) -> None:
    n = tl.program_id(1).to(tl.int64)
    row, c = tl.program_id(0) * ROWS + tl.arange(0, ROWS), tl.arange(0, CHANNELS)
    at = (n * pixels + row)[:, None] * CHANNELS + c[None, :]
    mask = (row < pixels)[:, None]
    g, s = tl.load(gain + n * CHANNELS + c), tl.load(shift + n * CHANNELS + c)
    value = tl.load(x + at, mask=mask, other=0.0).to(tl.float32) * g[None, :] + s[None, :]
    tl.store(y + at, tl.maximum(value, 0.0).to(y.dtype.element_ty), mask=mask)


@triton.jit
def _backward_kernel(
    x: tl.tensor,
    grad: tl.tensor,
    gain: tl.tensor,
    shift: tl.tensor,
    dx: tl.tensor,
    dgain: tl.tensor,
    dshift: tl.tensor,
    pixels: tl.tensor,
    CHANNELS: tl.constexpr,
    ROWS: tl.constexpr,
    TILES: tl.constexpr,
) -> None:
    n, part = tl.program_id(1).to(tl.int64), tl.program_id(0)
    c = tl.arange(0, CHANNELS)
    g, s = tl.load(gain + n * CHANNELS + c), tl.load(shift + n * CHANNELS + c)
    gain_sum, shift_sum = tl.zeros([CHANNELS], tl.float32), tl.zeros([CHANNELS], tl.float32)
    for i in range(TILES):
        row = (part * TILES + i) * ROWS + tl.arange(0, ROWS)
        at = (n * pixels + row)[:, None] * CHANNELS + c[None, :]
        mask = (row < pixels)[:, None]
        value = tl.load(x + at, mask=mask, other=0.0).to(tl.float32)
        slope = tl.load(grad + at, mask=mask, other=0.0).to(tl.float32)
        slope = tl.where(value * g[None, :] + s[None, :] > 0, slope, 0.0)
        tl.store(dx + at, (slope * g[None, :]).to(dx.dtype.element_ty), mask=mask)
        gain_sum += tl.sum(slope * value, axis=0)
        shift_sum += tl.sum(slope, axis=0)
    at = (n * tl.num_programs(0) + part) * CHANNELS + c
    tl.store(dgain + at, gain_sum)
    tl.store(dshift + at, shift_sum)


class ModulatedReLU(torch.autograd.Function):
    """``relu(x * gain + shift)`` for x (n, c, h, w), channels innermost, c a power of two, and gain, shift (n, c)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        gain, shift = gain.float().contiguous(), shift.float().contiguous()
        y = torch.empty_like(x)
        n, channels, h, w = x.shape
        rows = max(1, TILE_NUMBERS // channels)
        _forward_kernel[(triton.cdiv(h * w, rows), n)](x, gain, shift, y, h * w, channels, rows)
        ctx.save_for_backward(x, gain, shift)
        return y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, gain, shift = ctx.saved_tensors
        grad = grads[0].contiguous(memory_format=torch.channels_last)
        n, channels, h, w = x.shape
        rows = max(1, TILE_NUMBERS // channels)
        tiles = triton.cdiv(h * w, rows)
        per_program = min(TILES_PER_PROGRAM, tiles)
        parts = triton.cdiv(tiles, per_program)
        dx = torch.empty_like(x)
        dgain, dshift = (torch.empty(n, parts, channels, device=x.device) for _ in range(2))
        _backward_kernel[(parts, n)](x, grad, gain, shift, dx, dgain, dshift, h * w, channels, rows, per_program)
        return dx, dgain.sum(dim=1), dshift.sum(dim=1)
