"""The page Pairs: encoders, layers, poolings, class spaces and mappings side by side."""
