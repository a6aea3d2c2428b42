"""The sections of the page Mapping error, a module each: ``show(view)`` draws one."""
