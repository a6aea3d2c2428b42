"""Commands about what is on this machine: seed files, models, the cache, the dashboard."""

from __future__ import annotations

import importlib.util

from alignment.commands.files import check_output
from alignment.commands.studies import ProgressBars, open_study, say, settings_of
from alignment.errors import InputError
from alignment.files.writing import write_file


def build(arguments) -> None:
    study = open_study(settings_of(arguments))
    study.headline_figures(progress=ProgressBars())  # of the dashboard's first page, which asks for confidence too
    study.calibration()
    generator = study.space.generator
    if generator and generator.source == "bundled":  # half a minute; a large one takes many
        study.class_pictures(progress=ProgressBars())
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )


def export_mapping(arguments) -> None:
    from alignment.study.mapping_files import MAPPING_FILES

    check_output(arguments.output, MAPPING_FILES)
    study = open_study(settings_of(arguments))
    write_file(arguments.output, study.export_mapping(arguments.mapping, arguments.output.suffix))
    size, classes = study.X.shape[1], study.class_vectors.shape[1]
    print(f"{arguments.output}: {arguments.mapping}, from {size} numbers of text space to {classes} of class space")


def seeds(arguments) -> None:
    from alignment.dictionary.class_files import read_classes
    from alignment.dictionary.seed_files import read_seeds

    classes, about_classes = read_classes(arguments.classes) if arguments.classes else (None, [])
    seeds, refused, notes = read_seeds(arguments.file, classes.known if classes else None)
    say([*about_classes, *notes, *(f"refused: {refusal}" for refusal in refused)])
    named = {index for classes in seeds.frame["classes"] for index in classes}
    print(f"{arguments.file}: {len(seeds)} sentences for {len(named)} classes, {len(refused)} rows refused")


def cache(arguments) -> None:
    import pandas as pd

    from alignment.study import CACHE
    from alignment.study.cache import ArtifactCache
    from alignment.study.run_table import RunTable

    kept, runs = ArtifactCache(CACHE), RunTable(CACHE)
    rows = [(one.artifact.replace("_", " "), one.about, one.size / 1e6, one.used) for one in kept.entries()]
    total = f"{len(rows)} entries, {sum(megabytes for _, _, megabytes, _ in rows):.1f} MB in {CACHE}"
    if count := len(runs.files()):
        total += f", and {count} runs of compare"
    if arguments.clear:
        try:
            kept.clear()
            runs.remove(path.stem for path in runs.files())
            (CACHE / "built").unlink(missing_ok=True)  # so that `make dashboard` prepares all anew
        except OSError as error:
            raise InputError(f"Cannot clear {CACHE}: {error.strerror or error}.") from error
        print(f"Removed {total}")
        return
    if rows:
        table = pd.DataFrame(rows, columns=["what", "for", "MB", "last used"]).groupby(["what", "for"], as_index=False)
        table = table.agg(entries=("MB", "size"), MB=("MB", "sum"), used=("last used", "max"))
        table["last used"] = pd.to_datetime(table.pop("used"), unit="s").dt.strftime("%Y-%m-%d %H:%M UTC")
        print(table.to_string(index=False, float_format="{:.1f}".format))
    print(total)


def models(arguments) -> None:
    import pandas as pd

    from alignment.images import checkpoints as generators
    from alignment.text import checkpoints as encoders

    rows = [
        ("text", name, known.label, f"{known.dim} numbers, {known.layers} layers", known.download_mb)
        for name, known in encoders.ENCODERS.items()
    ] + [
        ("pictures", name, known.label, f"{known.pixels} x {known.pixels} pixels", known.download_mb)
        for name, known in generators.GENERATORS.items()
    ]
    table = pd.DataFrame(rows, columns=["kind", "name", "what", "size", "download"])
    here = [*map(encoders.is_here, encoders.ENCODERS), *map(generators.is_here, generators.GENERATORS)]
    table.insert(4, "here", ["yes" if each else "no" for each in here])
    table["download"] = [f"{mb:.0f} MB" if mb else "none" for mb in table["download"]]
    print(table.to_string(index=False))


def dashboard(arguments) -> None:
    if importlib.util.find_spec("streamlit") is None:
        raise InputError("The dashboard needs Streamlit; install latent-alignment[dashboard].")
    importlib.import_module("dashboard.__main__").main(arguments.rest)  # by name: the library does not depend on it
