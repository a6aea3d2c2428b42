"""How far confidence can be trusted: reliability diagram, calibration error, coverage of prediction sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

BINS = 10


def reliability(table: pd.DataFrame) -> pd.DataFrame:
    """Reliability diagram: confidence and share of right answers in :data:`BINS` equal bins; empty bins are left out.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``sentences``, ``confidence`` (mean), ``right`` (share).
    """
    places = np.minimum((table["confidence"] * BINS).astype(int), BINS - 1)
    found = table.groupby(places.rename("bin")).agg(
        sentences=("right", "size"), confidence=("confidence", "mean"), right=("right", "mean")
    )
    found.insert(0, "low", found.index / BINS)
    found.insert(1, "high", (found.index + 1) / BINS)
    return found.reset_index(drop=True)


def calibration_figures(table: pd.DataFrame) -> dict[str, float]:
    """Calibration figures of confidence on sentences with known answers.

    Returns
    -------
    dict
        ``sentences``; ``ece``, the expected calibration error ``sum_b n_b / n |right_b - confidence_b|`` over
        :data:`BINS` bins (Guo et al. 2017, arXiv:1706.04599); ``auroc`` of confidence, drawable captions against
        off-topic sentences (NaN where either is missing); ``coverage`` and ``median_size`` of the prediction sets of
        sentences in a language that the encoder was trained on.
    """
    bins = reliability(table)
    ece = (bins["sentences"] * (bins["right"] - bins["confidence"]).abs()).sum() / len(table)
    off = table["kind"] == "off_topic"
    caption = (table["kind"] == "captions") & table["drawable"]
    told_apart = table[off | caption]
    both = off.any() and caption.any()
    readable = table[~table["foreign"]]
    auroc = roc_auc_score(caption[told_apart.index], told_apart["confidence"]) if both else np.nan
    return {
        "sentences": len(table),
        "ece": float(ece),
        "auroc": float(auroc),
        "coverage": float(readable["covered"].mean()),
        "median_size": float(readable["size"].median()),
    }
