"""From the answers of a study to the scene that the linked scatter plots show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.projection.layouts import SPACES, Projection
from dashboard.components.linked_scatter import Colour, Pane, Pin, Scene, Sentences, Thumbnails
from dashboard.views.latent_spaces.controls import DisplayOptions
from dashboard.views.latent_spaces.data import LayoutRequest, Pinned

TITLES = dict(zip(SPACES, ("Text space", "Mapped text", "Class space"), strict=True))
WORST_RANK = 50  # where the colour of errors ends


def scene(
    request: LayoutRequest,
    options: DisplayOptions,
    drawn: dict[str, Projection],
    facts: pd.DataFrame,
    *,
    sentences: Sentences | None,
    thumbnails: Thumbnails | None,
    pins: Sequence[Pinned],
    selected: Sequence[int],
    focused: int | None,
) -> Scene:
    """All that the views show; classes of other groups than those asked for have no place."""
    hidden = ~facts["group"].isin(options.groups).to_numpy() if options.groups else np.zeros(len(facts), bool)
    one_frame = request.layout.method == "aligned" or request.layout.shared
    return Scene(
        panes=[
            Pane(
                name,
                TITLES[name],
                f"trust {drawn[name].trustworthiness:.2f}, kept {drawn[name].preservation:.0%}",
                _frame(request, name),
            )
            for name in SPACES
        ],
        names=facts["name"].tolist(),
        groups=facts["group"].tolist(),
        positions={name: np.where(hidden[:, None], np.nan, drawn[name].points) for name in SPACES},
        colour=colour(options.colour, facts),
        thumbnails=thumbnails,
        sentences=sentences and _shown(sentences, hidden),
        pins=[Pin(pin.sentence, mark, pin.places, pin.lands_on) for mark, pin in enumerate(pins, start=1)],
        residuals=("mapped", "class") if one_frame else None,
        details={
            "Rank": facts["rank"].to_numpy(),
            "Neighbourhood change": facts["change"].to_numpy(),
            "Norm": facts["norm"].to_numpy(),
        },
        selected=selected,
        focused=focused,
    )


def colour(choice: str, facts: pd.DataFrame) -> Colour:
    """What colour stands for."""
    return {
        "Group": Colour("Group", facts["group"].tolist()),
        "Error": Colour("Rank", facts["rank"].to_numpy(), low=1, high=min(WORST_RANK, len(facts))),
        "Norm": Colour("Norm", facts["norm"].to_numpy()),
        "Neighbourhood change": Colour("Neighbourhood change", facts["change"].to_numpy(), low=0, high=1),
    }[choice]


def _frame(request: LayoutRequest, name: str) -> str:
    """Spaces that were fitted together share a coordinate system."""
    if request.layout.method == "aligned":
        return "all"
    return "class" if request.layout.shared and name != "text" else name


def _shown(sentences: Sentences, hidden: np.ndarray) -> Sentences:
    if not hidden.any():
        return sentences
    kept = np.flatnonzero(~hidden[sentences.rows])
    return Sentences(
        sentences.rows[kept],
        [sentences.texts[row] for row in kept.tolist()],
        {name: places[kept] for name, places in sentences.positions.items()},
    )
