"""Command line parser: names, options and defaults of the commands."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from alignment import __version__
from alignment.commands.argument_types import (
    ALL,
    Output,
    as_encoder,
    as_generator,
    as_layer,
    as_mapping,
    as_name,
    as_output_file,
    as_path,
)
from alignment.commands.build import build
from alignment.commands.cache import cache
from alignment.commands.compare import compare
from alignment.commands.dashboard import dashboard
from alignment.commands.doctor import doctor
from alignment.commands.encode import encode
from alignment.commands.evaluate import evaluate
from alignment.commands.export_mapping import export_mapping
from alignment.commands.fetch import fetch
from alignment.commands.interpolate import interpolate
from alignment.commands.models import models
from alignment.commands.output_files import check_inputs_are_kept
from alignment.commands.parser import CommandParser
from alignment.commands.project import project
from alignment.commands.prompts import generate, nearest
from alignment.commands.seeds import seeds
from alignment.dictionary.prompts import PROMPTS_CSV
from alignment.errors import InputError
from alignment.evaluation.metrics import COMPARED
from alignment.evaluation.splits import SPLITS
from alignment.execution.placement import DEVICES
from alignment.files.shards import NUMBERS, SHARD_FORMATS
from alignment.images.drawing_settings import DEFAULT_DRAWING, MAX_COUNT
from alignment.images.inversion import MAX_STEPS as MAX_SEARCH_STEPS
from alignment.images.inversion import STEPS as SEARCH_STEPS
from alignment.interpolation.curves import SHAPES
from alignment.interpolation.paths import INTERPOLATION_SPACES, MAX_STEPS
from alignment.mappings import DEFAULT_MAPPING, LINEAR_MAPPINGS, MAPPINGS
from alignment.text.pooling import POOLINGS
from alignment.text.sentence_transformers_folder import OWN_EXPLANATION, OWN_POOLING

AddArgument: TypeAlias = Callable[..., argparse.Action]  # of a parser
PROMPT_FILES = "files with a column 'prompt', or of TXT files with a prompt in every line"
SCRIPT = "latent-alignment"  # as the installed package is called


def run(argv: list[str] | None) -> int:
    """Run one command; 0 when it worked, 2 when the user asked for something that cannot be done."""
    parser = make_parser()
    arguments, rest = parser.parse_known_args(argv)
    arguments.rest = rest
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("alignment").setLevel(logging.INFO)
    try:
        if rest and arguments.run is not dashboard:
            raise InputError(arguments.subparser.refusal_of(arguments, rest))
        check_inputs_are_kept(arguments)
        arguments.run(arguments)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def make_parser() -> CommandParser:
    """Parser of all commands, for the command line and its page in the docs."""
    script = Path(sys.argv[0]).stem
    parser = CommandParser(
        prog=script if script == SCRIPT else "python -m alignment",
        description="From sentences to BigGAN's class space and to pictures.",
        allow_abbrev=False,  # "--seed" would be taken for --seeds
    )
    parser.add_argument("--version", action="version", version=f"{SCRIPT} {__version__}")
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")
    encoder, mapping, drawing = _encoder_options(), _mapping_option(), _drawing_options()
    space, cluster = _class_space_options(), _cluster_options()
    study = _study_options(encoder, space)

    def command(name: str, run: Callable, purpose: str, *parents: CommandParser, add_help: bool = True) -> AddArgument:
        subparser = subcommands.add_parser(
            name, help=purpose, description=purpose, parents=parents, allow_abbrev=False, add_help=add_help
        )
        subparser.set_defaults(run=run, subparser=subparser, into_folder=False)
        return subparser.add_argument

    purpose = "encode the seeds, fit the default mapping, and prepare what first visits of the dashboard need"
    command("build", build, purpose, study, cluster)
    _encode(command("encode", encode, "encode seed sentences, however many, into a folder", encoder, cluster))
    _generate(command("generate", generate, "make pictures of a sentence", study, mapping, drawing, cluster))
    _interpolate(command("interpolate", interpolate, "make pictures between sentences", study, mapping, drawing))
    _nearest(command("nearest", nearest, "name the classes nearest to a sentence", study, mapping, cluster))
    _project(command("project", project, "find what a picture of one's own would be drawn with", study, mapping))
    _evaluate(command("evaluate", evaluate, "measure mappings on what they have not seen", study, cluster))
    _compare(
        command("compare", compare, "measure encoders, layers, poolings, spaces and mappings side by side", cluster)
    )
    add = command("export-mapping", export_mapping, "write a fitted mapping to a file", study, mapping)
    linear = f"a linear one ({', '.join(LINEAR_MAPPINGS)}) as a matrix with offsets for NumPy"
    file = f"any mapping (map.npz, default), or {linear} (.safetensors)"
    add("--output", type=as_output_file, default=Path("map.npz"), metavar="FILE", help=file)
    add = command(
        "seeds", seeds, "check a file of seed sentences, and how many of its classes a class space has", space
    )
    add("file", type=as_path, metavar="FILE.csv", help="columns: sentence, class (index, WordNet id or name)")
    add = command("models", models, "list the models: known, here, and what a download costs")
    add("--json", action="store_true", help="print a JSON list, which says more of each")
    add = command("fetch", fetch, "download models beforehand, such as for a class room")
    add("names", nargs="+", metavar="NAME", help="distilbert-base-uncased, biggan-deep-256, an encoder of the Hub, ...")
    command("doctor", doctor, "say what is here, what works and how fast")
    add = command("cache", cache, "list what is kept on disk, and remove it")
    add("--json", action="store_true", help="print what is kept as JSON")
    kept = "seed files of the dashboard's visitors, and how long what took here"
    add("--clear", action="store_true", help=f"remove all of it, drawn lists and runs too; what stays: {kept}")
    purpose = "serve the dashboard; takes the options of streamlit run, such as --server.port 8501"
    purpose += "; --public HOST limits what others may ask for, --own-models and --downloads allow these to them: "
    command("dashboard", dashboard, f"{purpose}docs/serving.md", add_help=False)  # its own parser explains it
    return parser


def _encode(add: AddArgument) -> None:
    files = "a CSV, JSON Lines or Parquet file, a folder of such, or a pattern in quotes ('folder/*.parquet'); "
    files += "columns: as seeds"
    add("--seeds", required=True, type=as_name, metavar="FILES", help=files)
    add("--output", required=True, type=as_path, metavar="FOLDER", help="where --vectors of other commands reads them")
    add("--classes", type=as_name, metavar="FILE.csv", help="the classes that may be named, if not ImageNet's")
    add("--number", default="float32", choices=NUMBERS, help="what a vector's numbers are written as (default float32)")
    add("--format", default="npy", choices=SHARD_FORMATS, help="files of the vectors (default npy)")


def _generate(add: AddArgument) -> None:
    add("prompt", nargs="?", help="the sentence")
    add("--prompts", type=as_path, metavar="FILES", help=f"draw every row of {PROMPT_FILES}")
    add("--count", type=int, default=1, help=f"pictures, drawn as a grid, 1 to {MAX_COUNT} (default 1)")
    file = "picture file (default picture.png); with --prompts a contact sheet, a ZIP, or a folder/"
    add("--output", action=Output, type=as_name, default=Path("picture.png"), metavar="FILE", help=file)


def _interpolate(add: AddArgument) -> None:
    add("prompts", nargs="*", metavar="prompt", help="two or more")
    saved = "a saved interpolation, in place of prompts and of the options of path and pictures"
    add("--settings", type=as_path, metavar="FILE.json", help=saved)
    add("--steps", type=int, default=9, help=f"pictures on the whole path, 2 to {MAX_STEPS} (default 9)")
    space = "where points between are computed: before the mapping, after it (default), or after it with changing noise"
    add("--space", default="class", choices=INTERPOLATION_SPACES, help=space)
    add("--shape", default="linear", choices=SHAPES, help="of the path; spherical turns the direction evenly")
    add("--even", action="store_true", help="space the steps so that each changes the picture by about the same amount")
    through = "go through this class on the way to the last prompt (index, WordNet id or name); may be repeated"
    add("--through", action="append", default=[], metavar="CLASS", help=through)
    add("--grid", action="store_true", help="a picture of the grid between four prompts, --steps along an edge")
    add("--size", type=int, metavar="PIXELS", help="of GIF or MP4, enlarged by a Lanczos filter (default as drawn)")
    add("--and-back", action="store_true", help="let GIF or MP4 go on in reverse order, so that it repeats smoothly")
    file = "interpolation.gif (default) or .mp4, a strip (.png), the vectors (.npz), or these settings (.json)"
    add("--output", type=as_output_file, default=Path("interpolation.gif"), metavar="FILE", help=file)


def _nearest(add: AddArgument) -> None:
    add("prompt", nargs="?", help="the sentence")
    add("--prompts", type=as_path, metavar="FILES", help=f"do it for every row of {PROMPT_FILES}")
    columns = (
        "write a CSV: prompt, index_1, name_1, similarity_1, ..., confidence_1, ...; of many files, into a folder/"
    )
    add("--output", action=Output, type=as_name, metavar="OUT", help=columns)
    add("--top", type=int, default=5, help="classes to name (default 5)")
    add("--words", action="store_true", help="say how the confidence changes when each word is left out")
    add("--json", action="store_true", help="print a JSON list; with --words an object of the lists nearest and words")


def _project(add: AddArgument) -> None:
    add("file", type=as_path, metavar="FILE", help="PNG, JPEG, WebP, GIF or BMP; its middle square is taken")
    steps = f"of the search, 0 to {MAX_SEARCH_STEPS} (default {SEARCH_STEPS})"
    add("--steps", type=int, default=SEARCH_STEPS, help=steps)
    truncation = f"spread of the noise that is searched, above 0 to 1 (default {DEFAULT_DRAWING.truncation})"
    add("--truncation", type=float, default=DEFAULT_DRAWING.truncation, help=truncation)
    add("--top", type=int, default=5, help="classes to name (default 5)")
    add("--json", action="store_true", help="print the answer as JSON")
    file = "the picture beside what was found (default projected.png), or the vectors (.npz)"
    add("--output", type=as_output_file, default=Path("projected.png"), metavar="FILE", help=file)


def _evaluate(add: AddArgument) -> None:
    add("--mapping", choices=("all", *MAPPINGS), metavar="NAME", help="one of them, or all (default)")
    add("--split", default="classes", choices=SPLITS, help="what is held out (default classes)")
    add("--json", type=as_output_file, metavar="FILE", help="write the figures as JSON too")
    add("--csv", type=as_output_file, metavar="FILE", help="write the table as CSV too")
    own = "of your own: a table with the columns 'prompt', 'classes' (indices joined by |) and, if wanted, 'group'"
    purpose = f"evaluate on the test prompts instead, group by group, or on prompts {own}"
    add("--prompts", nargs="?", const=PROMPTS_CSV, type=as_path, metavar="FILE.csv", help=purpose)
    questions = {
        "sweep": "one mapping (default ridge) with every layer and pooling of the encoder, on held-out classes",
        "learning-curve": f"one mapping (default {DEFAULT_MAPPING}) learned from fewer seeds, on held-out classes",
        "seed-kinds": "the same learned without each kind of seeds, and from each kind alone",
        "confidence": "how far confidence can be trusted: calibration error, AUROC, coverage of the sets of answers",
        "generalised": "seen and unseen classes asked for together (generalised zero-shot)",
    }
    for name, purpose in questions.items():
        add(f"--{name}", dest="questions", default=[], action="append_const", const=name, help=purpose)


def _compare(add: AddArgument) -> None:
    def several(name: str, what: str, **options: Any) -> None:
        add(name, nargs="+", action="extend", metavar=options.pop("metavar", "NAME"), help=what, **options)

    several(
        "--encoder",
        "as for other commands (default minilm); each option here takes several, or is given repeatedly",
        type=as_encoder,
    )
    several("--layer", "hidden layers, or all (default -1, the last)", type=as_layer, metavar="LAYER")
    poolings = (*POOLINGS, OWN_POOLING, ALL)
    several("--pooling", "poolings, or all that suit (default the encoder's own)", choices=poolings)
    several("--generator", "class spaces (default bundled)", type=as_generator)
    several("--class-embeddings", "class spaces without a generator", type=as_name, metavar="FILE")
    add("--classes", type=as_name, metavar="FILE.csv", help="the classes of these spaces if not ImageNet's")
    several("--seeds", "seed sentences to use instead of the project's", type=as_name, metavar="FILE.csv")
    add("--add-seeds", type=as_name, metavar="FILE.csv", help="seed sentences to use besides")
    several("--mapping", f"mappings, or all (default {DEFAULT_MAPPING})", choices=(*MAPPINGS, ALL))
    add("--split", default="classes", choices=SPLITS, help="what is held out (default classes)")
    _device(add)
    add(
        "--no-random-space",
        action="store_true",
        help="without the same runs in a random class space, its vectors shuffled among the classes",
    )
    add("--again", action="store_true", help="measure what the table holds already anew")
    add("--kept", action="store_true", help="measure nothing: what the table holds of what is named")
    add("--sort", default=COMPARED[1], choices=COMPARED, help=f"figure to sort and test by (default {COMPARED[1]})")
    add("--json", type=as_output_file, metavar="FILE", help="write runs, tests and failures as JSON too")
    add("--csv", type=as_output_file, metavar="FILE", help="write the table as CSV too")
    add("--html", type=as_output_file, metavar="FILE", help="write a report as one HTML file")


def _drawing_options() -> CommandParser:
    options = CommandParser(add_help=False)
    default = DEFAULT_DRAWING
    truncation = f"spread of the noise, above 0 to 1 (default {default.truncation})"
    options.add_argument("--truncation", type=float, default=default.truncation, help=truncation)
    options.add_argument(
        "--seed", type=int, default=default.noise_seed, help=f"noise seed (default {default.noise_seed})"
    )
    snap = f"share by which a sentence is moved towards its nearest class, 0 to 1 (default {default.snap})"
    options.add_argument("--snap", type=float, default=default.snap, help=snap)
    return options


def _cluster_options() -> CommandParser:
    options = CommandParser(add_help=False)
    address = "a running Dask scheduler, tcp://HOST:PORT, whose workers do the work: docs/cluster.md"
    options.add_argument("--scheduler", metavar="ADDRESS", help=address)
    options.add_argument("--workers", type=int, metavar="N", help="start N processes on this machine to do the work")
    return options


def _encoder_options() -> CommandParser:
    options = CommandParser(add_help=False)
    options.add_argument(
        "--encoder",
        default="minilm",
        type=as_encoder,
        metavar="NAME",
        help="minilm, a Hub id such as distilbert-base-uncased, or a folder",
    )
    options.add_argument("--layer", type=int, default=-1, help="hidden layer; 0 the embedding, -1 the last (default)")
    kept = "; ".join(f"{key}: {pooling.explanation}" for key, pooling in POOLINGS.items())
    default = f"subject for minilm, {OWN_POOLING} where a folder says, else mean"
    pooling = f"what is kept of a sentence's tokens (default: {default}); {kept}; {OWN_POOLING}: {OWN_EXPLANATION}"
    options.add_argument("--pooling", default="", choices=(*POOLINGS, OWN_POOLING), help=pooling)
    return options


def _class_space_options() -> CommandParser:
    options = CommandParser(add_help=False)
    space = options.add_mutually_exclusive_group()
    space.add_argument(
        "--generator",
        default="bundled",
        type=as_generator,
        metavar="NAME",
        help="bundled, biggan-deep-128, -256, -512, a Hub repository or a folder",
    )
    space.add_argument(
        "--class-embeddings",
        type=as_name,
        metavar="FILE",
        help="a bare K x d matrix (.npy, .npz, .pt, .safetensors, .csv) of ImageNet's or --classes; draws no pictures",
    )
    own = "name; if wanted index, wordnet_id, synonyms, everyday, group, description"
    classes = f"the space's classes if not ImageNet's: columns {own}; or a list of names in TXT, JSON or YAML"
    options.add_argument("--classes", type=as_name, metavar="FILE.csv", help=classes)
    return options


def _study_options(encoder: CommandParser, space: CommandParser) -> CommandParser:
    options = CommandParser(add_help=False, parents=[encoder, space])
    for name, metavar, what in (
        ("--seeds", "FILE.csv", "seed sentences to use instead of the project's"),
        ("--add-seeds", "FILE.csv", "seed sentences to use besides"),
        ("--vectors", "FOLDER", "seeds that 'encode' wrote, instead of the project's"),
    ):
        options.add_argument(name, type=as_name, metavar=metavar, help=what)
    _device(options.add_argument)
    return options


def _device(add: AddArgument) -> None:
    device = "where models run: a graphics card (cuda: NVIDIA, AMD; mps: Apple), the CPU, or the best here (default)"
    add("--device", default="auto", choices=DEVICES, help=device)


def _mapping_option() -> CommandParser:
    options = CommandParser(add_help=False)
    options.add_argument(
        "--mapping",
        default=DEFAULT_MAPPING,
        type=as_mapping,
        metavar="NAME",
        help=f"{', '.join(MAPPINGS)} (default {DEFAULT_MAPPING}), or a file that export-mapping wrote",
    )
    return options
