"""Diagram of the pipeline from sentence to picture, with the numbers of one example."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

STYLE = (Path(__file__).parent / "pipeline.css").read_text(encoding="utf-8")
VECTOR_CELLS = 16  # numbers of a vector that are shown


@dataclass(frozen=True)
class Pipeline:
    """Contents of the pipeline diagram for one pair of models.

    ``x`` and ``z`` are the vectors of the example, in text and in class space; without them their strips stay pale.
    """

    sentence: str
    encoder: str
    reading: str
    text_dim: int | None
    mapping: str
    class_dim: int | None
    generator: str
    pixels: int | None
    learned_from: str
    x: np.ndarray | None = None
    z: np.ndarray | None = None
    picture: str | None = None


def pipeline(parts: Pipeline) -> str:
    """HTML diagram of encoder, mapping and generator, with its style, so that it never stands bare."""
    size = f"{parts.pixels} × {parts.pixels} pixels" if parts.pixels else "no pictures"  # noqa: RUF001
    image = f'<img src="{escape(parts.picture)}" alt="">' if parts.picture else ""
    learned = f"learned from<br>{escape(parts.learned_from)}"
    stages = [
        _stage("sentence", "Sentence", f"“{escape(parts.sentence)}”", ""),
        _stage("model", "Text encoder", f"<b>{escape(parts.encoder)}</b><span>{escape(parts.reading)}</span>", ""),
        _stage("vector", "Text space", _cells(parts.x), _count(parts.text_dim)),
        '<div class="row-end text"></div>',
        _stage("model taught", "Mapping", f"<b>{escape(parts.mapping)}</b>", learned),
        _stage("vector", "Class space", _cells(parts.z), _count(parts.class_dim)),
        '<div class="row-end class"></div>',
        _stage("model", "Generator", f"<b>{escape(parts.generator)}</b>", ""),
        _stage("picture", "Picture", image, size),
    ]
    diagram = f'<div class="pipeline">{"".join(stages)}</div>'
    return f'<div class="pipeline-place"><style>{STYLE}</style>{diagram}</div>'


def _stage(kind: str, title: str, body: str, caption: str) -> str:
    """One stage; ``body`` and ``caption`` are HTML, already escaped."""
    return (
        f'<div class="stage {kind}"><div class="title">{title}</div>'
        f'<div class="box">{body}</div><div class="note">{caption}</div></div>'
    )


def _count(dim: int | None) -> str:
    return f"{dim} numbers" if dim else ""


def _cells(vector: np.ndarray | None) -> str:
    """The first numbers of a vector as cells, stronger for larger values."""
    sizes = np.zeros(VECTOR_CELLS) if vector is None else np.abs(vector[:VECTOR_CELLS])
    strengths = 0.12 + 0.88 * sizes / max(sizes.max(), 1e-9)
    return "".join(f'<i style="opacity:{strength:.2f}"></i>' for strength in strengths)
