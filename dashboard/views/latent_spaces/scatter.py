"""Builds the scene of the linked scatter plots from the results of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alignment.projection.contours import density_contours
from alignment.projection.layouts import FITTED_CLASSES, SPACES, Projection
from dashboard.components.linked_scatter import Colour, Neighbours, Pane, Pin, Scene, Sentences, Thumbnails
from dashboard.views.latent_spaces.controls import DisplayOptions
from dashboard.views.latent_spaces.data import LayoutRequest, Pinned

TITLES = dict(zip(SPACES, ("Text space", "Mapped text", "Class space"), strict=True))
DRAWN_CLASSES = FITTED_CLASSES  # if there are more, only some are drawn
WORST_RANK = 50  # upper end of the colour scale of errors


def scene(
    request: LayoutRequest,
    options: DisplayOptions,
    drawn: dict[str, Projection],
    facts: pd.DataFrame,
    rows: np.ndarray,
    *,
    sentences: Sentences | None,
    thumbnails: Thumbnails | None,
    titles: Mapping[str, str] = TITLES,
    pins: Sequence[Pinned],
    neighbours: Mapping[str, Neighbours],
    selected: Sequence[int],
    focused: int | None,
) -> Scene:
    """Scene of the classes in ``rows``; classes outside the chosen groups are hidden."""
    place = np.full(len(facts), -1)
    place[rows] = np.arange(len(rows))
    sentences = sentences and _drawn_sentences(sentences, place)
    count, facts = len(facts), facts.iloc[rows]
    own = None if options.own is None or options.colour not in options.own else options.own[options.colour].iloc[rows]
    hidden = ~facts["group"].isin(options.groups).to_numpy() if options.groups else np.zeros(len(facts), bool)
    positions = {name: np.where(hidden[:, None], np.nan, drawn[name].points[rows]) for name in titles}
    one_frame = request.layout.method == "aligned" or request.layout.shared or bool(request.axes)
    return Scene(
        panes=[
            Pane(
                name,
                titles[name],
                f"trust {drawn[name].trustworthiness:.2f}, kept {drawn[name].preservation:.0%}",
                _frame(request, name),
                request.axes,
            )
            for name in titles
        ],
        names=facts["name"].tolist(),
        groups=facts["group"].tolist(),
        positions=positions,
        colour=colour(options.colour, facts, count) if own is None else Colour(options.colour, own.to_numpy()),
        thumbnails=thumbnails,
        sentences=sentences and _shown(sentences, hidden),
        pins=[Pin(pin.sentence, mark, pin.places, pin.lands_on) for mark, pin in enumerate(pins, start=1)],
        residuals=("mapped", "class") if one_frame and titles is TITLES else None,
        details={
            "Rank": facts["rank"].to_numpy(),
            "Neighbourhood change": facts["change"].to_numpy(),
            "Norm": facts["norm"].to_numpy(),
        }
        | ({} if own is None else {options.colour: own.to_numpy()}),
        neighbours={
            name: _drawn_neighbours(neighbours[name], rows, place) for name in titles if name in ("text", "class")
        },
        contours={} if request.layout.dimensions == 3 else {name: density_contours(positions[name]) for name in titles},
        selected=[int(row) for row in place[list(selected)] if row >= 0],
        focused=None if focused is None or place[focused] < 0 else int(place[focused]),
    )


def placed_rows(drawn: Mapping[str, Projection]) -> np.ndarray:
    """Rows of the classes that have a position in some view, ascending."""
    return np.flatnonzero(np.any([_has_place(projection) for projection in drawn.values()], axis=0))


def _has_place(projection: Projection) -> np.ndarray:
    return np.isfinite(projection.points).all(axis=1)


def drawn_rows(
    facts: pd.DataFrame, placed: np.ndarray, fitted: np.ndarray, groups: Sequence[str], picked: Sequence[int]
) -> np.ndarray:
    """Rows of the classes to draw, ascending: all in ``placed``, or a part if more than :data:`DRAWN_CLASSES`.

    The part is the sample that the projections were fitted on, or all classes of the chosen groups if they are few
    enough, and always up to :data:`DRAWN_CLASSES` of the selected classes.
    """
    if len(placed) <= DRAWN_CLASSES:
        return placed
    asked = placed[facts["group"].iloc[placed].isin(groups)]
    shown = asked if 0 < len(asked) <= DRAWN_CLASSES else fitted
    picked = np.asarray(picked, dtype=np.intp)  # an empty list would make all rows float
    return np.union1d(shown, np.intersect1d(picked, placed)[:DRAWN_CLASSES])


def left_out(drawn: Mapping[str, Projection], placed: np.ndarray, rows: np.ndarray) -> list[str]:
    """Notes on classes that are not drawn, or not in every view."""
    notes = []
    has_sentences = _has_place(next(iter(drawn.values())))
    if not has_sentences.all():
        left = "" if len(placed) == len(has_sentences) else ", and are left out of every view"
        notes.append(
            f"{has_sentences.sum():,} of {len(has_sentences):,} classes have seed sentences. The others have no place "
            f"in text space{left}."
        )
    if len(rows) < len(placed):
        notes.append(
            f"{len(rows):,} of {len(placed):,} classes are drawn: a sample taken at random, the same every time, or "
            "all of the groups that are chosen, and every selected class. Trust and kept are those of the sample."
        )
    return notes


def colour(choice: str, facts: pd.DataFrame, count: int) -> Colour:
    """Colour of the classes by the chosen figure; ranks are among all ``count`` classes, drawn or not."""
    return {
        "Group": Colour("Group", facts["group"].tolist()),
        "Error": Colour("Rank", facts["rank"].to_numpy(), low=1, high=min(WORST_RANK, count)),
        "Norm": Colour("Norm", facts["norm"].to_numpy()),
        "Neighbourhood change": Colour("Neighbourhood change", facts["change"].to_numpy(), low=0, high=1),
    }[choice]


def _frame(request: LayoutRequest, name: str) -> str:
    """Coordinate frame of a space; spaces that were fitted together share one."""
    if request.layout.method == "aligned":
        return "all"
    return "class" if (request.layout.shared or request.axes) and name == "mapped" else name


def _drawn_neighbours(neighbours: Neighbours, rows: np.ndarray, place: np.ndarray) -> Neighbours:
    """Neighbours of the drawn classes; ``place`` (K,) is a class's position among them, or -1 if it is not drawn."""
    near = neighbours.rows[rows]
    return Neighbours(np.where(near >= 0, place[near], -1), neighbours.similarities[rows])


def _shown(sentences: Sentences, hidden: np.ndarray) -> Sentences:
    if not hidden.any():
        return sentences
    return _some(sentences, np.flatnonzero(~hidden[sentences.rows]), sentences.rows)


def _drawn_sentences(sentences: Sentences, place: np.ndarray) -> Sentences:
    """Sentences of the drawn classes; ``place`` (K,) is a class's position among them, or -1 if it is not drawn."""
    if (place >= 0).all():
        return sentences
    rows = place[sentences.rows]
    return _some(sentences, np.flatnonzero(rows >= 0), rows)


def _some(sentences: Sentences, kept: np.ndarray, rows: np.ndarray) -> Sentences:
    return Sentences(
        rows[kept],
        [sentences.texts[row] for row in kept.tolist()],
        {name: places[kept] for name, places in sentences.positions.items()},
    )
