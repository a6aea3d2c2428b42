"""Text encoders: sentences in, one pooled hidden state each out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from alignment.downloads import file_sha256
from alignment.encoder_checkpoints import ENCODERS, find_folder, load_model, load_tokenizer, read_config
from alignment.errors import InputError
from alignment.processor import has_bfloat16_units, threads_for
from alignment.tokens import pooled_words

POOLINGS = ("mean", "cls", "word")
MAX_PROMPT_CHARACTERS = 2000
BATCH_TOKENS = 2048  # read at a time: large enough for fast products, small enough for the processor's cache
SMALL_BATCH = 64  # tokens that one thread reads as fast as several


class TextEncoder:
    """Sentences to hidden states of one layer, pooled to one vector a sentence.

    "I have a cat" becomes 6 word pieces with [CLS] and [SEP]; each has a hidden state of ``dim`` numbers
    in every layer; pooling turns the six of the chosen layer into one row of X:

    * ``mean``: x = sum_t m_t h_t / sum_t m_t over the tokens t the attention mask keeps (m_t = 1);
    * ``cls``: x = h_0, the state of the first token;
    * ``word``: the mean over the word pieces of one given word of the sentence.

    Parameters
    ----------
    source : str or Path
        "minilm" (bundled), a local folder in the format of ``save_pretrained``, or a Hub id such as
        "distilbert-base-uncased".
    layer : int
        Which hidden state: 0 is the input embedding, 1 to ``n_layers`` the blocks, -1 the last.
    pooling : {"mean", "cls", "word"}
    dtype : {"float32", "bfloat16"}, optional
        In which linear layers, and attention between them, are computed; sums from layer to layer, norms and the
        vectors are float32. By default bfloat16 where the processor multiplies it faster: 1.6 times the sentences a
        second, at a cosine above 0.9999 with float32's vectors.

    Raises
    ------
    InputError
        For an unknown source, layer, pooling or dtype, and for weights that are missing, altered or do not fit.

    References
    ----------
    Sanh et al. 2019, DistilBERT, arXiv:1910.01108. Reimers and Gurevych 2019, Sentence-BERT, arXiv:1908.10084.

    Examples
    --------
    >>> TextEncoder().encode(["I have a cat", "I have a dog"]).shape
    (2, 384)
    """

    def __init__(
        self, source: str | Path = "minilm", *, layer: int = -1, pooling: str = "mean", dtype: str | None = None
    ):
        if dtype not in (None, "float32", "bfloat16"):
            raise InputError(f"Unknown dtype {dtype!r}; choose 'float32' or 'bfloat16'.")
        if pooling not in POOLINGS:
            raise InputError(f"Unknown pooling {pooling!r}; choose one of {', '.join(POOLINGS)}.")
        self.source = str(source)
        self.layer = layer
        self.pooling = pooling
        self._dtype = dtype
        self.folder = find_folder(self.source)
        if not -1 <= layer <= self.n_layers:
            raise InputError(f"This encoder has layers 0 to {self.n_layers} (or -1, the last); got {layer}.")

    @cached_property
    def config(self):
        """The model's configuration, read without loading weights."""
        return read_config(self.folder)

    @property
    def n_layers(self) -> int:
        """Number of transformer blocks."""
        known = ENCODERS.get(self.source)  # spares the first page the import of transformers
        return known.layers if known else int(self.config.num_hidden_layers)

    @property
    def dim(self) -> int:
        """Size of a hidden state."""
        known = ENCODERS.get(self.source)
        return known.dim if known else int(self.config.hidden_size)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weights and the tokenizer: what an encoding depends on besides layer and pooling."""
        files = sorted(
            p for p in self.folder.iterdir() if p.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}
        )
        return "-".join(file_sha256(path)[:16] for path in files if path.name != "README.md")

    @cached_property
    def dtype(self) -> str:
        """What linear layers are computed in: "float32" or "bfloat16"."""
        return self._dtype or ("bfloat16" if has_bfloat16_units() else "float32")

    @cached_property
    def _tokenizer(self):
        return load_tokenizer(self.folder)

    @property
    def _longest(self) -> int:
        """Most tokens the model reads; what is longer is cut."""
        return min(self._tokenizer.model_max_length, getattr(self.config, "max_position_embeddings", 512))

    @cached_property
    def _model(self):
        return load_model(self.folder, self.fingerprint, self.dtype)

    def encode(
        self,
        sentences: Sequence[str],
        *,
        words: Sequence[str] | None = None,
        batch_tokens: int = BATCH_TOKENS,
        progress: Callable[[int, int], None] | None = None,
    ) -> np.ndarray:
        """Pooled hidden states, X[i] = pool(h(sentences[i])).

        A batch holds sentences of as many tokens each, so that nothing is padded; rows come back in the order given.

        Parameters
        ----------
        sentences : sequence of str, length n
        words : sequence of str, length n
            For the pooling ``word``: the word (or words) of each sentence whose pieces are averaged; "" takes the
            whole sentence, as ``mean`` does.
        batch_tokens : int
            Tokens read at a time, at most; a longer sentence is read alone.
        progress : callable (done, total), called after every batch

        Returns
        -------
        float32 array (n, dim)

        Raises
        ------
        InputError
            When the pooling ``word`` is asked for without words, or a word is not in its sentence.
        """
        if self.pooling == "word" and (words is None or len(words) != len(sentences)):
            raise InputError("The pooling 'word' needs one word for every sentence.")
        vectors = np.empty((len(sentences), self.dim), dtype=np.float32)
        done = 0
        for rows in self._batches(sentences, batch_tokens):
            spans = [_word_span(sentences[i], words[i]) for i in rows] if self.pooling == "word" else None
            vectors[rows] = self._encode_batch([sentences[i] for i in rows], spans)
            done += len(rows)
            if progress:
                progress(done, len(sentences))
        return vectors

    def _batches(self, sentences: Sequence[str], batch_tokens: int) -> Iterator[np.ndarray]:
        """Rows of sentences of the same number of tokens, longest first."""
        if not len(sentences):
            return
        tokens = self._tokenizer(list(sentences), truncation=True, max_length=self._longest)["input_ids"]
        lengths = np.array([len(ids) for ids in tokens])
        for length in np.unique(lengths)[::-1]:
            rows, size = np.flatnonzero(lengths == length), max(1, batch_tokens // length)
            yield from (rows[start : start + size] for start in range(0, len(rows), size))

    def encode_layers(
        self,
        sentences: Sequence[str],
        *,
        words: Sequence[str],
        groups: np.ndarray,
        layers: Sequence[int],
        batch_tokens: int = BATCH_TOKENS,
        progress: Callable[[int, int], None] | None = None,
    ) -> np.ndarray:
        """Several layers and all poolings from one reading of the sentences, averaged over groups of sentences.

        Parameters
        ----------
        sentences, words : sequences of str, length n
            As for :meth:`encode`.
        groups : ndarray of int, (n,)
            From 0 without gaps; the vectors of a group are averaged, as 37,000 sentences in 21 ways would fill a
            gigabyte.
        layers : sequence of int

        Returns
        -------
        float32 array (len(layers), len(POOLINGS), number of groups, dim)
        """
        sums = np.zeros((len(layers), len(POOLINGS), groups.max() + 1, self.dim), dtype=np.float32)
        done = 0
        for rows in self._batches(sentences, batch_tokens):
            batch, states = self._forward([sentences[i] for i in rows])
            spans = [_word_span(sentences[i], words[i]) for i in rows]
            for place, layer in enumerate(layers):
                for way, pooling in enumerate(POOLINGS):
                    np.add.at(sums[place, way], groups[rows], _pool(states[layer], batch, pooling, spans))
            done += len(rows)
            if progress:
                progress(done, len(sentences))
        return sums / np.bincount(groups)[:, None].astype(np.float32)

    def _encode_batch(self, sentences: list[str], spans: list[tuple[int, int]] | None) -> np.ndarray:
        batch, states = self._forward(sentences)
        return _pool(states[self.layer], batch, self.pooling, spans)

    def _forward(self, sentences: list[str]):
        """The tokens of the sentences and the hidden states of all layers, (b, t, dim) each."""
        import torch

        batch = self._tokenizer(
            sentences,
            padding=True,
            truncation=True,
            return_tensors="pt",
            return_offsets_mapping=True,
            max_length=self._longest,
        )
        inputs = {key: batch[key] for key in self._tokenizer.model_input_names if key in batch}
        with torch.inference_mode(), threads_for(batch["input_ids"].numel() <= SMALL_BATCH):
            states = self._model(**inputs, output_hidden_states=True).hidden_states
            return batch, [state.float() for state in states]

    def tokens(self, sentence: str) -> tuple[list[str], np.ndarray]:
        """The sentence's word pieces and the chosen layer's state of each.

        Returns
        -------
        (list of t str, float32 array (t, dim))
        """
        batch, states = self._forward([sentence])
        return self._tokenizer.convert_ids_to_tokens(batch["input_ids"][0]), states[self.layer][0].numpy()

    def words(self, sentence: str) -> tuple[list[str], np.ndarray]:
        """The sentence's whole words and the chosen layer's state of each: :func:`alignment.tokens.pooled_words`.

        Returns
        -------
        (list of w str, float32 array (w, dim))
        """
        batch, states = self._forward([sentence])
        return pooled_words(sentence, batch["offset_mapping"][0].tolist(), states[self.layer][0].numpy())

    def name_pieces(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """How the vocabulary spells names: rare words are cut into more pieces, and stand further back in it.

        Vocabularies are made by taking in the most frequent words and pieces first, so that a place in them tells how
        frequent a word was in the text that the vocabulary was made from, if only roughly.

        Returns
        -------
        (pieces, place) : int arrays (n,)
            Number of word pieces of every name, and the place in the vocabulary of the one furthest back.
        """
        spelled = self._tokenizer(list(names), add_special_tokens=False)["input_ids"]
        return np.array([len(ids) for ids in spelled]), np.array([max(ids, default=0) for ids in spelled])

    def check_prompt(self, prompt: str) -> str:
        """The prompt without surrounding blanks, if this encoder can read it.

        Raises
        ------
        InputError
            For a blank or overlong prompt, control characters, or one in which no word is known to the encoder.
        """
        text = prompt.strip()
        if not text:
            raise InputError("The prompt is empty; write a sentence such as 'I have a cat'.")
        if len(text) > MAX_PROMPT_CHARACTERS:
            raise InputError(f"The prompt has {len(text):,} characters; the limit is {MAX_PROMPT_CHARACTERS:,}.")
        if control := next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and not c.isspace()), None):
            raise InputError(f"The prompt contains the control character U+{ord(control):04X}; remove it.")
        if not self._reads(text):
            shown = text if len(text) <= 40 else text[:40] + "..."
            raise InputError(
                f"The text encoder knows none of the words in {shown!r}; describe the picture in English words."
            )
        return text

    def _reads(self, text: str) -> bool:
        """Whether any word survives as more than single letters and unknown tokens."""
        encoding = self._tokenizer(text, truncation=True, add_special_tokens=False, return_offsets_mapping=True)
        pieces = zip(encoding["input_ids"], encoding["offset_mapping"], strict=True)
        known = [text[a:b] for token, (a, b) in pieces if token != self._tokenizer.unk_token_id]
        return any(len(piece) > 1 and any(c.isalnum() for c in piece) for piece in known)


def _pool(states, batch, pooling: str, spans: list[tuple[int, int]] | None) -> np.ndarray:
    """One vector a sentence, (b, dim), from the states of its tokens, (b, t, dim)."""
    import torch

    if pooling == "cls":
        return states[:, 0].numpy()
    weights = batch["attention_mask"]  # (b, t)
    if pooling == "word":
        begin, end = batch["offset_mapping"].unbind(-1)  # (b, t) each: character range of every token
        first, last = torch.tensor(spans).T[..., None]  # (b, 1) each
        weights = weights * ((begin < last) & (end > first))
    weights = weights.unsqueeze(-1).to(states.dtype)  # (b, t, 1)
    return ((states * weights).sum(1) / weights.sum(1).clamp(min=1)).numpy()


def _word_span(sentence: str, word: str) -> tuple[int, int]:
    """Character range of ``word`` in ``sentence``: as a whole word if it stands so, else anywhere; all of it for ""."""
    if not word:
        return -1, len(sentence) + 1  # wide enough for [CLS] and [SEP], which stand at (0, 0)
    match = re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE) or re.search(
        re.escape(word), sentence, re.IGNORECASE
    )
    if match is None:
        raise InputError(f"The word {word!r} is not in the sentence {sentence[:60]!r}.")
    return match.span()
