"""The command seeds: checks a seed file."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.studies import say


def seeds(arguments: Namespace) -> None:
    from alignment.dictionary.class_files import read_classes
    from alignment.dictionary.seed_files import read_seeds
    from alignment.wording import counted

    classes, about_classes = read_classes(arguments.classes) if arguments.classes else (None, [])
    seeds, refused, notes = read_seeds(arguments.file, classes.known if classes else None)
    say([*about_classes, *notes, *(f"refused: {refusal}" for refusal in refused)])
    named = {index for classes in seeds.frame["classes"] for index in classes}
    taken = f"{counted(len(seeds), 'sentence')} for {counted(len(named), 'class', 'classes')}"
    print(f"{arguments.file}: {taken}, {counted(len(refused), 'row')} refused")
