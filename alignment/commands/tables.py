"""Tables as commands print them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alignment.evaluation.metrics import is_rank, shown_figure

if TYPE_CHECKING:
    import pandas as pd


def print_table(table: pd.DataFrame, names: Mapping[str, str] | None = None, **options: Any) -> None:
    """Print :func:`table_text`."""
    print(table_text(table, names, **options))


def table_text(
    table: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    *,
    index: bool = False,
    decimals: int = 3,
    missing: str = "",
) -> str:
    """Text of a table; ranks are written as :func:`~alignment.evaluation.metrics.shown_figure` writes them.

    Parameters
    ----------
    names : mapping from column to str, optional
        What columns are called for people.
    index : bool
        Whether the index is written too.
    decimals : int
        Of the other figures.
    missing : str
        What is written for a missing value.

    Examples
    --------
    >>> import pandas as pd
    >>> print(table_text(pd.DataFrame({"p_at_1": [0.5, None], "median_rank": [2, 12.5]}), {"p_at_1": "P@1"}))
      P@1 median_rank
    0.500           2
                 12.5
    """
    import pandas as pd

    table = table.copy(deep=False)
    for column in table:
        known = table[column].notna()
        if is_rank(str(column)):
            values = zip(table[column], known, strict=True)
            table[column] = [shown_figure(column, value) if is_known else missing for value, is_known in values]
        elif pd.api.types.is_extension_array_dtype(table[column].dtype):  # in which to_string writes <NA>
            table[column] = table[column].astype(object).where(known, missing)
    named = table.rename(columns=dict(names or {}))
    return named.to_string(index=index, float_format=f"{{:.{decimals}f}}".format, na_rep=missing)
