"""The tokenizer of an encoder, in its fast form."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from alignment.errors import InputError
from alignment.text.checkpoints import LOADING, TOKENIZER_FILES, refuse_known

BLANK = "\u2581"  # what stands for a blank in the pieces of sentencepiece


class SharedTokenizer:
    """A tokenizer that only one thread calls at a time; all else of it is as it was.

    How a fast tokenizer cuts and pads are settings that every call changes, so that a call of another thread in between
    would cut and pad as this one was asked to.
    """

    def __init__(self, tokenizer):
        self._own = tokenizer
        self._lock = threading.Lock()

    def __call__(self, *arguments, **options):
        """The tokens of sentences."""
        with self._lock:
            return self._own(*arguments, **options)

    def __getattr__(self, name: str):
        return getattr(self._own, name)


def load_tokenizer(folder: Path) -> SharedTokenizer:
    """The tokenizer, in its fast form, which alone says which characters a token stands for.

    What is spelled like a special token ("[SEP]", "</s>") is text like any other: a caption is no command.
    """
    tokenizer = _loaded_tokenizer(folder)
    _read_special_tokens_as_text(tokenizer)
    return SharedTokenizer(tokenizer)


def _read_special_tokens_as_text(tokenizer) -> None:
    from tokenizers import Regex, models, normalizers

    tokenizer.split_special_tokens = True
    backend = tokenizer.backend_tokenizer
    if isinstance(backend.model, models.Unigram):  # which may hold them among its pieces, so that it finds them again
        special = [str(token) for token in tokenizer.added_tokens_decoder.values() if token.special]
        parted = [
            normalizers.Replace(Regex(f"{re.escape(token[0])}(?={re.escape(token[1:])})"), token[0] + BLANK)
            for token in special
            if backend.model.token_to_id(token) is not None
        ]
        backend.normalizer = normalizers.Sequence([*([backend.normalizer] if backend.normalizer else []), *parted])


def _loaded_tokenizer(folder: Path):
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    try:
        if not any((folder / name).is_file() for name in TOKENIZER_FILES):
            raise OSError("no vocabulary")  # transformers would use an empty one
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True, **LOADING)
        except Exception:  # a class that is made from other files than those that are here
            tokenizer = None
        if tokenizer is not None and tokenizer.is_fast:
            return tokenizer
        return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)  # tokenizer.json
    except Exception as error:  # whatever a damaged file makes of itself inside of transformers
        refuse_known(folder)
        raise InputError(f"The folder {folder} holds no readable tokenizer.") from error
