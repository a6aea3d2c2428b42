"""Every class as a tile with its picture, in groups, as a Streamlit component.

A tile is a link, so that it can be opened in another tab; a plain click is reported to the script instead, which then
changes the page within the same session.
"""

from dashboard.components.class_wall.component import CARD, MAX_TILES, START, Tile, show

__all__ = ["CARD", "MAX_TILES", "START", "Tile", "show"]
