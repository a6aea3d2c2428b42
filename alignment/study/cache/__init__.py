"""What is computed once and kept: entries on disk, their keys and their format."""
