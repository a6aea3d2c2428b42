"""Recovery from damaged cache entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from alignment.projection.layouts import LayoutSettings
from alignment.study import Settings, Study
from alignment.study.cache.entry_format import to_bytes
from benchmarks.soak.kills import few_seeds
from benchmarks.soak.rows import Row

MAPPING = "ridge"


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def foreign(path: Path) -> None:
    """Replace an entry's content by that of another."""
    other = next(entry for entry in sorted(path.parents[1].rglob("*.entry")) if entry != path)
    path.write_bytes(other.read_bytes())


DAMAGES = (truncated, emptied, flipped, foreign)
QUESTIONS: dict[str, Callable[[Study], object]] = {
    "vectors and mappings": lambda study: (study.X, study.map(["I have a cat"], MAPPING)),
    "mapped seeds": lambda study: study.projections.mapped_seeds(MAPPING, held_out=False),
    "evaluations": lambda study: study.evaluations.evaluate(MAPPING),
    "a random space": lambda study: study.evaluations.random_space_result(MAPPING),
    "prompts": lambda study: study.evaluations.evaluate_prompts(MAPPING),
    "prompts in a random space": lambda study: study.evaluations.random_space_prompts(MAPPING),
    "confidence": lambda study: (study.seed_distances, study.confidence.calibration(MAPPING)),
    "a sweep": lambda study: study.evaluations.encoder_sweep(MAPPING),
    "a learning curve": lambda study: study.evaluations.learning_curve(MAPPING),
    "kinds of seeds": lambda study: study.evaluations.seed_kinds(MAPPING),
    "seen and unseen classes": lambda study: study.evaluations.generalised_zero_shot(MAPPING),
    "a layout": lambda study: study.projections.layout(LayoutSettings(method="pca"), MAPPING, held_out=False),
    "class pictures": lambda study: study.pictures.of_classes(),
}


def damaged_entries(folder: Path) -> Iterator[Row]:
    """Damage every kind of entry in four ways, and check that it is recomputed with the same answer."""
    settings, cache = Settings(seeds=few_seeds(folder)), folder / "damaged"
    kinds: set[str] = set()
    wrong, tried = [], 0
    for name, ask in QUESTIONS.items():
        before = set(cache.rglob("*.entry"))
        right = to_bytes(ask(Study(settings, cache=cache)))
        entries = sorted(set(cache.rglob("*.entry")) - before)
        kinds |= {entry.parent.name for entry in entries}
        kept = {entry: entry.read_bytes() for entry in entries}
        for damage in DAMAGES:
            for entry in entries:
                damage(entry)
                tried += 1
            if to_bytes(ask(Study(settings, cache=cache))) != right:
                wrong.append(f"{name}, {damage.__name__}: another answer")
            wrong += [
                f"{entry.parent.name}, {damage.__name__}: not mended"
                for entry in entries
                if entry.read_bytes() != kept[entry]
            ]
    found = f"{tried} entries of {len(kinds)} kinds; each computed anew, with the same answer"
    yield Row("entries of the cache damaged in four ways", found, tuple(wrong))
