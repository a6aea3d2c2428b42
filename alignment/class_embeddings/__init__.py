"""Class spaces: matrices of class embeddings, read from files of any usual kind, and the classes of their rows."""
