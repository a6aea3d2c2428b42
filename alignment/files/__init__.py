"""File input and output: tables of any encoding and separator, shards, downloads, atomic writing."""
