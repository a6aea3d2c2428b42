"""The page Runs: comparison of encoders, layers, poolings, class spaces and mappings."""
