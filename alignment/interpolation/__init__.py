"""Interpolation between prompts (curves, paths, grids), and steering of a single point."""
