"""The command seeds: checks a seed file."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from alignment.commands.notices import say
from alignment.wording import counted, first_of

if TYPE_CHECKING:
    from alignment.dictionary.classes import ClassTable

SHOWN_CLASSES = 5  # that a class space lacks


def seeds(arguments: Namespace) -> None:
    """Say what is read of a file, and how many of its classes the class space has."""
    from alignment.dictionary.class_files import read_classes
    from alignment.dictionary.classes import ClassTable
    from alignment.dictionary.seed_files import read_seeds

    listed, about_classes = read_classes(arguments.classes) if arguments.classes else (None, [])
    seeds, refused, notes = read_seeds(arguments.file, listed.known if listed else None)
    found = _class_space(arguments, listed)
    say([*about_classes, *notes, *(f"refused: {refusal}" for refusal in refused)])
    named = sorted({index for classes in seeds.frame["classes"] for index in classes})
    taken = f"{counted(len(seeds), 'sentence')} for {counted(len(named), 'class', 'classes')}"
    print(f"{arguments.file}: {taken}, {counted(len(refused), 'row')} refused")
    if found and (lacking := sorted(set(named) - set(found[0].indices))):
        space, name = found
        lost = len(seeds) - len(seeds.restricted(space))
        gone = f"{counted(lost, 'sentence')} about others alone will be left out" if lost else "no sentence is left out"
        has = f"{name} has {len(named) - len(lacking):,} of these {len(named):,} classes"
        print(f"{has}; {gone}. It lacks {first_of(ClassTable(lacking, space.known).labels, SHOWN_CLASSES)}.")


def _class_space(arguments: Namespace, listed: ClassTable | None) -> tuple[ClassTable, str] | None:
    """Classes of the class space that the options name, and its name; None for a generator that is not here yet.

    Parameters
    ----------
    listed : ClassTable, optional
        Those of --classes; they are the class space's own.
    """
    from alignment.class_embeddings.class_space import EmbeddingMatrix
    from alignment.class_embeddings.embedding_files import IMAGENET_CLASSES
    from alignment.dictionary.classes import ClassTable
    from alignment.images.checkpoints import is_here
    from alignment.images.generator import ImageGenerator
    from alignment.images.published_biggan import MODELS

    if arguments.class_embeddings:
        return EmbeddingMatrix(arguments.class_embeddings, listed).classes, arguments.class_embeddings
    if listed:
        return listed, arguments.classes
    if arguments.generator in MODELS:  # which may be a download
        return ClassTable(range(IMAGENET_CLASSES)), arguments.generator
    if "/" in arguments.generator and not is_here(arguments.generator):
        return None
    return ImageGenerator(arguments.generator).classes, f"the generator {arguments.generator}"
