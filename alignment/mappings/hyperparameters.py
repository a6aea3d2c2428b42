"""Constraints on the hyper-parameters of mappings, declared by every family and checked before every fit.

Plain comparisons such as ``x <= 0`` in every family would not do: NaN passes them, and text raises TypeError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from alignment.errors import InputError, is_whole
from alignment.execution.placement import DEVICES

SHOWN_CHARACTERS = 80  # of a value that is refused


@dataclass(frozen=True)
class Constraint:
    """Valid values of one hyper-parameter: ``wanted`` in words, and the test ``fits``."""

    wanted: str
    fits: Callable[[Any], bool]


def constraints(**by_name: Constraint) -> Mapping[str, Constraint]:
    """Constraints on a family's hyper-parameters, for its class attribute ``parameter_constraints``; read-only."""
    return MappingProxyType(by_name)


def number(words: str, *, above: float = -inf, least: float = -inf, below: float = inf) -> Constraint:
    """A finite number within limits, but no text or bool."""
    return Constraint(words, lambda value: is_number(value) and above < value < below and value >= least)


def count(least: int) -> Constraint:
    """A whole number."""
    return Constraint(f"a whole number, {least} or more", lambda value: is_whole(value) and value >= least)


def choice(choices: Iterable) -> Constraint:
    """One of a few values."""
    known = tuple(choices)
    return Constraint(
        f"one of {', '.join(map(repr, known))}",
        lambda value: isinstance(value, str | bool | np.bool_) and value in known,
    )


def optional(constraint: Constraint) -> Constraint:
    """A constraint, or None."""
    return Constraint(f"None, or {constraint.wanted}", lambda value: value is None or constraint.fits(value))


def is_number(value: Any) -> bool:
    """Whether a value is a finite number."""
    try:
        return type(value) is not bool and isinstance(value, Real) and isfinite(value)
    except OverflowError:  # a whole number beyond the largest float
        return False


def is_regressor(value) -> bool:
    """Whether a value is an estimator with ``fit`` and ``predict``, and not its class."""
    return not isinstance(value, type) and hasattr(value, "fit") and hasattr(value, "predict")


def are_numbers(value) -> bool:
    """Whether a value is a sequence or a one-dimensional array of finite numbers, one at least."""
    listed = isinstance(value, Sequence) or getattr(value, "ndim", 0) == 1
    return listed and len(value) > 0 and all(is_number(each) for each in value)


def _are_penalties(value) -> bool:
    penalties = value if are_numbers(value) else [value]
    return all(ABOVE_0.fits(penalty) for penalty in penalties)


def _seeds_random_numbers(value) -> bool:
    try:
        check_random_state(value)
    except (ValueError, TypeError):
        return False
    return True


ABOVE_0 = number("a finite number above 0", above=0)
FROM_0 = number("a finite number, 0 or more", least=0)
FLAG = choice((True, False))
PENALTIES = Constraint("a finite number above 0, or a list of such", _are_penalties)
RANDOM_STATE = Constraint("None, a whole number, 0 or more, or a RandomState", _seeds_random_numbers)
DEVICE = choice(DEVICES)
REGRESSOR = Constraint("a regressor, as from make_mapping('ridge')", is_regressor)


def check_hyperparameters(estimator) -> None:
    """Refuse an estimator with a hyper-parameter that violates its ``parameter_constraints``.

    Parameters
    ----------
    estimator : scikit-learn estimator

    Raises
    ------
    InputError
        Which names the hyper-parameter, its value and what is wanted.
    """
    for name, constraint in estimator.parameter_constraints.items():
        value = getattr(estimator, name)
        if not constraint.fits(value):
            shown = " ".join(repr(value).split())
            shown = shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}..."
            raise InputError(f"{name} of {type(estimator).__name__} is {shown}; it must be {constraint.wanted}.")
