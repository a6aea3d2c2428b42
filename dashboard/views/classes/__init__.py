"""Classes: everything that the generator can draw, with its picture."""
