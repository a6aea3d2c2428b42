"""Work on tables too long for memory: shard by shard, encoded or answered, by this process or by workers."""
