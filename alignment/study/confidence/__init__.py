"""How far an answer can be trusted: what speaks for it, and what it may have been meant as."""
