"""How good a mapping is: seed pairs, splits, metrics, cross-validation, baselines, ablations."""
