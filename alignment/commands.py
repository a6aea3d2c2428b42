"""What each command of the command line does; :mod:`alignment.__main__` says how it is called."""

from __future__ import annotations

import json
import sys
from pathlib import Path

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


def _open_study(arguments):
    """The study the options describe, built, with bars for what takes long."""
    from alignment.study import Settings, Study

    study = Study(
        Settings(
            encoder=arguments.encoder,
            layer=arguments.layer,
            pooling=arguments.pooling,
            generator=arguments.generator,
            class_embeddings=arguments.class_embeddings,
            seeds=arguments.seeds,
            added_seeds=arguments.add_seeds,
        )
    )
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
    study = _open_study(arguments)
    study.compare([DEFAULT_MAPPING], progress=_Bars())  # the figures on the dashboard's first page
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )


def generate(arguments) -> None:
    from alignment.generators import snap_truncation
    from alignment.pictures import grid, save_picture

    snap_truncation(arguments.truncation)  # before anything slow
    if arguments.class_embeddings:
        raise InputError("A matrix of class embeddings draws no pictures; choose a --generator.")
    study = _open_study(arguments)
    pictures = study.generate(
        [arguments.prompt],
        arguments.mapping,
        count=arguments.count,
        truncation=arguments.truncation,
        noise_seed=arguments.seed,
        pull=arguments.pull,
    )[0]
    save_picture(grid(pictures), arguments.output)
    best = study.nearest([arguments.prompt], arguments.mapping, top=1).iloc[0]
    print(f"{arguments.output}: nearest class {best['name']} (similarity {best['similarity']:.2f})")


def interpolate(arguments) -> None:
    from alignment.pictures import grid, save_animation, save_picture

    study = _open_study(arguments)
    vectors, pictures = study.interpolate(
        arguments.prompts,
        arguments.mapping,
        steps=arguments.steps,
        space=arguments.space,
        shape=arguments.shape,
        even=arguments.even,
        truncation=arguments.truncation,
        noise_seed=arguments.seed,
    )
    if arguments.output.suffix.lower() == ".gif":
        save_animation(pictures, arguments.output)
    else:
        save_picture(grid(pictures, columns=len(pictures)), arguments.output)
    names = study.nearest_to(vectors, range(len(vectors)), top=1)["name"]
    print(f"{arguments.output}: {' > '.join(names[names != names.shift()])}")


def nearest(arguments) -> None:
    if (arguments.prompt is None) == (arguments.prompts is None):
        raise InputError("Give either a prompt or --prompts FILE.csv.")
    if (arguments.output is None) != (arguments.prompts is None):
        raise InputError("--prompts FILE.csv and --output OUT.csv go together.")
    if arguments.prompts:
        return _nearest_for_file(arguments)
    table = (
        _open_study(arguments).nearest([arguments.prompt], arguments.mapping, top=arguments.top).drop(columns="prompt")
    )
    if arguments.json:
        print(json.dumps(table.to_dict("records"), indent=2))
    else:
        print(table.to_string(index=False, float_format="{:.3f}".format))


def _nearest_for_file(arguments) -> None:
    prompts = _read_prompts(arguments.prompts)
    study = _open_study(arguments)
    for line, prompt in enumerate(prompts, start=2):
        try:
            study.encoder.check_prompt(prompt)
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


def _read_prompts(path: Path) -> list[str]:
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' parsing errors are ValueErrors
        raise InputError(f"Cannot read {path}; give a CSV in UTF-8.") from error
    if "prompt" not in table or table.empty:
        raise InputError(f"{path} needs a column 'prompt' and at least one row.")
    return table["prompt"].tolist()


def evaluate(arguments) -> None:
    study = _open_study(arguments)
    keys = tuple(MAPPINGS) if arguments.mapping == "all" else (arguments.mapping,)
    if arguments.prompts:
        figures = _prompt_figures(study, keys)
    else:
        from alignment.comparison import summary_table

        table = summary_table(study.compare(keys, split=arguments.split, progress=_Bars()))
        print(table[list(SHOWN_FIGURES)].rename(columns=SHOWN_FIGURES).to_string(float_format="{:.3f}".format))
        figures = table.to_dict("index")
    if arguments.json:
        _write_text(arguments.json, json.dumps(figures, indent=2, allow_nan=True))


def _prompt_figures(study, keys) -> dict:
    """Print hit rates a mapping and, for the best, a group; all of them as a dictionary."""
    import pandas as pd

    tables = {key: study.evaluate_prompts(key) for key in keys}
    overall = pd.DataFrame({key: table.loc["all"] for key, table in tables.items()}).T
    best = overall["hit_at_1"].idxmax()
    print(f"{int(overall['prompts'].iloc[0])} test prompts, never learned from")
    print(overall.drop(columns="prompts").to_string(float_format="{:.3f}".format))
    print(f"\n{best}, group by group")
    print(tables[best].drop(index="all").to_string(float_format="{:.2f}".format))
    return {key: table.to_dict("index") for key, table in tables.items()}


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error


def seeds(arguments) -> None:
    from alignment.seeds import read_seeds

    seeds, refused = read_seeds(arguments.file)
    for refusal in refused:
        print(f"refused: {refusal}", file=sys.stderr)
    named = {index for classes in seeds.frame["classes"] for index in classes}
    print(f"{arguments.file}: {len(seeds)} sentences for {len(named)} classes, {len(refused)} rows refused")


def models(arguments) -> None:
    import pandas as pd

    from alignment import encoders
    from alignment.checkpoints import GENERATORS
    from alignment.checkpoints import is_here as generator_is_here

    rows = [
        (
            "text",
            name,
            known.label,
            f"{known.dim} numbers, {known.layers} layers",
            encoders.is_here(name),
            known.download_mb,
        )
        for name, known in encoders.ENCODERS.items()
    ]
    for name, known in GENERATORS.items():
        rows.append(
            (
                "pictures",
                name,
                known.label,
                f"{known.pixels} x {known.pixels} pixels",
                generator_is_here(name),
                known.download_mb,
            )
        )
    table = pd.DataFrame(rows, columns=["kind", "name", "what", "size", "here", "download"])
    table["here"] = table["here"].map({True: "yes", False: "no"})
    table["download"] = [f"{mb:.0f} MB" if mb else "none" for mb in table["download"]]
    print(table.to_string(index=False))
