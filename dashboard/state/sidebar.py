"""The sidebar: models, layer, pooling, mapping, device, and the study settings made from them.

Every widget whose value belongs in a link is bound to a query parameter of the same name.
"""

from __future__ import annotations

import streamlit as st

from alignment.class_embeddings.embedding_files import is_embedding_file
from alignment.errors import InputError
from alignment.execution.placement import devices_to_choose
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Settings
from alignment.text import checkpoints as encoders
from alignment.text.pooling import POOLINGS, learned_pooling
from alignment.text.sentence_transformers_folder import OWN_POOLING
from dashboard.components.glossary import explained
from dashboard.state import durations, limits, own_seeds, query_params
from dashboard.state.model_pairs import OWN, PAIRS, Pair, offered_pairs
from dashboard.state.query_params import bound

UNKNOWN_ENCODER_LAYERS = 24  # layers offered for an encoder whose depth is not known yet
_OTHER_ENCODER = "another_encoder"  # in the session: set when the visitor changes the encoder


class NotYetNamed(InputError):
    """The visitor's own models are chosen but not named yet."""


def layer_label(layer: int) -> str:
    return "Last" if layer == -1 else str(layer)


def show() -> None:
    """Show the choices that all pages share: models, layer, pooling, mapping."""
    pair = bound(
        st.selectbox,
        "Models",
        list(offered_pairs()),
        format_func=lambda key: PAIRS[key].label,
        key="pair",
        help=explained("The bundled pair needs no network.", "encoder", "generator"),
        on_change=_note_other_encoder,
    )
    if pair == OWN:
        _own_pair()
    encoder, generator = _models(PAIRS[pair])
    _reset_layer(encoder, pair)
    left, right = st.columns(2, gap="xsmall")
    bound(
        left.selectbox,
        "Layer",
        layers_of(encoder),
        format_func=layer_label,
        key="layer",
        help=explained("Which hidden states are read; 0 is the input of the first layer.", "layer", "hidden state"),
    )
    pooling = bound(
        right.selectbox,
        "Pooling",
        poolings_of(encoder, pair),
        key="pooling",
        help=explained(
            "\n".join(f"- {key}: {pooling.explanation}" for key, pooling in POOLINGS.items()), "pooling", "token"
        ),
    )
    wait = st.empty()
    mapping = bound(
        st.selectbox,
        "Mapping",
        list(MAPPINGS),
        index=list(MAPPINGS).index(DEFAULT_MAPPING),
        format_func=lambda key: MAPPINGS[key].label,
        key="mapping",
        help=explained(distinctions(), "mapping", "text space", "class space"),
    )
    best_for = f" **Best for {MAPPINGS[mapping].best_for}.**" if MAPPINGS[mapping].best_for else ""
    st.caption(MAPPINGS[mapping].explanation + best_for, help=f"Reference: {MAPPINGS[mapping].reference}.")
    _device_choice()
    class_file = _class_file(PAIRS[pair])
    own_seeds.show(class_file)
    announcement = durations.layer_announcement(encoder, pooling, generator, mapping)
    if announcement and not class_file and not own_seeds.chosen(class_file):  # estimated for built-in sentences
        wait.caption(announcement)


def _note_other_encoder() -> None:
    st.session_state[_OTHER_ENCODER] = True


def _reset_layer(encoder: str, pair: str) -> None:
    """Reset layer and pooling when the encoder changes: layers differ, and a learned pooling fits one encoder only.

    The values are set, not removed: a removed one comes back from the URL, or stays in the browser's box.
    """
    if st.session_state.pop(_OTHER_ENCODER, False):
        st.session_state.update(layer=-1, pooling=poolings_of(encoder, pair)[0])


def _own_pair() -> None:
    """Text inputs for the visitor's own models."""
    bound(st.text_input, "Text encoder", key="encoder", placeholder="Folder or Hub name", on_change=_note_other_encoder)
    bound(
        st.text_input,
        "Generator",
        key="generator",
        placeholder="Folder, Hub name or .npy file",
        help="A file (`.npy`, `.npz`, `.pt`, `.safetensors`, `.csv`) holds class vectors alone, one row per class; "
        "it draws no pictures.",
    )
    bound(
        st.text_input,
        "Classes",
        key="class_file",
        placeholder="File; ImageNet's if left empty",
        help="What the rows of the class space are, if not ImageNet's classes: a CSV file with the column "
        "`name`, and if wanted `index`, `wordnet_id`, `synonyms`, `everyday`, `group`, `description`; or a list of "
        "names (`.txt`, `.json`, `.yaml`).",
    )


def _device_choice() -> None:
    """Select box of the device, if there are several and the visitor may choose."""
    choices = devices_to_choose() if limits.allowed().own_models else ("auto",)
    if len(choices) == 1:
        return query_params.check("device", query_params.one_of(list(map(device_label, choices))))
    bound(
        st.selectbox,
        "Device",
        list(choices),
        format_func=device_label,
        key="device",
        help="Where models run: on the processor (CPU), or on a graphics card (CUDA: NVIDIA's, MPS: Apple's), "
        "which is quicker. Pictures and figures differ a little between them, because numbers are rounded.",
    )


def device_label(device: str) -> str:
    return {"auto": "Automatic"}.get(device, device.upper())


def layers_of(encoder: str) -> list[int]:
    """Selectable layers of an encoder: -1 (the last) first."""
    return [-1, *range(encoders.depth(encoder) or UNKNOWN_ENCODER_LAYERS)]


def poolings_of(encoder: str, pair: str) -> list[str]:
    """Keys of the selectable poolings of a pair's encoder, the default first: its own, or the one learned for it."""
    own = [OWN_POOLING] if pair == OWN and encoders.pools_itself(encoder) else []
    learned = [learned_pooling(encoder)]
    first = learned + own if encoder in encoders.ENCODERS else own + learned  # as TextEncoder chooses
    suitable = [key for key, pooling in POOLINGS.items() if pooling.suits(encoder)]
    return list(dict.fromkeys([*first, *suitable]))


def distinctions() -> str:
    """What each mapping is best for, as sentences."""
    named = [f"Best for {spec.best_for}: {spec.label}." for spec in MAPPINGS.values() if spec.best_for]
    return " ".join([*named, "The tables are in `benchmarks/scores.md`."])


def settings() -> Settings:
    """Study settings of the sidebar's choices.

    Raises
    ------
    NotYetNamed
        When the visitor's own models are not named yet.
    InputError
        When this server does not offer the models.
    """
    state = st.session_state
    pair = offered_pairs().get(pair_key())
    if pair is None:
        raise InputError("This server does not offer these models; choose others in the sidebar.")
    encoder, generator = _models(pair)
    if not encoder or not generator:
        raise NotYetNamed("Name a text encoder and a generator in the sidebar: a folder on this machine or a Hub name.")
    is_matrix = is_embedding_file(generator)
    return Settings(
        encoder=encoder,
        layer=state.get("layer", -1),
        pooling=state.get("pooling", ""),
        generator=generator,
        class_embeddings=generator if is_matrix else None,
        classes=_class_file(pair),
        seeds=own_seeds.chosen(_class_file(pair)),
        device=state.get("device", "auto"),
    )


def draws_pictures() -> bool:
    """Whether the chosen class space is a generator's, not a bare matrix."""
    pair = offered_pairs().get(pair_key())
    return pair is None or not is_embedding_file(_models(pair)[1])


def pair_key() -> str:
    """Key of the pair of models chosen in the sidebar, whether or not this server offers it."""
    return st.session_state.get("pair", "bundled")


def _models(pair: Pair) -> tuple[str, str]:
    """Encoder and generator of a pair; of the visitor's own models the names typed, or ""."""
    named = [(st.session_state.get(key) or "").strip() for key in ("encoder", "generator")]
    return pair.encoder or named[0], pair.generator or named[1]


def _class_file(pair: Pair) -> str | None:
    """The visitor's own class file; None for ImageNet's classes."""
    named = (st.session_state.get("class_file") or "").strip()
    return named if named and pair == PAIRS[OWN] else None


def mapping() -> str:
    """Key of the mapping chosen in the sidebar."""
    return st.session_state.get("mapping", DEFAULT_MAPPING)


def bundled_settings() -> Settings:
    return Settings(device=st.session_state.get("device", "auto"))


def is_bundled() -> bool:
    """Whether the sidebar's choices are :func:`bundled_settings`."""
    try:
        return settings() == bundled_settings()
    except InputError:
        return False
