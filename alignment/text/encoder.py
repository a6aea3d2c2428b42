"""Text encoders: sentences in, one pooled hidden state each out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from alignment.devices.cpu import has_bfloat16_units, threads_for
from alignment.downloads import file_sha256
from alignment.errors import InputError
from alignment.text.checkpoints import ENCODERS, find_folder, load_model, load_tokenizer, read_config
from alignment.text.pooling import POOLINGS, beside, inside, pooled_dim, rarity, weighted_mean, word_span
from alignment.text.words import pooled_words

MAX_PROMPT_CHARACTERS = 2000
BATCH_TOKENS = 2048  # read at a time: large enough for fast products, small enough for the processor's cache
SMALL_BATCH = 64  # tokens that one thread reads as fast as several


class TextEncoder:
    """Sentences to hidden states of one layer, pooled to one vector a sentence.

    "I have a cat" becomes 6 word pieces with [CLS] and [SEP]; each has a hidden state in every layer; pooling turns
    the six of the chosen layer into one row of X:

    * ``mean``: x = sum_t m_t h_t / sum_t m_t over the tokens t the attention mask keeps (m_t = 1);
    * ``cls``: x = h_0, the state of the first token;
    * ``word``: the mean over the word pieces of one given word of the sentence;
    * ``lexical``: the mean beside what the words mean alone, x = [u(sum_t m_t h_t), u(sum_t w_t e_t) / 2] of
      2 ``hidden_size`` numbers, with u(v) = v / |v|, e_t the vector that the vocabulary holds for token t, and
      w_t = r_t / (r_t + 50), r_t its place among the words of the vocabulary, where frequent ones come first; 0 for
      [CLS] and [SEP]. So rare words weigh more: w_t is a / (a + p_t), as in Arora et al., if p_t, how frequent a word
      is, falls with its place as 1 / r_t.

    Parameters
    ----------
    source : str or Path
        "minilm" (bundled), a local folder in the format of ``save_pretrained``, or a Hub id such as
        "distilbert-base-uncased".
    layer : int
        Which hidden state: 0 is the input embedding, 1 to ``n_layers`` the blocks, -1 the last.
    pooling : {"mean", "cls", "word", "lexical"}
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
    Sanh et al. 2019, DistilBERT, arXiv:1910.01108. Reimers and Gurevych 2019, Sentence-BERT, arXiv:1908.10084. Arora,
    Liang and Ma 2017, A simple but tough-to-beat baseline for sentence embeddings.

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
    def hidden_size(self) -> int:
        """Size of a hidden state."""
        known = ENCODERS.get(self.source)
        return known.dim if known else int(self.config.hidden_size)

    @property
    def dim(self) -> int:
        """Size of a sentence's vector."""
        return pooled_dim(self.hidden_size, self.pooling)

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

    @cached_property
    def _rarity(self):
        import torch

        return torch.from_numpy(rarity(self._tokenizer))

    def encode(
        self,
        sentences: Sequence[str],
        *,
        words: Sequence[str] | None = None,
        batch_tokens: int = BATCH_TOKENS,
        progress: Callable[[int, int], object] | None = None,
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
            spans = [word_span(sentences[i], words[i]) for i in rows] if self.pooling == "word" else None
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
        progress: Callable[[int, int], object] | None = None,
    ) -> dict[str, np.ndarray]:
        """Several layers and all poolings from one reading of the sentences, averaged over groups of sentences.

        Parameters
        ----------
        sentences, words : sequences of str, length n
            As for :meth:`encode`.
        groups : ndarray of int, (n,)
            From 0 without gaps; the vectors of a group are averaged, as 37,000 sentences in 28 ways would fill two
            gigabytes.
        layers : sequence of int

        Returns
        -------
        dict from pooling to float32 array (len(layers), number of groups, dim of that pooling)
        """
        sizes = np.bincount(groups).astype(np.float32)
        sums = {
            pooling: np.zeros((len(layers), len(sizes), pooled_dim(self.hidden_size, pooling)), dtype=np.float32)
            for pooling in POOLINGS
        }
        done = 0
        for rows in self._batches(sentences, batch_tokens):
            batch, states = self._forward([sentences[i] for i in rows])
            spans = [word_span(sentences[i], words[i]) for i in rows]
            for place, layer in enumerate(layers):
                for pooling, total in sums.items():
                    np.add.at(total[place], groups[rows], self._pooled(batch, states, layer, pooling, spans))
            done += len(rows)
            if progress:
                progress(done, len(sentences))
        return {pooling: total / sizes[:, None] for pooling, total in sums.items()}

    def _encode_batch(self, sentences: list[str], spans: list[tuple[int, int]] | None) -> np.ndarray:
        batch, states = self._forward(sentences)
        return self._pooled(batch, states, self.layer, self.pooling, spans)

    def _pooled(self, batch, states, layer: int, pooling: str, spans: list[tuple[int, int]] | None) -> np.ndarray:
        """One vector a sentence, (b, dim), from the states of its tokens, (b, t, hidden size) in every layer."""
        if pooling == "cls":
            return states[layer][:, 0].numpy()
        kept = batch["attention_mask"]  # (b, t)
        if pooling == "word":
            kept = kept * inside(batch["offset_mapping"], spans)
        mean = weighted_mean(states[layer], kept)
        if pooling == "lexical":
            return beside(mean, self._words_alone(batch["input_ids"]))
        return mean.numpy()

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

    def _words_alone(self, ids):
        """sum_t w_t e_t, (b, hidden size), of tokens (b, t)."""
        import torch
        from torch.nn.functional import embedding_bag

        with torch.inference_mode():
            vectors = self._model.get_input_embeddings().weight.float()
            return embedding_bag(ids, vectors, mode="sum", per_sample_weights=self._rarity[ids])

    def tokens(self, sentence: str) -> tuple[list[str], np.ndarray]:
        """The sentence's word pieces and the chosen layer's state of each (``lexical``: beside its own vector).

        Returns
        -------
        (list of t str, float32 array (t, dim))
        """
        batch, states = self._forward([sentence])
        return self._tokenizer.convert_ids_to_tokens(batch["input_ids"][0]), self._of_tokens(batch, states)

    def words(self, sentence: str) -> tuple[list[str], np.ndarray]:
        """The sentence's whole words and the chosen layer's state of each: :func:`alignment.text.words.pooled_words`.

        Returns
        -------
        (list of w str, float32 array (w, dim))
        """
        batch, states = self._forward([sentence])
        return pooled_words(sentence, batch["offset_mapping"][0].tolist(), self._of_tokens(batch, states))

    def _of_tokens(self, batch, states) -> np.ndarray:
        """The vector of each token of the first sentence, (t, dim): as pooled, had the sentence no other."""
        own, ids = states[self.layer][0], batch["input_ids"][0]
        return beside(own, self._words_alone(ids[:, None])) if self.pooling == "lexical" else own.numpy()

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
