"""Files as such: tables of any encoding and separator, shards, downloads, writing whole or not at all."""
