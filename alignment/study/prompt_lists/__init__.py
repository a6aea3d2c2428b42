"""Lists of prompts: drawn on a contact sheet, into the cache, or shard by shard into folders."""
