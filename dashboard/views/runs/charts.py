"""Parallel-coordinates chart of all runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from alignment.evaluation.metrics import COMPARED, METRICS, is_rank
from dashboard.components.colours import OCHRE, ORANGE, TEAL
from dashboard.components.figure_style import with_page_style
from dashboard.components.wording import shortened
from dashboard.views.runs.data import CHOSEN, NAMES, value_label

MAX_TEXT = 20  # characters of a name beside an axis
TICKS, MAX_DECIMALS = 5, 6  # on the axis of a figure
MAX_ROUNDING = 0.02  # maximum rounding error of a tick label, as a share of the axis
CHARACTER_PIXELS = 5.5  # average letter width of the labels on the first axis
WORST_TO_BEST = (ORANGE, OCHRE, TEAL)  # all visible on light and dark backgrounds
BOLD_RUNS = 40  # so many at most have broad lines
LINE_SHIFTS = (-0.003, 0.0, 0.003)  # of the axis: Plotly's lines are a pixel wide, three side by side are seen
AXIS_MARGIN = 0.02  # of the axis, beyond the figures at its ends


def parallel(rows: pd.DataFrame, figure: str) -> go.Figure:
    """Parallel coordinates: a line per run through its choices and its figures; up is better on the axes of figures.

    Choices that all runs share have no axis; the labels on an axis are sorted by their mean figure. ``figure`` comes
    first of the figures: on a narrow page the last ones are out of view.
    """
    axes = [_choice(rows, name, figure) for name in (*CHOSEN, "random") if rows[name].nunique() > 1]
    axes += [_figure(rows, name) for name in dict.fromkeys([figure, *COMPARED])]
    shifts = LINE_SHIFTS if len(rows) <= BOLD_RUNS else (0.0,)
    for axis in axes:
        length = axis["range"][1] - axis["range"][0]
        axis["values"] = np.concatenate([axis["values"] + shift * length for shift in shifts])
    goodness = rows[figure] if METRICS[figure].higher_is_better else -rows[figure]
    colour = {"color": np.tile(goodness, len(shifts)), "colorscale": WORST_TO_BEST, "showscale": False}
    # Axis names are outside of the domain, and the top margin is for the title.
    domain = {"x": [0, 0.97], "y": [0.04, 0.82]}
    fig = go.Figure(go.Parcoords(dimensions=axes, line=colour, domain=domain, labelangle=-25))
    left = 16 + CHARACTER_PIXELS * max(map(len, axes[0]["ticktext"]))
    return with_page_style(fig, height=420).update_layout(margin_l=left)


def _choice(rows: pd.DataFrame, name: str, figure: str) -> dict:
    """Axis of a choice."""
    order = rows.groupby(name)[figure].mean().sort_values(ascending=METRICS[figure].higher_is_better).index.tolist()
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
    """Axis of a figure."""
    low, high = float(rows[name].min()), float(rows[name].max())
    ends = [low, high if high > low else low + 1]
    margin = AXIS_MARGIN * (ends[1] - ends[0])
    ends = [ends[0] - margin, ends[1] + margin]
    ticks = np.linspace(low, high, TICKS) if high > low else np.array([low])
    return {
        "label": METRICS[name].label,
        "values": rows[name],
        "range": ends if METRICS[name].higher_is_better else ends[::-1],
        "tickvals": ticks,
        "ticktext": _format_distinctly(ticks, 0 if is_rank(name) else 2),
    }


def _format_distinctly(numbers: np.ndarray, least: int) -> list[str]:
    """Format numbers with the fewest decimals, at least ``least``, whose rounding error is invisible on the axis."""
    wrong = MAX_ROUNDING * (numbers.max() - numbers.min())
    for decimals in range(least, MAX_DECIMALS + 1):
        if (np.abs(np.round(numbers, decimals) - numbers) <= wrong).all():
            break
    return [f"{number:.{decimals}f}" for number in numbers]
