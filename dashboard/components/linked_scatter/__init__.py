"""Linked scatter plots: several projections of the same classes that share one selection.

A :class:`Scene` is plain data. :func:`show` puts it on a page, and :func:`to_html` writes it as one HTML file that
needs neither server nor network. Both draw it with the modules in ``js``, which use no library.
"""

from dashboard.components.linked_scatter.component import Selection, reported_selection, show
from dashboard.components.linked_scatter.exported_page import to_html
from dashboard.components.linked_scatter.scene import Colour, Neighbours, Pane, Pin, Scene, Sentences, Thumbnails

__all__ = [
    "Colour",
    "Neighbours",
    "Pane",
    "Pin",
    "Scene",
    "Selection",
    "Sentences",
    "Thumbnails",
    "reported_selection",
    "show",
    "to_html",
]
