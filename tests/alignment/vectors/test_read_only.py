import numpy as np
import pytest

from alignment.vectors.read_only import read_only


def test_the_same_array_comes_back_and_cannot_be_changed_in_place():
    array = np.zeros(3)
    assert read_only(array) is array
    with pytest.raises(ValueError, match="read-only"):
        array += 1
