"""Mappings from text space to class space: one registry, one file a family.

``MAPPINGS`` is the only list of them; :func:`make_mapping` builds one by key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.errors import InputError
from alignment.mappings.base import Mapping
from alignment.mappings.linear import LeastSquares, Ridge
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.prototypes import NearestSentences, Prototypes

DEFAULT_MAPPING = "prototypes"


@dataclass(frozen=True)
class MappingSpec:
    """A mapping as the interface lists it.

    Parameters
    ----------
    key, label : str
        Name in code and name for people.
    explanation : str
        One plain-language line.
    factory : callable
        Called with hyper-parameters, gives an unfitted regressor.
    grid : dict
        Hyper-parameter name -> values worth trying, as GridSearchCV takes it.
    reference : str
        Where the method comes from.
    """

    key: str
    label: str
    explanation: str
    factory: Callable[..., Mapping]
    grid: dict[str, list]
    reference: str


_SPECS = (
    MappingSpec(
        "least-squares", "Least squares",
        "The straight-line mapping with the smallest squared error; plain, and easily misled by few sentences.",
        LeastSquares, {"fit_on": ["classes", "sentences"]}, "Mikolov et al. 2013, arXiv:1309.4168",
    ),
    MappingSpec(
        "ridge", "Ridge",
        "Least squares that prefers small weights, which makes it steadier on words it has not seen.",
        Ridge, {"alphas": [0.01, 0.1, 1.0], "fit_on": ["classes", "sentences"]},
        "Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634",
    ),
    MappingSpec(
        "procrustes", "Procrustes",
        "Turns text space without bending it, so that what was close together stays close together.",
        Procrustes, {"n_components": [None, 64, 128], "whiten": [False, True], "scale": [True]},
        "Schönemann 1966, doi:10.1007/BF02289451",
    ),
    MappingSpec(
        "prototypes", "Prototypes",
        "Blends the vectors of the classes whose sentences are most like yours; never strays from known classes.",
        Prototypes, {"temperature": [0.02, 0.05, 0.1]}, "Snell et al. 2017, arXiv:1703.05175",
    ),
    MappingSpec(
        "nearest-sentences", "Nearest sentences",
        "Blends the classes of the seed sentences most like yours.",
        NearestSentences, {"n_neighbors": [5, 10, 30], "temperature": [0.02, 0.05, 0.1]},
        "Cover and Hart 1967, doi:10.1109/TIT.1967.1053964",
    ),
)

MAPPINGS: dict[str, MappingSpec] = {spec.key: spec for spec in _SPECS}


def make_mapping(key: str, **params) -> Mapping:
    """An unfitted mapping.

    Parameters
    ----------
    key : str
        A key of ``MAPPINGS``.
    **params
        Hyper-parameters; those left out take the mapping's defaults.

    Raises
    ------
    InputError
        When no mapping has that key, or it has no such hyper-parameter.

    Examples
    --------
    >>> make_mapping("prototypes", temperature=0.1)
    Prototypes(temperature=0.1)
    """
    if key not in MAPPINGS:
        raise InputError(f"There is no mapping {key!r}; choose one of {', '.join(MAPPINGS)}.")
    mapping = MAPPINGS[key].factory()
    unknown = sorted(set(params) - set(mapping.get_params()))
    if unknown:
        known = ", ".join(mapping.get_params(deep=False))
        raise InputError(f"Mapping {key!r} has no setting {unknown[0]!r}; it has {known}.")
    return mapping.set_params(**params)
