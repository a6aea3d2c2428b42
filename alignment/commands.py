"""What each command of the command line does; :mod:`alignment.__main__` says how it is called."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

from alignment.dictionary.prompts import PROMPTS_CSV
from alignment.errors import InputError
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS

SHOWN_FIGURES = {
    "p_at_1": "P@1",
    "p_at_5": "P@5",
    "p_at_10": "P@10",
    "mrr": "MRR",
    "median_rank": "median rank",
    "csls_p_at_1": "P@1 CSLS",
    "cosine": "cosine",
    "r2": "R2",
    "norm_ratio": "norm ratio",
    "hubness": "hubness",
}
ABLATION_FIGURES = ("p_at_1", "p_at_10", "median_rank", "csls_p_at_1", "cosine")
ABLATIONS = {  # --question: method of Study, mapping unless one is named, columns that say what was varied
    "sweep": ("encoder_sweep", "ridge", ("layer", "pooling")),
    "learning-curve": ("learning_curve", DEFAULT_MAPPING, ("sentences", "classes", "seeds")),
    "seed-kinds": ("seed_kinds", DEFAULT_MAPPING, ("kind", "learned", "seeds")),
}


def _settings(arguments):
    """The models the options describe."""
    from alignment.study import Settings

    return Settings(
        encoder=arguments.encoder,
        layer=arguments.layer,
        pooling=arguments.pooling,
        generator=arguments.generator,
        class_embeddings=arguments.class_embeddings,
        seeds=arguments.seeds,
        added_seeds=arguments.add_seeds,
    )


def _open_study(settings):
    """The study of these models, built, with bars for what takes long."""
    from alignment.study import Study

    study = Study(settings)
    study.build(_Bars())
    for refusal in study.refused:
        print(f"left out: {refusal}", file=sys.stderr)
    return study


class _Bars:
    """Progress of long work as bars on the terminal: called with (what is going on, done, total)."""

    def __init__(self):
        self._bar = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=total, file=sys.stderr)
        self._bar.set_description(stage)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


def build(arguments) -> None:
    study = _open_study(_settings(arguments))
    study.compare([DEFAULT_MAPPING], progress=_Bars())  # the figures on the dashboard's first page
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )


def generate(arguments) -> None:
    from alignment.images.export import grid, save_picture

    drawing = _drawing_settings(arguments)  # refused before anything slow
    if arguments.class_embeddings:
        raise InputError("A matrix of class embeddings draws no pictures; choose a --generator.")
    if (arguments.prompt is None) == (arguments.prompts is None):
        raise InputError("Give either a prompt or --prompts FILE.csv.")
    if arguments.prompts:
        return _generate_batch(arguments, drawing)
    study = _open_study(_settings(arguments))
    pictures = study.generate(
        [arguments.prompt],
        arguments.mapping,
        count=arguments.count,
        drawing=drawing,
    )[0]
    save_picture(grid(pictures), arguments.output)
    best = study.nearest([arguments.prompt], arguments.mapping, top=1).iloc[0]
    print(f"{arguments.output}: nearest class {best['name']} (similarity {best['similarity']:.2f})")


def _generate_batch(arguments, drawing) -> None:
    """Write a contact sheet, or a ZIP of single pictures, of the prompts in a file."""
    from dataclasses import asdict

    from alignment.images.export import save_picture
    from alignment.study import batch

    prompts = batch.read_prompts(arguments.prompts)
    settings = _settings(arguments)
    study = _open_study(settings)
    items = batch.draw_batch(study, prompts, arguments.mapping, drawing=drawing, progress=_Bars())
    if arguments.output.suffix.lower() == ".zip":
        made_with = asdict(settings) | {"mapping": arguments.mapping} | asdict(drawing)
        _write_bytes(arguments.output, batch.batch_zip(items, made_with))
    else:
        save_picture(batch.contact_sheet(items), arguments.output)
    for item in items:
        if item.refused:
            print(f"left out: {item.refused}", file=sys.stderr)
    print(f"{arguments.output}: {sum(not item.refused for item in items)} of {len(items)} prompts")


def interpolate(arguments) -> None:
    from alignment.study import interpolation_files

    if bool(arguments.prompts) == bool(arguments.settings):
        raise InputError("Give either prompts or --settings FILE.json.")
    if arguments.settings:
        models, interpolation = interpolation_files.from_json(_read_bytes(arguments.settings))
    else:
        models, interpolation = _settings(arguments), _interpolation_settings(arguments)
    suffix = arguments.output.suffix.lower()
    if models.class_embeddings and suffix not in (".json", ".npz"):
        raise InputError("A matrix of class embeddings draws no pictures; write to a name such as interpolation.npz.")
    if arguments.grid and suffix in (".json", ".npz"):
        raise InputError("The grid is a picture; write to a name such as grid.png.")
    if suffix == ".json":
        return _write_text(arguments.output, interpolation_files.to_json(models, interpolation).rstrip())
    study = _open_study(models)
    write = _write_interpolation_grid if arguments.grid else _write_interpolation_path
    rows = write(study, interpolation, arguments.output)
    names = [study.classes.names[row] for row in rows]
    print(f"{arguments.output}: {' > '.join(names)}")


def _interpolation_settings(arguments):
    from alignment.interpolation.paths import InterpolationSettings

    return InterpolationSettings(
        tuple(arguments.prompts),
        arguments.mapping,
        steps=arguments.steps,
        space=arguments.space,
        shape=arguments.shape,
        even=arguments.even,
        drawing=_drawing_settings(arguments),
    )


def _drawing_settings(arguments):
    from alignment.images.drawing_settings import DrawingSettings

    return DrawingSettings(arguments.truncation, arguments.seed, arguments.snap)


def _write_interpolation_path(study, settings, output: Path) -> list[int]:
    """Write a path in the format of the file's suffix; returns the nearest classes in order, without repetitions."""
    from alignment.images.export import ANIMATIONS, grid, save_animation, save_picture
    from alignment.study.interpolation_files import to_npz

    path = study.interpolate(settings, progress=_Bars())
    suffix = output.suffix.lower()
    if suffix == ".npz":
        _write_bytes(output, to_npz(path))
    elif suffix in ANIMATIONS:
        save_animation(path.pictures, output)
    else:
        save_picture(grid(path.pictures, columns=settings.steps), output)
    return [row for i, row in enumerate(path.nearest) if i == 0 or row != path.nearest[i - 1]]


def _write_interpolation_grid(study, settings, output: Path) -> list[int]:
    """Write the grid between four prompts as a picture; returns the classes nearest to its corners."""
    from alignment.images.export import grid, save_picture

    found = study.interpolate_grid(settings, progress=_Bars())
    save_picture(grid(found.pictures.reshape(-1, *found.pictures.shape[2:]), columns=settings.steps), output)
    return found.nearest[[0, 0, -1, -1], [0, -1, 0, -1]].tolist()


def nearest(arguments) -> None:
    if (arguments.prompt is None) == (arguments.prompts is None):
        raise InputError("Give either a prompt or --prompts FILE.csv.")
    if (arguments.output is None) != (arguments.prompts is None):
        raise InputError("--prompts FILE.csv and --output OUT.csv go together.")
    if arguments.prompts:
        return _nearest_for_file(arguments)
    table = (
        _open_study(_settings(arguments))
        .nearest([arguments.prompt], arguments.mapping, top=arguments.top)
        .drop(columns="prompt")
    )
    if arguments.json:
        print(json.dumps(table.to_dict("records"), indent=2))
    else:
        print(table.to_string(index=False, float_format="{:.3f}".format))


def _nearest_for_file(arguments) -> None:
    from alignment.study.batch import read_prompts

    prompts = read_prompts(arguments.prompts)
    study = _open_study(_settings(arguments))
    for line, prompt in enumerate(prompts, start=2):
        try:
            study.check_prompt(prompt)
        except InputError as error:
            raise InputError(f"{arguments.prompts}, row {line}: {error}") from error
    nearest = study.nearest(prompts, arguments.mapping, top=arguments.top)
    found = nearest["index"].to_numpy().reshape(len(prompts), -1)
    import pandas as pd

    table = pd.DataFrame(found, columns=[f"index_{rank}" for rank in range(1, found.shape[1] + 1)])
    table.insert(0, "prompt", prompts)
    try:
        table.to_csv(arguments.output, index=False)
    except OSError as error:
        raise InputError(f"Cannot write {arguments.output}: {error.strerror or error}.") from error
    print(f"{arguments.output}: the {found.shape[1]} nearest classes of {len(prompts)} prompts", file=sys.stderr)


def evaluate(arguments) -> None:
    from alignment.evaluation.comparison import summary_table

    if arguments.question in ABLATIONS:
        return _evaluate_ablations(arguments)
    study = _open_study(_settings(arguments))
    keys = tuple(MAPPINGS) if arguments.mapping in (None, "all") else (arguments.mapping,)
    if arguments.prompts:
        figures, table = _prompt_figures(study, keys, arguments.prompts)
    else:
        results = study.compare(keys, split=arguments.split, progress=_Bars())
        table = summary_table(results)
        print(table[list(SHOWN_FIGURES)].rename(columns=SHOWN_FIGURES).to_string(float_format="{:.3f}".format))
        if len(keys) == 1 and arguments.split != "classes":  # a held-out class is asked for by all its kinds at once
            print(f"\n{keys[0]}, kind by kind")
            print(results[keys[0]].per_kind(study.seeds.frame["kind"]).to_string(float_format="{:.3f}".format))
        figures = table.to_dict("index")
    _write_figures(arguments, figures, table.reset_index())


def _evaluate_ablations(arguments) -> None:
    """One mapping with other layers and poolings, or learned from fewer seeds: one row per variation."""
    if arguments.mapping == "all":
        raise InputError(f"--{arguments.question} evaluates one mapping; name it with --mapping.")
    if arguments.split != "classes":
        raise InputError(f"--{arguments.question} holds out classes; leave --split away.")
    method, default, columns = ABLATIONS[arguments.question]
    study, mapping = _open_study(_settings(arguments)), arguments.mapping or default
    table = getattr(study, method)(mapping, progress=_Bars())
    table = table if table.index.names == [None] else table.reset_index()
    shown = [*columns, *ABLATION_FIGURES]
    print(f"{MAPPINGS[mapping].label}, held-out classes")
    print(table[shown].rename(columns=SHOWN_FIGURES).to_string(index=False, float_format="{:.3f}".format, na_rep="all"))
    _write_figures(arguments, json.loads(table.to_json(orient="records")), table)


def _write_figures(arguments, figures, table) -> None:
    if arguments.json:
        _write_text(arguments.json, json.dumps(figures, indent=2, allow_nan=True))
    if arguments.csv:
        _write_text(arguments.csv, table.to_csv(index=False).rstrip())


def _prompt_figures(study, keys, source):
    """Print hit rates a mapping and, for the best, a group; all of them as a dictionary and as one table."""
    import pandas as pd

    tables = {key: study.evaluate_prompts(key, source=source) for key in keys}
    overall = pd.DataFrame({key: table.loc["all"] for key, table in tables.items()}).T
    best = overall["hit_at_1"].idxmax()
    kind = "test prompts, never learned from" if source == PROMPTS_CSV else "prompts"
    print(f"{int(overall['prompts'].iloc[0])} {kind}")
    print(overall.drop(columns="prompts").to_string(float_format="{:.3f}".format))
    if len(tables[best]) > 1:
        print(f"\n{best}, group by group")
        print(tables[best].drop(index="all").to_string(float_format="{:.2f}".format))
    return {key: table.to_dict("index") for key, table in tables.items()}, pd.concat(tables, names=["mapping"])


def _write_text(path: Path, text: str) -> None:
    _write_bytes(path, f"{text}\n".encode())


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror or error}.") from error


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error


def seeds(arguments) -> None:
    from alignment.dictionary.seed_files import read_seeds

    seeds, refused = read_seeds(arguments.file)
    for refusal in refused:
        print(f"refused: {refusal}", file=sys.stderr)
    named = {index for classes in seeds.frame["classes"] for index in classes}
    print(f"{arguments.file}: {len(seeds)} sentences for {len(named)} classes, {len(refused)} rows refused")


def cache(arguments) -> None:
    import pandas as pd

    from alignment.study import CACHE
    from alignment.study.cache import ArtifactCache

    kept = ArtifactCache(CACHE)
    rows = [(one.artifact.replace("_", " "), one.about, one.size / 1e6, one.used) for one in kept.entries()]
    total = f"{len(rows)} entries, {sum(megabytes for _, _, megabytes, _ in rows):.1f} MB in {CACHE}"
    if arguments.clear:
        try:
            kept.clear()
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
