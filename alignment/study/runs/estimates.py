"""Run time estimates, from runs in the table or, before there are any, from reference timings."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.named_seeds import named_seeds
from alignment.dictionary.seed_files import SEED_COLUMNS
from alignment.errors import InputError
from alignment.files.reading import refuse_pipe
from alignment.files.table_files import read_table_file
from alignment.mappings import MAPPINGS
from alignment.study.runs.measure import Run
from alignment.study.runs.rows import PROJECT_SEEDS, code_version, libraries_text, settings_of
from alignment.study.settings import Settings, without_reading
from alignment.study.shared_encoding import TOGETHER_BYTES
from alignment.text.checkpoints import ENCODERS
from alignment.text.pooling import POOLINGS

# Reference for the registry's seconds: seed sentences, classes, dimension of text space, and the seconds that the
# bundled encoder takes for these sentences. All on two cores.
TIMED_SENTENCES, TIMED_CLASSES, TEXT_DIM, ENCODING_SECONDS = 16_500, 312, 1536, 40.0
BUNDLED_SENTENCES, IMAGENET_SENTENCES = 23_930, 42_398  # built-in seeds for the classes of each
COUNTED_BYTES = 20_000_000  # larger files take seconds to read
PREDICTED_TIMES = 10  # a run predicts those of up to so many times its numbers; of few, most is the time to begin
BUNDLED = ENCODERS["minilm"]


@dataclass(frozen=True)
class Estimate:
    """Number of runs, of those already in the table, and seconds that the others will take.

    ``known`` is the share of these seconds that is based on runs measured here.
    """

    runs: int
    there: int
    seconds: float
    known: float

    def __str__(self) -> str:
        if self.there == self.runs:
            return f"All {self.runs} runs are in the table."
        missing = self.runs - self.there
        others = f"the other {missing} take" if missing > 1 else "the other one takes"
        there = f"{self.there} of {self.runs} runs are in the table; {others}"
        basis = "" if self.known > 0.5 else ", a guess until some are measured"
        return f"{there if self.there else f'{self.runs} runs take'} about {duration(self.seconds)}{basis}."


def duration(seconds: float) -> str:
    """Rounded duration in words: "20 seconds", "4 minutes", "1.5 hours"."""
    if seconds < 90:
        return f"{max(5, round(seconds / 5) * 5):.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def built_in_sentences(class_space: str) -> int:
    """Number of built-in seeds for a class space, without reading them."""
    return BUNDLED_SENTENCES if class_space == Settings().generator else IMAGENET_SENTENCES


def text_dim(encoder: str, pooling: str) -> int:
    """Dimension of text space, as far as it is known without opening the encoder."""
    dim = ENCODERS[encoder].dim if encoder in ENCODERS else 768
    return POOLINGS[pooling].dimension(dim, dim) if pooling in POOLINGS else dim


def sentence_seconds(encoder: str) -> float:
    """Seconds per sentence of an encoder, from its layers and their width; an unknown one counts as DistilBERT."""
    known = ENCODERS.get(encoder, ENCODERS["distilbert-base-uncased"])
    return ENCODING_SECONDS / TIMED_SENTENCES * known.layers * known.dim**2 / (BUNDLED.layers * BUNDLED.dim**2)


def estimate(
    runs: Sequence[Run],
    table: pd.DataFrame,
    encoded: Collection[Settings] = (),
    *,
    pace: float = 1.0,
    again: bool = False,
) -> Estimate:
    """Estimate the time to measure the runs that are missing from the table.

    No model is opened, so that the estimate is immediate; whether a row is readable is only checked when it is read.

    Parameters
    ----------
    table : DataFrame
        As from :meth:`RunTable.read <alignment.study.runs.table.RunTable.read>`.
    encoded : collection of Settings
        Those whose sentences are encoded already.
    pace : float
        Time on this machine relative to two cores, used where the table has no runs.
    again : bool
        Whether runs in the table are measured again, as by :func:`~alignment.study.runs.measure.measure_runs`.
    """
    layers = {name: known.layers for name, known in ENCODERS.items()} | table.set_index("encoder")["layers"].to_dict()
    runs = [replace(run, settings=_with_last_layer(run.settings, layers)) for run in runs]
    current = table[(table["code"] == code_version()) & (table["libraries"] == libraries_text())]
    rows = current.to_dict("records")
    there = {(_spaces(settings_of(row)), row["mapping"], row["split"], row["random"]) for row in rows}
    ready = {spaces for spaces, *_ in there} | {_spaces(settings) for settings in encoded}
    missing = [run for run in runs if again or (_spaces(run.settings), run.mapping, run.split, run.random) not in there]
    seconds = known = 0.0
    passes: dict[Settings, float] = {}  # bytes of vectors from one pass of the encoder, up to TOGETHER_BYTES
    mappings: dict[Settings, list[str]] = {}
    for run in missing:
        mappings.setdefault(run.settings, []).append(run.mapping)
    counts = {settings: _sentences(settings, table) for settings in mappings}
    sizes = {settings: counts[settings] * _text_dim(settings, table) for settings in mappings}
    telling = table[table["sentences"] * table["text_dim"] * PREDICTED_TIMES >= max(sizes.values(), default=0)]
    pace = _pace(telling, pace)
    took_for = {mapping: _mapping_seconds(mapping, telling, pace) for mapping in {run.mapping for run in missing}}
    for settings, wanted in mappings.items():
        sentences, numbers = counts[settings], sizes[settings]
        if _spaces(settings) not in ready:
            shared = without_reading(settings) if not (settings.seeds or settings.added_seeds) else settings
            if shared not in passes or passes[shared] + 4 * numbers > TOGETHER_BYTES:
                passes[shared] = 0.0
                seconds += (took := _encoding_seconds(settings, table, pace)) * sentences
                known += took * sentences if settings.encoder in set(table["encoder"]) else 0
            passes[shared] += 4 * numbers
        for mapping in wanted:
            took, is_known = took_for[mapping]
            seconds += took * numbers
            known += took * numbers * is_known
    return Estimate(len(runs), len(runs) - len(missing), seconds, known / seconds if seconds else 1.0)


def _with_last_layer(settings: Settings, layers: Mapping[str, int]) -> Settings:
    """Replace the last layer by -1, as in settings read from the table, where the number of layers is known."""
    return replace(settings, layer=-1) if settings.layer == layers.get(settings.encoder) else settings


def _spaces(settings: Settings) -> Settings:
    """Settings without the device: equal where the spaces are."""
    return replace(settings, device="auto")


def _sentences(settings: Settings, table: pd.DataFrame) -> float:
    """Number of seeds: as in runs with the same, else counted in the files of seeds or classes."""
    files = {"class_list": settings.classes or "", "added_seeds": settings.added_seeds or ""}
    wanted = {"class_space": settings.class_space, "seeds": settings.seeds or PROJECT_SEEDS} | files
    same = table.loc[(table[list(wanted)] == pd.Series(wanted)).all(axis=1), "sentences"]
    if len(same):
        return float(same.iloc[-1])
    if settings.seeds:
        count = _counted(settings.seeds, _rows_of_seeds)
    elif settings.classes:
        count = _counted(settings.classes, _seeds_of_names)
    else:
        count = built_in_sentences(settings.class_space)
    return count + (_counted(settings.added_seeds, _rows_of_seeds) if settings.added_seeds else 0)


def _counted(path: str, count: Callable[[str], int]) -> int:
    """Number of sentences by a file; as of ImageNet for a large one, and one that cannot be read, as measuring says."""
    try:
        there = os.stat(path)
        return _counted_once(path, there.st_mtime_ns, count) if there.st_size < COUNTED_BYTES else IMAGENET_SENTENCES
    except (InputError, OSError):
        return IMAGENET_SENTENCES


@lru_cache(maxsize=64)  # a page asks for an estimate with every choice
def _counted_once(path: str, changed: int, count: Callable[[str], int]) -> int:
    refuse_pipe(path)  # what is read from it here would be missing later
    return count(path)


def _rows_of_seeds(path: str) -> int:
    return len(read_table_file(path, path, SEED_COLUMNS).rows)


def _seeds_of_names(path: str) -> int:
    return len(named_seeds(read_classes(path)[0]))


def _text_dim(settings: Settings, table: pd.DataFrame) -> float:
    same = table.loc[(table["encoder"] == settings.encoder) & (table["pooling"] == settings.pooling), "text_dim"]
    if len(same):
        return float(same.iloc[-1])
    return text_dim(settings.encoder, settings.pooling)


def _encoding_seconds(settings: Settings, table: pd.DataFrame, pace: float) -> float:
    """Seconds per sentence: those of the slowest run with this encoder, because others found the sentences encoded."""
    same = table[table["encoder"] == settings.encoder]
    if len(same):
        return float((same["encoding_seconds"] / same["sentences"]).max())
    return pace * sentence_seconds(settings.encoder)


def _mapping_seconds(mapping: str, table: pd.DataFrame, pace: float) -> tuple[float, bool]:
    """Seconds per number of text space (sentence times dimension), and whether this mapping was measured here."""
    same = table[table["mapping"] == mapping]
    if len(same):
        return float((same["seconds"] / (same["sentences"] * same["text_dim"])).median()), True
    return pace * MAPPINGS[mapping].seconds / (TIMED_SENTENCES * TEXT_DIM), False


def _pace(table: pd.DataFrame, otherwise: float) -> float:
    """Time of mappings here relative to the registry's: the median over those in the table."""
    rows = table[table["mapping"].isin(MAPPINGS)]
    if rows.empty:
        return otherwise
    stated = rows["mapping"].map(lambda mapping: MAPPINGS[mapping].seconds) / (TIMED_SENTENCES * TEXT_DIM)
    ratios = rows["seconds"] / (rows["sentences"] * rows["text_dim"]) / stated
    return float(ratios.groupby(rows["mapping"]).median().median())
