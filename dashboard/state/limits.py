"""What visitors may ask for: everything on one's own machine, less of a server that others reach."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.errors import InputError


@dataclass(frozen=True)
class Limits:
    """What is allowed to every visitor.

    Parameters
    ----------
    own_models : bool
        Whether they may name models, matrices and class lists: folders and files of the server, or Hub names.
    downloads : bool
        Whether models that are not on the server are fetched from the Hub.
    pictures : int
        Of one prompt at once.
    steps : int
        Of one interpolation.
    prompts : int
        Of one list that is drawn.
    lines : int
        Of an uploaded table.
    search_steps : int
        Of the search for what the generator draws a picture with.
    """

    own_models: bool = True
    downloads: bool = True
    pictures: int = 16
    steps: int = 25
    prompts: int = 10_000
    lines: int = 50_000
    search_steps: int = 500


LOCAL = Limits()
PUBLIC = Limits(own_models=False, downloads=False, pictures=8, steps=15, prompts=50, lines=5_000, search_steps=40)

_allowed = LOCAL  # no cached resource of Streamlit: what clears caches must not lift a limit


def allowed() -> Limits:
    """What is allowed on this server."""
    return _allowed


def allow(limits: Limits) -> None:
    """Allow this from now on; called before the server starts."""
    global _allowed
    _allowed = limits


def check_lines(content: bytes) -> None:
    """Refuse an uploaded table that is too long, before it is read.

    Raises
    ------
    InputError
    """
    lines = max(content.count(b"\n"), content.count(b"\r"))
    if lines > _allowed.lines:
        raise InputError(f"A file holds up to {_allowed.lines:,} lines here; this one has {lines:,}.")
