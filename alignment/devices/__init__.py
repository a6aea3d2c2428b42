"""What the processor can do, and layers arranged for it."""
