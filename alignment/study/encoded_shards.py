"""Seed sentences encoded shard by shard, as files that a study takes in place of encoding.

Of every shard there is a Parquet file with the good rows, and the vectors in its column ``vector`` or in a ``.npy``
file beside it. The Parquet file is renamed to its name last, and its metadata say what the vectors were made of and
with: a shard without it, or with other metadata, is encoded anew.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from alignment.devices.workers import Executor, ThisProcess
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.seed_files import SEED_COLUMNS, check_seeds
from alignment.dictionary.seeds import COLUMNS, SeedDictionary
from alignment.errors import InputError
from alignment.files.csv_cells import to_csv
from alignment.files.shards import PARQUET, Shard, find_shards, read_shard
from alignment.files.tables import Refusal
from alignment.files.writing import make_folder, write_file
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import artifact_key, callers_code, digest
from alignment.text.encoder import TextEncoder

METADATA = b"latent_alignment"
REFUSED = "refused.csv"  # beside the shards: file, line and reason of every row that was left out
SHARDS = "shards.json"  # names of the shards, written last: what else lies in the folder is from earlier input


@dataclass(frozen=True)
class EncoderModel:
    """A text encoder by what it is made from, so that another process can make the same.

    Attributes
    ----------
    source, layer, pooling, dtype : as for TextEncoder
    fingerprint : str
        That of its weights; others under the same name are refused.
    """

    source: str
    layer: int
    pooling: str
    dtype: str
    fingerprint: str

    @classmethod
    def of(cls, encoder: TextEncoder) -> EncoderModel:
        return cls(encoder.source, encoder.layer, encoder.pooling, encoder.dtype, encoder.fingerprint)

    def open(self) -> TextEncoder:
        """The encoder, kept in this process for the next shard.

        Raises
        ------
        InputError
            When its files are not on this machine, or others are.
        """
        return _opened(self)


@lru_cache(maxsize=1)
def _opened(model: EncoderModel) -> TextEncoder:
    encoder = TextEncoder(
        model.source, layer=model.layer, pooling=model.pooling, dtype=model.dtype, device="cpu"
    )  # whose bytes do not depend on the machine's card
    if encoder.fingerprint != model.fingerprint:
        raise InputError(f"The weights of {model.source} here are others than those of the process that asks for them.")
    return encoder


@dataclass(frozen=True)
class Encoding:
    """How shards are encoded and where they are written.

    Attributes
    ----------
    model : EncoderModel
    folder : str
    names : ClassNames or None
        Those that rows may name; None for ImageNet's.
    number : {"float16", "float32"}
    file_format : {"npy", "parquet"}
    """

    model: EncoderModel
    folder: str
    names: ClassNames | None = None
    number: str = "float32"
    file_format: str = "npy"

    @property
    def folder_path(self) -> Path:
        return Path(self.folder)


@dataclass(frozen=True)
class EncodedShard:
    """What became of a shard: its rows, the refused ones, and whether it was finished before."""

    name: str
    path: str
    rows: int
    refused: list[Refusal]
    notes: list[str]
    was_finished: bool


def encode_shards(
    pattern: str, encoding: Encoding, *, executor: Executor | None = None, progress: Progress | None = None
) -> list[EncodedShard]:
    """Encode the seed sentences of all files that a pattern names, each shard by itself, and list the refused rows.

    Every shard is encoded with one thread and in batches of its own, so that its bytes do not depend on who encodes it.

    Parameters
    ----------
    pattern : str
        As for :func:`~alignment.files.shards.find_shards`; columns as for
        :func:`~alignment.dictionary.seed_files.read_seeds`.
    encoding : Encoding
    executor : Executor, default this process
    progress : callable (stage, done, total), called with numbers of shards

    Returns
    -------
    list of EncodedShard, in the order of the shards

    Raises
    ------
    InputError
        For a shard that cannot be read or written; finished ones are kept.
    """
    shards = find_shards(pattern, SEED_COLUMNS)
    executor = executor or ThisProcess()
    make_folder(encoding.folder_path)
    found: dict[int, EncodedShard] = {}
    for number, shard in executor.map(encode_shard, shards, executor.share(encoding)):
        found[number] = shard
        if progress is not None:
            progress("Encoding shards", len(found), len(shards))
    encoded = [found[number] for number in sorted(found)]
    if not any(shard.rows for shard in encoded):
        first = next((f" ({shard.path}, {shard.refused[0]})" for shard in encoded if shard.refused), "")
        raise InputError(f"There is no usable row in {pattern}{first}.")
    write_refused(encoding.folder_path, encoded)
    names = [shard.name for shard in encoded]
    write_file(encoding.folder_path / SHARDS, json.dumps(names, indent=0).encode())
    return encoded


def encode_shard(shard: Shard, encoding: Encoding) -> EncodedShard:
    """Encode one shard and write it, unless it was before, with the same encoder and of the same rows."""
    table = read_shard(shard, SEED_COLUMNS)
    seeds, refused = check_seeds(table.rows, encoding.names)
    encoder = encoding.model.open()
    readable = encoder.read_sentences(seeds.sentences)[0] if len(seeds) else np.zeros(0, bool)
    lines = {" ".join(row.cells["sentence"].split()).casefold(): row.line for row in reversed(table.rows)}
    unread = [lines[sentence.casefold()] for sentence in seeds.frame["sentence"][~readable]]
    refused += [Refusal(line, "the encoder knows no word of the sentence.") for line in unread]
    refused = sorted([*table.refused, *refused], key=lambda one: one.line)
    seeds = SeedDictionary(seeds.frame[readable])
    key = _shard_key(encoder, seeds)
    stated = {"key": key, "number": encoding.number, "format": encoding.file_format}
    path = encoding.folder_path / f"{shard.name}{PARQUET}"
    finished = _is_finished(path, stated)
    if not finished:
        sentences = seeds.sentences_with_terms(encoder.needs_words)
        vectors = artifacts.sentence_vectors(encoder, sentences).astype(encoding.number)
        said = stated | encoder_metadata(encoder) | {"rows": len(seeds), "dimension": encoder.dim}
        _write(path, seeds, vectors, said, encoding)
    return EncodedShard(shard.name, shard.path, len(seeds), refused, table.notes, finished)


def _shard_key(encoder: TextEncoder, seeds: SeedDictionary) -> str:
    """SHA-256 of what a shard's vectors depend on, and of its rows."""
    reads = (*encoder_metadata(encoder).values(), callers_code(encoder.pooling_function))
    return digest(artifact_key(artifacts.sentence_vectors, *reads), seeds.frame.to_json())


def encoder_metadata(encoder: TextEncoder) -> dict[str, str | int]:
    """What is stated of an encoder in a shard's metadata."""
    return {
        "encoder": encoder.source,
        "encoder_sha256": encoder.fingerprint,
        "layer": encoder.layer % (encoder.n_layers + 1),
        "pooling": encoder.pooling,
        "dtype": encoder.dtype,
    }


def _write(path: Path, seeds: SeedDictionary, vectors: np.ndarray, said: dict, encoding: Encoding) -> None:
    import pyarrow
    from pyarrow import parquet

    columns = {name: seeds.frame[name].tolist() for name in COLUMNS}
    types = {name: pyarrow.list_(pyarrow.int64()) if name == "classes" else pyarrow.string() for name in COLUMNS}
    arrays = [pyarrow.array(columns[name], type=types[name]) for name in COLUMNS]
    names = list(COLUMNS)
    if encoding.file_format == "npy":
        content = io.BytesIO()
        np.save(content, vectors, allow_pickle=False)
        write_file(path.with_suffix(".npy"), content.getvalue())
        said = said | {"sha256": hashlib.sha256(content.getvalue()).hexdigest()}
    else:
        flat = pyarrow.array(vectors.reshape(-1))
        arrays.append(pyarrow.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))
        names.append("vector")
    table = pyarrow.table(arrays, names=names).replace_schema_metadata({METADATA: json.dumps(said).encode()})
    content = io.BytesIO()
    parquet.write_table(table, content, compression="zstd" if encoding.file_format == "npy" else "none")
    write_file(path, content.getvalue())


def _is_finished(path: Path, stated: dict) -> bool:
    """Whether a shard lies there, whole, of the same content and settings."""
    try:
        said = read_metadata(path)
        if any(said.get(name) != value for name, value in stated.items()):
            return False
        if stated["format"] == "npy":
            content = path.with_suffix(".npy").read_bytes()
            return hashlib.sha256(content).hexdigest() == said["sha256"]
        return len(read_vectors(path, said)) == said["rows"]
    except (InputError, OSError, KeyError):
        return False


def read_metadata(path: Path) -> dict:
    """What an encoded shard says of itself.

    Raises
    ------
    InputError
        When it is damaged, or not one.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        metadata = parquet.read_schema(path).metadata or {}
        return json.loads(metadata[METADATA])
    except KeyError as error:
        raise InputError(f"{path} was not written by 'encode'; give the folder that its --output named.") from error
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path} is no whole Parquet file; run 'encode' again, which writes it anew.") from error


def read_vectors(path: Path, said: dict, rows: np.ndarray | None = None) -> np.ndarray:
    """The vectors of an encoded shard, or those of some of its rows: float32 array (n, d_text).

    Raises
    ------
    InputError
        When the file is damaged or has another shape than its shard says.
    """
    import pyarrow
    from pyarrow import parquet

    file = path.with_suffix(".npy") if said["format"] == "npy" else path
    try:
        if said["format"] == "npy":
            vectors = np.load(file, mmap_mode="r", allow_pickle=False)
        else:
            column = parquet.read_table(file, columns=["vector"])["vector"].combine_chunks()
            vectors = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, said["dimension"])
        if vectors.shape != (said["rows"], said["dimension"]):
            raise ValueError("it has another number of rows")
    except (pyarrow.ArrowException, OSError, ValueError, EOFError) as error:
        raise InputError(f"{file} is damaged or cut short; run 'encode' again, which writes it anew.") from error
    return np.asarray(vectors if rows is None else vectors[rows], dtype=np.float32)


def write_refused(folder: Path, encoded: Sequence) -> None:
    """Write the refused rows of shards as CSV: file, line, reason."""
    import pandas as pd

    rows = [(shard.path, one.line, one.reason) for shard in encoded for one in shard.refused]
    table = pd.DataFrame(rows, columns=["file", "line", "reason"])
    write_file(folder / REFUSED, to_csv(table).encode())
