"""Attention weights of tokens for the pooling ``subject``, learned for the bundled encoder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

SUBJECT_WEIGHTS = Path(__file__).parent / "data" / "subject_attention.safetensors"


class SubjectAttention(nn.Module):
    """Attention over the tokens of a sentence: one weight per token, from its hidden states in a few layers.

    "A dog watching food cook in an oven" names a dog and an oven and is about the dog; the mean over its tokens does
    not tell. With h_t the concatenated states of token t, scaled to mean 0 and deviation 1 in every dimension, and n
    the number of tokens,

        ``w_t = share softmax_t(v gelu(A h_t + a)) + (1 - share) / n``

    v is initialised to zero, which gives mean pooling. ``python -m training subject`` learns A, a and v from
    composed sentences with a subject and company (training/subject.py).

    Parameters
    ----------
    layers : sequence of int
        Whose states are read.
    hidden_size : int
        Of the encoder.
    width : int
        Rows of A.
    share : float
        Part of the weight that is learned; the rest is spread evenly.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, layers: Sequence[int], hidden_size: int, width: int, share: float):
        super().__init__()
        self.layers, self.hidden_size, self.width, self.share = tuple(layers), hidden_size, width, share
        size = len(self.layers) * hidden_size
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.inner, self.outer = nn.Linear(size, width), nn.Linear(width, 1, bias=False)
        nn.init.zeros_(self.outer.weight)

    def forward(self, states: Sequence[Tensor], mask: Tensor) -> Tensor:
        """Weights (b, t), adding up to 1 in every sentence, of the states of all layers, (b, t, hidden size) each.

        ``mask`` (b, t) is 1 for tokens of the sentence, 0 for padding, whose weight is 0.
        """
        features = (torch.cat([states[layer] for layer in self.layers], dim=-1) - self.mean) / self.deviation
        logits = self.outer(nn.functional.gelu(self.inner(features))).squeeze(-1)
        learned = logits.masked_fill(mask == 0, -torch.inf).softmax(dim=-1)
        even = mask / mask.sum(dim=-1, keepdim=True)
        return self.share * learned + (1 - self.share) * even

    def save(self, path: Path = SUBJECT_WEIGHTS) -> None:
        """Write weights and sizes as safetensors."""
        sizes = {"hidden_size": self.hidden_size, "width": self.width, "share": self.share}
        metadata = {name: str(value) for name, value in sizes.items()}
        metadata["layers"] = " ".join(map(str, self.layers))
        save_file({name: value.contiguous() for name, value in self.state_dict().items()}, path, metadata)

    @classmethod
    def load(cls, path: Path = SUBJECT_WEIGHTS) -> SubjectAttention:
        """Read the file that :meth:`save` wrote."""
        with safe_open(path, framework="pt") as file:
            about = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, it is no dict
        layers = [int(layer) for layer in about["layers"].split()]
        attention = cls(layers, int(about["hidden_size"]), int(about["width"]), float(about["share"]))
        attention.load_state_dict(tensors)
        return attention.eval()


@lru_cache(maxsize=2)
def bundled_attention(device: str = "cpu") -> SubjectAttention:
    """The bundled attention weights, on a device."""
    return SubjectAttention.load().to(device)
