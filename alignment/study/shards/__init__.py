"""Shard-by-shard work on tables too large for memory, in this process or on workers."""
