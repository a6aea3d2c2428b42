"""The page Seed pairs."""
