"""The page Generate, one module per tab; each shows results of a ``request.Request``."""
