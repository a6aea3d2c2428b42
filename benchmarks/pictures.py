"""Pictures per second: this project's forward pass against the library's, same weights, alternating calls.

The published sizes have random weights, so nothing is downloaded. With ``--threads 1`` processor time is measured
instead of wall time, so that other work on the machine matters little. bfloat16 is measured where oneDNN supports it;
elsewhere it is never the default.

With ``--device cuda`` (or mps) both run on the graphics card, and times are taken when it has finished. The library's
call is timed as torch sets it up, with convolutions in TF32; differences are from its pictures without TF32. *Graph*:
replayed as a CUDA graph; *eager*: the same pass without.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from benchmarks.arguments import add_processor
from benchmarks.machine import gpu, machine, seconds
from benchmarks.reporting import markdown_row, markdown_table

HELP = "time of pictures against pytorch_pretrained_biggan's own call"
TRUNCATION = 0.4
ROW = round(TRUNCATION * 50)
SIZES = tuple(f"biggan-deep-{pixels}" for pixels in (128, 256, 512))
HEADER = ["model", "pictures", "dtype", "theirs, ms", "ours, ms", "ratio", "floor, ms", "largest difference", "PSNR"]
GPU_HEADER = [*HEADER[:3], "theirs, ms", "eager, ms", "graph, ms", *HEADER[5:]]


def add_arguments(parser) -> None:
    parser.add_argument("--models", nargs="+", choices=("bundled", *SIZES), help="default: all; on a CPU without 512")
    parser.add_argument("--counts", nargs="+", type=int, help="pictures a call (default: 1 8; on a card 1 8 32)")
    parser.add_argument("--repeats", type=int, default=5)
    add_processor(parser)


def run(arguments) -> None:
    import torch

    from alignment.execution.placement import resolve

    on_cpu = resolve(arguments.device) == "cpu"
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    print(machine() if on_cpu else gpu(arguments.device))
    clock = time.process_time if on_cpu and torch.get_num_threads() == 1 else time.perf_counter
    print("Times are medians of", "processor time" if clock is time.process_time else "wall-clock time", "\n")
    print(markdown_table([], HEADER if on_cpu else GPU_HEADER), flush=True)
    for name in arguments.models or (("bundled", *SIZES[:2]) if on_cpu else SIZES):
        model = bundled_biggan() if name == "bundled" else random_biggan(int(name.rsplit("-", 1)[1]))
        for count in arguments.counts or ([1, 8] if on_cpu else [1, 8, 32]):
            rows = rows_on_cpu(model, count, arguments, clock) if on_cpu else rows_on_gpu(model, count, arguments)
            for row in rows:
                print(markdown_row([name, str(count), *row]), flush=True)


def rows_on_cpu(model, count: int, arguments, clock):
    """Yield the cells of table rows on the processor; the floor is the time of the matrix products alone."""
    import torch

    from alignment.execution.cpu import can_pack
    from alignment.images.folded_biggan import FoldedBigGAN
    from alignment.images.generator import pictures_at_once

    kinds = [dtype for dtype in (torch.float32, torch.bfloat16) if can_pack(dtype)]
    folded = {dtype: FoldedBigGAN(without_spectral_norm(model), dtype) for dtype in kinds}
    squares = {dtype: torch.randn(1024, 1024).to(dtype) for dtype in kinds}
    products = work(folded[torch.float32])
    batch = pictures_at_once(model.config)

    def drawn(dtype, condition):
        return torch.cat([folded[dtype](rows, ROW) for rows in condition.split(batch)])

    with torch.inference_mode():
        noise, labels, condition = _inputs(model, count)
        reference = model(noise, labels, TRUNCATION)
        calls = {"theirs": partial(model, noise, labels, TRUNCATION)}
        for dtype in kinds:
            calls[dtype] = partial(drawn, dtype, condition)
            calls["peak", dtype] = partial(torch.matmul, squares[dtype], squares[dtype])
        times = seconds(calls, repeats=arguments.repeats, clock=clock)
    for dtype in kinds:
        floor = count * products * times["peak", dtype] / (2 * 1024**3)
        shown = (f"{1e3 * each:.0f}" for each in (times["theirs"], times[dtype]))
        compared = _compared(times["theirs"], times[dtype], floor, drawn(dtype, condition) - reference, digits=0)
        yield [_name(dtype), *shown, *compared]


def rows_on_gpu(model, count: int, arguments):
    """:func:`rows_on_cpu` for a graphics card."""
    import torch

    from alignment.execution.device_report import product_speed, synchronize
    from alignment.execution.placement import fastest_dtype
    from alignment.images.folded_biggan import FoldedBigGAN

    device = arguments.device
    kinds = [getattr(torch, name) for name in dict.fromkeys(("float32", fastest_dtype(device)))]
    model = model.to(device)

    def folded(dtype, **options):
        return FoldedBigGAN(without_spectral_norm(model), dtype, **options)

    def finished(call: Callable[[], object]) -> None:
        call()
        synchronize(device)

    with torch.inference_mode():
        noise, labels, condition = _inputs(model, count)
        with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
            reference = model(noise, labels, TRUNCATION)
        passes = {("eager", dtype): folded(dtype, graphs=False) for dtype in kinds}
        if device == "cuda":
            passes |= {("graph", dtype): folded(dtype) for dtype in kinds}
        calls: dict = {"theirs": partial(model, noise, labels, TRUNCATION)}
        calls |= {name: partial(each, condition, ROW) for name, each in passes.items()}
        for call in calls.values():
            for _ in range(2):  # at the second, a graph is recorded
                finished(call)
        times = seconds({name: partial(finished, call) for name, call in calls.items()}, repeats=arguments.repeats)
        products = work(passes["eager", torch.float32])
        for dtype in kinds:
            best = "graph" if ("graph", dtype) in passes else "eager"
            floor = count * products / product_speed(device, _name(dtype))
            shown = [f"{1e3 * times[kind]:.2f}" if kind in times else "" for kind in _kinds(dtype)]
            error = calls[best, dtype]() - reference
            yield [_name(dtype), *shown, *_compared(times["theirs"], times[best, dtype], floor, error, digits=2)]


def _kinds(dtype) -> tuple:
    return "theirs", ("eager", dtype), ("graph", dtype)


def _name(dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _inputs(model, count: int):
    """Noise, classes and conditions of pictures, on the device of the model."""
    import torch

    device = model.embeddings.weight.device
    noise = (torch.randn(count, 128) * TRUNCATION).to(device)
    labels = torch.eye(model.config.num_classes)[:count].to(device)
    return noise, labels, torch.cat([noise, model.embeddings(labels)], dim=1)


def _compared(theirs: float, ours: float, floor: float, error, *, digits: int) -> list[str]:
    """Table cells of the speed-up, floor, largest difference and PSNR."""
    return [
        f"{theirs / ours:.1f}",
        f"{1e3 * floor:.{digits}f}",
        f"{error.abs().max():.0e}",
        f"{10 * (4 / error.square().mean()).log10():.0f} dB",
    ]


def work(folded) -> int:
    """Floating point operations of one picture's matrix products."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

    def convolution(transposed):
        return lambda x, weight, *rest, out_shape, **named: conv_flop_count(x, weight, out_shape, transposed)

    ops = torch.ops.mkldnn  # torch's counter knows its own convolutions, not oneDNN's
    known = {
        ops._convolution_pointwise: convolution(False),
        ops._convolution_transpose_pointwise: convolution(True),
    }
    with FlopCounterMode(display=False, custom_mapping=known) as counter:
        folded(torch.zeros(1, 256), ROW)
    return counter.get_total_flops()


def bundled_biggan():
    """Load the bundled generator with the library."""
    import torch
    from pytorch_pretrained_biggan import BigGAN

    from alignment.images.checkpoints import find_files
    from alignment.images.weights import read_config

    config, weights = find_files("bundled")
    model = BigGAN(read_config(config))
    state = torch.load(weights, weights_only=True)
    model.load_state_dict({key: value.float() for key, value in state.items()})
    return model.eval()


def random_biggan(pixels: int):
    """A published BigGAN-deep at its real size: random weights, converged spectral norms, pictures with contrast."""
    import torch
    from pytorch_pretrained_biggan import BigGAN, convert_tf_to_pytorch

    torch.manual_seed(0)
    config = getattr(convert_tf_to_pytorch, f"BigGAN{pixels}")
    model = BigGAN(config)
    torch.nn.init.constant_(model.generator.bn.weight, 8.0)  # a standard deviation of 0.5 of the pictures' -1 to 1
    torch.nn.init.zeros_(model.generator.bn.bias)
    with torch.no_grad():  # in training mode every call takes one step of the power iteration; without, NaN
        for _ in range(3):
            model(torch.randn(1, 128), torch.eye(config.num_classes)[:1], 1.0)
    return model.eval()


def without_spectral_norm(model):
    from copy import deepcopy

    from alignment.images.weights import fold_spectral_norm

    model = deepcopy(model).requires_grad_(False)
    fold_spectral_norm(model)
    return model
