"""One study: an encoder, a class space, a seed dictionary, and every artifact they give."""

from alignment.study.settings import CACHE, Settings
from alignment.study.study import Study

__all__ = ["CACHE", "Settings", "Study"]
