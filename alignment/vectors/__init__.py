"""Vectors as rows of arrays: means of groups of rows, and similarity between rows."""
