"""Benefit of learned token weights, over several training runs, and against a control without them.

The runs differ in initial weights and batches; the composed sentences, and which frames and terms are held out, are
the same. The control learns a metric from the same batches instead: all tokens weigh the same, and the mean sentence
is multiplied by a matrix. A model's sentence vector is concatenated with the lexical mean, as in the pooling
``subject``; *even* has that mean twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import torch

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.errors import InputError
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import DEFAULT_MAPPING, make_mapping
from alignment.study import Settings, Study
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import SUBJECT_LENGTH
from alignment.vectors.class_means import unit_rows
from benchmarks.arguments import add_class_embeddings
from benchmarks.prompt_files import prompt_tables
from benchmarks.reporting import markdown_table
from training import subject
from training.subject import CLASSES

HELP = "weights of tokens by subject: several runs of learning, and a control"
METRIC_LEARNING_RATE = 3e-4


def add_arguments(parser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="one run each (default: 0 1 2)")
    parser.add_argument("--control-seeds", nargs="*", type=int, default=[0], help="of the control (default: 0)")
    parser.add_argument("--sentences", type=int, default=subject.SENTENCES, help="composed (default %(default)s)")


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings, pooling="subject"))
    seed_rows = rows_of_seeds(study)
    encoder = TextEncoder("minilm", dtype="float32")  # as it was learned
    material = subject.Material.encoded(encoder, arguments.sentences, seed=0)
    measure = Measure.of(study, encoder, material, seed_rows)
    rows, size = {"even": measure.figures(subject.EVENLY)}, encoder.hidden_size
    for seed in arguments.seeds:
        attention = subject.learn_attention(material, size, seed=seed)
        rows[f"learned, seed {seed}"] = measure.figures(partial(subject.pooled, attention))
    for seed in arguments.control_seeds:
        rows[f"control, seed {seed}"] = measure.figures(learn_metric(material, size, seed=seed).pooled)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=measure.columns).rename_axis("weights")
    runs = table.groupby(table.index.str.partition(",").get_level_values(0), sort=False)
    print(markdown_table(table))
    print(f"\nMean\n\n{markdown_table(runs.mean())}\n\nStandard deviation\n\n{markdown_table(runs.std().dropna())}")


class LearnedMetric(torch.nn.Linear):
    """Control model: all tokens weigh the same, and the mean sentence x becomes ``x M``; M starts as the identity.

    It shows what can be learned from the same sentences without token weights.
    """

    def __init__(self, size: int):
        super().__init__(size, size, bias=False)
        torch.nn.init.eye_(self.weight)

    def pooled(self, states: subject.TokenStates, rows: np.ndarray) -> torch.Tensor:
        return self(subject.EVENLY(states, rows))


def learn_metric(material: subject.Material, hidden_size: int, *, seed: int) -> LearnedMetric:
    """Train the control on the same batches."""
    metric = LearnedMetric(2 * hidden_size)
    subject.minimise_loss(metric, metric.pooled, material, steps=subject.STEPS, rate=METRIC_LEARNING_RATE, seed=seed)
    return metric.eval()


@dataclass
class Measure:
    """Evaluation of a pooling with the default mapping, on the prompts of every file and on composed sentences."""

    study: Study
    material: subject.Material
    rows: list[int]  # of the study's seeds in the material
    prompts: dict[str, tuple[list, subject.TokenStates]]  # right classes, and the prompts' tokens

    @classmethod
    def of(cls, study: Study, encoder: TextEncoder, material: subject.Material, rows: list[int]) -> Measure:
        """Encode the prompts."""
        prompts = {}
        for name, table in prompt_tables(study.classes).items():
            prompts[name] = table["rows"].tolist(), subject.token_states(encoder, table["prompt"].tolist())
        return cls(study, material, rows, prompts)

    @property
    def columns(self) -> list[str]:
        """Names of the numbers of :meth:`figures`."""
        return [*self.prompts, "composed: subject nearest", "company nearest"]

    def figures(self, pool: subject.Pool) -> list[float]:
        """hit@1 of every file's prompts, and the shares of composed sentences with held-out frames and terms."""
        seeds, X = self.study.seeds, sentence_vectors(pool, self.material.sources[1].states)[self.rows]
        labels = {"kinds": seeds.frame["kind"].to_numpy(), "texts": seeds.sentences, "terms": seeds.terms}
        pairs = SeedPairs(X, self.study.membership, self.study.class_vectors, **labels)
        fitted, found = fit_pairs(make_mapping(DEFAULT_MAPPING), pairs), []
        for right, states in self.prompts.values():
            hits = evaluate_prompts(fitted.predict(sentence_vectors(pool, states)), pairs.class_vectors, right)
            found.append(hits.loc["all", "hit_at_1"])
        return [*found, *subject.nearest_shares(pool, self.material).values()]


def rows_of_seeds(study: Study) -> list[int]:
    """Rows of a study's seeds among those of all of ImageNet's classes, from which the weights are learned."""
    place = {sentence: row for row, sentence in enumerate(default_seeds(ClassTable(range(CLASSES))).sentences)}
    if not set(study.seeds.sentences) <= set(place):
        raise InputError("This class space has seeds of its own; name one of ImageNet's 1000 classes.")
    return [place[sentence] for sentence in study.seeds.sentences]


def sentence_vectors(pool: subject.Pool, states: subject.TokenStates) -> np.ndarray:
    """Sentence vectors of the pooling ``subject``, with ``pool`` for its weighted mean: float32 (n, 4 d)."""
    lexical, weighted = subject.pooled_rows(subject.EVENLY, states), subject.pooled_rows(pool, states)
    length = np.linalg.norm(lexical, axis=1, keepdims=True)
    return np.hstack([lexical, SUBJECT_LENGTH * length * unit_rows(weighted)])
