"""The command export-mapping: writes a fitted mapping to a file."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.option_values import settings_of
from alignment.commands.output_files import check_output, print_written
from alignment.commands.studies import open_study
from alignment.files.writing import write_file


def export_mapping(arguments: Namespace) -> None:
    from alignment.study.mapping_files import MAPPING_FILES, check_suffix

    check_output(arguments.output, MAPPING_FILES)
    check_suffix(arguments.output.suffix, arguments.mapping)
    study = open_study(settings_of(arguments), mapping=arguments.mapping)
    write_file(arguments.output, study.export_mapping(arguments.mapping, arguments.output.suffix))
    size, classes = study.X.shape[1], study.class_vectors.shape[1]
    spaces = f"from {size} numbers of text space to {classes} of class space"
    print_written(arguments.output, f"{arguments.mapping}, {spaces}")
