"""Benchmarks, run by hand; README.md has their results."""
