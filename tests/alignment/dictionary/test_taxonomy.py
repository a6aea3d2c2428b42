"""The taxonomy: which hypernyms are left out, and what a node's value is."""

import numpy as np

from alignment.dictionary.taxonomy import taxonomy

NAMES = ["tabby", "lynx", "lion", "sloop", "ferry", "canoe", "axe"]
PATHS = ["entity > animal > cat"] * 3 + ["entity > craft > boat"] * 3 + ["entity > tool"]
VALUES = np.array([1.0, 2.0, 9.0, 4.0, 4.0, 4.0, 7.0])


def test_hypernyms_with_a_single_branch_or_few_classes_are_replaced_by_their_branches():
    tree = taxonomy(NAMES, PATHS, VALUES).set_index("label")
    assert tree.index.tolist() == ["entity", "cat", "tabby", "lynx", "lion", "boat", "sloop", "ferry", "canoe", "axe"]
    labels = tree.reset_index().set_index("id")["label"]
    assert [labels[tree.loc[name, "parent"]] for name in ("cat", "boat", "axe")] == ["entity"] * 3
    assert tree.loc["entity", "parent"] == "" and tree.loc["cat", "classes"] == 3


def test_a_hypernym_of_more_than_half_of_its_parents_classes_is_replaced_by_its_branches():
    paths = ["entity > thing > cat"] * 3 + ["entity > thing > boat"] * 3 + ["entity > tool"]
    assert "thing" not in taxonomy(NAMES, paths, VALUES)["label"].tolist()


def test_a_hypernym_has_the_mean_or_the_median_of_its_classes():
    mean, median = (taxonomy(NAMES, PATHS, VALUES, median=each).set_index("label")["value"] for each in (False, True))
    assert (mean["cat"], median["cat"], median["entity"]) == (4.0, 2.0, 4.0)
