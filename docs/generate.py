"""What docs/ and the README take from the code: the command line, the library, and figures.

MkDocs writes the pages when it builds the others. ``python docs/generate.py`` writes the README's figures; ``--check``
fails where they are not what the code says.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
GENERATED = "<!-- Written by docs/generate.py; edit the code instead. -->"
LIBRARY = {
    "The study": {
        "alignment": ("Settings", "Study"),
        "alignment.study.evaluations": ("Evaluations",),
        "alignment.study.projections": ("Projections",),
        "alignment.study.confidence.confidence": ("Confidence",),
        "alignment.study.pictures": ("Pictures",),
    },
    "Sentences": {
        "alignment.text.encoder": ("TextEncoder",),
        "alignment.dictionary.seeds": ("SeedDictionary",),
        "alignment.dictionary.classes": ("ClassTable",),
    },
    "Mappings": {"alignment.mappings": ("make_mapping",), "alignment.mappings.base": ("MappingRegressor",)},
    "Measures": {
        "alignment.evaluation.cross_validation": ("evaluate",),
        "alignment.evaluation.result": ("EvaluationResult",),
    },
    "Pictures": {
        "alignment.images.generator": ("ImageGenerator",),
        "alignment": ("DrawingSettings", "InterpolationSettings"),
    },
}
ROLE = re.compile(r":\w+:`~?(?:\w+\.)*([^`]+)`")  # a reference of reStructuredText
FIGURE = re.compile(r"<!--figure (\w+)-->.*?<!--/figure-->")


def command_line() -> str:
    """Every command with its options, from the parsers."""
    from alignment.commands.command_line import make_parser

    subparsers = next(action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction))
    parts = [GENERATED, "# Command line", "`latent-alignment COMMAND`, or `python -m alignment COMMAND` in the folder."]
    for name, command in subparsers.choices.items():
        parts += [f"## {name}", f"{_sentence(command.description or '')}", _options(command)]
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _options(command: argparse.ArgumentParser) -> str:
    rows = ["| | |", "| --- | --- |"]
    for action in command._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        value = action.metavar or (action.dest.upper() if action.nargs != 0 and action.option_strings else "")
        value = " ".join(value) if isinstance(value, tuple) else value
        called = ", ".join(action.option_strings) or (action.metavar or action.dest)
        shown = f"{called} {value}" if action.option_strings and value else called
        about = (action.help or "") % (vars(action) | {"prog": command.prog})
        if action.choices:
            about += f" ({', '.join(map(str, action.choices))})"
        rows.append(f"| `{_cell(str(shown))}` | {_cell(about)} |")
    return "\n".join(rows) if len(rows) > 2 else "It has no options."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def library() -> str:
    """The public classes and functions, from their docstrings."""
    parts = [GENERATED, "# Library", "The docstrings of what one calls, in numpydoc; their examples run in the tests."]
    for title, modules in LIBRARY.items():
        parts.append(f"## {title}")
        for module, names in modules.items():
            loaded = importlib.import_module(module)
            for name in names:
                parts += _described(f"{module}.{name}", getattr(loaded, name), level=3)
    return "\n\n".join(parts) + "\n"


def _described(name: str, thing: object, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}"
    said = ROLE.sub(r"``\1``", inspect.getdoc(thing) or "")
    yield f"```text\n{_signature(name, thing)}{said}\n```"
    if inspect.isclass(thing):
        for key in (key for key in dir(thing) if not key.startswith("_")):
            member = inspect.getattr_static(thing, key)
            code = getattr(member, "fget", None) or getattr(member, "func", None) or member  # of a property
            if inspect.isfunction(code) and code.__module__.startswith("alignment") and inspect.getdoc(code):
                yield from _described(key, member, level=level + 1)


def _signature(name: str, thing: object) -> str:
    """How a function or class is called, and an empty line; nothing for a property."""
    if not callable(thing):
        return ""
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in inspect.signature(thing).parameters.values()]
    shown = inspect.Signature([one for one in bare if one.name != "self"])
    return f"{name.rpartition('.')[2]}{shown}\n\n"


def figures() -> dict[str, str]:
    """What the README says in figures."""
    import pandas as pd

    from alignment.dictionary.classes import ClassTable
    from alignment.dictionary.default_seeds import default_seeds
    from alignment.dictionary.prompts import PROMPTS_CSV
    from alignment.mappings import MAPPINGS

    bundled = pd.read_csv(ROOT / "alignment" / "images" / "bundled" / "classes.csv")["index"].tolist()
    counted = {
        "seeds": len(default_seeds(ClassTable(range(1000)))),
        "bundled_seeds": len(default_seeds(ClassTable(bundled))),
        "bundled_classes": len(bundled),
        "prompts": len(pd.read_csv(PROMPTS_CSV)),
        "mappings": len(MAPPINGS),
    }
    return {name: f"{number:,}" for name, number in counted.items()}


def with_figures(text: str) -> str:
    """A text whose marked figures are those of today."""
    known = figures()
    return FIGURE.sub(lambda found: f"<!--figure {found[1]}-->{known[found[1]]}<!--/figure-->", text)


def on_pre_build(config) -> None:
    """Called by MkDocs, which forgets the paths that a hook adds when it is loaded."""
    sys.path.insert(0, str(ROOT))
    (DOCS / "command-line.md").write_text(command_line(), encoding="utf-8")
    (DOCS / "library.md").write_text(library(), encoding="utf-8")


def main() -> int:
    """Write the README's figures, or with --check say whether they are what the code says."""
    sys.path.insert(0, str(ROOT))
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--check", action="store_true", help="write nothing; fail where the README is stale")
    check = arguments.parse_args().check
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    new = with_figures(old)
    if new != old:
        print(f"README.md is {'stale: run python docs/generate.py' if check else 'written'}")
        if not check:
            readme.write_text(new, encoding="utf-8")
    return int(new != old and check)


if __name__ == "__main__":
    sys.exit(main())
