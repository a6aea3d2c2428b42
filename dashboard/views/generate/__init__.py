"""The page Generate, one module per tab; each shows results of a ``request.Request``."""

TABS = ("Picture", "Compare", "Word by word", "Steer", "From a picture", "List", "Gallery")
