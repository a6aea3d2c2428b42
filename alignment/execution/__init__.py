"""Execution: device placement, threads, parallel workers, and library versions."""
