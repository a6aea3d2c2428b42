"""The Streamlit dashboard: user interface of the library, without mathematics of its own."""
