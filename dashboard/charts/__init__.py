"""Charts: data in, Plotly figure out; a module a page."""
