"""Evaluation of mappings: seed pairs, splits, metrics, cross-validation, baselines, ablations, confidence."""
