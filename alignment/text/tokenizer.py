"""The tokenizer of an encoder, in its fast form."""

from __future__ import annotations

import threading
from pathlib import Path

from alignment.errors import InputError
from alignment.text.checkpoints import LOADING, TOKENIZER_FILES, refuse_known


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
    """The tokenizer, in its fast form, which alone says which characters a token stands for."""
    return SharedTokenizer(_loaded_tokenizer(folder))


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
