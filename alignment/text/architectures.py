"""The text part of a transformers model: its class, its configuration, its hidden states."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError, first_line
from alignment.execution.placement import is_out_of_memory

if TYPE_CHECKING:
    from torch import Tensor, nn

DEFAULT_LENGTH = 512  # tokens, of models whose positions are relative: T5, XLNet, DeBERTa
DPR, OPT = "dpr", "opt"
TABLES = {"Embedding", "QuantEmbedding"}  # of positions, torch's own and I-BERT's; others count their rows otherwise
LENGTHS = ("max_position_embeddings", "max_encoder_position_embeddings")  # the second is LED's
# Settings that give the size of token embeddings; the second is OPT's, the third RemBERT's.
EMBEDDING_SIZES = ("embedding_size", "word_embed_proj_dim", "input_embedding_size")
READS_TEXT = "input_ids"  # main input of a model class that reads text
# Buffers of older versions of transformers, which every model computes itself.
OLD_BUFFERS = re.compile(r"(^|\.)(position_ids|token_type_ids|inv_freq|masked_bias|attn\.bias|attention\.bias)$")


def text_config(config):
    """Configuration of the text part of a model: of its encoder half, its text tower, or all of it."""
    return config.get_text_config(encoder=True) if config.is_encoder_decoder else config.get_text_config()


def model_class(config):
    """The transformers class to load for a configuration, or None if none reads text.

    The encoder half of T5-like models and the text towers of CLIP and SigLIP have separate classes.
    """
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_FOR_TEXT_ENCODING_MAPPING, MODEL_MAPPING

    found = None
    for mapping, sought in (
        (MODEL_FOR_TEXT_ENCODING_MAPPING, config),
        (MODEL_FOR_TEXT_ENCODING_MAPPING, text_config(config)),
        (MODEL_MAPPING, config),
    ):
        if found is None and type(sought) in mapping:
            found = mapping[type(sought)]
    if config.model_type == DPR:  # whose encoders of questions and of passages have the same configuration
        found = None
    if found is None:  # a tower without an entry in either mapping, such as SigLIP's
        names = [name for name in getattr(config, "architectures", None) or () if isinstance(name, str)]
        found = getattr(transformers, names[0], None) if names else None
    found = found[0] if isinstance(found, tuple) else found
    reads = isinstance(found, type) and issubclass(found, transformers.PreTrainedModel)
    return found if reads and getattr(found, "main_input_name", None) == READS_TEXT else None


def text_tower(model) -> nn.Module:
    """The part of a model that reads text: its encoder half, its text tower, or all of it.

    OPT's projection after the last layer is removed: in opt-350m it maps to the size of the token embeddings, to
    predict the next token. Without it all hidden states have one size, and the last is that of the last layer.
    """
    if model.config.model_type == OPT:
        model.decoder.project_out = None
    if model.config.is_encoder_decoder:
        return model.get_encoder()
    if model.config.model_type == DPR:
        return getattr(model, model.base_model_prefix).bert_model
    for name in ("text_model", "language_model"):
        if getattr(model.config, "text_config", None) is not None and hasattr(model, name):
            return getattr(model, name)
    return model


def hidden_states(tower: nn.Module, **inputs: Tensor) -> list[Tensor]:
    """Hidden states of the embedding and of every layer, (b, t, d) each.

    The last is the model's output, after a norm that some models (CLIP) apply outside their layers.
    """
    output = tower(**inputs, output_hidden_states=True, return_dict=True)
    return [*(state.float() for state in output.hidden_states[:-1]), output.last_hidden_state.float()]


@contextmanager
def explain_model_errors(folder: Path) -> Iterator[None]:
    """Turn any error raised in a model's code into an InputError of one sentence.

    Running out of GPU memory is passed on: :class:`~alignment.execution.placement.Placement` then retries with smaller
    batches.
    """
    try:
        yield
    except Exception as error:  # model code raises errors of any kind for inconsistent settings
        if is_out_of_memory(error):
            raise
        raise InputError(
            f"The model in {folder} fails in its own code ({type(error).__name__}: {first_line(error)}); choose "
            "another encoder."
        ) from error


def trial_input(tower: nn.Module) -> dict[str, Tensor]:
    """A short input as the tokenizer would give it, with an attention mask where the tower takes one."""
    import torch

    ids = torch.zeros((1, 8), dtype=torch.long, device=next(tower.parameters()).device)
    masked = "attention_mask" in inspect.signature(tower.forward).parameters
    return {"input_ids": ids} | ({"attention_mask": torch.ones_like(ids)} if masked else {})


def vocabulary_vectors(tower: nn.Module) -> Tensor:
    """The token embeddings of a tower, (V, d), one row per vocabulary entry."""
    try:
        return tower.get_input_embeddings().weight  # type: ignore[operator]
    except NotImplementedError:  # OwlViT's does not say which module holds them
        rows = tower.config.vocab_size  # type: ignore[union-attr]
        tables = (each for each in tower.modules() if getattr(each, "num_embeddings", None) == rows)
        return next(tables).weight  # type: ignore[return-value]


def longest_input(tower: nn.Module, config) -> int:
    """Maximum number of tokens for which the model has position embeddings.

    Position tables with a padding row (RoBERTa, MPNet) start after it: of 514 rows 512 can be used.
    """
    limits = [getattr(config, name, None) for name in LENGTHS]
    for name, module in tower.named_modules():
        is_table = type(module).__name__ in TABLES and name.endswith("position_embeddings")
        if is_table and module.padding_idx is not None:
            limits.append(len(module.weight) - module.padding_idx - 1)
    return min((limit for limit in limits if isinstance(limit, int) and limit > 0), default=DEFAULT_LENGTH)


def own_embedding_size(config) -> int:
    """Size of the token embeddings, which may differ from that of the hidden states.

    Read from the configuration, because it is needed before weights are loaded.
    """
    sizes = (getattr(config, name, None) for name in EMBEDDING_SIZES)
    return next((size for size in sizes if isinstance(size, int) and size > 0), config.hidden_size)


def keys_of(model, tower: nn.Module) -> Iterator[str]:
    """Names of the tower's parameters as the whole model calls them."""
    used = {id(parameter) for parameter in tower.parameters()}
    return (name for name, one in model.named_parameters(remove_duplicate=False) if id(one) in used)
