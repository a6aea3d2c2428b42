"""Side-by-side measurements, run by hand; their results stand in README.md."""
