"""Text encoders: one vector per sentence, pooled from the hidden states of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

from alignment.errors import InputError
from alignment.execution.placement import check_dtype, resolve
from alignment.progress import at_step
from alignment.text import vocabulary
from alignment.text.architectures import vocabulary_vectors
from alignment.text.checkpoints import ENCODERS, check_layer, encoder_name, find_folder
from alignment.text.hidden_states import SentenceStates
from alignment.text.languages import languages_read
from alignment.text.pooling import POOLINGS, Pooling, TokenBatch, get_pooling, learned_pooling, tokens_in, word_span
from alignment.text.readable_sentences import NAMES_WANTED, check_sentences, check_words
from alignment.text.sentence_transformers_folder import OWN_POOLING, default_pooling, own_pooling
from alignment.text.words import pooled_words, word_shares

T = TypeVar("T")


class TextEncoder(SentenceStates):
    """Text encoder: hidden states of one layer, pooled to one vector per sentence.

    "I have a cat" becomes 6 word pieces with [CLS] and [SEP]; each has a hidden state in every layer; pooling turns
    the six of the chosen layer into one row of X:

    * ``mean``: x = sum_t m_t h_t / sum_t m_t over the tokens t the attention mask keeps (m_t = 1);
    * ``cls``: x = h_0, the state of the first token;
    * ``last``: x = h_T, the state of the last token T that the mask keeps;
    * ``word``: the mean over the word pieces of one given word of the sentence;
    * ``lexical``: x = [u(sum_t m_t h_t), u(sum_t w_t e_t) / 2] of ``hidden_size`` + ``embedding_size`` numbers, with
      u(v) = v / |v|, e_t the embedding of token t, and w_t its weight, which grows with rarity:
      :func:`~alignment.text.vocabulary.rarity_weights`;
    * ``subject``: ``lexical`` beside ``lexical`` with every token weighted by whether it names what the sentence is
      about, 4 ``hidden_size`` numbers; for the bundled encoder alone:
      :class:`~alignment.text.subject_attention.SubjectAttention`.

    Parameters
    ----------
    source : str or Path
        "minilm" (bundled), a local folder in the format of ``save_pretrained``, or a Hub id such as
        "distilbert-base-uncased".
    layer : int
        Which hidden state: 0 is the input embedding, 1 to ``n_layers`` the blocks, -1 the last.
    pooling : str
        Key of :data:`~alignment.text.pooling.POOLINGS`, or "own": the modules of a sentence-transformers folder, with
        their normalisation. "" is the pooling that was learned for the encoder, "own" for one with such modules, and
        "mean" for others; the default here is "mean" for all.
    dtype : {"float32", "bfloat16", "float16"}, optional
        Of the linear layers and of the attention between them; residual sums, norms and the vectors are float32. By
        default bfloat16 where the processor multiplies it faster: 1.6 times the sentences per second, with vectors
        whose cosine with those of float32 is above 0.9999. On a graphics card the default is float32.
    device : {"auto", "cpu", "cuda", "mps"}
        Where the model runs; "auto" is a graphics card where torch can use one. Where its memory is short, batches are
        smaller, or all sentences are encoded on the processor; a note reports it.

    Raises
    ------
    InputError
        For an unknown source, layer, pooling, dtype or device, and for weights that are missing, altered or do not fit.

    References
    ----------
    Sanh et al. 2019, DistilBERT, arXiv:1910.01108. Reimers and Gurevych 2019, Sentence-BERT, arXiv:1908.10084.

    Examples
    --------
    >>> TextEncoder().encode(["I have a cat", "I have a dog"]).shape
    (2, 384)
    """

    def __init__(
        self,
        source: str | Path = "minilm",
        *,
        layer: int = -1,
        pooling: str = "mean",
        dtype: str | None = None,
        device: str = "auto",
    ):
        source = encoder_name(source)
        check_dtype(dtype)  # this and what follows is refused before a download
        resolve(device)
        if pooling not in ("", OWN_POOLING):
            get_pooling(pooling).check(source)
        if source in ENCODERS:
            check_layer(layer, ENCODERS[source].layers)
        folder = find_folder(source)
        learned = learned_pooling(source) if source in ENCODERS else ""
        super().__init__(source, folder, pooling or learned or default_pooling(folder), device, dtype)
        check_layer(layer, self.n_layers)
        self.layer = layer

    def __repr__(self) -> str:
        return f"<TextEncoder: {self.source}, layer {self.layer}, pooling {self.pooling}>"

    @cached_property
    def _pooling(self) -> Pooling:
        return own_pooling(self.folder, self.hidden_size) if self.pooling == OWN_POOLING else get_pooling(self.pooling)

    @property
    def pooling_function(self) -> Callable:
        """The function that pools a :class:`~alignment.text.pooling.TokenBatch`."""
        return self._pooling.pool

    @property
    def dim(self) -> int:
        """Size of a sentence's vector."""
        return self._pooling.dimension(self.hidden_size, self.embedding_size)

    @property
    def needs_words(self) -> bool:
        """Whether the pooling needs one word of every sentence."""
        return self._pooling.needs_words

    def encode(
        self,
        sentences: Sequence[str],
        *,
        words: Sequence[str] | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> np.ndarray:
        """Pooled hidden states, X[i] = pool(h(sentences[i])).

        A batch holds sentences of the same number of tokens, so that there is no padding.

        Parameters
        ----------
        sentences : sequence of str, length n
        words : sequence of str, length n
            For a pooling that needs words: the word (or words) of each sentence; "" takes the whole sentence.
        progress : callable (done, total), called after every batch

        Returns
        -------
        float32 array (n, dim), in the order of ``sentences``

        Raises
        ------
        InputError
            When the pooling needs words and there are none, or a word is not in its sentence.
        """
        sentences, words = check_words(sentences, words if self.needs_words else None)
        if self.needs_words and words is None:
            raise InputError(f"The pooling {self.pooling!r} needs one word for every sentence.")
        vectors = np.empty((len(sentences), self.dim), dtype=np.float32)
        begun_on = None
        while begun_on != self.placement.device:  # where a card's memory is too short, the CPU encodes all anew
            begun_on = self.placement.device
            for rows, pooled in self._compute_batches(self._encode_batch, sentences, words, progress):
                vectors[rows] = pooled
        return vectors

    def _encode_batch(self, sentences: list[str], words: list[str]) -> np.ndarray:
        return self._pool(self._token_batch(sentences, words))

    def _pool(self, batch: TokenBatch) -> np.ndarray:
        return self._pooling.pool(batch).cpu().numpy()

    def token_batches(
        self,
        sentences: Sequence[str],
        words: Sequence[str] | None = None,
        *,
        progress: Callable[[int, int], object] | None = None,
    ) -> Iterator[tuple[np.ndarray, TokenBatch]]:
        """Yield the inputs of poolings, in batches of sentences with the same number of tokens.

        Parameters are as for :meth:`encode`.

        Yields
        ------
        (int array (b,), TokenBatch)
            Rows of the sentences, and their tokens.
        """
        yield from self._compute_batches(self._token_batch, *check_words(sentences, words), progress)

    def _compute_batches(
        self,
        compute: Callable[[list[str], list[str]], T],
        sentences: list[str],
        words: list[str] | None,
        progress: Callable[[int, int], object] | None,
    ) -> Iterator[tuple[np.ndarray, T]]:
        """Yield, for every batch, the rows of its sentences and the result of ``compute`` for them and their words."""

        def encode_rows(device: str, rows: np.ndarray) -> T:
            at_step(done, len(sentences))
            given = [""] * len(rows) if words is None else [words[i] for i in rows]
            return compute([sentences[i] for i in rows], given)

        done = 0
        for alike, size in self._batches(sentences):
            for rows, found in self.placement.run_in_batches(encode_rows, alike, size):
                yield rows, found
                done += len(rows)
                if progress:
                    progress(done, len(sentences))

    def _token_batch(self, sentences: list[str], words: list[str]) -> TokenBatch:
        tokens, layers = self._forward(sentences)
        spans = [word_span(sentence, word) for sentence, word in zip(sentences, words, strict=True)]
        in_word = tokens_in(tokens["offset_mapping"], spans)
        mask, ids = tokens["attention_mask"], tokens["input_ids"]
        return TokenBatch(layers[self.layer], layers, mask, ids, in_word, self._lexical_sums)

    def encode_layers(
        self,
        sentences: Sequence[str],
        *,
        words: Sequence[str],
        groups: np.ndarray,
        layers: Sequence[int],
        progress: Callable[[int, int], object] | None = None,
    ) -> dict[str, np.ndarray]:
        """Encode with several layers and all poolings that suit the encoder in one pass; average over groups.

        Parameters
        ----------
        sentences, words : sequences of str, length n
            As for :meth:`encode`.
        groups : ndarray of int, (n,)
            From 0 without gaps; the vectors of a group are averaged, because the vectors of all sentences would take
            gigabytes.
        layers : sequence of int

        Returns
        -------
        dict from pooling to float32 array (len(layers), number of groups, dim of that pooling)
        """
        (sentences, words), groups = check_words(sentences, words), np.asarray(groups)
        sizes = np.bincount(groups).astype(np.float32)
        sums = {
            key: np.zeros(
                (len(layers), len(sizes), pooling.dimension(self.hidden_size, self.embedding_size)), dtype=np.float32
            )
            for key, pooling in POOLINGS.items()
            if pooling.suits(self.source)
        }

        def pool_layers(sentences: list[str], words: list[str]) -> dict[str, list[np.ndarray]]:
            batch = self._token_batch(sentences, words)
            of_layers = [replace(batch, states=batch.layers[layer]) for layer in layers]
            return {key: [POOLINGS[key].pool(each).cpu().numpy() for each in of_layers] for key in sums}

        for rows, found in self._compute_batches(pool_layers, sentences, words, progress):
            for key, total in sums.items():
                for place, vectors in enumerate(found[key]):
                    np.add.at(total[place], groups[rows], vectors)
        return {key: total / sizes[:, None] for key, total in sums.items()}

    def _lexical_sums(self, ids, weights=None):
        """``sum_t a_t w_t e_t``, (b, embedding size), of tokens and weights (b, t): see :class:`TokenBatch`."""
        import torch
        from torch.nn.functional import embedding_bag

        with torch.inference_mode():
            vectors = vocabulary_vectors(self._model(self.placement.device)).float()
            rarity = self._rarity_weights.to(ids.device)[ids]
            total = rarity if weights is None else rarity * weights
            if ids.device.type != "cpu":  # embedding_bag is missing on Apple's devices
                return (vectors[ids] * total.unsqueeze(-1)).sum(dim=1)
            return embedding_bag(ids, vectors, mode="sum", per_sample_weights=total)

    @cached_property
    def _rarity_weights(self):
        import torch

        return torch.from_numpy(vocabulary.rarity_weights(self._tokenizer))

    def words(self, sentence: str) -> tuple[list[str], np.ndarray]:
        """Words of a sentence, each with the mean vector of its word pieces, every piece pooled separately.

        See :func:`~alignment.text.words.pooled_words`.

        Returns
        -------
        (list of w str, float32 array (w, dim))
        """
        return self.placement.once(lambda device: self._words(sentence))

    def _words(self, sentence: str) -> tuple[list[str], np.ndarray]:
        import torch

        tokens, states = self._forward([sentence])
        ids = tokens["input_ids"][0][:, None]  # every token as a separate sentence, (t, 1)
        all_ones = torch.ones_like(ids)
        layers = [layer[0][:, None] for layer in states]
        batch = TokenBatch(layers[self.layer], layers, all_ones, ids, all_ones, self._lexical_sums)
        return pooled_words(sentence, tokens["offset_mapping"][0].tolist(), self._pool(batch))

    def subject_weights(self, sentences: Sequence[str]) -> list[list[tuple[range, float]]]:
        """Words of sentences, each with its share in the pooling ``subject``.

        The share of a word is ``sum_t a_t w_t`` over its tokens t, of learned attention a and rarity w, relative to all
        words: how its token vectors are weighted there; see :class:`~alignment.text.pooling.TokenBatch`. The shares of
        a sentence sum to 1, or are 0 where none of its words is in the vocabulary.

        Returns
        -------
        list of m lists of (range, float)
            The characters of every word, and its share.

        Raises
        ------
        InputError
            When that pooling was not learned for this encoder.
        """
        get_pooling("subject").check(self.source)
        found: dict[int, list[tuple[range, float]]] = {}
        for rows, weighted in self._compute_batches(self._weigh_words, *check_words(sentences), None):
            found.update(zip(rows, weighted, strict=True))
        return [found[row] for row in sorted(found)]

    def _weigh_words(self, sentences: list[str], _words: list[str]) -> list[list[tuple[range, float]]]:
        import torch

        from alignment.text.subject_attention import bundled_attention

        tokens, layers = self._forward(sentences)
        mask = tokens["attention_mask"]
        with torch.inference_mode():
            weights = bundled_attention(mask.device.type)(layers, mask)
            weights = (weights * self._rarity_weights.to(mask.device)[tokens["input_ids"]]).cpu().numpy()
        return list(map(word_shares, sentences, tokens["offset_mapping"].tolist(), weights))

    def name_pieces(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Number of word pieces and rank in the vocabulary: :func:`~alignment.text.vocabulary.name_pieces`."""
        return vocabulary.name_pieces(self._tokenizer, check_sentences(names, *NAMES_WANTED))

    @cached_property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that its vocabulary covers: :func:`~alignment.text.languages.languages_read`."""
        return languages_read(self._tokenizer)
