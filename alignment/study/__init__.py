"""One study: an encoder, a class space, a seed dictionary, and every artifact they give."""

from alignment.study.study import Settings, Study

__all__ = ["Settings", "Study"]
