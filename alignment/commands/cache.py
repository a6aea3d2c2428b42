"""The command cache: lists or clears the cache."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.tables import print_table
from alignment.errors import InputError


def cache(arguments: Namespace) -> None:
    import pandas as pd

    from alignment.study import CACHE
    from alignment.study.cache.store import ArtifactCache
    from alignment.study.prompt_lists.prompt_lists import kept_lists, remove_lists
    from alignment.study.runs.table import RunTable

    kept, runs = ArtifactCache(CACHE), RunTable(CACHE)
    rows = [(one.artifact.replace("_", " "), one.about, one.size / 1e6, one.used) for one in kept.entries()]
    total = f"{len(rows)} entries, {sum(megabytes for _, _, megabytes, _ in rows):.1f} MB in {CACHE}"
    if count := len(runs.files()):
        total += f", and {count} runs of compare"
    if lists := kept_lists(CACHE):
        total += f", and {len(lists)} drawn lists, {sum(size for _, size, _ in lists) / 1e6:.1f} MB"
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
    if rows:
        table = pd.DataFrame(rows, columns=["what", "for", "MB", "last used"]).groupby(["what", "for"], as_index=False)
        table = table.agg(entries=("MB", "size"), MB=("MB", "sum"), used=("last used", "max"))
        table["last used"] = pd.to_datetime(table.pop("used"), unit="s").dt.strftime("%Y-%m-%d %H:%M UTC")
        print_table(table, decimals=1)
    print(total)
