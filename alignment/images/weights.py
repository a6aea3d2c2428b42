"""Loading of BigGAN checkpoints: configuration, weights, and the module built from them, with every key checked."""

from __future__ import annotations

from pathlib import Path

from alignment.errors import InputError, weights_fault
from alignment.files.reading import parse_json, refuse_stand_ins
from alignment.images.truncation_and_noise import TRUNCATION_STEPS
from alignment.wording import first_of

STATISTICS_ROWS = TRUNCATION_STEPS + 1  # batch-norm statistics for truncation 0, 0.02, ..., 1


def read_config(path: Path):
    from pytorch_pretrained_biggan import BigGANConfig

    try:
        settings = parse_json(path.read_bytes())
        unknown = set(settings) - set(BigGANConfig().to_dict())
    except (OSError, ValueError, TypeError) as error:
        refuse_stand_ins([path])
        raise InputError(f"{path} is not a readable BigGAN configuration.") from error
    if unknown:
        raise InputError(f"{path} has the unknown setting {sorted(unknown)[0]!r}; it is not a BigGAN configuration.")
    config = BigGANConfig.from_dict(settings)
    if config.n_stats != STATISTICS_ROWS:
        raise InputError(f"{path} says n_stats {config.n_stats}; only {STATISTICS_ROWS}, as published, can be read.")
    return config


def load_model(config, weights: Path):
    """Load the library's BigGAN in evaluation mode, every key checked, spectral norm folded into the weights."""
    import torch

    state = _read_state(weights)
    try:
        model = _build_without_values(config)
    except (TypeError, ValueError, IndexError, RuntimeError, AttributeError) as error:
        raise InputError(f"The config.json beside {weights} describes no BigGAN that can be built.") from error
    expected = model.state_dict()
    for problem, keys in (
        ("lacks", expected.keys() - state.keys()),
        ("has the unknown key", state.keys() - expected.keys()),
    ):
        if keys:
            found = first_of(sorted(keys), 1)
            raise InputError(f"{weights} {problem} {found}; it is not the checkpoint of this configuration.")
    for key, value in state.items():
        if value.shape != expected[key].shape:
            raise InputError(f"{weights}: {key} has shape {tuple(value.shape)}, expected {tuple(expected[key].shape)}.")
    model.load_state_dict({key: value.float() for key, value in state.items()}, assign=True)
    model.eval()
    fold_spectral_norm(model)
    if not all(torch.isfinite(value).all() for value in model.state_dict().values()):
        raise InputError(f"{weights} holds numbers that are not finite.")
    return model.requires_grad_(False)


def _build_without_values(config):
    """Build the library's BigGAN on the meta device: nothing is initialised that the checkpoint overwrites.

    Nor are the start vectors of spectral norm: for them torch would load its compiler, which takes longer than
    everything else here.
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
    """Read tensors by name; neither format can run code on loading."""
    import torch
    from safetensors.torch import load_file

    try:
        state = (
            load_file(weights)
            if weights.suffix == ".safetensors"
            else torch.load(weights, map_location="cpu", weights_only=True)
        )
    except Exception as error:  # safetensors, zip and unpickling raise different errors for a broken file
        refuse_stand_ins([weights])
        raise InputError(f"{weights} cannot be read as weights: {weights_fault(error)}") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise InputError(f"{weights} is not a dictionary of tensors.")
    return state


def fold_spectral_norm(model) -> None:
    """Replace W_orig, u, v by W = W_orig / (u' W_orig v) once, instead of at every call."""
    from torch.nn.utils import remove_spectral_norm

    for module in model.modules():
        if hasattr(module, "weight_orig"):
            remove_spectral_norm(module)
