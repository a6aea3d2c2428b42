"""Standard JSON output: NaN and infinities are written as null."""

from __future__ import annotations

import json
import math
from typing import Any


def json_text(value: Any) -> str:
    """JSON text of plain values, with null for NaN and infinities, which are not in the JSON standard.

    Examples
    --------
    >>> print(json_text({"p_at_1": float("nan")}))
    {
      "p_at_1": null
    }
    """
    return json.dumps(_without_nan(value), indent=2, allow_nan=False)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
