"""Page elements that Streamlit has no widget for, as HTML: data in, text out, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

CELLS = 16  # numbers of a vector that its strip shows


def nearest_list(nearest: pd.DataFrame, pictures: Sequence[str] = ()) -> str:
    """The nearest classes, best first, each with its similarity as a bar.

    Parameters
    ----------
    nearest : DataFrame
        As from ``Study.nearest`` for one prompt: ``name``, ``index``, ``similarity`` (-1 to 1).
    pictures : sequence of str, optional
        A picture of every row's class, as a data address.
    """
    rows = []
    for place, row in enumerate(nearest.itertuples(index=False)):
        picture = f'<img src="{escape(pictures[place])}" alt="">' if place < len(pictures) else ""
        width = round(100 * min(max(row.similarity, 0), 1), 1)
        rows.append(
            f'<li title="ImageNet class {row.index}">{picture}<span class="name">{escape(row.name)}</span>'
            f'<span class="value">{row.similarity:.2f}</span>'
            f'<span class="bar"><i style="width:{width}%"></i></span></li>'
        )
    return f'<ol class="nearest">{"".join(rows)}</ol>'


@dataclass(frozen=True)
class Pipeline:
    """What the picture of the pipeline says about one pair of models.

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
    """The way of one sentence through encoder, mapping and generator."""
    size = f"{parts.pixels} × {parts.pixels} pixels" if parts.pixels else "no pictures"  # noqa: RUF001
    image = f'<img src="{escape(parts.picture)}" alt="">' if parts.picture else ""
    learned = f"learned from<br>{escape(parts.learned_from)}"
    stages = [
        _stage("sentence", "Sentence", f"“{escape(parts.sentence)}”", ""),
        _stage("model", "Text encoder", f"<b>{escape(parts.encoder)}</b><span>{escape(parts.reading)}</span>", ""),
        _stage("vector", "Text space", _cells(parts.x), _count(parts.text_dim)),
        _stage("model taught", "Mapping", f"<b>{escape(parts.mapping)}</b>", learned),
        _stage("vector", "Class space", _cells(parts.z), _count(parts.class_dim)),
        _stage("model", "Generator", f"<b>{escape(parts.generator)}</b>", ""),
        _stage("picture", "Picture", image, size),
    ]
    return f'<div class="pipeline">{"".join(stages)}</div>'


def _stage(kind: str, title: str, body: str, caption: str) -> str:
    """One stage: ``body`` and ``caption`` are markup, their words escaped already."""
    return (
        f'<div class="stage {kind}"><div class="title">{title}</div>'
        f'<div class="box">{body}</div><div class="note">{caption}</div></div>'
    )


def _count(dim: int | None) -> str:
    return f"{dim} numbers" if dim else ""


def _cells(vector: np.ndarray | None) -> str:
    """The first numbers of a vector as cells: the larger, the stronger."""
    sizes = np.zeros(CELLS) if vector is None else np.abs(vector[:CELLS])
    strengths = 0.12 + 0.88 * sizes / max(sizes.max(), 1e-9)
    return "".join(f'<i style="opacity:{strength:.2f}"></i>' for strength in strengths)
