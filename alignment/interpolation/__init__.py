"""Interpolation between prompts: curves, paths and grids; and moving a single point by hand (steering)."""
