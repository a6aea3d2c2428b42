"""Capabilities of the processor, and layers with weights packed for it."""
