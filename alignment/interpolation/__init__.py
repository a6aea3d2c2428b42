"""Between points: curves, interpolation paths and grids, steering."""
