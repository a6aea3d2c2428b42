"""What results take, and that one visitor cannot empty what all share."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.app_session import AppSession

from dashboard.state import visitors
from dashboard.state.server_memory import size_in_bytes


def test_arrays_tables_and_files_are_counted_wherever_they_are():
    array = np.zeros((10, 100), np.float32)
    assert size_in_bytes(array) == 4000
    assert size_in_bytes([array, (array, b"x" * 1000)]) > 9000
    assert size_in_bytes(pd.DataFrame({"a": np.zeros(1000)})) >= 8000
    assert size_in_bytes(None) < 100


def test_an_evaluation_is_counted_with_its_predictions(study):
    result = study.evaluations.compare(["ridge"])["ridge"]
    assert result.predictions.nbytes + result.class_vectors.nbytes < size_in_bytes({"ridge": result})


def test_clearing_the_cache_forgets_what_is_the_visitors_own_alone(monkeypatch):
    monkeypatch.setattr(AppSession, "_handle_clear_cache_request", AppSession._handle_clear_cache_request)
    visitors.keep_caches()
    counted = []

    @st.cache_data
    def answer():
        counted.append(1)
        return 42

    answer()
    visitor = SimpleNamespace(session_state={"gallery": ["a picture"]})
    AppSession._handle_clear_cache_request(visitor)
    answer()
    assert counted == [1] and not visitor.session_state
