"""``python -m benchmarks NAME``: one measurement; ``--help`` lists them."""

from __future__ import annotations

import argparse
import importlib
import sys

from alignment.errors import InputError

# Modules of this package, each with HELP, add_arguments(parser) and run(arguments).
BENCHMARKS = (
    "mapping_scores",
    "encoders",
    "tuning",
    "subject",
    "held_out_subject",
    "blind_matching",
    "pictures",
    "redraw",
    "inversion",
    "response_times",
    "startup",
    "pages",
    "sentences",
    "ridge_and_retrieval",
    "scale",
    "classes",
    "confidence",
    "map_panning",
    "soak",
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="benchmark", required=True, metavar="NAME")
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in BENCHMARKS}
    for name, module in modules.items():
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__, allow_abbrev=False)
        module.add_arguments(command)
    arguments = parser.parse_args(argv)
    try:
        modules[arguments.benchmark].run(arguments)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
