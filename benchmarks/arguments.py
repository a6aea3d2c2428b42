"""Command-line options shared by several benchmarks."""

from __future__ import annotations

import argparse


def add_class_embeddings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--class-embeddings", metavar="FILE.npy", help="class space, K x d; the bundled generator's by default"
    )


def add_processor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, help="default: all cores")
    parser.add_argument("--device", choices=("cpu", "cuda", "mps"), default="cpu")
