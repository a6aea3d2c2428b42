"""What results take."""

import numpy as np
import pandas as pd

from dashboard.state.result_sizes import size_in_bytes


def test_arrays_tables_and_files_are_counted_wherever_they_are():
    array = np.zeros((10, 100), np.float32)
    assert size_in_bytes(array) == 4000
    assert size_in_bytes([array, (array, b"x" * 1000)]) > 9000
    assert size_in_bytes(pd.DataFrame({"a": np.zeros(1000)})) >= 8000
    assert size_in_bytes(None) < 100


def test_an_evaluation_is_counted_with_its_predictions(study):
    result = study.evaluations.evaluate("ridge")
    assert result.predictions.nbytes + result.class_vectors.nbytes < size_in_bytes({"ridge": result})
