"""Page elements as HTML, for which Streamlit has no widget; all texts are escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd


def nearest_list(nearest: pd.DataFrame, pictures: Sequence[str] = ()) -> str:
    """List of the nearest classes, best first, each with its similarity as a number and a bar.

    Parameters
    ----------
    nearest : DataFrame
        As from ``Study.nearest`` for one prompt: ``name``, ``index``, ``similarity`` (-1 to 1).
    pictures : sequence of str, optional
        A picture of every row's class, as a data URI.
    """
    rows = []
    for position, row in enumerate(nearest.itertuples(index=False)):
        picture = f'<img src="{escape(pictures[position])}" alt="">' if position < len(pictures) else ""
        width = round(100 * min(max(row.similarity, 0), 1), 1)
        rows.append(
            f'<li title="Class {row.index}">{picture}<span class="name">{escape(row.name)}</span>'
            f'<span class="value">{row.similarity:.2f}</span>{_bar(width)}</li>'
        )
    return f'<div class="measure">similarity</div><ol class="nearest">{"".join(rows)}</ol>'


def noted_list(names: Sequence[str], notes: Sequence[str], pictures: Sequence[str] = ()) -> str:
    """List of classes, each with a note and, if given, a picture as a data URI."""
    rows = []
    for position, (name, note) in enumerate(zip(names, notes, strict=True)):
        picture = f'<img src="{escape(pictures[position])}" alt="">' if position < len(pictures) else ""
        rows.append(
            f'<li>{picture}<span class="name">{escape(name)}</span><span class="value">{escape(note)}</span></li>'
        )
    return f'<ol class="nearest noted">{"".join(rows)}</ol>'


def picture_grid(pictures: Sequence[str], alt: str) -> str:
    """Square grid of pictures given as data URIs; the browser enlarges them. Alt texts of several are numbered."""
    count = len(pictures)
    columns = math.ceil(math.sqrt(count))
    alts = [alt] if count == 1 else [f"{alt}, picture {number} of {count}" for number in range(1, count + 1)]
    images = "".join(
        f'<img src="{escape(picture)}" alt="{escape(alt)}">' for picture, alt in zip(pictures, alts, strict=True)
    )
    return f'<div class="pictures" style="grid-template-columns:repeat({columns},1fr)">{images}</div>'


def quotes(sentences: Sequence[str]) -> str:
    """List of sentences in quotation marks."""
    return f'<ul class="quotes">{"".join(f"<li>“{escape(sentence)}”</li>" for sentence in sentences)}</ul>'


@dataclass(frozen=True)
class Gauge:
    """A metric of a point, and its range (``low`` to ``high``) over the classes."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Card:
    """One of several results to compare; ``picture`` and ``nearest_picture`` are data URIs."""

    title: str
    picture: str | None = None
    nearest_picture: str | None = None
    nearest: str = ""
    similarity: float = 0.0
    gauges: Sequence[Gauge] = ()
    reason: str = ""


def comparison(cards: Sequence[Card], *, small: bool = False) -> str:
    """Cards side by side, as many in a row as fit; ``small`` ones two in a row, or four in a wide window."""
    return f'<div class="cards{" small" if small else ""}">{"".join(map(_card, cards))}</div>'


def _card(card: Card) -> str:
    title = escape(card.title)
    picture = f'<img src="{escape(card.picture)}" alt="{title}">' if card.picture else ""
    nearest_picture = f'<img src="{escape(card.nearest_picture)}" alt="">' if card.nearest_picture else ""
    nearest = (
        f'<div class="own">{nearest_picture}<span>{escape(card.nearest)}<b>similarity {card.similarity:.2f}</b></span>'
        "</div>"
        if card.nearest
        else ""
    )
    gauges = "".join(map(_gauge, card.gauges))
    return (
        f'<div class="card"><div class="name">{title}</div>{picture}{nearest}{gauges}'
        f'<div class="reason">{escape(card.reason)}</div></div>'
    )


def _gauge(gauge: Gauge) -> str:
    """Gauge from 0 to a third beyond the classes, with their range shaded and a mark at the point's value."""
    end = 1.35 * gauge.high
    left, right, mark = (100 * min(value / end, 1) for value in (gauge.low, gauge.high, gauge.value))
    strange = "" if gauge.value <= gauge.high else " strange"
    return (
        f'<div class="gauge{strange}"><span>{escape(gauge.label)}</span><b>{gauge.value:.2f}</b><div class="track">'
        f'<i style="left:{left:.1f}%;width:{right - left:.1f}%"></i><u style="left:{mark:.1f}%"></u></div></div>'
    )


def word_strip(
    words: Sequence[str],
    pictures: Sequence[str | None],
    nearest: Sequence[str],
    shares: Sequence[int | None],
) -> str:
    """The sentence, then its words: each a picture with its nearest class and, if given, its share in percent."""
    cells = []
    for word, picture, name, share in zip(words, pictures, nearest, shares, strict=True):
        image = f'<img src="{escape(picture)}" alt="">' if picture else ""
        bar = "" if share is None else f"{_bar(share)}<b>{share}%</b>"
        cells.append(f'<div>{image}<span class="name">{escape(word)}</span>{bar}<span>{escape(name)}</span></div>')
    return f'<div class="words">{"".join(cells)}</div>'


def _bar(percent: float) -> str:
    return f'<span class="bar"><i style="width:{percent}%"></i></span>'
