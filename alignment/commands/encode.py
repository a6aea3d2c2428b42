"""The command encode: encodes seed sentences to files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from alignment.commands.notices import say, say_of_shards
from alignment.commands.option_values import workers_of
from alignment.commands.output_files import print_written
from alignment.execution.progress_bars import ProgressBars
from alignment.files.shards import passed_over
from alignment.wording import counted


def encode(arguments: Namespace) -> None:
    """Write the vectors of seed sentences, shard by shard."""
    from alignment.dictionary.class_files import read_classes
    from alignment.dictionary.seed_files import SEED_COLUMNS
    from alignment.study.shards.encoded_shards import EncoderModel, Encoding, encode_shards
    from alignment.study.shards.shard_results import find_inputs
    from alignment.text.encoder import TextEncoder

    output: Path = arguments.output
    classes, notes = read_classes(arguments.classes) if arguments.classes else (None, [])
    find_inputs(arguments.seeds, SEED_COLUMNS, output)  # refuses what it must before an encoder is downloaded
    say([*notes, *passed_over(arguments.seeds, output)])
    encoder = TextEncoder(arguments.encoder, layer=arguments.layer, pooling=arguments.pooling, device="cpu")
    say(encoder.notes)
    encoding = Encoding(
        EncoderModel.of(encoder),
        output,
        classes.known if classes else None,
        arguments.number,
        arguments.format,
    )
    with workers_of(arguments) as executor:
        shards = encode_shards(arguments.seeds, encoding, executor=executor, progress=ProgressBars())
    say_of_shards(shards, output)
    before = sum(shard.was_finished for shard in shards)
    count, finished = sum(shard.rows for shard in shards), f", {before:,} of them finished before" if before else ""
    written = f"{counted(count, 'sentence')} of {encoder.dim:,} numbers in {counted(len(shards), 'shard')}"
    print_written(output, f"{written}{finished}")
