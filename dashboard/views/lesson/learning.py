"""Steps 4 to 7: a linear mapping, learning from more seeds, nonlinear mappings, and held-out evaluation."""

from __future__ import annotations

import numpy as np
import streamlit as st

from alignment.dictionary.prompts import EXAMPLES
from alignment.evaluation.baselines import MEAN_VECTOR, SHUFFLED
from alignment.evaluation.few_seeds import SeedAmount
from alignment.evaluation.point_diagnosis import diagnose
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.progress import Progress
from alignment.study import Study
from alignment.study.lesson import FEW_SEEDS_MAPPING, LearnedStage, learned_stage, plane_positions
from dashboard.components import html
from dashboard.pages import GENERATE, MAPPING_ERROR
from dashboard.state import cached_results, evaluations, studies, visitors
from dashboard.state.query_params import bound
from dashboard.views.lesson import charts
from dashboard.views.lesson.step import StepResult, chart, picture_of
from dashboard.views.lesson.step_texts import StepTexts

LINEAR = "ridge"
BENDING = (DEFAULT_MAPPING, "prototypes", LINEAR)  # the last is linear, for comparison
SENTENCES = {
    EXAMPLES[0]: "tabby cat",
    EXAMPLES[1]: "pizza",
    EXAMPLES[2]: "lighthouse",
    EXAMPLES[3]: "violin",
}  # not among the seeds, each with a right class
AMOUNTS = tuple(
    SeedAmount(*amount) for amount in ((5, 1), (20, 1), (20, 4), (60, 4), (120, 8), (240, 8), (None, 8), (None, None))
)
Stage = tuple[LearnedStage, list[html.Card]]
NEAREST = 10  # nearest classes among which a held-out one counts as found


def linear(study: Study, texts: StepTexts) -> StepResult:
    """Step 4: a sentence mapped linearly, without snap, beside its nearest class."""
    sentence = bound(
        st.pills, texts.labels["control"], EXAMPLES, default=EXAMPLES[0], required=True, wrap=True, key="sentence"
    )
    z = cached_results.mapped(study, LINEAR, sentence)
    row, length = diagnose(z, study.class_vectors, study.classes.labels).loc[0, ["nearest", "norm"]]
    own = study.class_vectors[[int(row)]]
    name = study.classes.labels[int(row)]
    cards = [
        html.Card(texts.labels["linear"], picture_of(study, z)),
        html.Card(texts.labels["class"].format(name=name), picture_of(study, own)),
    ]
    st.html(html.comparison(cards, small=True))
    against = [MAPPINGS[key].label for key in (LINEAR, DEFAULT_MAPPING)]
    link = {"prompt": sentence, "tab": "Compare", "against": against, "snap": "0.0"}
    return StepResult(GENERATE, link, {"length": f"{length:.0%}"})


def learning_from_ever_more(study: Study, texts: StepTexts) -> StepResult:
    """Step 5: the map, four pictures and the test prompts after learning from the slider's number of seeds."""
    stops = [_stop(amount, texts) for amount in AMOUNTS]
    stop = bound(st.select_slider, texts.labels["control"], stops, key="amount")
    learned, cards = stage(study, stops.index(stop), texts.labels["learning"])
    classes, sentences = study.classes, list(SENTENCES)
    right = study.class_vectors[[classes.row(name) for name in SENTENCES.values()]]
    figure = charts.learning_map(
        plane_positions(study, study.class_vectors),
        learned.known,
        classes.labels,
        sentences,
        plane_positions(study, learned.vectors),
        plane_positions(study, right),
        texts.labels,
    )
    st.html(html.comparison(cards, small=True))
    chart(figure, "lesson_map", texts.title)
    st.caption(texts.labels["map"])
    figures = {
        "mapping": MAPPINGS[FEW_SEEDS_MAPPING].label,
        "seeds": f"{learned.seeds:,}",
        "known": f"{int(learned.known.sum()):,}",
        "right": learned.right,
        "prompts": learned.prompts,
    }
    return StepResult(MAPPING_ERROR, {"section": "Encoder and seeds"}, figures)


def _stop(amount: SeedAmount, texts: StepTexts) -> str:
    if amount.sentences is None:
        return texts.labels["stop_all"]
    return texts.labels["stop"].format(classes=amount.classes or texts.labels["all"], sentences=amount.sentences)


def stage(study: Study, stop: int, label: str) -> Stage:
    """Contents of a stop of the slider; the others are prepared in the background, so that the slider responds fast."""
    jobs, key = studies.jobs(study), "lesson stages"
    if prepared := jobs.result(key):
        return prepared[stop]
    shown = _stage(study, AMOUNTS[stop])
    jobs.submit(key, lambda progress: _stages(study, label, progress), visitor=visitors.current(), page=visitors.page())
    return shown


def _stages(study: Study, label: str, progress: Progress) -> list[Stage]:
    found = []
    for done, amount in enumerate(AMOUNTS):
        progress(label, done, len(AMOUNTS))
        found.append(_stage(study, amount))
    return found


def _stage(study: Study, amount: SeedAmount) -> Stage:
    learned = learned_stage(study, amount, list(SENTENCES))
    return learned, _cards(study, list(SENTENCES), learned.vectors)


def _cards(study: Study, sentences: list[str], vectors: np.ndarray) -> list[html.Card]:
    """Card of each sentence: the picture of its point, with the default snap of Generate, and its nearest class."""
    nearest = study.nearest_to(vectors, sentences, top=1)
    points = study.snap_to_nearest_class(vectors, DEFAULT_DRAWING.snap)
    return [
        html.Card(
            f"{letter} · {sentence}",
            picture_of(study, points[[i]]),
            nearest=nearest.loc[i, "name"],
            similarity=nearest.loc[i, "similarity"],
        )
        for i, (letter, sentence) in enumerate(zip("ABCD", sentences, strict=True))
    ]


def bending(study: Study, texts: StepTexts) -> StepResult:
    """Step 6: four sentences, each drawn without snap by the chosen mapping."""
    mapping = bound(
        st.segmented_control,
        texts.labels["control"],
        BENDING,
        default=BENDING[0],
        format_func=lambda key: MAPPINGS[key].label,
        required=True,
        key="bend",
    )
    sentences = list(SENTENCES)
    vectors = np.vstack([cached_results.mapped(study, mapping, sentence) for sentence in sentences])
    nearest = study.nearest_to(vectors, sentences, top=1)
    cards = [
        html.Card(
            sentence,
            picture_of(study, vectors[[i]]),
            nearest=nearest.loc[i, "name"],
            similarity=nearest.loc[i, "similarity"],
        )
        for i, sentence in enumerate(sentences)
    ]
    st.html(html.comparison(cards, small=True))
    table = studies.watched(
        study,
        f"prompts {mapping}",
        lambda progress: study.evaluations.evaluate_prompts(mapping, progress=progress),
        work=f"prompts {mapping}",
    )
    found = table.loc["all"]
    figures = {
        "mapping": MAPPINGS[mapping].label,
        "prompts": f"{found['prompts']:.0f}",
        "right": f"{found['hit_at_1'] * found['prompts']:.0f}",
    }
    against = [MAPPINGS[key].label for key in (mapping, *(key for key in BENDING if key != mapping))]
    link = {"prompt": sentences[0], "tab": "Compare", "against": against, "snap": "0.0"}
    return StepResult(GENERATE, link, figures)


def held_out_guess(study: Study, texts: StepTexts) -> StepResult:
    """Step 7: a guess, then the figures measured on held-out classes."""
    guess = bound(st.slider, texts.labels["control"], 0, 100, 50, key="guess")
    chance = 100 * NEAREST / len(study.classes)
    figures = {
        "classes": f"{len(study.classes):,}",
        "chance": f"{chance:.0f}",
    }
    if st.toggle(texts.labels["reveal"], key="reveal"):  # not a query parameter: a link must not reveal the answer
        results = evaluations.with_baselines(study, LINEAR) | {
            DEFAULT_MAPPING: evaluations.evaluate(study, DEFAULT_MAPPING)
        }
        shown = {texts.labels["guess"]: float(guess)}
        for key in (LINEAR, DEFAULT_MAPPING, SHUFFLED, MEAN_VECTOR):
            label = MAPPINGS[key].label if key in MAPPINGS else key
            shown[label] = 100 * results[key].summary()[f"p_at_{NEAREST}"]
        chart(
            charts.guess_and_measured(shown, texts.labels["guess"], texts.labels["axis"]), "lesson_guess", texts.title
        )
        st.caption(texts.labels["caption"].format(mapping=MAPPINGS[DEFAULT_MAPPING].label))
    return StepResult(MAPPING_ERROR, {"section": "Classes"}, figures)
