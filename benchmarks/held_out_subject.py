"""Held-out classes with token weights that were learned without them.

The weights of the pooling ``subject`` were learned from sentences about all of ImageNet's classes, so that a class held
out from a mapping was known to its text encoder. Here they are learned once more for every fold, without the sentences
that name its held-out classes, and without these among the answers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from alignment.evaluation.cross_validation import predict_fold, result_of_folds
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.study import Settings, Study
from alignment.text.encoder import TextEncoder
from benchmarks.arguments import add_class_embeddings
from benchmarks.reporting import markdown_table
from benchmarks.subject import rows_of_seeds, sentence_vectors
from training import subject

HELP = "held-out classes with token weights that were learned without them"
MAPPINGS = (DEFAULT_MAPPING, "reverse-kernel-ridge")
FIGURES = ("p_at_1", "p_at_10", "median_rank", "csls_p_at_1", "csls_p_at_10", "cosine", "own_p_at_1", "own_p_at_10")


def add_arguments(parser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--sentences", type=int, default=subject.SENTENCES, help="composed (default %(default)s)")
    parser.add_argument("--steps", type=int, default=subject.STEPS, help="of learning (default %(default)s)")


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings, pooling="subject"))
    rows, indices = rows_of_seeds(study), np.array(study.classes.indices)
    encoder = TextEncoder("minilm", dtype="float32")  # as the shipped weights were learned
    material = subject.Material.encoded(encoder, arguments.sentences, seed=0)
    folds = study.pairs.folds("classes")

    def vectors(learned_from: subject.Material) -> np.ndarray:
        attention = subject.learn_attention(learned_from, encoder.hidden_size, steps=arguments.steps)
        return sentence_vectors(partial(subject.pooled, attention), material.sources[1].states)[rows]

    of_all, outcomes = vectors(material), defaultdict(list)
    for fold in folds:
        of_others = vectors(without(material, indices[~fold.known]))
        for name, X in (("with all classes", of_all), ("without the held-out ones", of_others)):
            pairs = replace(study.pairs, X=X)
            for mapping in MAPPINGS:
                outcomes[f"{mapping}, {name}"].append(predict_fold(make_mapping(mapping), pairs, fold))
    table = {name: result_of_folds(study.pairs, folds, found).summary() for name, found in outcomes.items()}
    shown = pd.DataFrame.from_dict(table, orient="index")[list(FIGURES)]
    print(markdown_table(shown.sort_index().rename_axis("mapping, weights learned")))


def without(material: subject.Material, classes: np.ndarray) -> subject.Material:
    """Training data without sentences that name any of these classes, and without them among the answers."""
    away = set(classes.tolist())
    kept = np.setdiff1d(np.arange(subject.CLASSES), classes)
    composed, seeds = material.sources
    no_company = np.array([away.isdisjoint(company) for company in material.composed["company"]])
    sources = []
    for source, allowed in ((composed, no_company), (seeds, np.ones(len(material.seeds), bool))):
        allowed = (allowed & (source.named[:, classes].sum(axis=1) == 0))[source.rows]
        shares = None if source.probability is None else source.probability[allowed] / source.probability[allowed].sum()
        sources.append(subject.Source(source.states, source.named[:, kept], source.rows[allowed], shares))
    return replace(material, sources=sources, keys=material.keys_of(sources[1].rows, kept))
