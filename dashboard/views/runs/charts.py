"""All runs at once, as parallel coordinates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from alignment.study.runs.paired_tests import LOWER_IS_BETTER
from alignment.study.runs.report import FIGURES
from dashboard.components.colours import GREY, ORANGE, TEAL
from dashboard.components.figure_style import with_page_style
from dashboard.components.wording import shortened
from dashboard.views.runs.data import CHOSEN, NAMES, value_label

MAX_TEXT = 20  # characters of a name beside an axis
TICKS, MAX_DECIMALS = 5, 6  # on the axis of a figure
MAX_ROUNDING = 0.02  # of the axis's length, by which a number beside it may be off
CHARACTER_PIXELS = 5.5  # of the names on the first axis, on average
WORST_TO_BEST = (ORANGE, GREY, TEAL)  # all seen on light and on dark


def parallel(rows: pd.DataFrame, figure: str) -> go.Figure:
    """A line for every run, through what was chosen for it and what it reached; up is better on the axes of figures.

    Choices that all runs share have no axis; the names on an axis stand in the order of their mean figure. ``figure``
    comes first of the figures: where it is narrow, the last are out of sight.
    """
    axes = [_choice(rows, name, figure) for name in (*CHOSEN, "random") if rows[name].nunique() > 1]
    axes += [_figure(rows, name) for name in dict.fromkeys([figure, *FIGURES])]
    goodness = -rows[figure] if figure in LOWER_IS_BETTER else rows[figure]
    colour = {"color": goodness, "colorscale": WORST_TO_BEST, "showscale": False}
    # Names of axes stand outside of the domain, and a chart's margin at the top belongs to its title.
    domain = {"x": [0, 0.97], "y": [0.04, 0.82]}
    fig = go.Figure(go.Parcoords(dimensions=axes, line=colour, domain=domain, labelangle=-25))
    left = 16 + CHARACTER_PIXELS * max(map(len, axes[0]["ticktext"]))
    return with_page_style(fig, height=420).update_layout(margin_l=left)


def _choice(rows: pd.DataFrame, name: str, figure: str) -> dict:
    """An axis of what was chosen."""
    order = rows.groupby(name)[figure].mean().sort_values(ascending=figure not in LOWER_IS_BETTER).index.tolist()
    if name == "layer":
        order = sorted(order)
    places = {value: place for place, value in enumerate(order)}
    return {
        "label": NAMES[name],
        "values": rows[name].map(places),
        "tickvals": list(places.values()),
        "ticktext": [shortened(value_label(name, value), MAX_TEXT) for value in places],
        "range": [-0.3, max(1, len(places) - 1) + 0.3],
    }


def _figure(rows: pd.DataFrame, name: str) -> dict:
    """An axis of what was reached."""
    low, high = float(rows[name].min()), float(rows[name].max())
    ends = [low, high if high > low else low + 1]
    ticks = np.linspace(low, high, TICKS) if high > low else np.array([low])
    return {
        "label": FIGURES[name],
        "values": rows[name],
        "range": ends[::-1] if name in LOWER_IS_BETTER else ends,
        "tickvals": ticks,
        "ticktext": _told_apart(ticks, 0 if name == "median_rank" else 2),
    }


def _told_apart(numbers: np.ndarray, least: int) -> list[str]:
    """Numbers with as few decimals, but no fewer than ``least``, as place them rightly beside one another."""
    wrong = MAX_ROUNDING * (numbers.max() - numbers.min())
    for decimals in range(least, MAX_DECIMALS + 1):
        if (np.abs(np.round(numbers, decimals) - numbers) <= wrong).all():
            break
    return [f"{number:.{decimals}f}" for number in numbers]
