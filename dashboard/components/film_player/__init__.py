"""Films: strips of pictures, and the player that shows several of them large, at the same step."""

from dashboard.components.film_player.component import show
from dashboard.components.film_player.film_strip import film_strip

__all__ = ["film_strip", "show"]
