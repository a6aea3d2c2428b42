"""Evaluation with a fine-tuned text encoder: its last blocks are tuned on the training sentences of every fold.

Each fold starts from the published weights and uses its own training sentences alone. The objective is softmax
regression over the classes that a sentence names, on cosines with one learned vector per class, which is dropped
afterwards. The mapping is fitted on the tuned encoder's sentence vectors. For the prompts, the encoder is tuned on all
seeds. A fold takes minutes on two cores.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from sklearn.utils import gen_batches
from tqdm import tqdm

from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import targets
from alignment.mappings import make_mapping
from alignment.study import Settings, Study
from alignment.text.encoder import TextEncoder
from alignment.text.tokenizer import load_tokenizer
from alignment.vectors.class_means import class_means, unit_rows
from benchmarks.arguments import add_class_embeddings
from benchmarks.machine import machine
from benchmarks.prompt_files import prompt_tables
from benchmarks.reporting import markdown_table

HELP = "held-out sentences with a fine-tuned text encoder"
BATCH = 128  # sentences per step
TEMPERATURE = 0.05
LEARNING_RATES = 1e-4, 1e-3  # largest: of the blocks, of the vectors of the classes


def add_arguments(parser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--mapping", default="nearest-sentences", metavar="KEY", help="default: nearest-sentences")
    parser.add_argument(
        "--blocks", type=int, default=2, choices=range(1, 7), help="how many of the encoder's last blocks (default: 2)"
    )
    parser.add_argument("--epochs", type=int, default=4, help="passes over the sentences (default: 4)")
    parser.add_argument("--random-state", type=int, default=0, help="which folds (default: 0)")


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings))
    prompts = {f"{name} prompts": table for name, table in prompt_tables(study.classes).items()}
    asked = [prompt for file in prompts.values() for prompt in file["prompt"]]
    encoder = TunableEncoder(study.encoder, [*study.seeds.sentences, *asked], arguments.blocks)
    published = encoder.encode()
    encodings = {
        "as published": lambda rows, label: published,
        f"tuned, blocks: {arguments.blocks}": lambda rows, label: encoder.tuned(
            rows, study.membership[rows], epochs=arguments.epochs, label=label
        ),
    }
    mapping, rows = make_mapping(arguments.mapping), []
    for name, encoded in encodings.items():
        sentences = _held_out(study, mapping, encoded, arguments.random_state)
        kinds = sentences.per_kind(study.pairs.kinds)["p_at_1"]
        found = _found(study, mapping, encoded, prompts)
        rows.append([name, *(f"{share:.4f}" for share in (sentences.summary()["p_at_1"], *kinds, *found))])
    print(f"{machine()}\n\n{arguments.mapping}: P@1 of held-out sentences, of all and by kind; hit@1 of prompts\n")
    print(markdown_table(rows, ["encoder", "sentences", *kinds.index, *prompts]))


def _held_out(study: Study, mapping, encoded, random_state: int) -> EvaluationResult:
    """Evaluate every fold on the sentence vectors of ``encoded`` after tuning on that fold's training sentences."""
    folds = study.pairs.folds("sentences", random_state=random_state)
    results = []
    for number, fold in enumerate(folds, start=1):
        X = encoded(fold.train, f"Fold {number} of {len(folds)}")
        results.append(evaluate(mapping, replace(study.pairs, X=X[: len(study.seeds)]), [fold]))
    joined = [np.concatenate([getattr(r, part) for r in results]) for part in ("predictions", "rows", "truth")]
    return EvaluationResult(*joined, study.class_vectors, split="sentences")


def _found(study: Study, mapping, encoded, prompts: dict) -> Iterator[float]:
    """hit@1 of each file's prompts, with the encoder tuned and the mapping fitted on all seeds."""
    n = len(study.seeds)
    X = encoded(np.arange(n), "All seeds")
    fitted = fit_pairs(mapping, replace(study.pairs, X=X[:n]))
    for file in prompts.values():
        asked, n = slice(n, n + len(file)), n + len(file)
        hits = evaluate_prompts(fitted.predict(X[asked]), study.class_vectors, file["rows"].tolist())
        yield hits.loc["all", "hit_at_1"]


class TunableEncoder:
    """A BERT whose last blocks can be fine-tuned; the hidden states before them are computed once.

    Parameters
    ----------
    encoder : TextEncoder
    texts : n str
    blocks : int
    """

    def __init__(self, encoder: TextEncoder, texts: Sequence[str], blocks: int):
        import torch
        from transformers import AutoModel

        tokens = load_tokenizer(encoder.folder)(list(texts), truncation=True)["input_ids"]
        model = AutoModel.from_pretrained(encoder.folder, use_safetensors=True, attn_implementation="eager").eval()
        below = len(model.encoder.layer) - blocks
        self._published = model.encoder.layer[below:]
        self._below = []  # for each number of tokens t: rows of the texts (m,), their states (m, t, dim)
        lengths = np.array([len(ids) for ids in tokens])
        with torch.no_grad(), tqdm(total=len(texts), desc="Encoding", leave=False) as bar:
            for length in np.unique(lengths):
                rows = np.flatnonzero(lengths == length)
                states = []
                for part in gen_batches(len(rows), BATCH):
                    ids = torch.tensor([tokens[row] for row in rows[part]])
                    states.append(model(ids, output_hidden_states=True).hidden_states[below])
                    bar.update(len(ids))
                self._below.append((rows, torch.cat(states)))

    def encode(self, blocks=None) -> np.ndarray:
        """Mean-pooled states of every text after ``blocks``, by default the published ones: float32 (n, dim)."""
        import torch

        blocks = (self._published if blocks is None else blocks).eval()
        X = {}
        with torch.no_grad():
            for rows, states in self._below:
                for part in gen_batches(len(rows), BATCH):
                    X |= zip(rows[part], _mean_pooled(blocks, states[part]).numpy(), strict=True)
        return np.array([X[row] for row in range(len(X))])

    def tuned(self, rows: np.ndarray, membership, *, epochs: int, label: str) -> np.ndarray:
        """:meth:`encode` after tuning the blocks on the classes that the texts in ``rows`` name.

        Parameters
        ----------
        rows : ndarray of int, (m,)
        membership : sparse array of bool, (m, K), no row empty
        epochs : int
            Passes over the texts.
        label : str
            Of the progress bar.

        References
        ----------
        Wang et al. (2017), NormFace: L2 hypersphere embedding for face verification, arXiv:1704.06369: softmax over
        cosines with one learned vector per class.
        """
        import torch
        from torch.nn.functional import cross_entropy, normalize

        torch.manual_seed(0)
        rng = np.random.default_rng(0)
        blocks = copy.deepcopy(self._published).train()
        start = np.nan_to_num(unit_rows(class_means(unit_rows(self.encode()[rows]), membership)))
        classes = torch.nn.Parameter(torch.from_numpy(start))
        wanted = dict(zip(rows, targets(membership, np.eye(membership.shape[1], dtype=np.float32)), strict=True))
        parameters = [{"params": blocks.parameters()}, {"params": [classes], "weight_decay": 0}]
        optimiser = torch.optim.AdamW(parameters)
        steps = epochs * len(self._batches(rows, rng))
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATES, steps, pct_start=0.1)
        with tqdm(total=steps, desc=label, leave=False) as bar:
            for _ in range(epochs):
                for group, part in self._batches(rows, rng):
                    of_group, states = self._below[group]
                    vectors = _mean_pooled(blocks, states[part])
                    cosines = normalize(vectors, dim=1) @ normalize(classes, dim=1).T
                    shares = torch.from_numpy(np.array([wanted[row] for row in of_group[part]]))
                    loss = cross_entropy(cosines / TEMPERATURE, shares)
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
                    schedule.step()
                    bar.update()
        return self.encode(blocks)

    def _batches(self, rows: np.ndarray, rng: np.random.Generator) -> list[tuple[int, np.ndarray]]:
        """Random batches of texts of ``rows``, as (index in ``_below``, rows there)."""
        batches = []
        for group, (of_group, _) in enumerate(self._below):
            places = rng.permutation(np.flatnonzero(np.isin(of_group, rows)))
            batches += [(group, places[start : start + BATCH]) for start in range(0, len(places), BATCH)]
        rng.shuffle(batches)
        return batches


def _mean_pooled(blocks, states):
    """Mean over tokens, (m, dim), of ``states`` (m, t, dim) passed through ``blocks``."""
    for block in blocks:
        states = block(states)
    return states.mean(dim=1)
