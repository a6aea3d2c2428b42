"""Seeds of a study that ``latent-alignment encode`` has encoded before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.class_names import class_list_digest
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.errors import InputError
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.execution.locks import shared_property
from alignment.files.parquet_tables import native_file
from alignment.files.reading import parse_json, read_file
from alignment.files.shards import PARQUET
from alignment.mappings import MAPPINGS, make_mapping
from alignment.study.cache.keys import digest, source_digest
from alignment.study.notices import read_in_part
from alignment.study.shards.encoded_shards import encoder_metadata, read_metadata, read_vectors
from alignment.study.shards.shard_results import SHARDS
from alignment.text.encoder import TextEncoder
from alignment.vectors.class_means import group_means
from alignment.wording import counted

SAMPLE = 50_000  # most sentences that mappings learn from unless class means suffice, and that are evaluated
SAMPLE_SEED = 0
MODEL = {"encoder_sha256": "--encoder", "layer": "--layer", "pooling": "--pooling"}


class EncodedSeeds:
    """Seed dictionary and its vectors from encoded shards; a random sample of more than ``SAMPLE`` sentences.

    Parameters
    ----------
    folder : str
        As ``latent-alignment encode --output`` wrote it.
    encoder : TextEncoder
        Encoder of the study; shards of another are refused.
    classes : ClassTable
        Of the class space; sentences about other classes are left out.

    Attributes
    ----------
    notices : list of str
        What was left out, one sentence each.
    count : int
        Number of sentences about classes of the space, in all shards.

    Raises
    ------
    InputError
        When the folder or a shard in it is missing, damaged, or from another encoder.
    """

    def __init__(self, folder: str, encoder: TextEncoder, classes: ClassTable):
        self.folder = Path(folder)
        self._classes, self._here = classes, set(classes.indices)
        self.notices: list[str] = []
        listed = read_file(
            self.folder / SHARDS, f"{folder}/{SHARDS}, which 'encode' writes when all shards are finished"
        )
        try:
            names = parse_json(listed)
            if not isinstance(names, list) or not names or any(Path(name).name != name for name in names):
                raise ValueError("it lists no shards of this folder")
            self._paths = [self.folder / f"{name}{PARQUET}" for name in names]
        except (ValueError, TypeError) as error:
            raise InputError(f"{folder}/{SHARDS} is damaged; run 'encode' again, which goes on from there.") from error
        self._metadata = {path: read_metadata(path) for path in self._paths}
        self._check_encoder(encoder)
        self._kept = {path: self._rows_here(path) for path in self._paths}
        self.count = sum(map(len, self._kept.values()))
        total = sum(metadata["rows"] for metadata in self._metadata.values())
        if not self.count:
            raise InputError(f"None of the {counted(total, 'sentence')} of {folder} names a class of this class space.")
        if self.count < total:
            lacking = f"{total - self.count:,} of {counted(total, 'sentence')} of {folder}"
            self.notices.append(f"left out: {lacking}, whose classes this class space lacks")
        if cut := sum(metadata.get("cut", 0) for metadata in self._metadata.values()):
            self.notices.append(f"{read_in_part(several=True)}: {cut:,} of {counted(total, 'sentence')} of {folder}")
        if self.is_sample:
            self.notices.append(
                f"{SAMPLE:,} of {self.count:,} sentences of {folder}, drawn at random (seed {SAMPLE_SEED}), are "
                f"learned from and evaluated; {', '.join(learning_from_class_means())} learn from all."
            )

    def _check_encoder(self, encoder: TextEncoder) -> None:
        wanted = encoder_metadata(encoder)
        classes = class_list_digest(self._classes.known.frame)
        for path, metadata in self._metadata.items():
            if metadata.get("classes_sha256") != classes:
                raise InputError(
                    f"{path} was encoded for another list of classes, so that its numbers mean other classes here; "
                    "give 'encode' the --classes of this class space (none for ImageNet's), and run it again."
                )
            for name, called in MODEL.items():
                if metadata.get(name) != wanted[name]:
                    was, asked = (_named(name, each) for each in (metadata, wanted))
                    raise InputError(
                        f"{path} was encoded with {called} {was}, and {asked} is asked for; give the "
                        "options that 'encode' was given, or run it again."
                    )
        if other := {metadata["dtype"] for metadata in self._metadata.values()} - {wanted["dtype"]}:
            self.notices.append(
                f"{self.folder} was encoded in {', '.join(sorted(other))}, and prompts are encoded in "
                f"{wanted['dtype']} here: their vectors differ in the third digit."
            )

    def _rows_here(self, path: Path) -> np.ndarray:
        """Row numbers of a shard that name a class of the space."""
        named = _read_rows(path, ["classes"])["classes"]
        return np.flatnonzero([not self._here.isdisjoint(classes) for classes in named])

    @property
    def is_sample(self) -> bool:
        """Whether only a sample of the sentences is in memory."""
        return self.count > SAMPLE

    @shared_property
    def _sampled_rows(self) -> dict[Path, np.ndarray]:
        """Row numbers of every shard that are kept in memory."""
        if not self.is_sample:
            return self._kept
        drawn = np.sort(np.random.default_rng(SAMPLE_SEED).choice(self.count, SAMPLE, replace=False))
        starts = np.cumsum([0, *map(len, self._kept.values())])
        return {
            path: rows[drawn[(drawn >= start) & (drawn < end)] - start]
            for (path, rows), start, end in zip(self._kept.items(), starts[:-1], starts[1:], strict=True)
        }

    @shared_property
    def seeds(self) -> SeedDictionary:
        """Sentences in memory, each with those of its classes that the space has."""
        return SeedDictionary(pd.concat([self._frame(path, rows) for path, rows in self._sampled_rows.items()]))

    def _frame(self, path: Path, rows: np.ndarray) -> pd.DataFrame:
        table = _read_rows(path, DICTIONARY_COLUMNS)
        frame = pd.DataFrame({name: [table[name][row] for row in rows] for name in DICTIONARY_COLUMNS})
        return frame.assign(classes=[tuple(i for i in named if i in self._here) for named in frame["classes"]])

    @shared_property
    def X(self) -> np.ndarray:
        """Vectors of :attr:`seeds`: float32 array (n, d_text)."""
        return np.concatenate(
            [read_vectors(path, self._metadata[path], rows) for path, rows in self._sampled_rows.items()]
        )

    @shared_property
    def digest(self) -> str:
        """Digest of everything that the sentences and their vectors depend on."""
        shards = [(metadata["key"], metadata["number"]) for metadata in self._metadata.values()]
        return digest(shards, SAMPLE, SAMPLE_SEED, source_digest(EncodedSeeds))

    def pairs_by_classes(self, mapping: str, class_vectors: np.ndarray) -> SeedPairs | None:
        """Means of all sentences that name the same classes, for a mapping that learns from such means only.

        Sums are accumulated with one shard in memory at a time; a paraphrase group counts once, as in
        :func:`~alignment.evaluation.fitting.merged_paraphrases`.

        Returns
        -------
        SeedPairs, one row for each set of classes, or None
            None where all sentences are in memory, and for a mapping that learns from single sentences.
        """
        if not self.is_sample or mapping not in learning_from_class_means():
            return None
        groups: dict[tuple, tuple[np.ndarray, int]] = {}  # sums and counts of paraphrase groups
        sets: dict[tuple, tuple[np.ndarray, int]] = {}  # sums and counts of sets of classes
        for path, rows in self._kept.items():
            frame, X = self._frame(path, rows), read_vectors(path, self._metadata[path], rows)
            terms = frame["term"].str.casefold()
            _add_sums(groups, list(zip(frame["classes"], terms, strict=True)), X, (terms != "").to_numpy())
            _add_sums(sets, list(frame["classes"]), X, (terms == "").to_numpy())
        for (classes, _), (total, count) in groups.items():
            before, others = sets.get(classes, (0.0, 0))
            sets[classes] = before + total / count, others + 1
        means = np.stack([total / count for total, count in sets.values()])
        named = SeedDictionary(pd.DataFrame({"classes": list(sets)}).reindex(columns=DICTIONARY_COLUMNS))
        return SeedPairs(means, named.membership(self._classes), class_vectors)


def _named(name: str, stated: dict) -> str:
    """Metadata value for messages; weights are shown as the encoder's name and the start of their digest."""
    return f"{stated['encoder']} ({stated[name][:8]})" if name == "encoder_sha256" else str(stated.get(name))


def learning_from_class_means() -> list[str]:
    """Keys of the mappings in the registry that learn only from the mean sentence of every class.

    Those are the mappings that take sentences in blocks: they first average them, unless ``fit_on`` says otherwise.
    """
    made = {name: make_mapping(name) for name in MAPPINGS}
    return [
        name
        for name, mapping in made.items()
        if getattr(mapping, "fits_in_blocks", False) and getattr(mapping, "fit_on", "classes") == "classes"
    ]


def _add_sums(sums: dict, keys: list[tuple], X: np.ndarray, chosen: np.ndarray) -> None:
    """Add the chosen rows of X, float64, to the sums of their keys."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return
    labels, found = pd.factorize(pd.Series([keys[row] for row in rows], dtype=object))
    totals = group_means(X[rows].astype(np.float64), labels)
    for key, mean, count in zip(found, totals, np.bincount(labels), strict=True):
        before, others = sums.get(key, (0.0, 0))
        sums[key] = before + mean * count, others + int(count)


def _read_rows(path: Path, columns: list[str]) -> dict[str, list]:
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.read_table(native_file(path), columns=columns).to_pydict()
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{path} is damaged; run 'encode' again, which writes it anew.") from error
