"""Cache of computed artifacts: entries on disk, their keys and their file format."""
