"""Command line: ``python -m training COMMAND``; the README walks through them in order."""

import argparse
import logging
import sys

from training import card, evaluate, export, judge, sources, train


def everything():
    """From nothing to the model card; training goes on from its checkpoints if it was stopped."""
    sources.fetch()
    train.train(220, resolution=64)
    train.train(100, keep_classes=True, widen=0)
    export.export()
    judge.fit()
    evaluate.evaluate()
    card.card()


COMMANDS = {
    "all": (everything, "all of the below but sheet, one after the other: some six hours on two cores"),
    "fetch": (sources.fetch, "download the icon sets with npm"),
    "sheet": (card.rendered_sheet, "draw the renderer's own picture of every class, to look at"),
    "train": (train.train, "train, or go on training, for some minutes"),
    "export": (export.export, "write the averaged weights into the shipped folder"),
    "judge": (judge.fit, "train the classifier that names generated pictures"),
    "evaluate": (evaluate.evaluate, "measure the shipped weights"),
    "card": (card.card, "render the model card from the figures"),
}


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m training", description="Make the bundled generator.")
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {name: commands.add_parser(name, help=text) for name, (_, text) in COMMANDS.items()}
    add = parsers["train"].add_argument
    add("--minutes", type=float, default=120, help="wall time to train for (default 120)")
    add("--resolution", type=int, choices=(64, 128), default=128, help="side of the pictures (default 128)")
    add("--widen", type=float, default=0.3, help="share of the time with growing truncation (default 0.3; 0 to go on)")
    add("--cool", type=float, default=0.5, help="share of the time with shrinking steps (default 0.5)")
    add("--from-shipped", action="store_true", help="without a checkpoint, go on from the shipped weights")
    add("--keep-classes", action="store_true", help="leave the class vectors as they are")
    parsers["judge"].add_argument("--steps", type=int, default=800, help="batches of 64 pictures (default 800)")
    options = vars(parser.parse_args(argv))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run, _ = COMMANDS[options.pop("command")]
    try:
        run(**options)
    except (RuntimeError, FileNotFoundError, ValueError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
