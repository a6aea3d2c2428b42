"""Limits on visitors' requests: everything is allowed locally, less on a public server."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.errors import InputError


@dataclass(frozen=True)
class Limits:
    """Limits for every visitor.

    Parameters
    ----------
    several : bool
        Whether the server has several visitors, none of whom is shown what another brought.
    own_models : bool
        Whether they may name models, matrices and class lists: folders and files of the server, or Hub names.
    downloads : bool
        Whether models that are not on the server are fetched from the Hub.
    pictures : int
        Maximum per prompt.
    steps : int
        Maximum per interpolation.
    prompts : int
        Maximum per list that is drawn.
    lines : int
        Maximum per uploaded table; of one of seeds, the rows too.
    search_steps : int
        Maximum optimisation steps when a picture is inverted.
    """

    several: bool = False
    own_models: bool = True
    downloads: bool = True
    pictures: int = 16
    steps: int = 25
    prompts: int = 10_000
    lines: int = 50_000
    search_steps: int = 500

    @property
    def runs(self) -> int:
        """Maximum measured at once on the page Runs: fewer where visitors may not name models of the server."""
        return 500 if self.own_models else 60


LOCAL = Limits()
PUBLIC = Limits(
    several=True, own_models=False, downloads=False, pictures=8, steps=15, prompts=50, lines=5_000, search_steps=40
)

_allowed = LOCAL  # not a cached resource of Streamlit: clearing caches must not lift a limit


def allowed() -> Limits:
    """Limits of this server."""
    return _allowed


def allow(limits: Limits) -> None:
    """Set the limits; called before the server starts."""
    global _allowed
    _allowed = limits


def check_size(content: bytes, megabytes: int) -> None:
    """Refuse an uploaded file that is larger than its kind can be; not every browser keeps to what its page asks.

    Raises
    ------
    InputError
    """
    if len(content) > megabytes * 2**20:
        raise InputError(f"A file of this kind has up to {megabytes} MB; this one has {len(content) / 2**20:.1f} MB.")


def check_lines(content: bytes) -> None:
    """Refuse an uploaded table that is too long, before it is read.

    Raises
    ------
    InputError
    """
    _check_count(max(content.count(b"\n"), content.count(b"\r")), "lines")


def check_rows(count: int) -> None:
    """Refuse an uploaded table of too many rows: JSON holds all in one line.

    Raises
    ------
    InputError
    """
    _check_count(count, "rows")


def _check_count(count: int, what: str) -> None:
    if count > _allowed.lines:
        raise InputError(f"A file holds up to {_allowed.lines:,} {what} here; this one has {count:,}.")
