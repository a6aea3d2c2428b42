"""Mappings (regressors) from text space to class space: one file per family, and a registry.

``MAPPINGS`` lists all; :func:`make_mapping` builds one by its key.
"""

from alignment.mappings.base import MappingRegressor
from alignment.mappings.registry import (
    DEFAULT_MAPPING,
    LINEAR_MAPPINGS,
    MAPPINGS,
    MAPPINGS_WANTED,
    MappingSpec,
    make_mapping,
)

__all__ = [
    "DEFAULT_MAPPING",
    "LINEAR_MAPPINGS",
    "MAPPINGS",
    "MAPPINGS_WANTED",
    "MappingRegressor",
    "MappingSpec",
    "make_mapping",
]
