"""Linked scatter plots: several projections of the same classes that share one selection."""

from dashboard.components.linked_scatter.component import Picked, as_page, picked, show
from dashboard.components.linked_scatter.scene import Colour, Pane, Pin, Scene, Sentences, Thumbnails

__all__ = ["Colour", "Pane", "Picked", "Pin", "Scene", "Sentences", "Thumbnails", "as_page", "picked", "show"]
