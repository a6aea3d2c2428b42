"""Benchmarks, run by hand; scores.md and timings.md have their results."""
