"""What to know before mappings are compared on classes that they have no sentences about."""

from __future__ import annotations

from alignment.mappings import MAPPINGS, make_mapping


def caveats(mapping: str) -> list[str]:
    """Advantages that a mapping has on held-out classes, a sentence each, of which it is "it"."""
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
