"""Comparison of text encoders on the same seeds and folds, with layer and pooling chosen on development folds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from alignment.errors import InputError
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.encoder_sweep import sweep_encoder
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.metrics import PRIMARY_METRIC
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.study import Settings
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.checkpoints import ENCODERS, pools_itself
from alignment.text.sentence_transformers_folder import OWN_POOLING
from benchmarks.arguments import add_class_embeddings
from benchmarks.prompt_files import prompt_tables
from benchmarks.reporting import markdown_table

HELP = "what other text encoders bring"
OTHERS = (
    "sentence-transformers/all-mpnet-base-v2",
    "intfloat/e5-base-v2",
    "thenlper/gte-base",
    "openai/clip-vit-base-patch32",
)
CHOOSING = {"mapping": "ridge", "random_state": 1}  # folds that no figure of the table comes from


def add_arguments(parser) -> None:
    parser.add_argument(
        "--encoders", nargs="+", metavar="NAME", default=[*ENCODERS, *OTHERS], help="folders, Hub names"
    )
    add_class_embeddings(parser)


def run(arguments) -> None:
    rows = []
    for source in arguments.encoders:
        try:
            rows += list(rows_of(source, arguments.class_embeddings))
        except InputError as error:
            print(f"{source}: left out. {error}", file=sys.stderr)
    if not rows:
        raise InputError("no encoder was measured.")
    print(markdown_table(rows))


def rows_of(source: str, class_embeddings: str | None) -> Iterator[dict]:
    """Yield table rows: for the layer and pooling that the sweep chose, and for the encoder's own pooling if any."""
    spaces = PairedSpaces(Settings(encoder=source, class_embeddings=class_embeddings))
    swept = sweep_encoder(
        spaces.encoder,
        make_mapping(CHOOSING["mapping"]),
        pairs_without_vectors(spaces),
        random_state=CHOOSING["random_state"],
        progress=ProgressBars(),
    )
    best = swept.loc[swept[PRIMARY_METRIC].idxmax()]
    yield measure(replace(spaces.settings, layer=int(best["layer"]), pooling=str(best["pooling"])))
    if pools_itself(source):
        yield measure(replace(spaces.settings, layer=-1, pooling=OWN_POOLING))


def pairs_without_vectors(spaces: PairedSpaces) -> SeedPairs:
    """Seed pairs without sentence vectors, for a sweep, which encodes the texts itself."""
    seeds = spaces.seeds
    empty = np.empty((len(seeds), 0), np.float32)
    return SeedPairs(empty, spaces.membership, spaces.class_vectors, texts=seeds.sentences, terms=seeds.terms)


def measure(settings: Settings) -> dict:
    """Evaluate an encoder setting; return a row of the table."""
    spaces = PairedSpaces(settings)
    began = time.perf_counter()
    spaces.encoder.encode(spaces.seeds.sentences[:2000], words=spaces.seeds.terms[:2000])
    seconds = time.perf_counter() - began
    row = {"encoder": Path(settings.encoder).name, "layer": settings.layer, "pooling": settings.pooling}
    row |= {"numbers": spaces.encoder.dim, "sentences a second": round(2000 / seconds)}
    folds = spaces.pairs.folds("classes")
    for key in ("ridge", "reverse-kernel-ridge"):
        figures = evaluate(make_mapping(key), spaces.pairs, folds).summary()
        row |= {f"{key}: P@10": figures["p_at_10"], f"{key}: CSLS P@1": figures["csls_p_at_1"]}
    fitted = fit_pairs(make_mapping(DEFAULT_MAPPING), spaces.pairs)
    for name, prompts in prompt_tables(spaces.classes).items():
        mapped = fitted.predict(spaces.encode(prompts["prompt"].tolist()))
        hits = evaluate_prompts(mapped, spaces.class_vectors, prompts["rows"].tolist())
        row[f"{name}: hit@1"] = hits.loc["all", "hit_at_1"]
    return row
