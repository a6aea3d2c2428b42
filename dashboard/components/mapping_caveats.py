"""Caveats of comparing mappings on held-out classes."""

from __future__ import annotations

from alignment.mappings import MAPPINGS, make_mapping


def caveats(mapping: str) -> list[str]:
    """Advantages of a mapping on held-out classes, one sentence each, with "it" for the mapping."""
    said = []
    if MAPPINGS[mapping].knows_candidates:
        said.append(
            "It is given the class vectors of the held-out classes too, as a generator has them, but no sentence about "
            "them; mappings that are not given these vectors solve a harder task."
        )
    if make_mapping(mapping).get_params().get("unseen_bonus"):
        said.append(
            "Classes without sentences get a bonus, of a size that was chosen on questions about both kinds. "
            "Here, where all questions are about new ones, it raises the figures."
        )
    return said
