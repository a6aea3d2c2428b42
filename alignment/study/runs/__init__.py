"""Runs, each a mapping evaluated on one pair of spaces: stored in a table, compared, reported."""
