"""Films: strips of pictures, and a player that shows several of them at the same step."""

from dashboard.components.film_player.component import show
from dashboard.components.film_player.film_strip import film_strip

__all__ = ["film_strip", "show"]
