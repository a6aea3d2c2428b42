"""Rows of the table of runs: conversion back to settings, labels, and code version."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from alignment.class_embeddings.embedding_files import is_embedding_file
from alignment.execution.software import library_versions
from alignment.mappings import MAPPINGS
from alignment.study import artifacts
from alignment.study.cache.keys import source_digest
from alignment.study.settings import Settings

PROJECT_SEEDS = "the project's"  # in the column seeds, where no file is named
SEPARATOR = " · "  # of the settings in a label


def code_version() -> str:
    """First digits of the SHA-256 of the code that measures a run."""
    return source_digest(artifacts.run_figures)[:12]


def libraries_text() -> str:
    """Numerical libraries with their versions, as text."""
    return ", ".join(f"{name} {version}" for name, version in library_versions().items() if version)


def settings_of(row: dict | pd.Series) -> Settings:
    """Settings that a row was measured with."""
    is_matrix = is_embedding_file(row["class_space"])
    return Settings(
        encoder=row["encoder"],
        layer=-1 if row["layer"] == row["layers"] else int(row["layer"]),
        pooling=row["pooling"],
        generator="" if is_matrix else row["class_space"],
        class_embeddings=row["class_space"] if is_matrix else None,
        classes=row["class_list"] or None,
        seeds=None if row["seeds"] == PROJECT_SEEDS else row["seeds"],
        added_seeds=row["added_seeds"] or None,
    )


def run_label(row: dict | pd.Series) -> str:
    """One-line label of a run; settings other than the defaults are named too."""
    return SEPARATOR.join(_label_parts(row))


def pair_labels(first: dict | pd.Series, second: dict | pd.Series) -> tuple[str, str] | None:
    """Labels of two runs without the settings that they share; None if nothing would be left of one."""
    a, b = _label_parts(first), _label_parts(second)
    own = [part for part in a if part not in b], [part for part in b if part not in a]
    return (SEPARATOR.join(own[0]), SEPARATOR.join(own[1])) if all(own) else None


def _label_parts(row: dict | pd.Series) -> list[str]:
    space, seeds = row["class_space"], row["seeds"]
    return [
        row["encoder"],
        f"layer {row['layer']}{' (last)' if row['layer'] == row['layers'] else ''}",
        row["pooling"],
        *([] if space == Settings().generator else [space]),
        *([row["class_list"]] if row["class_list"] else []),
        *([] if seeds == PROJECT_SEEDS else [f"seeds {Path(seeds).name}"]),
        *([f"and {Path(row['added_seeds']).name}"] if row["added_seeds"] else []),
        MAPPINGS[row["mapping"]].label if row["mapping"] in MAPPINGS else row["mapping"],
        *(["random space"] if row["random"] else []),
    ]
