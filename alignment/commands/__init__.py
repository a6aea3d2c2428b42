"""What each command of the command line does; :mod:`alignment.__main__` says how it is called."""

from alignment.commands.evaluate import evaluate
from alignment.commands.installation import build, cache, dashboard, models, seeds
from alignment.commands.prompts import generate, interpolate, nearest

__all__ = ["build", "cache", "dashboard", "evaluate", "generate", "interpolate", "models", "nearest", "seeds"]
