"""The exception for errors that a user can cause, checks that raise it, and the nearest of misspelled names."""

import difflib
import pickle
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

MIN_LIKENESS = 0.7  # of a misspelled name; that of "gpu" and "cpu" is less
MAX_NAME_LENGTH = 100  # characters of a misspelled name that are compared with those known
STREAM = "PytorchStreamReader"  # torch's reader of zip archives, named in its errors


class InputError(ValueError):
    """A request that cannot be fulfilled; the message says why and what to do instead.

    The command line prints it and exits with code 2; the dashboard shows it in place. Every other
    exception is a fault of the program and propagates. A cause that a caller acts on is a class of its own:
    :class:`~alignment.files.http_download.DownloadError`, its
    :class:`~alignment.files.http_download.DamagedFileError`, and
    :class:`~alignment.files.hub.UnusableRepository`; the dashboard adds ``NotYetNamed``.
    """


def check_texts(texts: Any, form: str) -> list:
    """Texts as a list, by their position: ``[i]`` of a pandas Series is a look-up by label.

    Refused is what is no list of texts: a single one, whose letters it would be; a table or a dictionary, whose titles
    or keys it would be; a set, which has no order; and what has no length.

    Parameters
    ----------
    form : str
        What is wanted, such as "Prompts are a list of sentences, such as ['I have a cat']".

    Raises
    ------
    InputError
    """
    if hasattr(texts, "columns"):  # a DataFrame of pandas or polars, or a table of Arrow
        raise InputError(f"{form}, and not a table; pass the one column that holds them, such as df['prompt'].")
    if isinstance(texts, Mapping):
        raise InputError(f"{form}, and not a dictionary; pass list(it.values()), or list(it) for its keys.")
    if isinstance(texts, set | frozenset):
        raise InputError(f"{form}, and not a set, which has no order; pass sorted(it).")
    if isinstance(texts, str | bytes) or not hasattr(texts, "__len__"):
        raise InputError(f"{form}, and not {texts!r:.60}.")
    return list(texts)


def check_type(value: Any, kind: type | tuple[type, ...], wanted: str) -> None:
    """Refuse a value of another type.

    Parameters
    ----------
    wanted : str
        What is wanted, as the error begins.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_type(0.4, dict, "Pixels are a dictionary")
    Traceback (most recent call last):
    alignment.errors.InputError: Pixels are a dictionary, and not 0.4.
    """
    if not isinstance(value, kind):
        shown = repr(value) if value is None or isinstance(value, str | int | float) else f"a {type(value).__name__}"
        raise InputError(f"{wanted}, and not {shown:.60}.")


def check_labels(count: int, what: str, **labels: Any) -> None:
    """Refuse labels that are not one for each of ``count`` things, such as "classes"; None is no label at all.

    Raises
    ------
    InputError
    """
    for name, values in labels.items():
        if values is None:
            continue
        given = len(check_texts(values, f"{name} is a list of labels, one for each of the {count:,} {what}"))
        if given != count:
            raise InputError(f"{name} needs one label for each of the {count:,} {what}; there are {given:,}.")


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, Python's or NumPy's; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_whole(what: str, value: Any, low: int | None = None, high: int | None = None) -> int:
    """A whole number as Python's own; NumPy's are taken, True and False are not.

    Parameters
    ----------
    what : str
        What the number is, as the error begins.
    low, high : int, optional
        Its least and its greatest value.

    Raises
    ------
    InputError
        For any other value.

    Examples
    --------
    >>> check_whole("The count", 1.5, 1, 64)
    Traceback (most recent call last):
    alignment.errors.InputError: The count must be a whole number from 1 to 64; got 1.5.
    """
    if is_whole(value):
        number = int(value)
        if (low is None or low <= number) and (high is None or number <= high):
            return number
    least = "" if low is None else f" from {low}" if high is not None else f" of at least {low}"
    raise InputError(f"{what} must be a whole number{least}{'' if high is None else f' to {high}'}; got {value!r:.60}.")


def first_line(error: BaseException, most: int = 200) -> str:
    """First line of an exception's message, at most ``most`` characters; its type if the message is empty."""
    return next(iter(str(error).splitlines()), type(error).__name__)[:most]


def weights_fault(error: BaseException) -> str:
    """Reason why weights cannot be read, as half a sentence, from the error of torch or safetensors."""
    if "Unsupported global" in str(error):  # a whole pickled model
        return "they hold more than tensors, and loading it could run code; save the model's state_dict() alone."
    if isinstance(error, (LookupError, EOFError, AttributeError, pickle.UnpicklingError)) or STREAM in str(error):
        return "the file is damaged, or holds none."
    return first_line(error)


def closest_name(text: str, names: Iterable[str]) -> str:
    """Name that a misspelled one is most like, whatever its case; "" if it is like none.

    Examples
    --------
    >>> closest_name("Rigde", ["procrustes", "ridge"]), closest_name("magic", ["ridge"])
    ('ridge', '')
    """
    by_lower = {name.lower(): name for name in names}
    found = difflib.get_close_matches(text[:MAX_NAME_LENGTH].lower(), by_lower, n=1, cutoff=MIN_LIKENESS)
    return by_lower[found[0]] if found else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """:func:`closest_name` as the end of a sentence; "" without one.

    Examples
    --------
    >>> "There is no mapping 'rigde'" + did_you_mean("rigde", ["procrustes", "ridge"])
    "There is no mapping 'rigde'; did you mean ridge?"
    """
    found = closest_name(text, names)
    return f"; did you mean {found}?" if found else ""


def no_such_name(what: str, text: object, names: Iterable[str]) -> str:
    """Sentence that refuses what is none of the names, with the nearest of them first.

    Examples
    --------
    >>> no_such_name("mapping", "Ridge", ["procrustes", "ridge"])
    "There is no mapping 'Ridge'; did you mean ridge? Choose one of procrustes, ridge."
    >>> no_such_name("mapping", "magic", ["procrustes", "ridge"])
    "There is no mapping 'magic'; choose one of procrustes, ridge."
    """
    names = list(names)
    meant = did_you_mean(str(text), names)
    return f"There is no {what} {text!r:.80}{f'{meant} C' if meant else '; c'}hoose one of {', '.join(names)}."


def name_in_any_case(text: str, names: Iterable[str]) -> str:
    """The name that differs from a text in case alone, if exactly one does; otherwise the text.

    Examples
    --------
    >>> name_in_any_case("Ridge", ["ridge", "procrustes"]), name_in_any_case("COS", ["cos", "Cos"])
    ('ridge', 'COS')
    """
    names = list(names)
    alike = [name for name in names if name.lower() == text.lower()]
    return alike[0] if text not in names and len(alike) == 1 else text
