"""Description of the machine, memory of processes, and timing of calls."""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np


def machine() -> str:
    """Description of the processor in one line: cores, bfloat16 units, torch's threads and version."""
    import torch

    able = torch.cpu.get_capabilities()
    units = (
        "AMX" if able.get("amx_bf16") else "AVX-512 with bfloat16" if able.get("avx512_bf16") else "no bfloat16 units"
    )
    cores = able.get("num_physical_cores", "?")
    return f"{_processor()}, {cores} cores, {units}; {torch.get_num_threads()} threads; torch {torch.__version__}"


def gpu(device: str) -> str:
    """Description of the graphics card in one line, with torch's version and the number of processor threads."""
    import torch

    from alignment.execution.placement import devices_here

    return f"{devices_here()[device]}; torch {torch.__version__}; {torch.get_num_threads()} threads"


def memory_mb(process: int) -> dict[str, float]:
    """Memory of a process in MB, as Linux counts it: ``Rss``, resident, and ``Pss``, which divides shared pages."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines[1:]}  # its kB is 1024 bytes


def peak_memory_bytes() -> int:
    """Largest resident memory that this process has had."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _processor() -> str:
    names = Path("/proc/cpuinfo")
    lines = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def seconds(calls: dict[str, Callable[[], object]], *, repeats: int, clock=time.perf_counter) -> dict[str, float]:
    """Median seconds of every call; calls alternate, so that all run under the same load of the machine."""
    taken = {name: [] for name in calls}
    for repeat in range(repeats + 1):  # the first round warms up
        for name, call in calls.items():
            start = clock()
            call()
            if repeat:
                taken[name].append(clock() - start)
    return {name: float(np.median(times)) for name, times in taken.items()}
