"""The page Runs: encoders, layers, poolings, class spaces and mappings side by side."""
