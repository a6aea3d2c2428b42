"""Cache keys: digests of an artifact's inputs, of the code that computes it, and of the library versions.

The code is found from the imports: the function that computes the artifact, and every module of this package that it
reaches through the names it uses, including its annotations (``encoder: TextEncoder``), with the tables in
their ``data`` folders. A list maintained by hand would be incomplete; hashing the whole package would encode all
sentences again after an edit of the command line.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import inspect
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from alignment.execution.software import library_versions

PACKAGE = Path(__file__).parents[2]
ATTEMPTS = 10  # at parsing
_PARSING = Lock()
# Read at import: a process that still runs old code after an edit must not use the key of the new code.
SOURCES = {path: path.read_bytes() for path in (*PACKAGE.rglob("*.py"), *PACKAGE.glob("*/data/*")) if path.is_file()}


@dataclass(frozen=True)
class ArtifactKey:
    """Name of an artifact in the cache.

    Parameters
    ----------
    artifact : str
        Name of the function that computes it.
    digest : str
        SHA-256 of everything it depends on, hexadecimal.
    about : str
        Human-readable description.
    """

    artifact: str
    digest: str
    about: str = ""


def artifact_key(compute: Callable, *inputs: object, about: str = "") -> ArtifactKey:
    """Cache key of the result of ``compute`` on these inputs.

    Parameters
    ----------
    compute : function of this package
    *inputs
        Everything that the result depends on: plain values, arrays, tables, dataclasses, other keys, and tuples, lists
        or dicts of these.
    about : str
        Not part of the key.
    """
    depends_on = (inputs, source_digest(compute), library_versions())
    return ArtifactKey(compute.__name__, digest(compute.__name__, *depends_on), about)


def digest(*values: object) -> str:
    """SHA-256 of values as JSON, hexadecimal."""
    return hashlib.sha256(json.dumps(values, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    """JSON-serialisable stand-in for a value."""
    if isinstance(value, ArtifactKey):
        return value.digest
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value)
        return [str(array.dtype), array.shape, hashlib.sha256(array.data).hexdigest()]
    if isinstance(value, pd.DataFrame):
        return value.to_csv()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, BaseEstimator):
        return [type(value).__qualname__, value.get_params(deep=False)]  # its repr leaves out the most of a long list
    if inspect.isroutine(value):
        return [value.__module__, value.__qualname__, *callers_code(value)]
    raise TypeError(f"A key cannot depend on a {type(value).__qualname__}.")


def callers_code(*defined: object) -> list[str]:
    """Digests of the code of functions and classes that a caller has added to a registry of this package.

    Those of this package and of scikit-learn are skipped: imports and library versions already cover them.
    A definition without a file, such as a class of an interactive session, gets a random digest, so is never reused.
    """
    outside = [each for each in defined if each.__module__.split(".")[0] not in (PACKAGE.name, "sklearn")]
    return [_file_digest(each) for each in outside]


def _file_digest(defined: object) -> str:
    try:
        return hashlib.sha256(Path(inspect.getfile(defined)).read_bytes()).hexdigest()  # type: ignore[arg-type]
    except (OSError, TypeError):
        return uuid.uuid4().hex


def estimator_identity(estimator: BaseEstimator) -> tuple[str, list[str]]:
    """Digest of an estimator's parameters, and those of the code of its classes that is not in this package.

    One with a parameter that has no digest, such as a random generator, gets a random one, so is never reused.
    """
    parts = [estimator, *estimator.get_params(deep=True).values()]
    classes = {type(part) for part in parts if isinstance(part, BaseEstimator)}
    try:
        parameters = digest(estimator)
    except TypeError:
        parameters = uuid.uuid4().hex
    return parameters, sorted(callers_code(*classes))


def source_digest(compute: Callable, package: Path = PACKAGE) -> str:
    """SHA-256 of the code and tables that a function or class of this package reaches, hexadecimal."""
    return _source_digest(compute.__module__, compute.__name__, package)


@lru_cache(maxsize=64)
def _source_digest(module: str, name: str, package: Path) -> str:
    own, files = source_files(module, name, package)
    found = hashlib.sha256("\n".join(own).encode())
    for path in files:
        found.update(f"\0{path.relative_to(package).as_posix()}\0".encode() + _content(path))
    return found.hexdigest()


def source_files(module: str, name: str, package: Path = PACKAGE) -> tuple[list[str], list[Path]]:
    """Source code that a function or class reaches.

    Parameters
    ----------
    module, name : str
        Its module and name.
    package : Path
        Folder of the package.

    Returns
    -------
    (list of str, list of Path)
        Its own source and that of the functions, classes and constants of its module that it uses; the files of all
        other modules that it reaches, with the files in their ``data`` folders, sorted.
    """
    path = _module_path(module, package)
    text = _content(path).decode()
    tree = _parsed(text)
    definitions = {name: node for node in tree.body for name in _defined_by(node)}
    imported = dict(_imports(tree, package))
    own: dict[str, str] = {}
    waiting, roots = [name], set()
    while waiting:
        name = waiting.pop()
        own[name] = ast.get_source_segment(text, definitions[name]) or ""
        used = {node.id for node in ast.walk(definitions[name]) if isinstance(node, ast.Name)}
        inner = dict(_imports(definitions[name], package))
        roots |= {imported[each] for each in used & set(imported)} | set(inner.values())
        waiting += sorted(used & set(definitions) - set(own))
    return [own[name] for name in sorted(own)], sorted(_closure(roots, package))


def _defined_by(statement: ast.stmt) -> list[str]:
    """Names that a top-level statement of a module defines: functions, classes and constants."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return []
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def _closure(modules: set[str], package: Path) -> set[Path]:
    """Files of modules and of everything they import from the package, at the top or inside functions."""
    known, waiting, files = set(modules), sorted(modules), set()
    while waiting:
        path = _module_path(waiting.pop(), package)
        files |= {path, *(file for file in (path.parent / "data").glob("*") if file.is_file())}
        new = set(_imported_modules(path, package)) - known
        known |= new
        waiting += sorted(new)
    return files


@lru_cache(maxsize=512)
def _imported_modules(path: Path, package: Path) -> frozenset[str]:
    return frozenset(module for _, module in _imports(_parsed(_content(path)), package))


def _imports(tree: ast.AST, package: Path):
    """Yield (name, module of the package that it comes from) for every import in a syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(name.asname or name.name, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [(name.asname or name.name, f"{node.module}.{name.name}") for name in node.names]
        else:
            continue
        for name, target in names:
            if target.split(".")[0] == package.name:
                here = _module_path(target, package)
                yield name, target if here.is_file() else target.rpartition(".")[0]


def _parsed(source: str | bytes) -> ast.Module:
    """Parse source code to a syntax tree, one thread at a time.

    CPython counts the depth of the tree over all threads together, and raises SystemError when two parse at once;
    where the other thread is outside this module, parsing is repeated.
    """
    with _PARSING:
        for _ in range(ATTEMPTS - 1):
            with contextlib.suppress(SystemError):
                return ast.parse(source)
        return ast.parse(source)


def _content(path: Path) -> bytes:
    return SOURCES[path] if path in SOURCES else path.read_bytes()


def _module_path(module: str, package: Path) -> Path:
    """File of a module; for the name of something inside a module, a path that does not exist."""
    path = package.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
