"""The commands generate and nearest: pictures and classes of a prompt, or of many."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from alignment.commands.notices import say, say_of_shards
from alignment.commands.option_values import (
    check_draws_pictures,
    drawing_settings_of,
    names_workers,
    refuse_blank,
    settings_of,
    workers_of,
)
from alignment.commands.output_files import OR_FOLDER, check_output, check_picture_output, print_written
from alignment.commands.studies import build_study, new_study, open_study
from alignment.commands.tables import print_table
from alignment.dictionary.prompts import read_prompts
from alignment.errors import InputError, check_whole
from alignment.execution.progress_bars import ProgressBars
from alignment.files.csv_cells import to_csv
from alignment.files.csv_records import Refusal
from alignment.files.json_text import json_text
from alignment.files.reading import is_file, is_folder
from alignment.files.shards import is_pattern, passed_over
from alignment.files.tables import left_out
from alignment.files.writing import stream_file, write_file
from alignment.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from alignment.images.drawing_settings import DrawingSettings
    from alignment.study import Study

NO_CONFIDENCE = "These classes have no sentences with known answers, and so no confidence; leave --words out."


def generate(arguments: Namespace) -> None:
    from alignment.images.drawing_settings import check_count
    from alignment.images.picture_files import grid, save_picture

    drawing = drawing_settings_of(arguments)  # refused before anything slow
    check_count(arguments.count)
    check_draws_pictures(arguments.class_embeddings)
    _check_one_source(arguments)
    if arguments.prompts and arguments.count != 1:
        raise InputError("Every one of --prompts gets one picture; leave --count away.")
    if _in_shards(arguments):
        return _answer_shards(arguments, drawing)
    if arguments.into_folder:
        raise InputError(f"The picture of one prompt is a file; name one in {arguments.output}.")
    if arguments.prompts:
        check_picture_output(arguments.output, [".zip"], OR_FOLDER)
        return _generate_list(arguments, drawing)
    check_picture_output(arguments.output)
    study = open_study(settings_of(arguments), [arguments.prompt], arguments.mapping)
    pictures = study.generate(
        [arguments.prompt],
        arguments.mapping,
        count=arguments.count,
        drawing=drawing,
    )[0]
    save_picture(grid(pictures), arguments.output)
    best = study.nearest([arguments.prompt], arguments.mapping, top=1).iloc[0]
    found = study.confidence.of([arguments.prompt], arguments.mapping)
    sure = "" if found is None else f", {found['confidence_text'].iloc[0]}"
    nearest = f"nearest class {best['name']} (similarity {best['similarity']:.2f}{sure})"
    print_written(arguments.output, nearest)
    say(_alternatives(found)[1:])


def _generate_list(arguments: Namespace, drawing: DrawingSettings) -> None:
    """Write a contact sheet, or a ZIP of single pictures, of the prompts in a file."""
    from dataclasses import asdict

    from alignment.images.picture_files import save_picture
    from alignment.study import CACHE
    from alignment.study.prompt_lists.contact_sheets import contact_sheet
    from alignment.study.prompt_lists.drawn_prompts import check_sheet, draw_prompts
    from alignment.study.prompt_lists.prompt_lists import check_list, new_list

    table = read_prompts(arguments.prompts)
    is_zip = arguments.output.suffix.lower() == ".zip"
    check = check_list if is_zip else check_sheet  # before a study is built
    prompts = check([row.cells["prompt"] for row in table.rows])
    settings = settings_of(arguments)
    study = open_study(settings, mapping=arguments.mapping)
    say([*table.notes, *left_out(table.refused)])
    say(study.prompt_reader.notices(prompts))
    if is_zip:
        made_with = asdict(settings) | {"mapping": arguments.mapping} | asdict(drawing)
        drawn = new_list(study, prompts, made_with, CACHE)
        refused = drawn.draw(study, progress=ProgressBars())["refused"].tolist()
        stream_file(arguments.output, drawn.write_zip)
    else:
        items = draw_prompts(study, prompts, arguments.mapping, drawing=drawing, progress=ProgressBars())
        save_picture(contact_sheet(items), arguments.output)
        refused = [item.refused for item in items]
    say(left_out([Refusal(row.line, why) for row, why in zip(table.rows, refused, strict=True) if why]))
    of_all = counted(len(refused) + len(table.refused), "prompt")
    print_written(arguments.output, f"{refused.count('')} of {of_all}")


def nearest(arguments: Namespace) -> None:
    _check_one_source(arguments)
    check_whole("--top", arguments.top, 1)
    to_file = " and ".join(f"--{name}" for name in ("prompts", "output") if getattr(arguments, name))
    if arguments.json and to_file:
        raise InputError(f"--json prints the answer to one prompt; leave it away, or {to_file}.")
    if arguments.words and to_file:
        raise InputError(f"--words prints what each word of one prompt does; leave it away, or {to_file}.")
    if arguments.prompts and not arguments.output:
        raise InputError("Name what the answers are written to: --output OUT.csv, or a folder/ for many files.")
    if _in_shards(arguments):
        return _answer_shards(arguments)
    if arguments.output:
        return _nearest_to_file(arguments)
    study = new_study(settings_of(arguments))
    if arguments.words and not study.classes.are_imagenets:
        raise InputError(NO_CONFIDENCE)
    build_study(study, [arguments.prompt], arguments.mapping)
    table = study.nearest([arguments.prompt], arguments.mapping, top=arguments.top).drop(columns="prompt")
    table = study.classes.with_indices(table)
    found = study.confidence.of([arguments.prompt], arguments.mapping)
    if found is not None:  # that the nearest is right; the others have none
        table["confidence"] = [found["confidence"].iloc[0], *[None] * (len(table) - 1)]
    words = _words(study, arguments)  # refused before anything is printed
    if arguments.json:
        (not_read,) = study.prompt_reader.unread_parts([arguments.prompt])
        named = {"language": _language(study, arguments.prompt), "not_read": not_read}
        records = [record | named for record in table.to_dict("records")]
        print(json_text(records if words is None else {"nearest": records, "words": words.to_dict("records")}))
    else:
        print_table(table)
        if words is not None:
            print("\nconfidence lost without each word, and what is nearest then")
            print_table(words)
    say(_alternatives(found))


def _check_one_source(arguments: Namespace) -> None:
    if (arguments.prompt is None) == (arguments.prompts is None):
        raise InputError("Give either a prompt or --prompts FILE.csv.")
    refuse_blank([arguments.prompt])


def _words(study: Study, arguments: Namespace) -> pd.DataFrame | None:
    """Word attributions of the confidence, if requested."""
    if not arguments.words:
        return None
    table = study.confidence.word_attributions(arguments.prompt, arguments.mapping)
    if table is None:
        raise InputError(NO_CONFIDENCE)
    return table


def _language(study: Study, prompt: str) -> str | None:
    """Name of a prompt's language where the encoder was not trained on it."""
    language = study.prompt_reader.unread_language(prompt)
    return language.name if language else None


def _alternatives(found: pd.DataFrame | None) -> list[str]:
    """Alternatives to an answer of low confidence, one sentence each; ``found`` as from ``Confidence.of``."""
    if found is None or not found["low"].iloc[0]:
        return []
    row = found.iloc[0]
    return [row["confidence_text"], *([f"did you mean: {row['corrected']}"] if row["corrected"] else [])]


def _in_shards(arguments: Namespace) -> bool:
    """Whether prompts are answered shard by shard into a folder: for several files, workers, or into a folder."""
    if arguments.prompts is None:
        if names_workers(arguments):
            raise InputError("Workers answer many prompts; give --prompts FILES.")
        return False
    return bool(
        is_pattern(str(arguments.prompts))
        or is_folder(arguments.output)
        or arguments.into_folder
        or names_workers(arguments)
    )


def _answer_shards(arguments: Namespace, drawing: DrawingSettings | None = None) -> None:
    """Answer the prompts of many files, or draw them, into a folder."""
    from alignment.images.picture_files import picture_suffixes
    from alignment.study.prompt_lists.prompt_shards import PROMPT_SHARD_COLUMNS, answer_shards
    from alignment.study.shards.shard_results import find_inputs

    of_files = {".csv", ".txt", ".zip"} | picture_suffixes()
    is_named_as_folder = is_folder(arguments.output) or arguments.into_folder
    if is_file(arguments.output) or (arguments.output.suffix.lower() in of_files and not is_named_as_folder):
        raise InputError(f"Prompts in shards are answered into a folder; {arguments.output} names a file.")
    # Refuses what it must before a study is built.
    find_inputs(str(arguments.prompts), PROMPT_SHARD_COLUMNS, arguments.output)
    say(passed_over(str(arguments.prompts), arguments.output))
    options = {"top": arguments.top} if drawing is None else {"drawing": drawing}
    with workers_of(arguments) as executor:  # those that do not answer are refused before anything is encoded
        study = open_study(settings_of(arguments), mapping=arguments.mapping)
        shards = answer_shards(
            study,
            str(arguments.prompts),
            arguments.output,
            arguments.mapping,
            **options,
            executor=executor,
            progress=ProgressBars(),
        )
    say_of_shards(shards, arguments.output)
    rows, before = sum(shard.rows for shard in shards), sum(shard.was_finished for shard in shards)
    answered = f"{counted(rows, 'prompt')} in {counted(len(shards), 'shard')}"
    print_written(arguments.output, f"{answered}, {before:,} of them finished before")


def _nearest_to_file(arguments: Namespace) -> None:
    """Write the classes nearest to one prompt, or to those of a file, as a CSV."""
    from alignment.study.prompt_lists.prompt_shards import nearest_table, readable_rows

    if arguments.prompt is not None and (arguments.into_folder or is_folder(arguments.output)):
        raise InputError(f"The answer to one prompt is a file; name one in {arguments.output}.")
    check_output(arguments.output, ("", ".csv", ".txt"), OR_FOLDER if arguments.prompts else "")
    if arguments.prompts:
        table = read_prompts(arguments.prompts)
        study = new_study(settings_of(arguments))
        rows, refused = readable_rows(study, table.rows)
        prompts = [row.cells["prompt"] for row in rows]
        say([*table.notes, *left_out(sorted([*table.refused, *refused]))])
        if not prompts:
            raise InputError(f"The encoder can read no prompt of {arguments.prompts}.")
        build_study(study, mapping=arguments.mapping)
        say(study.prompt_reader.notices(prompts))
    else:
        prompts = [arguments.prompt]
        study = open_study(settings_of(arguments), prompts, arguments.mapping)
    table = nearest_table(study, prompts, arguments.mapping, arguments.top)
    write_file(arguments.output, to_csv(table).encode())
    count = sum(column.startswith("index_") for column in table)
    nearest = "the nearest class" if count == 1 else f"the {count:,} nearest classes"
    print_written(arguments.output, f"{nearest} of {counted(len(prompts), 'prompt')}")
