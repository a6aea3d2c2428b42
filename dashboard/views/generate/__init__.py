"""The page Generate, one module per tab; each shows what one ``request.Request`` asks for."""

TABS = ("Picture", "Compare", "Word by word", "Steer", "From a picture", "List", "Gallery")
