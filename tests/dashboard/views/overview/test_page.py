"""The page Overview."""

from dashboard.views.overview.pipeline import Pipeline, pipeline


def test_overview_shows_the_pair_and_real_pictures(visit, study):
    app = visit()
    labels = {metric.label: metric.value for metric in app.metric}
    assert labels["Classes"] == f"{len(study.classes):,}"
    assert labels["Seed sentences"] == f"{len(study.seeds):,}"
    assert labels["New classes, rank"].endswith(f"of {len(study.classes):,}")
    found = study.evaluations.headline_figures()
    shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert shown["New classes, P@10"] == (f"{found['p_at_10']:.2f}", f"random space: {found['random_p_at_10']:.2f}")
    for label, figure in (("Prompts right", "hit_at_1"), ("Prompts in top 5", "hit_at_5")):
        assert shown[label] == (f"{found[figure]:.0%}", f"random space: {found[f'random_{figure}']:.0%}")
    drawing = next(html.value for html in app.get("html") if "pipeline" in html.value)
    assert "1536 numbers" in drawing and "128 numbers" in drawing and "data:image/png" in drawing
    assert len(app.image) == 4
    assert sum("(confidence " in caption.value for caption in app.caption) == 4
    assert not app.error


def test_a_pipeline_without_models_is_drawn_pale_and_escaped():
    parts = Pipeline(
        sentence="<script>",
        encoder="<b>",
        reading="",
        text_dim=None,
        mapping="Ridge",
        class_dim=None,
        generator="&",
        pixels=None,
        learned_from="seeds",
    )
    drawing = pipeline(parts)
    assert "<script>" not in drawing and "<b><b>" not in drawing and "&amp;" in drawing
    assert "no pictures" in drawing and "<img" not in drawing


def test_test_prompts_are_listed_with_wrong_ones_first(visit, study):
    table = visit("overview", answers="true").dataframe[0].value
    assert len(table) == study.evaluations.evaluate_prompts().loc["all", "prompts"]
    assert table["right"].is_monotonic_increasing and not table["right"].iloc[0]
    assert table["right"].mean() == study.evaluations.evaluate_prompts().loc["all", "hit_at_1"]


def test_only_classes_with_sentences_are_learned_from(visit, few_seeds):
    drawing = next(html.value for html in visit(seeds=few_seeds).get("html") if "pipeline" in html.value)
    assert "18 sentences about 6 classes" in drawing
