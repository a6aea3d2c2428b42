"""Command line: ``python -m training COMMAND``; the README walks through them in order."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from training import card, classifier, evaluate, export, naming, sources, subject, train
from training.checkpoints import BUNDLED
from training.textures import RUNS


def run_train(options: argparse.Namespace) -> None:
    train.train(
        options.minutes,
        batches=options.batches,
        shares=options.shares,
        steps=options.steps,
        resume=options.resume,
        keep_classes=options.keep_classes,
        start=options.start_from,
        runs=options.runs,
        device=options.device,
        seed=options.seed,
    )


def run_all(options: argparse.Namespace) -> None:
    """Run all steps from the icon sets to the model card.

    Raises
    ------
    RuntimeError
        When the shipped generator would be replaced without a GPU to train the new one.
    """
    trains = torch.cuda.is_available() or options.resume
    if options.folder == BUNDLED and not trains:
        raise RuntimeError(
            "without a GPU this would replace the shipped generator by one that is not trained; give --folder"
        )
    for name in ("fetch", "train", "export", "classifier", "evaluate", "card"):
        COMMANDS[name][0](options)


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], None], str]] = {
    "all": (run_all, "the generator: all of the below but sheet, unlabelled and subject, one after the other"),
    "fetch": (lambda _: sources.fetch(), "download the icon sets with npm"),
    "sheet": (lambda o: card.draw_rendered(o.runs), "draw the renderer's own picture of every class, to look at"),
    "train": (run_train, "train, or go on training, for some minutes"),
    "export": (lambda o: export.export(o.folder, runs=o.runs), "write the averaged weights into the shipped folder"),
    "classifier": (
        lambda o: classifier.fit(steps=o.classifier_steps, runs=o.runs),
        "train the classifier that names generated pictures",
    ),
    "evaluate": (
        lambda o: evaluate.evaluate(o.folder, per_class=o.per_class, runs=o.runs),
        "measure the shipped weights",
    ),
    "card": (lambda o: card.card(o.folder), "render the model card from the figures"),
    "unlabelled": (
        lambda o: naming.draw_unlabelled(o.folder, o.runs),
        "draw every class twice over a number, to be named on sight; no part of all",
    ),
    "subject": (
        lambda o: subject.train(o.output, steps=o.subject_steps, seed=o.seed),
        "learn which words say what a sentence is about; no part of all",
    ),
}


def parser() -> argparse.ArgumentParser:
    """Argument parser of the command line; ``all`` takes the options of every step."""
    folder, runs, learning, classifying, measuring, composing = (
        argparse.ArgumentParser(add_help=False) for _ in range(6)
    )
    folder.add_argument("--folder", type=Path, default=BUNDLED, help="of the generator, if not the shipped one")
    runs.add_argument(
        "--runs", type=Path, default=RUNS, help="folder of textures, checkpoint and log, if not training/runs"
    )
    add = learning.add_argument
    add("--minutes", type=float, default=train.MINUTES, help="wall time to train for (default %(default)s)")
    add("--batches", type=int, nargs=3, default=train.BATCHES, help="pictures per step at 64, 128 and 256 pixels")
    add("--shares", type=float, nargs=3, default=train.SHARES, help="shares of the time at each resolution")
    add("--steps", type=int, help="steps that a stage takes at most, to try things out")
    add("--resume", action="store_true", help="go on from the checkpoint, or without one from the shipped weights")
    add("--keep-classes", action="store_true", help="leave the class vectors as they are")
    add("--start-from", type=Path, default=BUNDLED, help="generator whose class vectors, or weights, are the first")
    add("--device", choices=("cuda", "cpu"), help="by default a GPU where there is one")
    add("--seed", type=int, default=0)
    classifying.add_argument("--classifier-steps", type=int, default=classifier.STEPS, help="batches of 64 pictures")
    measuring.add_argument("--per-class", type=int, default=evaluate.PER_CLASS, help="pictures per class measured")
    add = composing.add_argument
    add("--output", type=Path, default=subject.SUBJECT_WEIGHTS, help="file of the weights, if not the shipped one")
    add("--subject-steps", type=int, default=subject.STEPS, help="batches of 256 sentences (default %(default)s)")
    add("--seed", type=int, default=0)
    options = {
        "all": (folder, runs, learning, classifying, measuring),
        "sheet": (runs,),
        "train": (runs, learning),
        "export": (folder, runs),
        "classifier": (runs, classifying),
        "evaluate": (folder, runs, measuring),
        "card": (folder,),
        "unlabelled": (folder, runs),
        "subject": (composing,),
    }
    command_line = argparse.ArgumentParser(
        prog="python -m training", description="Make what is shipped.", allow_abbrev=False
    )
    commands = command_line.add_subparsers(dest="command", required=True)
    for name, (_, text) in COMMANDS.items():
        commands.add_parser(name, help=text, parents=options.get(name, ()), allow_abbrev=False)
    return command_line


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; user errors end it with a message of one line."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run, _ = COMMANDS[options.command]
    try:
        run(options)
    except (RuntimeError, FileNotFoundError, ValueError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
