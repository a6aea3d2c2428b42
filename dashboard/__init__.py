"""The Streamlit app: what people see of the library, without mathematics of its own."""
