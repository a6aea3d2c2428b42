"""HTML report that compares runs and lists everything needed to repeat them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd

from alignment.evaluation.baselines import BELOW_GUESSING
from alignment.evaluation.metrics import COMPARED, METRICS, PRIMARY_METRIC
from alignment.study.code_snippets import comparison_code
from alignment.study.runs.paired_tests import PairTest, against_best, p_value_text, result_in_words
from alignment.study.runs.rows import run_label, settings_of
from alignment.study.runs.table import PROVENANCE, RunTable
from alignment.wording import counted

LISTED_CLASSES = 8  # in which either run of a pair is better
CHART_WIDTH, LABEL_WIDTH, LINE_HEIGHT = 900, 430, 22  # pixels of the chart, of the labels left in it, and of each run
STYLE = """
body{font:15px/1.5 Helvetica,Arial,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
body{color:#222;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:14px}th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid #ddd}
th:first-child,td:first-child{text-align:left;min-width:8rem}td.text{text-align:left}svg{display:block}
pre{background:#f4f4f4;padding:.8rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
td.code{font-family:monospace;overflow-wrap:anywhere;text-align:left;max-width:30rem}
.pictures{display:flex;flex-wrap:wrap;gap:.6rem}.pictures div{width:96px;font-size:13px}.pictures img{width:96px}
"""


def report_html(
    table: RunTable,
    rows: pd.DataFrame,
    figure: str = PRIMARY_METRIC,
    *,
    pair: PairTest | None = None,
    pair_names: tuple[str, str] = ("", ""),
    pictures: Mapping[int, str] | None = None,
    failures: Sequence[str] = (),
) -> str:
    """Report on sorted runs; it opens without a server, and its content security policy forbids requests and scripts.

    Parameters
    ----------
    rows : DataFrame
        As from :func:`~alignment.study.runs.paired_tests.sorted_runs`.
    pair : PairTest, optional
        Test of two of the runs, named ``pair_names``.
    pictures : mapping from a class's index to a data address, optional
    failures : sequence of str
        Runs that could not be measured.
    """
    shown = rows[~rows["random"]] if not rows["random"].all() else rows
    split, name, best = shown["split"].iloc[0], METRICS[figure].label, METRICS[figure].better
    body = [
        f"<h1>Pairs side by side: {escape(name)} on held-out {escape(split)}</h1>",
        f"<p>{len(shown)} runs, best first; {best}. A dot is the {escape(name)} of a run on {escape(split)} that its "
        "mapping did not learn from, the line its 95 % bootstrap interval over classes, the cross what the same run "
        "reaches in a random space, the class vectors shuffled among the classes: only what goes beyond it is "
        f"alignment. The grey line is zero. {BELOW_GUESSING}</p>",
        f'<div class="wide">{_chart(shown, figure)}</div>',
        f'<div class="wide">{_figures(shown, against_best(table, rows, figure), figure)}</div>',
        "<p>p: paired permutation test against the first run over the classes of both, corrected for all pairs of "
        "these runs (Westfall and Young 1993).</p>",
        _failure_list(failures),
        _pair(pair, pair_names, pictures or {}) if pair else "",
        _repeat(shown, split),
    ]
    data = rows.to_json(orient="records").replace("<", "\\u003c")
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{style}'; img-src data:">
<title>Pairs side by side</title>
<style>{STYLE}</style>
</head>
<body>
{"".join(body)}
<script type="application/json" id="runs">{data}</script>
</body>
</html>"""


def _chart(rows: pd.DataFrame, figure: str) -> str:
    """SVG with a line for every run: its interval, its figure, and that in a random space."""
    width, left, height = CHART_WIDTH, LABEL_WIDTH, LINE_HEIGHT
    columns = [name for name in (figure, f"{figure}_low", f"{figure}_high", "random_space") if name in rows]
    values = rows[columns].to_numpy(dtype=float)
    low, most = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    high = most + 0.05 * (most - low) or 1.0

    def x(value: float) -> float:
        return left + (width - left - 60) * (value - low) / (high - low)

    lines = [f'<path d="M{x(0):.1f} 0v{height * len(rows)}" stroke="#ddd"/>']
    for place, (_, row) in enumerate(rows.iterrows()):
        y = height * place + height / 2
        value = row[figure]
        lines.append(
            f'<text x="{left - 10}" y="{y + 4}" text-anchor="end" font-size="13">{escape(run_label(row))}</text>'
            f'<line x1="{x(row[f"{figure}_low"]):.1f}" x2="{x(row[f"{figure}_high"]):.1f}" y1="{y}" y2="{y}" '
            f'stroke="#0b7285" stroke-width="3"/><circle cx="{x(value):.1f}" cy="{y}" r="5" fill="#0b7285"/>'
            f'<text x="{width - 50}" y="{y + 4}" font-size="13">{METRICS[figure].shown(value)}</text>'
        )
        if pd.notna(row["random_space"]):
            at = x(row["random_space"])
            cross = f"M{at - 4:.1f} {y - 4}l8 8M{at - 4:.1f} {y + 4}l8 -8"
            lines.append(f'<path d="{cross}" stroke="#c2410c" stroke-width="2"/>')
    size = f'width="{width}" height="{height * len(rows)}" viewBox="0 0 {width} {height * len(rows)}"'
    return f'<svg {size} role="img" aria-label="{METRICS[figure].label} of every run">{"".join(lines)}</svg>'


def _figures(rows: pd.DataFrame, tests: pd.DataFrame, figure: str) -> str:
    heads = [
        "Run",
        *(METRICS[name].label for name in COMPARED),
        f"{METRICS[figure].label} in a random space",
        "classes",
        "sentences",
        "seconds",
        "p",
    ]
    lines = []
    for _, row in rows.iterrows():
        cells = [_with_interval(row, name) for name in COMPARED]
        random = METRICS[figure].shown(row["random_space"]) if pd.notna(row["random_space"]) else ""
        cells += [random, f"{row['classes']:,}", f"{row['sentences']:,}", f"{row['seconds']:.1f}"]
        cells.append(p_value_text(tests["p_corrected"].get(row["key"], np.nan)))
        lines.append(_cells([run_label(row), *cells]))
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{''.join(lines)}</table>"


def _with_interval(row: pd.Series, figure: str) -> str:
    value, low, high = (METRICS[figure].shown(row[name]) for name in (figure, f"{figure}_low", f"{figure}_high"))
    interval = f"({low} to {high})".replace(" ", "\N{NO-BREAK SPACE}")
    return f"{value} {interval}"


def _cells(values: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in values)}</tr>"


def _failure_list(failures: Sequence[str]) -> str:
    if not failures:
        return ""
    return f"<h2>Not measured</h2><ul>{''.join(f'<li>{escape(failure)}</li>' for failure in failures)}</ul>"


def _pair(test: PairTest, names: tuple[str, str], pictures: Mapping[int, str]) -> str:
    """Comparison of two runs: the test in words, and the classes in which each is better."""
    first, second = (escape(name) for name in names)
    gained, lost = test.gains[test.gains["gain"] > 0], test.gains[test.gains["gain"] < 0].iloc[::-1]
    of_first, of_second = (counted(len(some), "class", "classes") for some in (gained, lost))
    words = result_in_words(test, *names)
    return (
        f"<h2>{first} and {second}</h2><p>{escape(words)}</p>"
        f"<h3>{first} does better: {of_first}</h3>{_classes(gained, 'first_rank', 'second_rank', pictures)}"
        f"<h3>{second} does better: {of_second}</h3>{_classes(lost, 'second_rank', 'first_rank', pictures)}"
    )


def _classes(gains: pd.DataFrame, better: str, worse: str, pictures: Mapping[int, str]) -> str:
    items, shown = [], METRICS["median_rank"].shown
    for row in gains.head(LISTED_CLASSES).to_dict("records"):
        image = f'<img src="{escape(pictures[row["index"]])}" alt="">' if row["index"] in pictures else ""
        items.append(f"<div>{image}{escape(row['name'])}<br>rank {shown(row[better])}, not {shown(row[worse])}</div>")
    return f'<div class="pictures">{"".join(items)}</div>'


def _repeat(rows: pd.DataFrame, split: str) -> str:
    """Commands that repeat the runs, and their provenance."""
    models = [(settings_of(row), row["mapping"]) for _, row in rows.iterrows()]
    code = comparison_code(models, split, random_space=bool(rows["random_space"].notna().any()))
    lines = []
    for name in PROVENANCE:
        found = sorted({str(value) for value in rows[name]})
        values = "<br>".join(map(escape, [found[0], found[-1]] if name == "measured" and len(found) > 1 else found))
        lines.append(f'<tr><td>{escape(name)}</td><td class="code">{values}</td></tr>')
    return (
        f"<h2>To repeat it</h2><pre>{escape(code.command)}</pre><pre>{escape(code.python)}</pre>"
        f'<div class="wide"><table>{"".join(lines)}</table></div>'
        "<p>Which run rests on what stands in the data of this file, element <code>runs</code>, one row per run. Folds "
        "are drawn with the seed 0.</p>"
    )
