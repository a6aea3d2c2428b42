"""A study: an encoder, a class space, a seed dictionary, and all artifacts computed from them."""

from alignment.study.settings import CACHE, Settings
from alignment.study.study import Study

__all__ = ["CACHE", "Settings", "Study"]
