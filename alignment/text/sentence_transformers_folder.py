"""The pooling modules of sentence-transformers checkpoints, in current and older formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.files.reading import parse_json, refuse_stand_ins
from alignment.text.pooling import Pooling, TokenBatch, last_token, masked_mean

if TYPE_CHECKING:
    from torch import Tensor

OWN_POOLING = "own"
OWN_EXPLANATION = "as the encoder's own folder says: its pooling, dense layers and normalisation"
MODULES = {"Transformer", "Pooling", "Dense", "Normalize"}  # modules of sentence-transformers that are supported
TABLES = {"StaticEmbedding", "WordEmbeddings", "BoW"}  # first modules that are not transformers
DENSE_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
VECTOR = "sentence_embedding"  # sentence-transformers' name of the vector that a module passes to the next
# Parts of the names of older settings files: sentence_bert_config.json
SETTINGS_KINDS = ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
LEGACY_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}


@dataclass(frozen=True)
class Module:
    """One module of a sentence-transformers folder: the name of its class, and the folder of its files."""

    kind: str
    folder: Path


def modules_of(folder: Path) -> list[Module]:
    """Modules listed in ``modules.json``; none where there is no such file.

    Raises
    ------
    InputError
        For a list that cannot be read, or that leads out of the folder.
    """
    path = folder / "modules.json"
    if not path.is_file():
        return []
    try:
        listed = [(str(step["type"]).rpartition(".")[2], folder / str(step["path"])) for step in _json(path)]
    except (TypeError, KeyError) as error:
        raise InputError(f"{path} is not a list of modules with their types and paths.") from error
    if any(not place.resolve().is_relative_to(folder.resolve()) and ".." in place.parts for _, place in listed):
        raise InputError(f"{path} names a place outside of its folder.")
    return [Module(kind, place) for kind, place in listed]


def transformer_folder(folder: Path) -> Path:
    """Folder of the model and its tokenizer: the given one, or the first module's (``0_Transformer``).

    Raises
    ------
    InputError
        When the first module is a table of words, which has neither layers nor hidden states.
    """
    modules = modules_of(folder)
    if modules and modules[0].kind in TABLES:
        raise InputError(
            f"{folder} holds a table of word vectors ({modules[0].kind}), which has no hidden states; choose an "
            "encoder with layers, such as distilbert-base-uncased."
        )
    return modules[0].folder if modules and (modules[0].folder / "config.json").is_file() else folder


def has_own_pooling(folder: Path) -> bool:
    """Whether a folder specifies a pooling whose modules are all supported."""
    kinds = [module.kind for module in modules_of(folder)]
    return kinds[:2] == ["Transformer", "Pooling"] and set(kinds) <= MODULES


def default_pooling(folder: Path) -> str:
    """Key of an encoder's default pooling: "own" if its folder specifies one, else "mean"."""
    return OWN_POOLING if has_own_pooling(folder) else "mean"


def own_pooling(folder: Path, hidden_size: int) -> Pooling:
    """The pooling of a sentence-transformers folder: ``x = u(D(pool(h)))`` with its dense layers D, and u(v) = v / |v|.

    Where the folder sets ``truncate_dim``, x is truncated last, so that its length may differ from 1, as in
    sentence-transformers.

    Raises
    ------
    InputError
        When the folder specifies no pooling, or an unsupported one.
    """
    if not has_own_pooling(folder):
        raise InputError(f"{folder} does not say how its encoder pools (modules.json); choose another pooling.")
    _, pool, *after = modules_of(folder)
    modes = _modes(pool.folder)
    steps, size = [], len(modes) * hidden_size
    for module in after:
        if module.kind == "Dense":
            step, size = _dense(module.folder, size)
            steps.append(step)
        else:
            steps.append(_normalise)
    kept = min(size, _kept_numbers(folder) or size)

    def pooled(batch: TokenBatch) -> Tensor:
        import torch

        vectors = torch.hstack([MODES[mode](batch) for mode in modes])
        with torch.inference_mode():
            for step in steps:
                vectors = step(vectors)
        return vectors[:, :kept]

    return Pooling(OWN_POOLING, OWN_EXPLANATION, pooled, dimension=lambda hidden_size, embedding_size: kept)


def longest_sentence(folder: Path) -> int | None:
    """``max_seq_length`` of a folder: the number of tokens at which sentences are truncated; None if not stated."""
    length = _sentence_settings(folder).get("max_seq_length")
    return length if isinstance(length, int) and length > 0 else None


def lower_cases(folder: Path) -> bool:
    """Whether a folder states that sentences are lower-cased before its tokenizer reads them."""
    return _sentence_settings(folder).get("do_lower_case") is True


def _sentence_settings(folder: Path) -> dict:
    """Settings in a folder's ``sentence_*_config.json``."""
    for kind in SETTINGS_KINDS:
        name = f"sentence_{kind}_config.json"
        for place in (folder, transformer_folder(folder)):
            if (place / name).is_file():
                return _settings(place / name)
    return {}


def folder_notes(folder: Path, pooling: str) -> list[str]:
    """Notes on modules and prompts of a sentence-transformers folder that are not used, one sentence each."""
    kinds = [module.kind for module in modules_of(folder)]
    left_out = [] if has_own_pooling(folder) else kinds[1:]
    if left_out and (kept := _kept_numbers(folder)):
        left_out.append(f"truncation to {kept:,} numbers")
    notes = []
    if left_out:
        notes.append(
            f"not computed, of the steps that {folder} names: {', '.join(left_out)}; its hidden states are pooled by "
            f"{pooling!r} in their place"
        )
    if prompt := _default_prompt(folder):
        notes.append(
            f"{folder} was trained with {prompt!r} before every sentence, which is not put there; write it into "
            "sentences and prompts if their vectors shall be those of sentence-transformers"
        )
    return notes


def _kept_numbers(folder: Path) -> int | None:
    """``truncate_dim`` of a folder: how many numbers of a vector are kept; None if not stated."""
    kept = _model_settings(folder).get("truncate_dim")
    return kept if type(kept) is int and kept > 0 else None


def _default_prompt(folder: Path) -> str:
    settings = _model_settings(folder)
    prompts, name = settings.get("prompts"), settings.get("default_prompt_name")
    prompt = prompts.get(name) if isinstance(prompts, dict) and isinstance(name, str) else None
    return prompt if isinstance(prompt, str) else ""


def _model_settings(folder: Path) -> dict:
    """Settings in a folder's ``config_sentence_transformers.json``."""
    path = folder / "config_sentence_transformers.json"
    return _settings(path) if path.is_file() else {}


def _json(path: Path):
    try:
        return parse_json(path.read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing; the folder of the encoder was copied in part.") from error
    except (OSError, ValueError) as error:
        refuse_stand_ins([path])
        raise InputError(f"{path} cannot be read as JSON.") from error


def _settings(path: Path) -> dict:
    """The JSON object in a file; empty where it holds anything else."""
    settings = _json(path)
    return settings if isinstance(settings, dict) else {}


def _modes(folder: Path) -> list[str]:
    config = _settings(folder / "config.json")
    modes = config.get("pooling_mode")
    if modes is None:
        modes = [mode for key, mode in LEGACY_MODES.items() if config.get(key)]
    modes = [modes] if isinstance(modes, str) else modes
    if not isinstance(modes, list) or not modes or not set(map(str, modes)) <= set(MODES):
        raise InputError(f"{folder / 'config.json'} names no pooling that is known here: {', '.join(MODES)}.")
    return modes


def _dense(folder: Path, size: int) -> tuple[Callable[[Tensor], Tensor], int]:
    """``D(v) = a(W v + b)``, or with a residual connection ``a(W v + b) + R v``, and its output size.

    R is the identity where D keeps the size of vectors.
    """
    import torch
    from safetensors.torch import load_file

    config = _settings(folder / "config.json")
    if others := {config.get(name) or VECTOR for name in ("module_input_name", "module_output_name")} - {VECTOR}:
        raise InputError(
            f"The dense layer in {folder} is not one of vectors of sentences but of {' and '.join(sorted(others))}; "
            "choose another pooling."
        )
    path = next((folder / name for name in DENSE_WEIGHTS if (folder / name).is_file()), folder / DENSE_WEIGHTS[0])
    try:
        activation = getattr(torch.nn, str(config.get("activation_function", "Tanh")).rpartition(".")[2])()
        weights = load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)
        wide = len(weights["linear.weight"])
        linear = torch.nn.Linear(size, wide, bias="linear.bias" in weights)
        layers = torch.nn.ModuleDict({"linear": linear, "activation_function": activation})
        if config.get("use_residual") is True:
            same = size == wide
            layers["residual"] = torch.nn.Identity() if same else torch.nn.Linear(size, wide, bias=False)
        layers.load_state_dict(weights)
    except Exception as error:  # torch, safetensors and pickle raise different errors for a broken file
        refuse_stand_ins([path])
        raise InputError(f"The dense layer in {folder} cannot be read, or does not fit its encoder.") from error
    layers.float().eval()

    def dense(vectors: Tensor) -> Tensor:
        layers.to(vectors.device)
        given = layers["activation_function"](layers["linear"](vectors))
        return given + layers["residual"](vectors) if "residual" in layers else given

    return dense, wide


def _normalise(vectors: Tensor) -> Tensor:
    from torch.nn.functional import normalize

    return normalize(vectors, dim=-1)


def _max(batch: TokenBatch) -> Tensor:
    return batch.states.masked_fill(batch.mask.unsqueeze(-1) == 0, float("-inf")).amax(dim=1)


def _weighted_mean(batch: TokenBatch) -> Tensor:
    """Mean of all tokens, the t-th weighted by t (SGPT)."""
    import torch

    weights = batch.mask * torch.arange(1, batch.mask.shape[1] + 1, device=batch.mask.device)
    return (batch.states * weights.unsqueeze(-1)).sum(1) / weights.sum(1, keepdim=True)


def _mean_sqrt_length(batch: TokenBatch) -> Tensor:
    """Sum of all tokens divided by the square root of their number."""
    return masked_mean(batch.states, batch.mask) * batch.mask.sum(1, keepdim=True) ** 0.5


MODES: dict[str, Callable[[TokenBatch], Tensor]] = {
    "cls": lambda batch: batch.states[:, 0],
    "max": _max,
    "mean": lambda batch: masked_mean(batch.states, batch.mask),
    "mean_sqrt_len_tokens": _mean_sqrt_length,
    "weightedmean": _weighted_mean,
    "lasttoken": last_token,
}
