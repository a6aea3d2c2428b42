"""Phrasing taken out of text space against an independent computation of the formula."""

import numpy as np
import pytest

from alignment.mappings.prototypes import Prototypes
from alignment.mappings.within_class_whitening import PhrasingRemoved
from alignment.vectors.groups import group_means, unit_rows
from tests.alignment.mappings.toy import D_TEXT, LABELS, NEW, X, Z


def test_without_shrinkage_sentences_of_a_class_differ_alike_in_all_directions():
    mapping = PhrasingRemoved(Prototypes(), shrinkage=1e-9).fit(X, Z)
    left = unit_rows(X) @ mapping.transform_
    differences = left - group_means(left, LABELS)[LABELS]
    covariance = differences.T @ differences
    np.testing.assert_allclose(covariance / covariance[0, 0], np.eye(D_TEXT), atol=1e-5)


def test_much_shrinkage_leaves_the_mapping_as_it_is():
    prediction = PhrasingRemoved(Prototypes(0.1), shrinkage=1e9).fit(X, Z).predict(NEW)
    np.testing.assert_allclose(prediction, Prototypes(0.1).fit(X, Z).predict(NEW), rtol=1e-6)


def test_a_direction_it_is_told_of_no_longer_counts(rng):
    direction = unit_rows(rng.normal(size=(1, D_TEXT)))[0]
    mapping = PhrasingRemoved(Prototypes(), shrinkage=1e-3).fit(X, Z, phrasing=np.outer(direction, direction))
    there, back = unit_rows(NEW), unit_rows(NEW) + 0.3 * direction
    plain = Prototypes().fit(X, Z)
    moved, moved_plain = (np.linalg.norm(m.predict(there) - m.predict(back)) for m in (mapping, plain))
    assert moved < 0.1 * moved_plain


def test_a_covariance_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"phrasing must be of shape \(8, 8\), got \(2, 2\)"):
        PhrasingRemoved().fit(X, Z, phrasing=np.eye(2))
