"""What the hyper-parameters of mappings may be: said by every family, checked before every fit.

Not the comparisons themselves, such as ``x <= 0``, in every family: NaN passes them, and text fails in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from alignment.errors import InputError
from alignment.execution.placement import DEVICES

SHOWN_CHARACTERS = 80  # of a value that is refused


@dataclass(frozen=True)
class Setting:
    """What one hyper-parameter may be: ``wanted`` in words, and whether a value ``fits``."""

    wanted: str
    fits: Callable[[Any], bool]


def settings(**allowed: Setting) -> dict[str, Setting]:
    """What each hyper-parameter of a family may be, by name, as its class attribute ``allowed``."""
    return allowed


def number(words: str, *, above: float = -inf, least: float = -inf, below: float = inf) -> Setting:
    """A finite number within limits; no text, and neither True nor False."""
    return Setting(words, lambda value: is_number(value) and above < value < below and value >= least)


def count(least: int) -> Setting:
    """A whole number."""
    return Setting(f"a whole number, {least} or more", lambda value: is_whole(value) and value >= least)


def choice(choices: Iterable) -> Setting:
    """One of a few values."""
    known = tuple(choices)
    return Setting(
        f"one of {', '.join(map(repr, known))}",
        lambda value: isinstance(value, str | bool | np.bool_) and value in known,
    )


def optional(setting: Setting) -> Setting:
    """A setting, or None."""
    return Setting(f"None, or {setting.wanted}", lambda value: value is None or setting.fits(value))


def is_number(value: Any) -> bool:
    """Whether a value is a finite number."""
    try:
        return type(value) is not bool and isinstance(value, Real) and isfinite(value)
    except OverflowError:  # a whole number beyond the largest float
        return False


def is_whole(value) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, Integral) and not isinstance(value, bool)


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
PENALTIES = Setting("a finite number above 0, or a list of such", _are_penalties)
RANDOM_STATE = Setting("None, a whole number, 0 or more, or a RandomState", _seeds_random_numbers)
DEVICE = choice(DEVICES)
REGRESSOR = Setting("a regressor, as from make_mapping('ridge')", is_regressor)


def check_settings(estimator, settings: Mapping[str, Setting]) -> None:
    """Refuse an estimator with a hyper-parameter that is not what it may be.

    Parameters
    ----------
    estimator : scikit-learn estimator
    settings : dict from the name of a hyper-parameter to Setting

    Raises
    ------
    InputError
        Which names the hyper-parameter, its value and what is wanted.
    """
    for name, setting in settings.items():
        value = getattr(estimator, name)
        if not setting.fits(value):
            shown = " ".join(repr(value).split())
            shown = shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}..."
            raise InputError(f"{name} of {type(estimator).__name__} is {shown}; it must be {setting.wanted}.")
