"""Overview: introduction, the pipeline from sentence to picture, and the figures of the current pair."""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alignment.dictionary.prompts import EXAMPLES
from alignment.errors import InputError
from alignment.evaluation.metrics import METRICS
from alignment.evaluation.seed_pairs import MIN_CLASSES
from alignment.images.checkpoints import GENERATORS
from alignment.mappings import MAPPINGS
from alignment.study import Study
from alignment.text.checkpoints import ENCODERS
from alignment.text.pooling import POOLINGS
from alignment.wording import counted
from dashboard.components.charts import download_table
from dashboard.components.glossary import explained, tooltip
from dashboard.components.images import PAGE_WIDTH, data_uri, enlarged, png
from dashboard.components.mapping_caveats import of_few_classes
from dashboard.components.markdown import plain
from dashboard.pages import CLASSES, GENERATE, LESSON, OVERVIEW
from dashboard.state import cached_results, page_links, prepared_study, sidebar, studies
from dashboard.state.model_pairs import PAIRS
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.views.overview.pipeline import Pipeline, pipeline

EXAMPLE = EXAMPLES[0]
SHOWN_EXAMPLES = EXAMPLES[:4]
RANDOM = (
    "A random space finds prompts too: where a class has seed sentences, it is enough to resemble them. Only new "
    "classes measure how well the spaces agree."
)
LAID_OUT = " The bundled generator's classes were laid out along WordNet, so some of this agreement was put in."
MEASURED_CLASSES = 3000  # with more, the mapping is measured on request only


def main() -> None:
    st.title(OVERVIEW.heading)
    st.markdown(
        "A language model and an image generator were trained apart, and each has a space of its own in which things "
        "that are alike lie close together. This project learns a mapping from one space to the other out of example "
        "sentences, so that whatever you write lands somewhere the generator can draw."
    )
    page_links.show(LESSON, "New to this? A lesson, and ten questions answered")
    drawing = st.empty()
    drawing.html(pipeline(planned()))
    study = prepared_study.chosen()
    drawing.html(pipeline(worked_example(study)))
    st.header("The current pair")
    headline(study)
    held_out = st.container()
    answers = examples(study) if study.space.generator else {}
    with held_out:
        quality(study)
    for sentence, answer in answers.items():  # last: nothing else need wait until the mapping's answers are calibrated
        answer.add_confidence(study, sentence)


def planned() -> Pipeline:
    """The pipeline as known before the models are loaded."""
    state = st.session_state
    pair = PAIRS[state["pair"]]
    encoder, generator = ENCODERS.get(pair.encoder), GENERATORS.get(pair.generator)
    return Pipeline(
        sentence=EXAMPLE,
        encoder=_name(encoder, state.get("encoder")),
        reading=f"layer {sidebar.layer_label(state['layer']).lower()}, {state['pooling']}",
        text_dim=POOLINGS[state["pooling"]].dimension(encoder.dim, encoder.dim) if encoder else None,
        mapping=MAPPINGS[state["mapping"]].label,
        class_dim=None,
        generator=_name(generator, state.get("generator")),
        pixels=generator.pixels if generator else None,
        learned_from="seed sentences",
    )


def _name(known, own: str | None) -> str:
    if known is None:
        return (own or "not chosen").rstrip("/").split("/")[-1]
    return known.label.split(" (")[0].split(",")[0]


def worked_example(study: Study) -> Pipeline:
    """The pipeline with the vectors and the picture of an example sentence."""
    parts = planned()
    z = cached_results.mapped(study, sidebar.mapping(), EXAMPLE)[0]
    picture = _picture(study, EXAMPLE) if study.space.generator else None
    with_sentences = cached_results.count_with_sentences(study)
    return replace(
        parts,
        text_dim=study.encoder.dim,
        class_dim=len(z),
        pixels=study.generator.pixels if study.space.generator else None,
        learned_from=f"{len(study.seeds):,} sentences about {counted(with_sentences, 'class', 'classes')}",
        x=cached_results.encoded(study, EXAMPLE)[0],
        z=z,
        picture=None if picture is None else data_uri(enlarged(picture)),
    )


def _picture(study: Study, sentence: str):
    return cached_results.pictures(study, sidebar.mapping(), sentence, count=1)[0]


def headline(study: Study) -> None:
    """Show the numbers of the current pair: classes, seeds, dimensions."""
    show_figures(
        ("Classes", f"{len(study.classes):,}", "Classes of the class space."),
        ("Seed sentences", f"{len(study.seeds):,}", tooltip("seed pair")),
        ("Text space", f"{study.encoder.dim} numbers", tooltip("text space")),
        ("Class space", f"{study.class_vectors.shape[1]} numbers", tooltip("class space", "class embedding")),
    )
    if study.space.generator:
        page_links.show(CLASSES, f"All {len(study.classes):,} classes that it can draw")


def quality(study: Study) -> None:
    """Show how the chosen mapping does on held-out classes and on the test prompts."""
    if cached_results.count_with_sentences(study) < MIN_CLASSES:
        st.caption(f"Evaluating the mapping needs sentences about at least {MIN_CLASSES} classes: one is held out.")
        return
    if len(study.classes) > MEASURED_CLASSES and not bound(
        st.toggle,
        "Measure the mapping",
        key="measure",
        help=f"With {len(study.classes):,} classes this takes minutes; it goes on while you look elsewhere.",
    ):
        return
    figures = cached_results.figures(study, sidebar.mapping())
    st.caption(f"How the mapping, {MAPPINGS[sidebar.mapping()].label}, does on what it has not seen:")
    rank = METRICS["median_rank"]
    random = "In small print: the same for a random space, in which the class vectors were shuffled among the classes."
    prompts = (
        (
            (
                "Prompts right",
                f"{figures['hit_at_1']:.0%}",
                f"Share of {figures['prompts']:.0f} everyday sentences, never learned from, that find a right class "
                f"first. {random}",
                f"{figures['random_hit_at_1']:.0%}",
            ),
            (
                "Prompts in top 5",
                f"{figures['hit_at_5']:.0%}",
                f"The same sentences, with five classes to name. {random}",
                f"{figures['random_hit_at_5']:.0%}",
            ),
        )
        if "prompts" in figures
        else ()
    )
    show_figures(
        (
            "New classes, P@10",
            f"{figures['p_at_10']:.2f}",
            explained(
                f"For classes that the mapping never saw a sentence about. {random}", "held out", "P@k", "random space"
            ),
            f"{figures['random_p_at_10']:.2f}",
        ),
        (
            "New classes, rank",
            f"{rank.shown(figures['median_rank'])} of {len(study.classes):,}",
            f"Where such a class typically stands among all classes; 1 would be perfect. {random}",
            f"{rank.shown(figures['random_median_rank'])}",
        ),
        *prompts,
    )
    if note := of_few_classes(len(study.classes)):
        st.caption(note)
    if prompts:
        st.caption(RANDOM + (LAID_OUT if study.settings.generator == "bundled" else ""))
    if prompts and bound(st.toggle, "Show the prompts, wrong ones first", key="answers"):
        prompt_answers(study)


def prompt_answers(study: Study) -> None:
    """Show every test prompt with its nearest class."""
    mapping = sidebar.mapping()
    table = studies.watched(
        study,
        f"prompt answers {mapping}",
        lambda progress: study.confidence.prompt_answers(mapping, progress=progress),
        work=f"prompt answers {mapping}",
    )
    names = {"prompt": "Prompt", "right": "Right", "nearest": "Nearest class", "wanted": "Right classes"}
    sure = st.column_config.NumberColumn("Confidence", format="%.2f")
    columns = names | {"confidence": sure}
    st.dataframe(
        table,
        hide_index=True,
        placeholder="-",
        column_order=[*table.columns.intersection(columns)],
        column_config=columns,
    )
    download_table(table, "prompt_answers")


def show_figures(*figures: tuple[str, ...]) -> None:
    """Show a row of figures: label, value, explanation and, optionally, the value of a random class space."""
    for place, (label, value, explanation, *random) in zip(
        st.columns(len(figures), width=PAGE_WIDTH), figures, strict=True
    ):
        beside = f"random space: {random[0]}" if random else None
        place.metric(label, value, beside, help=explanation, border=True, delta_color="off", delta_arrow="off")


@dataclass(frozen=True)
class Answer:
    """The nearest class of an example, and the place for its text."""

    place: DeltaGenerator
    text: str

    def add_confidence(self, study: Study, sentence: str) -> None:
        if confidence := cached_results.confidence_text(study, sidebar.mapping(), sentence):
            self.place.caption(plain(f"{self.text} ({confidence})"))


def examples(study: Study) -> dict[str, Answer]:
    """Show pictures of a few sentences, each with a link to Generate; return their nearest classes."""
    st.header("Example sentences and their pictures")
    answers = {}
    for place, sentence in zip(st.columns(len(SHOWN_EXAMPLES), width=PAGE_WIDTH), SHOWN_EXAMPLES, strict=True):
        try:
            picture = _picture(study, sentence)
            best = cached_results.nearest(study, sidebar.mapping(), sentence, 1).iloc[0]
        except InputError as error:
            with place:
                refuse(error)
            continue
        place.image(png(enlarged(picture)), width="stretch", alt=f"Picture of: {sentence}")
        place.markdown(f"**{sentence}**")
        answers[sentence] = answer = Answer(place.empty(), f"nearest class: {best['name']}")
        answer.place.caption(plain(f"{answer.text} (similarity {best['similarity']:.2f})"))
        page_links.show(GENERATE, "Try it", {"prompt": sentence}, icon=":material/arrow_forward:", place=place)
    return answers


main()
