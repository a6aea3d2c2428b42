"""Hidden states of the tokens of sentences: the model and the tokenizer of a text encoder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from alignment.errors import InputError
from alignment.execution.cpu import has_bfloat16_units, threads_for
from alignment.execution.placement import PlacedModel
from alignment.files.digests import file_sha256
from alignment.text import readable_sentences
from alignment.text.architectures import (
    explain_model_errors,
    hidden_states,
    longest_input,
    own_embedding_size,
    vocabulary_vectors,
)
from alignment.text.checkpoints import ENCODERS, load_model, read_config, unused_notes
from alignment.text.sentence_transformers_folder import (
    OWN_POOLING,
    folder_notes,
    longest_sentence,
    lower_cases,
    modules_of,
    transformer_folder,
)
from alignment.text.tokenizer import load_tokenizer

READ = {".safetensors", ".bin", ".json", ".txt", ".model"}  # files that affect an encoding
BATCH_TOKENS = 2048  # encoded at a time: enough for fast products, few enough for the processor's cache
GPU_BATCH_TOKENS = 2**15  # the same on a GPU
SINGLE_THREAD_TOKENS = 64  # up to as many, one thread is as fast as several


class SentenceStates(PlacedModel):
    """Model and tokenizer of an encoder: the hidden states of sentences, before any pooling.

    Parameters
    ----------
    source : str
        Name of the encoder.
    folder : Path
        Where its files are.
    pooling : str
        With "own" the folder's pooling modules are part of the encoder, and their length limit applies.
    device, dtype : str
        As for :class:`~alignment.text.encoder.TextEncoder`.
    """

    def __init__(self, source: str, folder: Path, pooling: str, device: str, dtype: str | None):
        super().__init__(device, "sentences", dtype)
        self.source, self.folder, self.pooling = source, folder, pooling

    @cached_property
    def _transformer(self) -> Path:
        return transformer_folder(self.folder)

    @cached_property
    def config(self):
        """The model's configuration, read without loading weights."""
        return read_config(self._transformer)

    @property
    def notes(self) -> list[str]:
        """Notes on modules, prompts and code of its folder that are not used."""
        return [*folder_notes(self.folder, self.pooling), *unused_notes(self._transformer)]

    @property
    def n_layers(self) -> int:
        """Number of transformer blocks."""
        known = ENCODERS.get(self.source)  # spares the first page the import of transformers
        return known.layers if known else int(self.config.num_hidden_layers)

    @property
    def hidden_size(self) -> int:
        """Size of a hidden state."""
        known = ENCODERS.get(self.source)
        return known.dim if known else int(self.config.hidden_size)

    @property
    def embedding_size(self) -> int:
        """Size of the token embeddings, smaller than a hidden state in some models (ALBERT, ELECTRA)."""
        known = ENCODERS.get(self.source)
        return known.dim if known else own_embedding_size(self.config)

    @cached_property
    def fingerprint(self) -> str:
        """Cache key of the encoder: SHA-256 of weights, tokenizer and settings; layer and pooling are not in it."""
        modules = [module.folder for module in modules_of(self.folder)] if self.pooling == OWN_POOLING else []
        folders = dict.fromkeys([self.folder, self._transformer, *modules])
        files = sorted(p for place in folders if place.is_dir() for p in place.iterdir() if p.suffix in READ)
        return "-".join(file_sha256(path)[:16] for path in files)

    def _default_dtype(self, device: str) -> str:
        return "bfloat16" if device == "cpu" and has_bfloat16_units() else "float32"

    @cached_property
    def _tokenizer(self):
        tokenizer = load_tokenizer(self._transformer)
        if lower_cases(self.folder):
            from tokenizers import normalizers

            own = tokenizer.backend_tokenizer.normalizer
            tokenizer.backend_tokenizer.normalizer = normalizers.Sequence(
                [normalizers.Lowercase(), *([own] if own else [])]
            )
        return tokenizer

    @cached_property
    def _longest(self) -> int:
        """Number of tokens after which a sentence is truncated."""
        stated = longest_sentence(self.folder) if self.pooling == OWN_POOLING else None
        model = self.placement.once(self._model)
        limits = (stated, self._tokenizer.model_max_length, longest_input(model, self.config))
        return min(limit for limit in limits if limit)

    def _load(self, device: str, dtype: str):
        model = load_model(self._transformer, self.fingerprint, dtype, device)
        rows, entries = len(vocabulary_vectors(model)), max(self._tokenizer.get_vocab().values()) + 1
        if entries > rows:
            raise InputError(
                f"The tokenizer in {self.folder} has {entries:,} entries and the weights have {rows:,} rows for them; "
                "they do not belong together."
            )
        return model

    def _batches(self, sentences: Sequence[str]) -> Iterator[tuple[np.ndarray, int]]:
        """Yield rows of sentences with the same number of tokens, longest first, and the batch size for each."""
        if not len(sentences):
            return
        lengths = np.array([len(ids) for ids in self._tokens(sentences)["input_ids"]])
        if not lengths.all():
            empty = sentences[int(lengths.argmin())]
            raise InputError(f"The encoder finds no token in the sentence {empty[:60]!r}; leave it out.")
        batch_tokens = BATCH_TOKENS if self.placement.device == "cpu" else GPU_BATCH_TOKENS
        for length in np.unique(lengths)[::-1]:
            yield np.flatnonzero(lengths == length), max(1, batch_tokens // int(length))

    def _forward(self, sentences: list[str]):
        """Tokens of the sentences, and the hidden states of all layers, (b, t, hidden size) each, on the device."""
        import torch

        model = self._model(self.placement.device)
        tokens = self._tokens(sentences, return_tensors="pt", return_offsets_mapping=True, return_attention_mask=True)
        tokens = tokens.to(vocabulary_vectors(model).device)
        inputs = {key: tokens[key] for key in self._tokenizer.model_input_names if key in tokens}
        is_small = tokens["input_ids"].numel() <= SINGLE_THREAD_TOKENS
        with torch.inference_mode(), threads_for(small=is_small), explain_model_errors(self.folder):
            states = hidden_states(model, **inputs)
        if len(states) != self.n_layers + 1 or any(state.shape[-1] != self.hidden_size for state in states):
            sizes = sorted({state.shape[-1] for state in states})
            raise InputError(
                f"The model in {self.folder} gives {len(states)} hidden states of {' and '.join(map(str, sizes))} "
                f"numbers, not {self.n_layers + 1} of {self.hidden_size} as its config.json says; it cannot be used."
            )
        return tokens, states

    def _tokens(self, sentences: Sequence[str], **options):
        """Tokens of sentences, truncated at the encoder's limit; padded if the encoder was trained without a mask."""
        masked = "attention_mask" in self._tokenizer.model_input_names
        padding = False if masked or self._tokenizer.pad_token is None else "max_length"
        return self._tokenizer(
            list(sentences), padding=padding, truncation=True, max_length=self._longest, verbose=False, **options
        )

    def read_sentences(self, sentences: Sequence[str], terms: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
        """Which sentences can be read, and which are truncated: two bool arrays (n,).

        See :func:`~alignment.text.readable_sentences.read_sentences`.
        """
        sentences = readable_sentences.check_sentences(sentences, *readable_sentences.SENTENCES_WANTED)
        readable, tokens = readable_sentences.read_sentences(self._tokenizer, sentences, terms)
        return readable, tokens > self._longest

    def unread_parts(self, sentences: Sequence[str]) -> list[list[str]]:
        """Parts of sentences that are not in its vocabulary: see
        :func:`~alignment.text.readable_sentences.unread_parts`.
        """
        sentences = readable_sentences.check_sentences(sentences, *readable_sentences.SENTENCES_WANTED)
        return readable_sentences.unread_parts(self._tokenizer, sentences)

    def read_alike(self, names: Sequence[str]) -> np.ndarray:
        """Which names get the same tokens as another: :func:`~alignment.text.readable_sentences.read_alike`."""
        names = readable_sentences.check_sentences(names, *readable_sentences.NAMES_WANTED)
        return readable_sentences.read_alike(self._tokenizer, names)

    def check_prompt(self, prompt: str, names: Callable[[], Collection[str]] = tuple) -> str:
        """Strip a prompt and refuse an unreadable one: :func:`~alignment.text.readable_sentences.check_prompt`."""
        return readable_sentences.check_prompt(self._tokenizer, prompt, names)
