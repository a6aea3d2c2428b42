"""Command line: python -m alignment COMMAND."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from alignment.errors import InputError

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


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when the user asked for something that cannot be done."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("alignment").setLevel(logging.INFO)
    logging.getLogger("joblib").setLevel(logging.ERROR)  # a damaged cache entry is recomputed, not worth a traceback
    try:
        arguments.run(arguments)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; everything finished so far is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alignment", description="From sentences to BigGAN's class space and to pictures."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser(
        "build", help="encode the seed sentences and fit the default mapping", parents=[_study_options()]
    )
    build.set_defaults(run=_build)

    generate = commands.add_parser(
        "generate", help="make pictures of a sentence", parents=[_study_options(), _mapping_option()]
    )
    generate.add_argument("prompt")
    generate.add_argument("--count", type=int, default=1, help="pictures, drawn as a grid (default 1)")
    generate.add_argument(
        "--truncation", type=float, default=0.4, help="spread of the noise, above 0 to 1 (default 0.4)"
    )
    generate.add_argument("--seed", type=int, default=0, help="noise seed (default 0)")
    generate.add_argument(
        "--output", type=Path, default=Path("picture.png"), metavar="FILE", help="picture file (default picture.png)"
    )
    generate.set_defaults(run=_generate)

    nearest = commands.add_parser(
        "nearest", help="name the classes nearest to a sentence", parents=[_study_options(), _mapping_option()]
    )
    nearest.add_argument("prompt", nargs="?")
    nearest.add_argument(
        "--prompts", type=Path, metavar="FILE.csv", help="do it for every row of a CSV with a column 'prompt'"
    )
    nearest.add_argument(
        "--output", type=Path, metavar="OUT.csv", help="with --prompts: write prompt, index_1, ..., index_N"
    )
    nearest.add_argument("--top", type=int, default=5, help="classes to name (default 5)")
    nearest.add_argument("--json", action="store_true", help="print a JSON list")
    nearest.set_defaults(run=_nearest)

    evaluate = commands.add_parser(
        "evaluate", help="measure mappings on what they have not seen", parents=[_study_options()]
    )
    evaluate.add_argument(
        "--mapping", default="all", choices=("all", *_mapping_keys()), metavar="NAME", help="all (default) or one"
    )
    evaluate.add_argument(
        "--split",
        default="classes",
        choices=("classes", "sentences", "kinds"),
        help="what is held out (default classes)",
    )
    evaluate.add_argument("--prompts", action="store_true", help="judge by the test prompts instead, group by group")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    evaluate.set_defaults(run=_evaluate)

    seeds = commands.add_parser("seeds", help="check a CSV of seed sentences")
    seeds.add_argument(
        "file", type=Path, metavar="FILE.csv", help="columns: sentence, class (index, WordNet id or name)"
    )
    seeds.set_defaults(run=_seeds)

    models = commands.add_parser("models", help="list the models: what is known, what is here, what a download costs")
    models.set_defaults(run=_models)
    return parser


def _study_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--encoder",
        default="minilm",
        metavar="NAME",
        help="minilm, a Hub id such as distilbert-base-uncased, or a folder",
    )
    options.add_argument("--layer", type=int, default=-1, help="hidden layer; 0 the embedding, -1 the last (default)")
    options.add_argument("--pooling", default="mean", choices=("mean", "cls", "word"))
    space = options.add_mutually_exclusive_group()
    space.add_argument(
        "--generator",
        default="bundled",
        metavar="NAME",
        help="bundled, biggan-deep-128, -256, -512, a Hub repository or a folder",
    )
    space.add_argument(
        "--class-embeddings", metavar="FILE.npy", help="a bare K x d matrix, row = ImageNet index; draws no pictures"
    )
    options.add_argument("--seeds", metavar="FILE.csv", help="seed sentences to use instead of the project's")
    options.add_argument("--add-seeds", metavar="FILE.csv", help="seed sentences to use besides")
    return options


def _mapping_keys() -> tuple[str, ...]:
    from alignment.mappings import MAPPINGS

    return tuple(MAPPINGS)


def _mapping_option() -> argparse.ArgumentParser:
    from alignment.mappings import DEFAULT_MAPPING, MAPPINGS

    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--mapping",
        default=DEFAULT_MAPPING,
        choices=MAPPINGS,
        metavar="NAME",
        help=f"{', '.join(MAPPINGS)} (default {DEFAULT_MAPPING})",
    )
    return options


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
    for refusal in study.refused:
        print(f"left out: {refusal}", file=sys.stderr)
    study.build(_Bars())
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


def _build(arguments) -> None:
    study = _open_study(arguments)
    print(
        f"Ready: {len(study.seeds):,} seed sentences of {study.X.shape[1]} numbers, "
        f"{len(study.classes):,} classes of {study.class_vectors.shape[1]}."
    )


def _generate(arguments) -> None:
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
    )[0]
    save_picture(grid(pictures), arguments.output)
    best = study.nearest([arguments.prompt], arguments.mapping, top=1).iloc[0]
    print(f"{arguments.output}: nearest class {best['name']} (similarity {best['similarity']:.2f})")


def _nearest(arguments) -> None:
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


def _evaluate(arguments) -> None:
    study = _open_study(arguments)
    keys = _mapping_keys() if arguments.mapping == "all" else (arguments.mapping,)
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


def _seeds(arguments) -> None:
    from alignment.seeds import read_seeds

    seeds, refused = read_seeds(arguments.file)
    for refusal in refused:
        print(f"refused: {refusal}", file=sys.stderr)
    named = {index for classes in seeds.frame["classes"] for index in classes}
    print(f"{arguments.file}: {len(seeds)} sentences for {len(named)} classes, {len(refused)} rows refused")


def _models(arguments) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
