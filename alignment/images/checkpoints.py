"""BigGAN checkpoints: where they are stored, whether they are complete, and the module built from them."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError
from alignment.files.downloads import hub_copy, hub_folder

logger = logging.getLogger(__name__)

BUNDLED_FOLDER = Path(__file__).parent / "bundled"
STATISTICS_ROWS = 51  # batch-norm statistics for truncation 0, 0.02, ..., 1
HUB_FILES = ("config.json", "pytorch_model.bin", "model.safetensors", "classes.csv")


@dataclass(frozen=True)
class KnownGenerator:
    """A generator with a name of its own."""

    label: str
    pixels: int
    download_mb: float
    mirror: str | None = None  # a Hub repository with the same weights


GENERATORS = {
    "bundled": KnownGenerator("Bundled BigGAN-deep (toy-like scenes)", pixels=256, download_mb=0),
    "biggan-deep-128": KnownGenerator("BigGAN-deep 128", 128, 211, mirror="osanseviero/BigGAN-deep-128"),
    "biggan-deep-256": KnownGenerator("BigGAN-deep 256", 256, 234),
    "biggan-deep-512": KnownGenerator("BigGAN-deep 512", 512, 236),
}


def is_here(source: str) -> bool:
    """Whether a generator can be loaded without a download."""
    return (
        source == "bundled"
        or Path(source).is_dir()
        or _library_copy(source) is not None
        or _mirror_copy(source) is not None
    )


def find_files(source: str) -> tuple[Path, Path]:
    """The configuration and the weights of a generator, downloaded if need be."""
    if source in GENERATORS and source != "bundled":
        return _library_copy(source) or _library_download(source)
    folder = BUNDLED_FOLDER if source == "bundled" else Path(source)
    if not folder.is_dir():
        folder = hub_folder(source, HUB_FILES)
    return _files_in(folder)


def _files_in(folder: Path) -> tuple[Path, Path]:
    config = folder / "config.json"
    weights = next(
        (folder / name for name in ("pytorch_model.bin", "model.safetensors") if (folder / name).is_file()), None
    )
    if not config.is_file() or weights is None:
        raise InputError(
            f"{folder} holds no generator: it needs config.json and pytorch_model.bin (or model.safetensors)."
        )
    return config, weights


def _library_addresses(name: str) -> tuple[str, str]:
    from pytorch_pretrained_biggan.model import PRETRAINED_CONFIG_ARCHIVE_MAP, PRETRAINED_MODEL_ARCHIVE_MAP

    return PRETRAINED_CONFIG_ARCHIVE_MAP[name], PRETRAINED_MODEL_ARCHIVE_MAP[name]


def _library_copy(name: str) -> tuple[Path, Path] | None:
    """The files of a published model in the BigGAN library's own cache, if both are there."""
    if name not in GENERATORS or name == "bundled":
        return None
    from pytorch_pretrained_biggan.file_utils import PYTORCH_PRETRAINED_BIGGAN_CACHE as folder

    origins = {}
    for record in Path(folder).glob("*.json"):
        try:
            origins[json.loads(record.read_text(encoding="utf-8"))["url"]] = record.with_suffix("")
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not a record of the library's
    config, weights = (origins.get(address) for address in _library_addresses(name))
    return (config, weights) if config and weights and config.is_file() and weights.is_file() else None


def _mirror_copy(name: str) -> Path | None:
    repository = GENERATORS[name].mirror if name in GENERATORS else name
    return hub_copy(repository, HUB_FILES) if repository else None


def _library_download(name: str) -> tuple[Path, Path]:
    """Fetch a published model: the library's own addresses first, then its mirror on the Hub."""
    from pytorch_pretrained_biggan.file_utils import cached_path

    known = GENERATORS[name]
    if copy := _mirror_copy(name):
        return _files_in(copy)
    logger.info("Downloading %s: %.0f MB", name, known.download_mb)
    try:
        config, weights = (Path(cached_path(address)) for address in _library_addresses(name))
        return config, weights
    except (OSError, ValueError):  # requests' errors are OSErrors
        logger.info("The library's own address of %s does not answer", name)
    if known.mirror:
        with contextlib.suppress(InputError):
            return _files_in(hub_folder(known.mirror, HUB_FILES))
    raise InputError(f"{name!r} is not on this machine and could not be downloaded; check the network connection.")


def read_config(path: Path):
    from pytorch_pretrained_biggan import BigGANConfig

    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        unknown = set(settings) - set(BigGANConfig().to_dict())
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path} is not a readable BigGAN configuration.") from error
    if unknown:
        raise InputError(f"{path} has the unknown setting {sorted(unknown)[0]!r}; it is not a BigGAN configuration.")
    config = BigGANConfig.from_dict(settings)
    if config.n_stats != STATISTICS_ROWS:
        raise InputError(f"{path} says n_stats {config.n_stats}; only {STATISTICS_ROWS}, as published, can be read.")
    return config


def load_model(config, weights: Path):
    """The library's BigGAN in evaluation mode, every key accounted for, spectral norm folded into the weights."""
    import torch

    state = _read_state(weights)
    try:
        model = _without_numbers(config)
    except (TypeError, ValueError, IndexError, RuntimeError, AttributeError) as error:
        raise InputError(f"The config.json beside {weights} describes no BigGAN that can be built.") from error
    expected = model.state_dict()
    for problem, keys in (
        ("lacks", expected.keys() - state.keys()),
        ("has the unknown key", state.keys() - expected.keys()),
    ):
        if keys:
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            raise InputError(
                f"{weights} {problem} {sorted(keys)[0]}{more}; it is not the checkpoint of this configuration."
            )
    for key, value in state.items():
        if value.shape != expected[key].shape:
            raise InputError(f"{weights}: {key} has shape {tuple(value.shape)}, expected {tuple(expected[key].shape)}.")
    model.load_state_dict({key: value.float() for key, value in state.items()}, assign=True)
    model.eval()
    fold_spectral_norm(model)
    if not all(torch.isfinite(value).all() for value in model.state_dict().values()):
        raise InputError(f"{weights} holds numbers that are not finite.")
    return model.requires_grad_(False)


def _without_numbers(config):
    """The library's BigGAN with shapes but no values: nothing is initialised that the checkpoint overwrites.

    The start vectors of spectral norm are not initialised either: on the meta device, torch would load its compiler
    for them, which takes longer than everything else here.
    """
    import torch
    from pytorch_pretrained_biggan import BigGAN
    from torch.overrides import TorchFunctionMode

    class Untouched(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            if func in (torch.Tensor.normal_, torch.nn.functional.normalize):
                return args[0]
            return func(*args, **(kwargs or {}))

    with torch.device("meta"), Untouched():
        return BigGAN(config)


def _read_state(weights: Path) -> dict:
    """Tensors by name; neither format can run code on loading."""
    import torch
    from safetensors.torch import load_file

    try:
        state = (
            load_file(weights)
            if weights.suffix == ".safetensors"
            else torch.load(weights, map_location="cpu", weights_only=True)
        )
    except Exception as error:  # safetensors, zip and unpickling each raise their own kind for a broken file
        raise InputError(f"{weights} cannot be read as weights: {str(error).splitlines()[0][:200]}") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise InputError(f"{weights} is not a dictionary of tensors.")
    return state


def fold_spectral_norm(model) -> None:
    """Replace W_orig, u, v by W = W_orig / (u' W_orig v) once, instead of at every call."""
    from torch.nn.utils import remove_spectral_norm

    for module in model.modules():
        if hasattr(module, "weight_orig"):
            remove_spectral_norm(module)
