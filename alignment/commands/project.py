"""The command project: inverts a picture to a point of class space and noise."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.notices import say
from alignment.commands.option_values import check_draws_pictures, settings_of
from alignment.commands.output_files import check_picture_output, print_written
from alignment.commands.studies import open_study
from alignment.commands.tables import print_table
from alignment.errors import InputError, check_whole
from alignment.execution.progress_bars import ProgressBars
from alignment.files.json_text import json_text
from alignment.files.writing import write_file

VECTORS = ".npz"


def project(arguments: Namespace) -> None:
    import numpy as np

    from alignment.images.inversion import check_steps
    from alignment.images.picture_files import grid, read_picture, save_picture
    from alignment.images.truncation_and_noise import nearest_truncation

    check_steps(arguments.steps)
    check_whole("--top", arguments.top, 1)
    nearest_truncation(arguments.truncation)
    check_picture_output(arguments.output, [VECTORS])
    check_draws_pictures(arguments.class_embeddings)
    read_picture(arguments.file, 16)  # refused before anything slow
    study = open_study(settings_of(arguments), mapping=arguments.mapping)
    picture = read_picture(arguments.file, study.generator.pixels)
    how = {"truncation": arguments.truncation, "steps": arguments.steps}
    found = study.pictures.invert(picture, **how, progress=ProgressBars())
    if arguments.output.suffix.lower() == VECTORS:
        write_file(arguments.output, found.to_npz(picture))
    else:
        save_picture(grid(np.stack([picture, found.picture]), columns=2), arguments.output)
    table = study.nearest_to(found.vector[None], [""], top=arguments.top).drop(columns="prompt")
    table = study.classes.with_indices(table)
    try:
        sentence, similarity = study.nearest_sentence(found.vector[None], arguments.mapping)
    except InputError as error:  # after the search, of which everything else is shown
        sentence, similarity, reason = None, None, str(error)
    differs = f"differs by {found.error:.1f} of 255 (root mean square; {found.start_error:.1f} at first)"
    print_written(arguments.output, differs, beside_json=arguments.json)
    if arguments.steps and found.notice:  # without a search nothing is known
        say([found.notice])
    if arguments.json:
        answer = {"error": found.error, "start_error": found.start_error, "nearest": table.to_dict("records")}
        print(json_text(answer | {"sentence": sentence, "sentence_similarity": similarity}))
        return
    print_table(table)
    print(f"nearest sentence: {reason if sentence is None else f'{sentence} (similarity {similarity:.2f})'}")
