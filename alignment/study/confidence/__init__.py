"""Confidence in answers: their evidence, calibrated probabilities, and spelling suggestions."""
