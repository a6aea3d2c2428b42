"""Seed pairs: the sentences that the mapping learns from."""

import streamlit as st

st.title("Seed pairs")
