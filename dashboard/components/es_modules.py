"""Joins ES modules into a single script, for Streamlit components and exported pages.

A linter, a type checker and Node.js read the sources as they are. They are joined at run time, not bundled beforehand:
nobody needs Node.js to change them, and no generated file can be out of date. In exchange, modules are limited to what
:func:`join_modules` understands: named imports by relative path, exports in front of declarations, and top-level names
that no other module of the script declares.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

IMPORT = re.compile(r'^import \{\s*\w+(?:,\s*\w+)*,?\s*\} from "(\./[\w./-]+)";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function|let)\b)", re.M)
DEFAULT_EXPORT = re.compile(r"^export default (?=(?:async )?(?:class|function)\b)", re.M)
DECLARED_NAME = re.compile(r"^(?:(?:async )?function\*?|class|const|let|var) (\w+)", re.M)
NOT_UNDERSTOOD = re.compile(r"^(?:import|export|(?:const|let|var) [\[{]).*", re.M)


@cache
def join_modules(entry: Path) -> str:
    """Join a module and all that it imports, each after its own imports, into one module.

    Parameters
    ----------
    entry : Path
        The module to run; only it may have a default export, which is kept.

    Raises
    ------
    ValueError
        When joining would change what a module does: another kind of import or export, a circular import, or a
        top-level name that two modules declare.
    """
    declared_in: dict[str, str] = {}
    joined = []
    for path, source in _in_import_order(entry.resolve(), {}, ()).items():
        body = EXPORT.sub("", IMPORT.sub("", source))
        declarations = DEFAULT_EXPORT.sub("", body) if path == entry.resolve() else body
        if unknown := NOT_UNDERSTOOD.search(declarations):
            raise ValueError(f"{path.name}: cannot join {unknown[0]!r}.")
        for name in DECLARED_NAME.findall(declarations):
            if name in declared_in:
                raise ValueError(f"{path.name}: {declared_in[name]} declares {name} as well; rename one.")
            declared_in[name] = path.name
        joined.append(body)
    return "\n".join(joined)


def _in_import_order(path: Path, found: dict[Path, str], importers: tuple[Path, ...]) -> dict[Path, str]:
    """Path -> source of all modules in topological order: imported ones first."""
    if path in importers:
        raise ValueError(f"{path.name} imports itself by way of {importers[-1].name}.")
    if path not in found:
        source = path.read_text(encoding="utf-8")
        for imported in IMPORT.findall(source):
            _in_import_order((path.parent / imported).resolve(), found, (*importers, path))
        found[path] = source
    return found
