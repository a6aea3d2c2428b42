"""Class wall, a Streamlit component: every class as a tile with its picture, in groups.

A tile is a link, so that it can be opened in another tab; a plain click is reported to the script instead, which
changes the page within the session.
"""

from dashboard.components.class_wall.component import CARD, MAX_TILES, START, Tile, show

__all__ = ["CARD", "MAX_TILES", "START", "Tile", "show"]
