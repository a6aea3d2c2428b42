"""From the sidebar's choices to a cached Study, and from a link to the sidebar's choices.

Every widget whose value belongs in a link is bound to a query parameter of its own name; :func:`read_link` says what a
link asks for in vain. Studies are shared by all visitors; what a visitor edits (the seeds) stays in their session.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from alignment.encoders import ENCODERS, POOLINGS
from alignment.errors import InputError
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.seeds import SeedDictionary
from alignment.study import CACHE, Settings, Study
from dashboard import edits
from dashboard.pictures import thumbnail

MAX_COUNT = 16  # pictures of one prompt
MIN_TRUNCATION = 0.02
MAX_NOISE_SEED = 2**32 - 1
OWN = "own"
OWN_LAYERS = 24  # layers offered for an encoder whose depth is not known yet


@dataclass(frozen=True)
class Pair:
    """A text encoder and a generator that are offered together."""

    label: str
    encoder: str
    generator: str


PAIRS = {
    "bundled": Pair("Bundled", "minilm", "bundled"),
    "biggan-deep-128": Pair("DistilBERT + BigGAN-deep-128", "distilbert-base-uncased", "biggan-deep-128"),
    "biggan-deep-256": Pair("DistilBERT + BigGAN-deep-256", "distilbert-base-uncased", "biggan-deep-256"),
    "biggan-deep-512": Pair("DistilBERT + BigGAN-deep-512", "distilbert-base-uncased", "biggan-deep-512"),
    OWN: Pair("Own models", "", ""),
}


def layer_label(layer: int) -> str:
    return "Last" if layer == -1 else str(layer)


def sidebar() -> None:
    """The choices that every page shares: models, layer, pooling, mapping."""
    pair = st.selectbox(
        "Models",
        list(PAIRS),
        format_func=lambda key: PAIRS[key].label,
        key="pair",
        bind="query-params",
        help="A text encoder and a picture generator. The bundled pair needs no network.",
    )
    if pair == OWN:
        st.text_input("Text encoder", key="encoder", bind="query-params", placeholder="Folder or Hub name")
        st.text_input(
            "Generator",
            key="generator",
            bind="query-params",
            placeholder="Folder, Hub name or .npy file",
            help="A .npy file holds class vectors alone, a row an ImageNet class; it draws no pictures.",
        )
    left, right = st.columns(2, gap="xsmall")
    known = ENCODERS.get(PAIRS[pair].encoder)
    left.selectbox(
        "Layer",
        [-1, *range(known.layers if known else OWN_LAYERS)],
        format_func=layer_label,
        key="layer",
        bind="query-params",
        help="Which hidden state of the encoder is read: 0 is the input embedding.",
    )
    right.selectbox(
        "Pooling",
        POOLINGS,
        key="pooling",
        bind="query-params",
        help="What of a sentence's tokens is kept: the mean of all, the first (cls), or the word that names the class.",
    )
    mapping = st.selectbox(
        "Mapping",
        list(MAPPINGS),
        index=list(MAPPINGS).index(DEFAULT_MAPPING),
        format_func=lambda key: MAPPINGS[key].label,
        key="mapping",
        bind="query-params",
        help="How a point of text space is carried to class space.",
    )
    st.caption(MAPPINGS[mapping].explanation)
    if "seeds" in st.session_state:
        st.caption(":material/edit_note: Learning from your own seed pairs.")


def settings() -> Settings:
    """What the sidebar asks for.

    Raises
    ------
    InputError
        When a model of one's own is not named.
    """
    state = st.session_state
    pair = PAIRS[state.get("pair", "bundled")]
    encoder = pair.encoder or (state.get("encoder") or "").strip()
    generator = pair.generator or (state.get("generator") or "").strip()
    if not encoder or not generator:
        raise InputError("Name a text encoder and a generator in the sidebar: a folder on this machine or a Hub name.")
    bare = generator.endswith(".npy")
    return Settings(
        encoder=encoder,
        layer=state.get("layer", -1),
        pooling=state.get("pooling", "mean"),
        generator="" if bare else generator,
        class_embeddings=generator if bare else None,
        seeds=state.get("seeds"),
    )


def mapping() -> str:
    """Key of the mapping chosen in the sidebar."""
    return st.session_state.get("mapping", DEFAULT_MAPPING)


class _Slot:
    """A place for one study and for what has been prepared of it; two visitors never prepare the same twice."""

    def __init__(self, wanted: Settings):
        self.wanted = wanted
        self.study: Study | None = None
        self.fitted: set[str] = set()
        self._figures: dict[str, float] | None = None
        self._measuring = threading.Lock()
        self._thumbnails: dict[int, str] = {}
        self._lock = threading.Lock()

    def load(self, mapping: str, progress: Callable[[str, int, int], None]) -> None:
        with self._lock:
            if self.study is None:
                study = Study(self.wanted)
                study.build(progress)
                self.study = study
            self.study.mapping(mapping)
            self.fitted.add(mapping)

    def figures(self, progress: Callable[[str, int, int], None]) -> dict[str, float]:
        with self._measuring:
            if self._figures is None:
                judged = self.study.compare([DEFAULT_MAPPING], progress=progress)[DEFAULT_MAPPING].summary()
                prompts = self.study.evaluate_prompts().loc["all"]
                self._figures = judged | prompts.to_dict()
        return self._figures

    def thumbnails(self, rows: Sequence[int]) -> list[str]:
        with self._lock:
            missing = [row for row in rows if row not in self._thumbnails]
            if missing:
                drawn = self.study.draw(self.study.class_vectors[missing])[:, 0]
                self._thumbnails.update(zip(missing, map(thumbnail, drawn), strict=True))
        return [self._thumbnails[row] for row in rows]


@st.cache_resource(max_entries=3, show_spinner=False)
def _slot(wanted: Settings) -> _Slot:
    return _Slot(wanted)


def study() -> Study:
    """The study the sidebar asks for, ready to answer; progress is shown while it is prepared.

    Where there is none, because of what was asked for or because a download waits for consent, the page says so
    and stops here.
    """
    try:
        wanted = settings()
        slot = _slot(wanted)
        if mapping() not in slot.fitted:
            _ask_before_download(wanted)
            _prepare(slot)
    except InputError as error:
        st.session_state.pop("consent", None)
        refuse(error)
        st.stop()
    return slot.study


def _prepare(slot: _Slot) -> None:
    place = st.empty()
    with place.status("Preparing the models", expanded=True):
        bar = st.progress(0.0, text="Loading the text encoder and the class space")
        slot.load(mapping(), lambda stage, done, total: bar.progress(done / total, f"{stage}: {done:,} of {total:,}"))
    place.empty()


def _ask_before_download(wanted: Settings) -> None:
    """Go on only when all models are on this machine or their download was agreed to."""
    waiting = downloads(wanted)
    if not waiting or st.session_state.get("consent") == wanted:
        return
    sizes = [size for _, size in waiting]
    total = f" {sum(sizes):.0f} MB" if all(sizes) else ""
    with st.container(border=True):
        st.markdown("**Not on this machine yet**")
        for name, size in waiting:
            st.markdown(f"- {plain(name)}: {f'{size:.0f} MB' if size else 'size known to the Hub only'}")
        st.caption("Downloaded once and kept; nothing is fetched before you ask for it.")
        if not st.button(f"Download{total} and load", type="primary", icon=":material/download:", key="download_models"):
            st.stop()
    st.session_state["consent"] = wanted


def downloads(wanted: Settings) -> list[tuple[str, float | None]]:
    """What would have to be downloaded: name and megabytes (None when unknown) of each missing model."""
    from alignment import checkpoints, encoders

    waiting = []
    if not encoders.is_here(wanted.encoder):
        waiting.append((wanted.encoder, encoders.ENCODERS))
    if wanted.generator and not checkpoints.is_here(wanted.generator):
        waiting.append((wanted.generator, checkpoints.GENERATORS))
    return [(name, known[name].download_mb if name in known else None) for name, known in waiting]


@st.cache_data(max_entries=1000, show_spinner=False)
def encoded(wanted: Settings, prompt: str) -> np.ndarray:
    """A prompt in text space, float32 array (1, d_text)."""
    return _slot(wanted).study.encode([prompt])


@st.cache_data(max_entries=1000, show_spinner=False)
def mapped(wanted: Settings, mapping: str, prompt: str) -> np.ndarray:
    """A prompt in class space, float32 array (1, d)."""
    return _slot(wanted).study.map([prompt], mapping)


@st.cache_data(max_entries=1000, show_spinner=False)
def nearest(wanted: Settings, mapping: str, prompt: str, top: int) -> pd.DataFrame:
    """:meth:`Study.nearest` of one prompt."""
    return _slot(wanted).study.nearest_to(mapped(wanted, mapping, prompt), [prompt], top=top)


@st.cache_data(max_entries=1000, max_size="128mb", show_spinner=False)
def pictures(
    wanted: Settings, mapping: str, prompt: str, *, count: int, truncation: float, noise_seed: int
) -> np.ndarray:
    """Pictures of one prompt, uint8 array (count, pixels, pixels, 3)."""
    vector = mapped(wanted, mapping, prompt)
    return _slot(wanted).study.draw(vector, count=count, truncation=truncation, noise_seed=noise_seed)[0]


def thumbnails(wanted: Settings, rows: Sequence[int]) -> list[str]:
    """Classes as the generator draws them, small, as data addresses; each is drawn once for all visitors."""
    return _slot(wanted).thumbnails(rows)


def figures(wanted: Settings) -> dict[str, float]:
    """How the default mapping does on what it has not seen; progress is shown while that is measured.

    Returns
    -------
    dict
        As from ``EvaluationResult.summary`` for held-out classes, and ``prompts``, ``hit_at_1``, ``hit_at_5`` of the
        test prompts.
    """
    place = st.empty()
    found = _slot(wanted).figures(lambda stage, done, total: place.progress(done / total, f"Measuring {stage}"))
    place.empty()
    return found


@st.cache_data(max_entries=6, show_spinner=False)
def seed_table(wanted: Settings) -> pd.DataFrame:
    """The seed dictionary as a table to read and edit."""
    study = _slot(wanted).study
    return edits.as_table(study.seeds, study.classes)


@st.cache_data(max_entries=6, show_spinner=False)
def seed_counts(wanted: Settings) -> pd.DataFrame:
    """Sentences of each kind, a row a class: ``index``, ``name``, ``group``, the kinds, ``total``."""
    study = _slot(wanted).study
    counts = study.seeds.counts(study.classes)
    names = pd.DataFrame({"index": study.classes.indices, "name": study.classes.names, "group": study.classes.groups})
    return pd.concat([names, counts.reset_index(drop=True)], axis=1)


def use_seeds(seeds: SeedDictionary) -> None:
    """Let this session's studies learn from these sentences.

    Raises
    ------
    InputError
        When there is none.
    """
    st.session_state["seeds"] = str(edits.kept_in(CACHE / "seeds", seeds))


def refuse(error: InputError) -> None:
    """Say in place what cannot be done, as text whatever it quotes."""
    st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """Text that Markdown shows letter by letter: every mark it could act on is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def read_link() -> None:
    """On a visitor's first run, remember what the link asks for in vain; widgets drop such a value without a word."""
    if "link_problems" in st.session_state:
        return
    given = {name: st.query_params[name] for name in _LINKED if name in st.query_params}
    st.session_state["link_problems"] = [
        f"The link asks for the {name} {value[:60]!r}; it can be {_LINKED[name].allowed}."
        for name, value in given.items()
        if not _LINKED[name].accepts(value)
    ]


def link_problems() -> None:
    """Say what the link asked for in vain."""
    for problem in st.session_state.get("link_problems", ()):
        st.warning(plain(problem), icon=":material/link_off:")


@dataclass(frozen=True)
class _Choice:
    """A query parameter that is one of several words."""

    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return ", ".join(self.options)

    def accepts(self, value: str) -> bool:
        return value in self.options


@dataclass(frozen=True)
class _Number:
    """A query parameter that is a number of a range."""

    kind: type
    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"{self.low:,} to {self.high:,}"

    def accepts(self, value: str) -> bool:
        try:
            return self.low <= self.kind(value) <= self.high  # NaN compares false
        except ValueError:
            return False


_LINKED = {
    "pair": _Choice(tuple(pair.label for pair in PAIRS.values())),
    "layer": _Choice(tuple(layer_label(layer) for layer in range(-1, OWN_LAYERS))),
    "pooling": _Choice(POOLINGS),
    "mapping": _Choice(tuple(spec.label for spec in MAPPINGS.values())),
    "count": _Number(int, 1, MAX_COUNT),
    "truncation": _Number(float, MIN_TRUNCATION, 1),
    "noise": _Number(int, 0, MAX_NOISE_SEED),
}
