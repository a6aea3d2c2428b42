"""Soak test: fault injection, hostile inputs and many visitors at once, as one table.

No answer may be wrong, no traceback may appear, and no stored result may be lost.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.browser import add_chromium
from benchmarks.machine import machine
from benchmarks.reporting import markdown_table
from benchmarks.soak.rows import Row

HELP = "kills, full disks, damaged entries, hostile inputs, twenty visitors; --quick takes five minutes"
PARTS = ("kills", "full-disk", "damage", "inputs", "left", "typing", "visitors")


@dataclass(frozen=True)
class Amounts:
    """Numbers of trials."""

    kills: int = 50  # of each of four commands
    disks: int = 20
    inputs: int = 10_000
    lines: int = 30  # that are typed, alone and beside a job
    visitors: int = 20
    seconds: int = 300  # that they visit


QUICK_FORM = Amounts(kills=3, disks=3, inputs=600, lines=10, visitors=4, seconds=40)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="less of everything: about five minutes on two cores")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--visitors", type=int, help="sessions at once, instead of the form's")
    parser.add_argument("--kills", type=int, help="kills of each of four commands, instead of the form's")
    add_chromium(parser)


def run(arguments) -> None:
    amounts = QUICK_FORM if arguments.quick else Amounts()
    chosen = {name: getattr(arguments, name) for name in ("visitors", "kills") if getattr(arguments, name)}
    amounts = replace(amounts, **chosen)
    rows, begun = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for part in (name for name in PARTS if name in arguments.only):
            started = time.monotonic()
            for row in parts_of(Path(folder), arguments.chromium)[part](amounts):
                rows.append(row)
                print(f"{row.what}: {row.found} ({time.monotonic() - started:.0f} s)", flush=True)
                for problem in row.wrong:
                    print(f"  WRONG: {problem}", flush=True)
    form = "quick" if arguments.quick else "full"
    shown = [[row.what, row.found, len(row.wrong)] for row in rows]
    print(f"\n{markdown_table(shown, ['what was done', 'what was found', 'faults'])}\n")
    print(f"The {form} form, {time.monotonic() - begun:.0f} s; load {os.getloadavg()[1]:.1f}. {machine()}.")
    if any(row.wrong for row in rows):
        raise SystemExit(1)


def parts_of(folder: Path, chromium: str) -> dict[str, Callable[[Amounts], Iterator[Row]]]:
    """Parts of the soak test by name; their modules are imported only here."""
    from benchmarks.soak import damage, hostile_inputs, kills, visits

    return {
        "kills": lambda amounts: kills.kills(folder, amounts.kills),
        "full-disk": lambda amounts: kills.full_disks(folder, amounts.disks),
        "damage": lambda amounts: damage.damaged_entries(folder),
        "inputs": lambda amounts: hostile_inputs.hostile_inputs(amounts.inputs),
        "left": lambda amounts: visits.left_jobs(folder, chromium),
        "typing": lambda amounts: visits.typing(folder, chromium, amounts.lines),
        "visitors": lambda amounts: visits.visitors(folder, chromium, amounts.visitors, amounts.seconds),
    }
