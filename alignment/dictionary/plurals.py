"""English plurals and articles, as inflect knows them."""

from __future__ import annotations

from functools import lru_cache
from unittest.mock import patch


@lru_cache(maxsize=1)
def english():
    """The engine of inflect, imported when first asked for.

    Without what checks its types, which typeguard would compile on import, from the whole source again for every
    function. Callers here give it str alone.
    """
    with patch("typeguard.typechecked", lambda function: function):
        import inflect
    return inflect.engine()
