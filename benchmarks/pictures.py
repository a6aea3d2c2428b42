"""Pictures a second: this project's forward pass against the library's own call, same weights, taking turns.

BigGAN-deep-128 and -256 have random weights of their real sizes, so nothing is downloaded. With ``--threads 1`` the
time is the processor's rather than the clock's, so that other work on the machine matters little. bfloat16 is
measured where oneDNN serves it; elsewhere nothing draws in it unasked.
"""

from __future__ import annotations

import time
from functools import partial

from benchmarks.machine import machine, seconds, table

HELP = "time of pictures against pytorch_pretrained_biggan's own call"
TRUNCATION = 0.4
MODELS = ("bundled", "biggan-deep-128", "biggan-deep-256")
LAYERS_256 = "0,16,16 1,16,16 0,16,16 1,16,8 0,8,8 1,8,8 0,8,8 1,8,4 0,4,4 1,4,2 0,2,2 1,2,1"  # doubles, in, out
HEADER = ["model", "pictures", "dtype", "theirs, ms", "ours, ms", "ratio", "floor, ms", "largest difference", "PSNR"]


def add_arguments(parser) -> None:
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--counts", nargs="+", type=int, default=[1, 8], help="pictures a call (default: 1 8)")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, help="default: all cores")


def run(arguments) -> None:
    import torch

    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    print(machine())
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    print("Times are medians of", "processor time" if clock is time.process_time else "wall-clock time", "\n")
    print(table(HEADER, []), flush=True)
    for name in arguments.models:
        model = bundled_biggan() if name == "bundled" else random_biggan(int(name.rsplit("-", 1)[1]))
        for row in _compared(name, model, arguments, clock):
            print("| " + " | ".join(row) + " |", flush=True)


def _compared(name: str, model, arguments, clock):
    """Table rows of one model; the floor is what the same run's matrix products would need."""
    import torch

    from alignment.devices.cpu import can_pack
    from alignment.images.folded_biggan import FoldedBigGAN
    from alignment.images.generator import pictures_at_once

    kinds = [dtype for dtype in (torch.float32, torch.bfloat16) if can_pack(dtype)]
    folded = {dtype: FoldedBigGAN(without_spectral_norm(model), dtype) for dtype in kinds}
    squares = {dtype: torch.randn(1024, 1024).to(dtype) for dtype in kinds}
    products = work(folded[torch.float32])
    batch = pictures_at_once(model.config)

    def drawn(dtype, condition):
        return torch.cat([folded[dtype](rows, round(TRUNCATION * 50)) for rows in condition.split(batch)])

    for count in arguments.counts:
        noise, labels = torch.randn(count, 128) * TRUNCATION, torch.eye(model.config.num_classes)[:count]
        with torch.inference_mode():
            condition = torch.cat([noise, model.embeddings(labels)], dim=1)
            reference = model(noise, labels, TRUNCATION)
            calls = {"theirs": partial(model, noise, labels, TRUNCATION)}
            for dtype in kinds:
                calls[dtype] = partial(drawn, dtype, condition)
                calls["peak", dtype] = partial(torch.matmul, squares[dtype], squares[dtype])
            times = seconds(calls, repeats=arguments.repeats, clock=clock)
        for dtype in kinds:
            error = drawn(dtype, condition) - reference
            floor = count * products * times["peak", dtype] / (2 * 1024**3)
            yield [
                name,
                str(count),
                str(dtype).removeprefix("torch."),
                *(f"{1e3 * each:.0f}" for each in (times["theirs"], times[dtype])),
                f"{times['theirs'] / times[dtype]:.1f}",
                f"{1e3 * floor:.0f}",
                f"{error.abs().max():.0e}",
                f"{10 * torch.log10(4 / error.square().mean()):.0f} dB",
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
        folded(torch.zeros(1, 256), 20)
    return counter.get_total_flops()


def bundled_biggan():
    """The bundled generator as the library loads it."""
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
    """BigGAN-deep-128 or -256 at its real size: random weights, converged spectral norms, pictures with contrast."""
    import torch
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    layers = [[flag == "1", int(a), int(b)] for flag, a, b in (row.split(",") for row in LAYERS_256.split())]
    torch.manual_seed(0)
    config = BigGANConfig() if pixels == 128 else BigGANConfig(output_dim=256, layers=layers)
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
