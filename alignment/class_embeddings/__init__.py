"""Class embedding matrices read from files of any usual format, and the classes of their rows."""
