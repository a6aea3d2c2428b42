"""Film strips, as HTML, and the player that shows them large."""

from dashboard.components.film_player.component import player, strip

__all__ = ["player", "strip"]
