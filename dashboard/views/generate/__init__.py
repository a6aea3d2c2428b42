"""The page Generate, a module a tab: each shows what one :class:`~dashboard.views.generate.request.Request` asks for."""

TABS = ("Picture", "Compare", "Word by word", "Steer", "Many", "Gallery")
