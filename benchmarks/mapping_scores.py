"""Scores of all mappings and of published methods on the same folds."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from alignment.evaluation.baselines import evaluate_baselines
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.result import summary_table
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.execution.progress_bars import ProgressBars
from alignment.files.json_text import json_text
from alignment.mappings import MAPPINGS, make_mapping
from alignment.study import Settings, Study
from alignment.text.pooling import POOLINGS
from benchmarks.arguments import add_class_embeddings
from benchmarks.prompt_files import prompt_tables
from benchmarks.published_methods import PUBLISHED
from benchmarks.reporting import markdown_table

VARIATIONS = {
    # what within-class whitening is worth
    "linear-softmax, not whitened": make_mapping("linear-softmax")["mapping"],
    "nearest-sentences, not whitened": make_mapping("nearest-sentences")["mapping"],
    "reverse-kernel-ridge, no bonus": make_mapping("reverse-kernel-ridge", unseen_bonus=0.0),
    # suits the pooling "word", which leaves less to choose between
    "nearest-sentences, temperature 0.07": make_mapping("nearest-sentences", mapping__temperature=0.07),
}
HIT_RANKS = (1, 5)
HELP = "alignment figures of every mapping"
COLUMNS = {
    "p_at_1": "P@1",
    "p_at_10": "P@10",
    "median_rank": "median rank",
    "csls_p_at_1": "CSLS P@1",
    "csls_p_at_10": "CSLS P@10",
    "mrr": "MRR",
    "cosine": "cosine",
    "r2": "R²",
    "norm_ratio": "norm ratio",
    "hubness": "hubness",
    "mutual_knn": "mutual kNN",
    "cka": "CKA",
}

OWN_COLUMNS = {
    f"own_{name}": COLUMNS[name] for name in ("p_at_1", "p_at_10", "median_rank", "csls_p_at_1", "csls_p_at_10")
}


def add_arguments(parser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--pooling", default="mean", choices=POOLINGS, help="of the encoder (default: mean)")
    parser.add_argument(
        "--splits",
        nargs="*",
        default=["classes", "sentences"],
        choices=["classes", "sentences", "kinds"],
        help="what is held out; without any, the prompts alone (default: classes sentences)",
    )
    parser.add_argument("--mappings", nargs="+", metavar="KEY", default=list(MAPPINGS), help="default: all")
    parser.add_argument("--only", action="store_true", help="no published methods, no other settings")
    parser.add_argument("--sentences", type=int, metavar="N", help="compare on N drawn at random (default: all)")
    parser.add_argument("--by-sentence", action="store_true", help="count every sentence in place of every word once")
    parser.add_argument("--random-state", type=int, default=0, help="which folds (default: 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure as JSON too")


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings, pooling=arguments.pooling))
    mappings = {key: make_mapping(key) for key in arguments.mappings}
    if not arguments.only:
        mappings |= VARIATIONS | PUBLISHED
    study.build(progress=ProgressBars())
    tables = {split: _compared(study, mappings, split, arguments) for split in arguments.splits}
    tables["prompts"] = _prompts(study, mappings, arguments)
    if arguments.json:
        arguments.json.write_text(json_text({name: table.to_dict("index") for name, table in tables.items()}))


def _pairs(study: Study, arguments) -> SeedPairs:
    """Seed pairs, without paraphrase groups where every sentence counts."""
    return replace(study.pairs, terms=None, groups=None) if arguments.by_sentence else study.pairs


def _compared(study: Study, mappings: dict, split: str, arguments) -> pd.DataFrame:
    """Evaluate every mapping on one split; also print the figures and the time."""
    rows = np.sort(np.random.default_rng(0).permutation(len(study.seeds))[: arguments.sentences])
    pairs = _pairs(study, arguments).subset(rows)
    wall, cpu = time.perf_counter(), time.process_time()
    seed, progress = arguments.random_state, ProgressBars()
    folds = pairs.folds(split, random_state=seed)
    results = {key: evaluate(each, pairs, folds, label=key, progress=progress) for key, each in mappings.items()}
    results |= evaluate_baselines(pairs, folds, random_state=seed, progress=progress)
    table = summary_table(results)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"\nHeld-out {split}: {len(pairs)} sentences, {len(study.classes)} classes, {wall:.0f} s, {cpu:.0f} CPU s\n")
    print(markdown_table(table[list(COLUMNS)].rename(columns=COLUMNS)))
    if own := {name: column for name, column in OWN_COLUMNS.items() if name in table}:
        print("\nRanked by the mapping's own similarities\n")
        print(markdown_table(table[list(own)].dropna().rename(columns=own)))
    return table


def _prompts(study: Study, mappings: dict, arguments) -> pd.DataFrame:
    """Hit rates on the prompts of every file, every mapping fitted on all seeds; also print them."""
    pairs = _pairs(study, arguments)
    prompts = prompt_tables(study.classes)
    encoded = {name: study.encode(table["prompt"].tolist()) for name, table in prompts.items()}
    rows = {}
    for key, mapping in tqdm(mappings.items(), "Prompts", leave=False):
        fitted = fit_pairs(mapping, pairs)
        rows[key] = {}
        for name, table in prompts.items():
            hits = evaluate_prompts(fitted.predict(encoded[name]), study.class_vectors, table["rows"].tolist())
            rows[key] |= {f"{name}: hit@{k}": hits.loc["all", f"hit_at_{k}"] for k in HIT_RANKS}
    table = pd.DataFrame(rows).T.rename_axis("mapping")
    counts = "; ".join(f"{name} {len(table)}" for name, table in prompts.items())
    print(f"\nPrompts: {counts}\n\n{markdown_table(table)}")
    return table
