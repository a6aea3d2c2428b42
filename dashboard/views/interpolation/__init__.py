"""The page Interpolation."""
