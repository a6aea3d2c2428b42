"""Encoding seed sentences shard by shard, into files that a study reads instead of encoding.

The Parquet file of a shard holds its valid rows; the vectors are its column ``vector``, or a ``.npy`` file beside it. A
shard without vectors, or whose metadata state other rows or another encoder, is encoded again.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from alignment.dictionary.class_names import ClassNames, class_list_digest
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seed_files import SEED_COLUMNS, check_seeds, seed_notes
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.errors import InputError
from alignment.execution.workers import Executor
from alignment.files.csv_records import Refusal
from alignment.files.parquet_tables import native_file
from alignment.files.shards import PARQUET, Shard, path_everywhere, read_shard
from alignment.files.writing import write_file
from alignment.progress import Progress
from alignment.study import artifacts
from alignment.study.cache.keys import artifact_key, callers_code, digest
from alignment.study.shards.shard_results import (
    REFUSED,
    ShardResult,
    cut_rows,
    find_inputs,
    is_finished,
    map_shards,
    read_stated,
    write_table,
)
from alignment.text.checkpoints import ENCODERS
from alignment.text.encoder import TextEncoder


@dataclass(frozen=True)
class EncoderModel:
    """Picklable description of a text encoder, so that another process can open the same one.

    Attributes
    ----------
    source, layer, pooling, dtype : as for TextEncoder
    fingerprint : str
        Of its weights; others under the same name are refused.
    """

    source: str
    layer: int
    pooling: str
    dtype: str
    fingerprint: str

    @classmethod
    def of(cls, encoder: TextEncoder) -> EncoderModel:
        source = encoder.source if encoder.source in ENCODERS else path_everywhere(encoder.source)
        return cls(source, encoder.layer, encoder.pooling, encoder.dtype, encoder.fingerprint)

    def open(self) -> TextEncoder:
        """Open the encoder and keep it in this process for the next shard.

        Raises
        ------
        InputError
            When its files are missing on this machine, or differ.
        """
        return _opened(self)


@lru_cache(maxsize=1)
def _opened(model: EncoderModel) -> TextEncoder:
    encoder = TextEncoder(
        model.source, layer=model.layer, pooling=model.pooling, dtype=model.dtype, device="cpu"
    )  # on the CPU, so that the bytes do not depend on a graphics card
    if encoder.fingerprint != model.fingerprint:
        raise InputError(f"The weights of {model.source} here are others than those of the process that asks for them.")
    return encoder


@dataclass(frozen=True)
class Encoding:
    """How shards are encoded, and where they are written.

    Attributes
    ----------
    model : EncoderModel
    folder : Path
    names : ClassNames or None
        Classes that rows may name; None for ImageNet's.
    number : {"float16", "float32"}
    file_format : {"npy", "parquet"}
    """

    model: EncoderModel
    folder: Path
    names: ClassNames | None = None
    number: str = "float32"
    file_format: str = "npy"

    @property
    def classes_sha256(self) -> str:
        """Digest of the class list that the written indices refer to."""
        return class_list_digest((self.names or imagenet_names()).frame)


def encode_shards(
    pattern: str, encoding: Encoding, *, executor: Executor | None = None, progress: Progress | None = None
) -> list[ShardResult]:
    """Encode the seed sentences of all files that match a pattern, one shard per job, and list the refused rows.

    Every shard is encoded with one thread and in separate batches, so that its bytes do not depend on the worker.

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
    list of ShardResult, in the order of the shards

    Raises
    ------
    InputError
        For a shard that cannot be read or written; finished ones are kept. Before any work when an input file lies in
        the output folder.
    """
    encoding = replace(encoding, folder=Path(os.path.abspath(encoding.folder)))
    shards = find_inputs(pattern, SEED_COLUMNS, encoding.folder)
    encoded = map_shards(
        encode_shard, shards, encoding, encoding.folder, "Encoding shards", executor=executor, progress=progress
    )
    if not any(shard.rows for shard in encoded):
        named = next((f"{shard.path}, {shard.refused[0]}".rstrip(".") for shard in encoded if shard.refused), "")
        first = f" ({named}; {encoding.folder / REFUSED} names every row)" if named else ""
        raise InputError(f"There is no usable row in {pattern}{first}.")
    return encoded


def encode_shard(shard: Shard, encoding: Encoding) -> ShardResult:
    """Encode and write one shard, unless it is finished already with the same encoder and rows."""
    table = read_shard(shard, SEED_COLUMNS)
    names = encoding.names or imagenet_names()
    seeds, refused = check_seeds(table.rows, names)
    notes = seed_notes(table, names, shard.path)
    encoder = encoding.model.open()
    readable, cut = encoder.read_sentences(seeds.sentences)
    lines = {" ".join(row.cells["sentence"].split()).casefold(): row.line for row in reversed(table.rows)}
    shortened = cut_rows(sorted(lines[sentence.casefold()] for sentence in seeds.frame["sentence"][readable & cut]))
    unread = [lines[sentence.casefold()] for sentence in seeds.frame["sentence"][~readable]]
    refused += [Refusal(line, "the encoder knows no word of the sentence.") for line in unread]
    refused = sorted([*table.refused, *refused])
    seeds = SeedDictionary(seeds.frame[readable])
    key = _shard_key(encoder, seeds)
    stated = {
        "key": key,
        "number": encoding.number,
        "format": encoding.file_format,
        "classes_sha256": encoding.classes_sha256,
        "cut": len(shortened),
    }
    path = encoding.folder / f"{shard.name}{PARQUET}"
    finished = is_finished(path, stated, partial(_has_vectors, path))
    if not finished:
        sentences = seeds.sentences_with_terms(with_terms=encoder.needs_words)
        vectors = _convert(encoding.number, artifacts.sentence_vectors(encoder, sentences), shard)
        metadata = stated | encoder_metadata(encoder) | {"rows": len(seeds), "dimension": encoder.dim}
        _write(path, seeds, vectors, metadata, encoding)
    return ShardResult(shard.name, shard.path, key, len(seeds), finished, refused, shortened, notes)


def _convert(number: str, vectors: np.ndarray, shard: Shard) -> np.ndarray:
    """Convert vectors to the number type of the file; raise InputError where they overflow or are not finite."""
    with np.errstate(over="ignore"):
        written = vectors.astype(number)
    if np.isfinite(written).all():
        return written
    if not np.isfinite(vectors).all():
        raise InputError(
            f"The encoder gives {shard.path} vectors that are not finite; choose another layer or encoder."
        )
    raise InputError(
        f"The vectors of {shard.path} reach {np.abs(vectors).max():,.0f}, and {number} holds numbers up to "
        f"{np.finfo(number).max:,.0f}; give --number float32."
    )


def _shard_key(encoder: TextEncoder, seeds: SeedDictionary) -> str:
    """SHA-256 of everything that a shard's vectors depend on, and of its rows."""
    reads = {name: value for name, value in encoder_metadata(encoder).items() if name != "encoder"}  # wherever it lies
    pooling = callers_code(encoder.pooling_function)
    return digest(artifact_key(artifacts.sentence_vectors, reads, pooling), seeds.frame.to_json())


def encoder_metadata(encoder: TextEncoder) -> dict[str, str | int]:
    """Metadata of a shard that identify its encoder."""
    return {
        "encoder": encoder.source,
        "encoder_sha256": encoder.fingerprint,
        "layer": encoder.layer % (encoder.n_layers + 1),
        "pooling": encoder.pooling,
        "dtype": encoder.dtype,
    }


def _write(path: Path, seeds: SeedDictionary, vectors: np.ndarray, metadata: dict, encoding: Encoding) -> None:
    import pyarrow

    columns = {name: seeds.frame[name].tolist() for name in DICTIONARY_COLUMNS}
    types = dict.fromkeys(columns, pyarrow.string()) | {"classes": pyarrow.list_(pyarrow.int64())}
    table = pyarrow.table({name: pyarrow.array(columns[name], type=types[name]) for name in columns})
    beside = path.with_suffix(".npy")
    metadata = metadata | {"sha256": _vectors_sha256(vectors)}
    if encoding.file_format == "npy":
        content = io.BytesIO()
        np.save(content, vectors, allow_pickle=False)
        write_file(beside, content.getvalue())
        write_table(path, table, metadata, "zstd")
        return
    replaces_npy = is_finished(path, {"format": "npy"}, partial(_has_vectors, path))  # not an unrelated file
    flat = pyarrow.array(vectors.reshape(-1))
    column = pyarrow.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    write_table(path, table.append_column("vector", column), metadata, "none")
    if replaces_npy:
        beside.unlink()


def _has_vectors(path: Path, _, stated: dict) -> bool:
    """Whether the vectors of a shard are there and intact; raises an error where they are not."""
    _read_all_vectors(path, stated)
    return True


def read_metadata(path: Path) -> dict:
    """Read the metadata of an encoded shard.

    Raises
    ------
    InputError
        When it is damaged, or not an encoded shard.
    """
    stated = read_stated(path)
    if "encoder" not in stated:
        raise InputError(f"{path} was not written by 'encode'; give the folder that its --output named.")
    return stated


def read_vectors(path: Path, metadata: dict, rows: np.ndarray | None = None) -> np.ndarray:
    """Read the vectors of an encoded shard, or of some of its rows: float32 array (n, d_text).

    The file is read whole and its checksum verified; later changes by another process are not seen.

    Raises
    ------
    InputError
        When the file is damaged, has another checksum than its shard states, or has numbers that are not finite.
    """
    vectors = _read_all_vectors(path, metadata)
    return np.asarray(vectors if rows is None else vectors[rows], dtype=np.float32)


def _read_all_vectors(path: Path, metadata: dict) -> np.ndarray:
    """Read and verify all vectors of an encoded shard, in the number type of the file."""
    import pyarrow
    from pyarrow import parquet

    file = path.with_suffix(".npy") if metadata["format"] == "npy" else path
    try:
        if metadata["format"] == "npy":
            vectors = np.load(file, allow_pickle=False)
        else:
            column = parquet.read_table(native_file(file), columns=["vector"])["vector"].combine_chunks()
            vectors = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, metadata["dimension"])
        if vectors.shape != (metadata["rows"], metadata["dimension"]) or vectors.dtype != metadata["number"]:
            raise ValueError("it has another number of rows")
    except (pyarrow.ArrowException, OSError, ValueError, EOFError, KeyError) as error:
        raise InputError(f"{file} is damaged or cut short; run 'encode' again, which writes it anew.") from error
    if _vectors_sha256(vectors) != metadata.get("sha256"):
        raise InputError(f"{file} holds other vectors than 'encode' wrote; run it again, which writes them anew.")
    if not np.isfinite(vectors).all():
        raise InputError(f"{file} has numbers that are not finite; give 'encode' another layer or encoder.")
    return vectors


def _vectors_sha256(vectors: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(vectors).data).hexdigest()
