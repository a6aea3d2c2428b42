"""Taxonomy of the classes: their hypernym tree, pruned to informative branches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

MIN_CLASSES = 3  # of a branch


def taxonomy(names: Sequence[str], paths: Sequence[str], values: np.ndarray, *, median: bool = False) -> pd.DataFrame:
    """Pruned tree of hypernyms and classes, with the mean value of the classes below each node.

    A hypernym is replaced by its branches when it has a single branch, more than half of its parent's classes
    ("physical entity"), or fewer than three classes.

    Parameters
    ----------
    names, paths : n strings
        A class each; its hypernyms "entity > ... > feline".
    values : ndarray of shape (n,)
    median : bool
        Whether a hypernym has the median of its classes instead of the mean.

    Returns
    -------
    DataFrame, one row per node, parents before children
        ``id``, ``parent`` (an id, "" for the root), ``label``, ``classes`` (number below), ``value``.

    Examples
    --------
    >>> names, paths = ["tabby", "lynx", "lion", "pug", "beagle", "collie"], ["thing > cat"] * 3 + ["thing > dog"] * 3
    >>> tree = taxonomy(names, paths, np.array([1., 2., 3., 4., 4., 4.]))
    >>> tree[["label", "classes", "value"]].head(3).values.tolist()
    [['thing', 6, 3.0], ['cat', 3, 2.0], ['tabby', 1, 1.0]]
    """
    root: dict = {"label": "", "classes": [], "below": {}}
    for number, (name, path) in enumerate(zip(names, paths, strict=True)):
        node = root
        for label in [*path.split(" > "), f"\0{name}"]:  # a class is never one with a hypernym of its name
            node["classes"].append(number)
            node = node["below"].setdefault(label, {"label": label.lstrip("\0"), "classes": [], "below": {}})
        node["classes"].append(number)
    average = np.median if median else np.mean
    rows: list[tuple] = []

    def add(node: dict, parent: str) -> None:
        own = str(len(rows))
        rows.append((own, parent, node["label"], len(node["classes"]), float(average(values[node["classes"]]))))
        branches = list(node["below"].values())
        while branches:
            branch = branches.pop(0)
            size = len(branch["classes"])
            if branch["below"] and (len(branch["below"]) == 1 or size < MIN_CLASSES or size > len(node["classes"]) / 2):
                branches[:0] = branch["below"].values()
            else:
                add(branch, own)

    while len(root["below"]) == 1:
        (root,) = root["below"].values()
    add(root, "")
    return pd.DataFrame(rows, columns=["id", "parent", "label", "classes", "value"])
