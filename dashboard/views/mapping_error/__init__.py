"""The page Mapping error; each section is a module with a function ``show(view)``."""
