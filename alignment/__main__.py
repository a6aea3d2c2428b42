"""Command line: python -m alignment COMMAND."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from alignment import commands
from alignment.errors import InputError
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import DEFAULT_PULL


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when the user asked for something that cannot be done."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("alignment").setLevel(logging.INFO)
    logging.getLogger("joblib").setLevel(logging.ERROR)  # a damaged cache entry is recomputed, not worth a traceback
    try:
        arguments.run(arguments)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; everything finished so far is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alignment", description="From sentences to BigGAN's class space and to pictures."
    )
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = subcommands.add_parser(
        "build", help="encode the seed sentences and fit the default mapping", parents=[_study_options()]
    )
    build.set_defaults(run=commands.build)

    generate = subcommands.add_parser(
        "generate", help="make pictures of a sentence", parents=[_study_options(), _mapping_option()]
    )
    generate.add_argument("prompt")
    generate.add_argument("--count", type=int, default=1, help="pictures, drawn as a grid (default 1)")
    generate.add_argument(
        "--truncation", type=float, default=0.4, help="spread of the noise, above 0 to 1 (default 0.4)"
    )
    generate.add_argument("--seed", type=int, default=0, help="noise seed (default 0)")
    generate.add_argument(
        "--pull",
        type=float,
        default=DEFAULT_PULL,
        help="how far to move towards the nearest class, 0 to 1 (default 0.7)",
    )
    generate.add_argument(
        "--output", type=Path, default=Path("picture.png"), metavar="FILE", help="picture file (default picture.png)"
    )
    generate.set_defaults(run=commands.generate)

    nearest = subcommands.add_parser(
        "nearest", help="name the classes nearest to a sentence", parents=[_study_options(), _mapping_option()]
    )
    nearest.add_argument("prompt", nargs="?")
    nearest.add_argument(
        "--prompts", type=Path, metavar="FILE.csv", help="do it for every row of a CSV with a column 'prompt'"
    )
    nearest.add_argument(
        "--output", type=Path, metavar="OUT.csv", help="with --prompts: write prompt, index_1, ..., index_N"
    )
    nearest.add_argument("--top", type=int, default=5, help="classes to name (default 5)")
    nearest.add_argument("--json", action="store_true", help="print a JSON list")
    nearest.set_defaults(run=commands.nearest)

    interpolate = subcommands.add_parser(
        "interpolate", help="go from one sentence to the next", parents=[_study_options(), _mapping_option()]
    )
    interpolate.add_argument("prompts", nargs="+", metavar="prompt", help="two or more")
    interpolate.add_argument("--steps", type=int, default=9, help="pictures on the whole way (default 9)")
    interpolate.add_argument(
        "--space",
        default="class",
        choices=("text", "class", "noise"),
        help="where the way is straight: before the mapping, after it (default), or there and in the noise too",
    )
    interpolate.add_argument("--shape", default="linear", choices=("linear", "spherical"))
    interpolate.add_argument(
        "--even", action="store_true", help="space the steps so that each changes the picture as much"
    )
    interpolate.add_argument("--truncation", type=float, default=0.4, help="spread of the noise (default 0.4)")
    interpolate.add_argument("--seed", type=int, default=0, help="noise seed (default 0)")
    interpolate.add_argument(
        "--output",
        type=Path,
        default=Path("way.gif"),
        metavar="FILE",
        help="way.gif (default), or a strip such as way.png",
    )
    interpolate.set_defaults(run=commands.interpolate)

    evaluate = subcommands.add_parser(
        "evaluate", help="measure mappings on what they have not seen", parents=[_study_options()]
    )
    evaluate.add_argument(
        "--mapping", default="all", choices=("all", *MAPPINGS), metavar="NAME", help="all (default) or one"
    )
    evaluate.add_argument(
        "--split",
        default="classes",
        choices=("classes", "sentences", "kinds"),
        help="what is held out (default classes)",
    )
    evaluate.add_argument("--prompts", action="store_true", help="judge by the test prompts instead, group by group")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    evaluate.set_defaults(run=commands.evaluate)

    seeds = subcommands.add_parser("seeds", help="check a CSV of seed sentences")
    seeds.add_argument(
        "file", type=Path, metavar="FILE.csv", help="columns: sentence, class (index, WordNet id or name)"
    )
    seeds.set_defaults(run=commands.seeds)

    models = subcommands.add_parser("models", help="list the models: known, here, and what a download costs")
    models.set_defaults(run=commands.models)
    return parser


def _study_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--encoder",
        default="minilm",
        metavar="NAME",
        help="minilm, a Hub id such as distilbert-base-uncased, or a folder",
    )
    options.add_argument("--layer", type=int, default=-1, help="hidden layer; 0 the embedding, -1 the last (default)")
    options.add_argument("--pooling", default="mean", choices=("mean", "cls", "word"))
    space = options.add_mutually_exclusive_group()
    space.add_argument(
        "--generator",
        default="bundled",
        metavar="NAME",
        help="bundled, biggan-deep-128, -256, -512, a Hub repository or a folder",
    )
    space.add_argument(
        "--class-embeddings", metavar="FILE.npy", help="a bare K x d matrix, row = ImageNet index; draws no pictures"
    )
    options.add_argument("--seeds", metavar="FILE.csv", help="seed sentences to use instead of the project's")
    options.add_argument("--add-seeds", metavar="FILE.csv", help="seed sentences to use besides")
    return options


def _mapping_option() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--mapping",
        default=DEFAULT_MAPPING,
        choices=MAPPINGS,
        metavar="NAME",
        help=f"{', '.join(MAPPINGS)} (default {DEFAULT_MAPPING})",
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
