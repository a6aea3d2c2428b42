"""Fast tokenizers of text encoders: loading, locking between threads, special tokens read as text."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from alignment.errors import InputError, first_line
from alignment.text.checkpoints import LOADING, TOKENIZER_FILES, refuse_known

BLANK = "\u2581"  # sentencepiece's symbol for a space


class SharedTokenizer:
    """A tokenizer with a lock, so that only one thread calls it at a time; other attributes are passed through.

    Every call of a fast tokenizer changes its truncation and padding settings, so that a concurrent call would use
    those of another thread.
    """

    def __init__(self, tokenizer):
        self._own = tokenizer
        self._lock = threading.Lock()

    def __call__(self, *arguments, **options):
        """Tokenize sentences.

        Raises
        ------
        InputError
            When a word is in no way in the vocabulary, and that has no token for unknown ones.
        """
        with self._lock:
            try:
                return self._own(*arguments, **options)
            except Exception as error:  # tokenizers raises no other type
                if type(error) is not Exception or "unk" not in str(error).casefold():
                    raise
                raise InputError(
                    f"The tokenizer in {self._own.name_or_path} has no token for unknown words ({first_line(error)}), "
                    "so that it cannot read every sentence; add one to its vocabulary and train with it."
                ) from error

    def __getattr__(self, name: str):
        return getattr(self._own, name)


def load_tokenizer(folder: Path) -> SharedTokenizer:
    """Load a folder's tokenizer in its fast form, the only one that gives character offsets of tokens.

    Text that is spelled like a special token ("[SEP]", "</s>") is tokenized as ordinary text.
    """
    tokenizer = _load_fast_tokenizer(folder)
    _read_special_tokens_as_text(tokenizer)
    return SharedTokenizer(tokenizer)


def _read_special_tokens_as_text(tokenizer) -> None:
    from tokenizers import Regex, models, normalizers

    tokenizer.split_special_tokens = True
    backend = tokenizer.backend_tokenizer
    if isinstance(backend.model, models.Unigram):  # special tokens may be among its pieces, and be found as those
        special = [str(token) for token in tokenizer.added_tokens_decoder.values() if token.special]
        parted = [
            normalizers.Replace(Regex(f"{re.escape(token[0])}(?={re.escape(token[1:])})"), token[0] + BLANK)
            for token in special
            if backend.model.token_to_id(token) is not None
        ]
        backend.normalizer = normalizers.Sequence([*([backend.normalizer] if backend.normalizer else []), *parted])


def _load_fast_tokenizer(folder: Path):
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    try:
        if not any((folder / name).is_file() for name in TOKENIZER_FILES):
            raise OSError("no vocabulary")  # transformers would use an empty one
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True, **LOADING)
        except Exception:  # the tokenizer class needs files that are missing here
            tokenizer = None
        if tokenizer is not None and tokenizer.is_fast:
            return tokenizer
        return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)  # tokenizer.json
    except Exception as error:  # a damaged file raises errors of any kind in transformers
        refuse_known(folder)
        raise InputError(f"The folder {folder} holds no readable tokenizer.") from error
