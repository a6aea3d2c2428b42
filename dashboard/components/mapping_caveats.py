"""Caveats of figures on held-out classes."""

from __future__ import annotations

from alignment.mappings import MAPPINGS, make_mapping

ALL_FOUND = 10  # with so few classes P@10 is always 1


def of_few_classes(count: int) -> str:
    """What P@10 says where there are only so many classes, a sentence; "" where it is telling."""
    return f"With {count} classes, the right one is always among the ten nearest." if count <= ALL_FOUND else ""


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
