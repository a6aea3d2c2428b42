"""Runs: one pair of spaces and one mapping, measured; kept as a table, compared, reported."""
