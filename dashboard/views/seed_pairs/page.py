"""Seed pairs: browse, edit, download and replace the sentences that the mapping learns from."""

from functools import partial

import pandas as pd
import streamlit as st

from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import FEW_SENTENCES, SEED_KINDS, SeedDictionary
from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES
from alignment.study import Study
from alignment.study.pictures import THUMBNAIL_PIXELS
from alignment.wording import counted, first_of
from dashboard.components.charts import chart_with_caption
from dashboard.components.code_snippet import SEEDS_FILE_NAME
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.pages import SEED_PAIRS
from dashboard.state import cached_results, limits, own_seeds, prepared_study, seed_edits, studies, uploads
from dashboard.state.class_choice import ALL, class_box, group_box
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.views.seed_pairs import charts, editing

SHOWN_CLASSES = 8  # of those with few sentences
COVERAGE_ROWS = 2000  # rows of the coverage table


def main() -> None:
    st.title(SEED_PAIRS.heading)
    st.caption(
        "The sentences the mapping learns from, each with the classes it names. Changes are yours alone; "
        "the address brings them back."
    )
    study = prepared_study.chosen()
    counts = cached_results.seed_counts(study)
    headline(study, counts)
    browse, coverage, upload = bound(st.tabs, ["Browse and edit", "Coverage", "Upload"], key="section")
    with browse:
        browse_and_edit(study, counts)
    with coverage:
        show_coverage(counts)
    with upload:
        upload_seeds(study)


def headline(study: Study, counts: pd.DataFrame) -> None:
    few = counts[counts["total"] < FEW_SENTENCES]
    left, middle, right, actions = st.columns([2, 2, 2, 3], vertical_alignment="center")
    left.metric("Sentences", f"{len(study.seeds):,}")
    with_sentences = cached_results.count_with_sentences(study)
    of = "" if with_sentences == len(counts) else f" of {len(counts):,}"
    middle.metric("Classes with sentences", f"{with_sentences:,}{of}")
    total = counts["total"].sum()
    median = "Median over the classes."
    several = f"A sentence about several, such as “A wild animal.”, counts for each; the classes have {total:,} in all."
    right.metric(
        "Sentences per class",
        f"{counts['total'].median():.0f}",
        help=f"{median} {several}" if total > len(study.seeds) else median,
    )
    with actions.container(horizontal=True, horizontal_alignment="right"):
        content = partial(study.seeds.to_csv, study.classes.known.key)
        save_button("Download CSV", content, SEEDS_FILE_NAME, "text/csv")
        if study.settings.seeds:
            st.button(
                "Back to the built-in pairs",
                icon=":material/undo:",
                on_click=own_seeds.forget,
                key="own_seeds_off",
            )
    if len(few):
        st.warning(
            f"{counted(len(few), 'class has', 'classes have')} fewer than {FEW_SENTENCES} sentences, too few to "
            f"learn from well: {plain(first_of(few['name'].tolist(), SHOWN_CLASSES))}.",
            icon=":material/warning:",
        )


def browse_and_edit(study: Study, counts: pd.DataFrame) -> None:
    chosen = filters(counts)
    if chosen["class"] != ALL:
        class_card(study, counts, chosen["class"])
    table = editing.draft(study, chosen)
    shown = table[matches(table, counts, chosen)]
    more = (
        f"; the first {editing.MAX_ROWS:,} are below, narrow the search to see the others"
        if len(shown) > editing.MAX_ROWS
        else ""
    )
    st.caption(
        f"{len(shown):,} of {len(table):,} sentences{more}. Edit a cell, add a row at the end, select rows to delete."
    )
    if (seeds := editing.edit_table(study, table, shown, chosen)) is not None:
        use(seeds, study)


def filters(counts: pd.DataFrame) -> dict:
    """Filter controls: group, class, kinds and text."""
    row = st.container(horizontal=True)
    group = group_box(row, counts.get("group"))
    names = counts["name"] if group == ALL else counts["name"][counts["group"] == group]
    name = class_box(row, sorted(names, key=str.casefold))
    kinds = bound(row.multiselect, "Kinds", SEED_KINDS, key="kinds", placeholder="All kinds")
    text = bound(row.text_input, "Search", key="words", type="search", placeholder="Word in a sentence", live=True)
    return {"group": group, "class": name, "kinds": kinds, "text": text.strip()}


def matches(table: pd.DataFrame, counts: pd.DataFrame, chosen: dict) -> pd.Series:
    """Rows of the table that match the filters, as a bool mask."""
    found = pd.Series(True, index=table.index)
    if chosen["class"] != ALL or chosen["group"] != ALL:
        rows = counts["name"] == chosen["class"] if chosen["class"] != ALL else counts["group"] == chosen["group"]
        names = set(counts["name"][rows])
        found &= table["class"].map(lambda named: not names.isdisjoint(named.split(seed_edits.SEPARATOR)))
    if chosen["kinds"]:
        found &= table["kind"].isin(chosen["kinds"])
    if chosen["text"]:
        found &= table["sentence"].str.contains(chosen["text"], case=False, regex=False)
    return found


def class_card(study: Study, counts: pd.DataFrame, name: str) -> None:
    """Show one class: its names, groups and picture."""
    row = study.classes.labels.index(name)
    facts, total = study.classes.frame.iloc[row], counts["total"].iloc[row]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if study.space.generator:
            st.image(cached_results.thumbnails(study, (row,))[0], width=THUMBNAIL_PIXELS, alt=f"The generator's {name}")
        with st.container():
            numbered = f"{'ImageNet' if study.classes.are_imagenets else 'class'} {study.classes.indices[row]}"
            about = (facts["group"], ", ".join(filter(None, (numbered, facts["wordnet_id"]))))
            st.markdown(" · ".join(filter(None, (f"**{plain(name)}**", *map(plain, about)))))
            st.markdown(plain(facts["description"]))
            also = ", ".join((*facts["everyday"], *facts["synonyms"]))
            kin = " > ".join(facts["path"].split(" > ")[-5:])
            facts_below = (f"also: {also}" if also else "", counted(total, "sentence"), kin)
            st.caption(plain(" · ".join(filter(None, facts_below))))


def show_coverage(counts: pd.DataFrame) -> None:
    if "group" in counts:
        chart_with_caption(
            charts.kinds_by_group(counts),
            "How to read it: one bar per group of classes; its length is the mean number of sentences per class, by "
            "kind.",
            name="seed_coverage",
            title="Sentences per class by group and kind",
        )
    if len(counts) > COVERAGE_ROWS:
        st.caption(f"The {COVERAGE_ROWS:,} of {len(counts):,} classes with the fewest sentences.")
    st.dataframe(
        counts.drop(columns="index").sort_values("total").head(COVERAGE_ROWS),
        hide_index=True,
        column_config={
            "name": "Class",
            "group": "Group",
            "total": st.column_config.ProgressColumn("All", format="%d", max_value=int(counts["total"].max())),
        },
    )


def upload_seeds(study: Study) -> None:
    index = "an ImageNet index" if study.classes.are_imagenets else "the index of a class"
    st.markdown(
        f"A CSV or JSON file with the columns `sentence` and `class`: {index}, a WordNet id or a name; several are "
        "separated by `|`. A sentence that contains a comma stands in quotes. Or JSON of sentences by class."
    )
    upload_number = st.session_state.setdefault("uploads_used", 0)  # a new key empties the box once its file is in use
    file = uploads.upload_box(
        "CSV or JSON file", TABLE_TYPES, key=f"seed_file_{upload_number}", label_visibility="collapsed"
    )
    use_as = st.segmented_control(
        "Use them",
        ["besides the current pairs", "instead of them"],
        default="besides the current pairs",
        required=True,
        key="way",
    )
    if file is None:
        return
    try:
        limits.check_lines(file.getvalue())
        with st.spinner("Reading the file"):
            uploaded, refused, taken_for = studies.answer(
                lambda: read_seeds(file.getvalue(), study.classes.known, called=file.name)
            )
        limits.check_rows(len(uploaded) + len(refused))
        here = uploaded.restricted(study.classes)
    except InputError as error:
        return refuse(error)
    foreign = len(uploaded) - len(here)
    notes = [f"Usable sentences: {len(here):,}", f"refused rows: {len(refused):,}"]
    notes += [f"about classes that this generator lacks: {foreign:,}"] if foreign else []
    st.info("; ".join(notes) + ".", icon=":material/task_alt:")
    for note in taken_for:
        st.caption(plain(note))
    if refused:
        editing.show_refused(pd.DataFrame(refused))
    if st.button(
        "Use these sentences", type="primary", icon=":material/check:", disabled=not len(here), key="use_upload"
    ):
        use(study.seeds.merged(here) if use_as.startswith("besides") else here, study)


def use(seeds: SeedDictionary, study: Study) -> None:
    """Use these seed sentences in this session from now on; the box for uploads is empty again."""
    try:
        own_seeds.use(seeds, study.classes.known)
    except InputError as error:
        return refuse(error)
    uploads.forget(f"seed_file_{st.session_state['uploads_used']}")
    st.session_state["uploads_used"] += 1
    st.rerun()


main()
