"""The command doctor: reports devices, libraries and models on this machine, whether they work, and how fast."""

from __future__ import annotations

import os
import platform
import shutil
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from alignment import __version__
from alignment.errors import InputError, first_line
from alignment.wording import counted

SENTENCES = [f"a photo of {count} cats on a sofa" for count in range(256)]  # that are timed


def doctor(arguments: Namespace) -> None:
    """Say what is here, what works and how fast; an error when the bundled models do not work."""
    from alignment.files.folders import cache_folder
    from alignment.images.checkpoints import GENERATORS
    from alignment.text.checkpoints import ENCODERS

    checks: list[tuple[str, Callable[[], str]]] = [
        ("program", lambda: f"{__version__}, Python {platform.python_version()}, {platform.platform()}"),
        ("processor", _processor),
        ("devices", _devices),
        ("cache", lambda: _folder(cache_folder())),
        ("dashboard", _dashboard),
        *((f"encoder {name}", lambda name=name: _encoder(name)) for name in ENCODERS),
        *((f"generator {name}", lambda name=name: _generator(name)) for name in GENERATORS),
    ]
    broken = []
    width = max(len(name) for name, _ in checks)
    for name, check in checks:
        try:
            result = check()
        except Exception as error:  # whatever is wrong with an installation is what this command is asked for
            result = f"does not work: {first_line(error)}"
            broken.append(name)
        print(f"{name:<{width}}  {result}", flush=True)
    if broken:
        raise InputError(f"Not all works: {', '.join(broken)}.")


def _processor() -> str:
    import torch

    from alignment.execution.cpu import can_pack, has_bfloat16_units

    packed = "packed weights" if can_pack(torch.float32) else "no packed weights"
    half = "bfloat16 units" if has_bfloat16_units() else "float32 only"
    cores, threads = counted(os.cpu_count() or 1, "core"), counted(torch.get_num_threads(), "thread")
    return f"{cores}, {threads}, torch {torch.__version__}, {half}, {packed}"


def _devices() -> str:
    """Every device with its memory and its speed, the one that models run on first."""
    from alignment.execution.placement import devices_here

    found = devices_here()
    told = "; ".join(f"{device} ({name}): {_device(device)}" for device, name in found.items())
    return told if len(found) > 1 else f"{told}; no graphics card that torch can use"


def _device(device: str) -> str:
    from alignment.execution.device_report import memory, product_speed
    from alignment.execution.placement import fastest_dtype

    free, total = memory(device)
    held = [f"{total / 1e9:.1f} GB of memory"] if total else []
    held += [f"{free / 1e9:.1f} GB of it free"] if free is not None else []
    dtypes = dict.fromkeys(("float32", fastest_dtype(device)))
    speeds = [f"{product_speed(device, dtype) / 1e12:.2f} TFLOP/s in {dtype}" for dtype in dtypes]
    return ", ".join([*held, *speeds])


def _folder(folder: Path) -> str:
    from alignment.files.folders import writable_folder

    used = writable_folder(folder)
    free = f"{shutil.disk_usage(used).free / 1e9:.1f} GB free"
    return f"{folder}, {free}" if used == folder else f"{folder} cannot be written; nothing is kept between commands"


def _dashboard() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"Streamlit {version('streamlit')}, Plotly {version('plotly')}"
    except PackageNotFoundError:
        return "not installed; pip install 'latent-alignment[dashboard]'"


def _encoder(name: str) -> str:
    from alignment.text.checkpoints import ENCODERS, is_here
    from alignment.text.encoder import TextEncoder

    if not is_here(name):
        return f"not here; 'fetch {name}' downloads {ENCODERS[name].download_mb:.0f} MB"
    encoder = TextEncoder(name)
    encoder.encode(SENTENCES[:1])
    start = time.perf_counter()
    encoder.encode(SENTENCES)
    return f"works, {len(SENTENCES) / (time.perf_counter() - start):,.0f} sentences a second, {encoder.computed_in}"


def _generator(name: str) -> str:
    from alignment.images.checkpoints import GENERATORS, is_here
    from alignment.images.generator import ImageGenerator

    if not is_here(name):
        return f"not here; 'fetch {name}' downloads {GENERATORS[name].download_mb:.0f} MB"
    generator = ImageGenerator(name)
    point = generator.class_embeddings[:1]
    for _ in range(2):  # at the second, a card records what it repeats from then on
        generator.generate(point, truncation=0.4, noise_seed=0)
    start = time.perf_counter()
    generator.generate(point, truncation=0.4, noise_seed=0)
    milliseconds = 1000 * (time.perf_counter() - start)
    return (
        f"works, a picture of {generator.pixels} x {generator.pixels} in {milliseconds:.0f} ms, {generator.computed_in}"
    )
