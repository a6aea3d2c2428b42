"""The command cache: lists or clears the cache."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from alignment.commands.tables import print_table
from alignment.errors import InputError
from alignment.files.json_text import json_text
from alignment.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from alignment.study.cache.store import Entry


def cache(arguments: Namespace) -> None:
    from alignment.study import CACHE
    from alignment.study.cache.store import ArtifactCache
    from alignment.study.prompt_lists.prompt_lists import kept_lists, remove_lists
    from alignment.study.runs.table import RunTable

    if arguments.clear and arguments.json:
        raise InputError("--json lists what is kept, and --clear removes it; leave one away.")
    kept, runs = ArtifactCache(CACHE), RunTable(CACHE)
    entries, run_count, lists = kept.entries(), len(runs.files()), kept_lists(CACHE)
    size, size_of_lists = sum(one.size for one in entries), sum(size for _, size, _ in lists)
    if arguments.json:
        sizes = {"entries": len(entries), "bytes": size, "lists": len(lists), "bytes_of_lists": size_of_lists}
        artifacts = _by_artifact(entries).to_dict("records")
        print(json_text({"folder": str(CACHE)} | sizes | {"runs": run_count, "artifacts": artifacts}))
        return
    total = f"{counted(len(entries), 'entry', 'entries')}, {size / 1e6:.1f} MB in {CACHE}"
    if run_count:
        total += f", and {counted(run_count, 'run')} of compare"
    if lists:
        total += f", and {counted(len(lists), 'drawn list')}, {size_of_lists / 1e6:.1f} MB"
    if arguments.clear:
        try:
            kept.clear()
            remove_lists(CACHE)
            runs.remove(path.stem for path in runs.files())
            (CACHE / "built").unlink(missing_ok=True)  # so that `make soak` prepares all anew
        except OSError as error:
            raise InputError(f"Cannot clear {CACHE}: {error.strerror or error}.") from error
        print(f"Removed {total}")
        return
    if entries:
        table = _by_artifact(entries)
        table.insert(3, "MB", table.pop("bytes") / 1e6)
        print_table(table, {"last_used": "last used"}, decimals=1)
    print(total)


def _by_artifact(entries: list[Entry]) -> pd.DataFrame:
    """What entries hold and for which models, their number, their bytes and the day of their last use (UTC)."""
    import pandas as pd

    rows = [(one.artifact.replace("_", " "), one.about, one.size, one.used) for one in entries]
    table = pd.DataFrame(rows, columns=["what", "for", "bytes", "used"]).groupby(["what", "for"], as_index=False)
    table = table.agg(entries=("bytes", "size"), bytes=("bytes", "sum"), used=("used", "max"))
    table["last_used"] = pd.to_datetime(table.pop("used"), unit="s").dt.strftime("%Y-%m-%d")
    return table
