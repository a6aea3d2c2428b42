"""Sentences to vectors: text encoders, their checkpoints, and how token states are pooled."""
