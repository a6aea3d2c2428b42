"""Mappings between the latent space of a language model and the class space of BigGAN, measured and drawn."""

import importlib

__version__ = "0.2.0"

# Imported on first use (PEP 562), so that a command that needs none of them starts at once. Type checkers, the import
# contracts and the cache keys, which follow import statements, read them from __init__.pyi or not at all.
_MODULES = {
    "DrawingSettings": "alignment.images.drawing_settings",
    "InputError": "alignment.errors",
    "InterpolationSettings": "alignment.interpolation.paths",
    "ProgressBars": "alignment.execution.progress_bars",
    "Settings": "alignment.study.settings",
    "Study": "alignment.study.study",
}
__all__ = [*_MODULES]


def __getattr__(name: str):
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
