"""Relative representations: cosines to anchors, the same in every orientation of the space."""

import numpy as np
import pytest
from scipy import stats

from alignment.mappings.relative import RelativeRepresentation
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import D_TEXT, MEANS, NEW, X, Z


def test_relative_representations_are_cosines_to_class_means():
    transformer = RelativeRepresentation(6, random_state=1).fit(X, Z)
    R = transformer.transform(NEW)
    centre = MEANS.mean(axis=0)
    cosines = unit_rows(NEW - centre) @ unit_rows(MEANS - centre).T
    assert R.shape == (7, 6)
    assert all(np.isclose(cosines, column[:, None]).all(axis=0).any() for column in R.T)


def test_relative_representations_do_not_change_under_rotation():
    rotation = stats.ortho_group(D_TEXT, seed=0).rvs()
    expected = RelativeRepresentation().fit(X, Z).transform(NEW)
    np.testing.assert_allclose(
        RelativeRepresentation().fit(3 * X @ rotation, Z).transform(3 * NEW @ rotation), expected
    )


def test_anchors_are_drawn_from_pairs_alone():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        RelativeRepresentation().fit(X, Z[:-1])
