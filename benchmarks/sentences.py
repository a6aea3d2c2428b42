"""Sentences per second: the text encoder against loops over sentences and against sentence-transformers' encode.

The seed dictionary of all 1000 classes, cut to ``--count`` sentences. With ``--threads 1`` processor time is measured
instead of wall time, so that other work on the machine matters little. sentence-transformers is optional; it
comes with ``pip install '.[bench]'``.

With ``--device cuda`` (or mps) the encoders run on the graphics card; the cosines are with vectors from the CPU.
"""

from __future__ import annotations

import importlib.util
import time

import numpy as np

from benchmarks.arguments import add_processor
from benchmarks.machine import gpu, machine
from benchmarks.reporting import markdown_table

HELP = "time of encoding against loops and against sentence-transformers"
LOOPED = 400  # sentences a loop is timed on; its time grows with their number


def add_arguments(parser) -> None:
    parser.add_argument("--count", type=int, default=25_000, help="sentences (default 25,000)")
    add_processor(parser)


def run(arguments) -> None:
    import torch

    from alignment.dictionary.classes import ClassTable
    from alignment.dictionary.default_seeds import default_seeds
    from alignment.execution.placement import resolve
    from alignment.text.encoder import TextEncoder

    on_cpu = resolve(arguments.device) == "cpu"
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    clock = time.process_time if on_cpu and torch.get_num_threads() == 1 else time.perf_counter
    every = default_seeds(ClassTable(range(1000))).sentences
    chosen = np.random.default_rng(0).permutation(len(every))[: arguments.count]
    sentences = [every[row] for row in chosen]
    if not on_cpu:
        return _on_gpu(arguments.device, sentences)
    encoder, single = TextEncoder(device="cpu"), TextEncoder(dtype="float32", device="cpu")
    for each in (encoder, single):
        each.encode(sentences[:64])  # weights loaded, code warm

    print(machine(), f"{len(sentences):,} sentences", sep="; ")
    print("Times are", "processor time" if clock is time.process_time else "wall-clock time", "\n")
    ours, found = _timed(clock, lambda: encoder.encode(sentences))
    in_single, vectors = _timed(clock, lambda: single.encode(sentences))
    loop = sentences[:: max(1, len(sentences) // LOOPED)]
    loops = {"a loop over ours": lambda sentence: encoder.encode([sentence])}
    loops["a loop over transformers' model"] = _transformers_call(encoder.folder)
    rows = [[f"ours, {encoder.dtype}", ours, found]]
    if encoder.dtype != single.dtype:
        rows.append([f"ours, {single.dtype}", in_single, vectors])
    if importlib.util.find_spec("sentence_transformers"):
        from sentence_transformers import SentenceTransformer

        theirs = SentenceTransformer(str(encoder.folder), device="cpu")
        theirs.encode(sentences[:64])
        rows.append(["sentence-transformers", *_timed(clock, lambda: theirs.encode(sentences))])
        loops["a loop over sentence-transformers"] = lambda sentence: theirs.encode([sentence], show_progress_bar=False)
    for name, call in loops.items():
        call(loop[0])
        taken, found = _timed(clock, lambda call=call: np.vstack([call(sentence) for sentence in loop]))
        rows.append([f"{name} (timed on {len(loop)})", taken * len(sentences) / len(loop), found])
    places = {len(sentences): slice(None), len(loop): slice(None, None, max(1, len(sentences) // LOOPED))}
    lines = [
        [name, f"{taken:.1f}", f"{len(sentences) / taken:.0f}", f"{taken / ours:.2f}", f"{least:.6f}"]
        for name, taken, found in rows
        for least in [_least_cosine(found, vectors[places[len(found)]])]
    ]
    columns = ["encoder", "seconds", "sentences a second", "times ours", "least cosine with ours in float32"]
    print(markdown_table(lines, columns))


def _on_gpu(device: str, sentences: list[str]) -> None:
    """Measure encoders on a graphics card, in each fast dtype, and sentence-transformers."""
    from alignment.execution.placement import fastest_dtype
    from alignment.text.encoder import TextEncoder

    few = sentences[:: max(1, len(sentences) // LOOPED)]
    on_cpu = TextEncoder(device="cpu", dtype="float32")
    expected = on_cpu.encode(few)
    calls = {}
    for dtype in dict.fromkeys(("float32", fastest_dtype(device))):
        calls[f"ours, {dtype}"] = TextEncoder(device=device, dtype=dtype).encode
    if importlib.util.find_spec("sentence_transformers"):
        from sentence_transformers import SentenceTransformer

        calls["sentence-transformers"] = SentenceTransformer(str(on_cpu.folder), device=device).encode
    print(gpu(device), f"{len(sentences):,} sentences", "wall-clock time", sep="; ", end="\n\n")
    rows = []
    for name, call in calls.items():
        least = _least_cosine(call(few), expected)  # weights loaded, code warm
        taken, _ = _timed(time.perf_counter, lambda call=call: call(sentences))  # vectors are arrays: it has finished
        rows.append([name, f"{taken:.2f}", f"{len(sentences) / taken:.0f}", f"{least:.6f}"])
    print(markdown_table(rows, ["encoder", "seconds", "sentences a second", "least cosine with ours on the CPU"]))


def _transformers_call(folder):
    """A function that encodes one sentence with transformers' tokenizer and model, mean over tokens."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def call(sentence: str) -> np.ndarray:
        with torch.inference_mode():
            return model(**tokenizer(sentence, return_tensors="pt")).last_hidden_state.mean(dim=1).numpy()

    return call


def _timed(clock, call):
    start = clock()
    answer = call()
    return clock() - start, answer


def _least_cosine(A: np.ndarray, B: np.ndarray) -> float:
    lengths = np.linalg.norm(A, axis=1) * np.linalg.norm(B, axis=1)
    return float((np.einsum("nd,nd->n", A, B) / lengths).min())
