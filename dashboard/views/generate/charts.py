"""Charts of a sentence and its words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.components.colours import ORANGE, TEAL, faint
from dashboard.components.figure_style import named_axis, with_page_style
from dashboard.components.wording import shortened

SENTENCE_CLASSES = 5  # nearest classes of the whole sentence that are shown
MAX_ROWS = 14
MAX_NAME = 18  # characters of a word or a class
ANGLES = [0, -30, -90]  # of words, right-aligned at their ticks: Plotly drops labels that would pass the right edge


def strongest(labels: Sequence[str], nearest: pd.DataFrame) -> pd.DataFrame:
    """Table of the similarity of a sentence and its words to their nearest classes.

    Parameters
    ----------
    labels : the sentence first, then its words; words may repeat
    nearest : DataFrame
        As from ``Study.nearest_to`` for all of them and all classes, labelled 0, 1, ...

    Returns
    -------
    DataFrame, one row per class, one column per label
        The sentence's first ``SENTENCE_CLASSES`` classes, then the nearest class of each word, ``MAX_ROWS`` at most.
    """
    of_sentence = nearest.loc[(nearest["prompt"] == 0) & (nearest["rank"] <= SENTENCE_CLASSES), "name"]
    of_words = nearest.loc[nearest["rank"] == 1, "name"]
    names = list(dict.fromkeys([*of_sentence, *of_words]))[:MAX_ROWS]
    table = nearest[nearest["name"].isin(names)].pivot(index="name", columns="prompt", values="similarity")
    return table.loc[names].set_axis(list(labels), axis=1)


def similarity_heat_map(weights: pd.DataFrame) -> go.Figure:
    """Heat map of :func:`strongest`: words from left to right, classes from top to bottom."""
    places = list(range(weights.shape[1]))  # words repeat, so that they cannot be the axis themselves
    words = [str(word) for word in weights.columns]
    fig = go.Figure(
        go.Heatmap(
            x=places,
            y=weights.index,
            z=weights.to_numpy().clip(0),
            zmin=0,
            zmax=1,
            colorscale=[[0, faint(TEAL, 0.05)], [1, TEAL]],
            xgap=2,
            ygap=2,
            customdata=[[(word, name) for word in words] for name in weights.index],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}: %{z:.2f}<extra></extra>",
            colorbar={"title": "similarity", "thickness": 12, "outlinewidth": 0},
        )
    )
    fig.update_xaxes(
        tickvals=places,
        ticktext=[shortened(word, MAX_NAME) for word in words],
        autotickangles=ANGLES,
        fixedrange=True,
        showgrid=False,
        zeroline=False,
    )
    fig.update_yaxes(named_axis(weights.index.tolist()), autorange="reversed", fixedrange=True, showgrid=False)
    return with_page_style(fig, height=28 * len(weights) + 90)


def attributions(table: pd.DataFrame, name: str) -> go.Figure:
    """Bars of ``Confidence.word_attributions``, in hundredths; labels give the nearest class if it is not ``name``."""
    places = list(range(len(table)))
    changes = 100 * table["change"].fillna(0)
    others = ["" if nearest in ("", name) else shortened(nearest, MAX_NAME) for nearest in table["name"]]
    nearest = [shortened(class_name, MAX_NAME) or "nothing left to read" for class_name in table["name"]]
    fig = go.Figure(
        go.Bar(
            x=places,
            y=changes,
            text=others,
            textposition="outside",
            cliponaxis=False,
            marker={"color": [TEAL if change >= 0 else ORANGE for change in changes]},
            customdata=list(zip([shortened(word, MAX_NAME) for word in table["word"]], nearest, strict=True)),
            hovertemplate="without %{customdata[0]}: %{customdata[1]}<br>%{y:.0f} hundredths<extra></extra>",
        )
    )
    words = [shortened(word, MAX_NAME) for word in table["word"]]
    fig.update_xaxes(tickvals=places, ticktext=words, autotickangles=ANGLES, fixedrange=True)
    low, high = min(0.0, changes.min()), max(10.0, changes.max())
    room = 0.15 * (high - low)  # for the names at the bars
    fig.update_yaxes(title="confidence lost", range=[low - room * (low < 0), high + room], fixedrange=True)
    return with_page_style(fig, height=300)
