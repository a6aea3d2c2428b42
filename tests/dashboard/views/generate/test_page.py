"""The page Generate: every control, and every sentence that cannot be drawn."""

import re
from html import escape

import numpy as np
import pytest
from PIL import Image

from alignment.__main__ import main
from alignment.mappings import MAPPINGS
from alignment.text.encoder import TextEncoder
from dashboard.components.images import picture_uri
from tests.dashboard.texts import html_of


def addresses(app):
    return [source for html in html_of(app, "pictures") for source in re.findall(r'src="([^"]+)"', html)]


def nearest_html(app):
    return html_of(app, "nearest")[0]


def test_first_visit_shows_four_pictures_and_five_classes(visit):
    app = visit("generate")
    assert len(addresses(app)) == 4
    assert nearest_html(app).count("<li") == 5
    assert not app.error and not app.warning


def test_count(visit):
    app = visit("generate")
    app.slider(key="count").set_value(9).run()
    assert len(addresses(app)) == 9


@pytest.mark.parametrize(("key", "value"), [("truncation", 1.0), ("snap", 0.0), ("noise", 7)])
def test_noise_changes_the_picture_and_comes_back(visit, key, value):
    app = visit("generate", count="1")
    first = addresses(app)
    widget = (app.number_input if key == "noise" else app.slider)(key=key)
    before = widget.value
    assert addresses(widget.set_value(value).run()) != first
    widget = (app.number_input if key == "noise" else app.slider)(key=key)
    assert addresses(widget.set_value(before).run()) == first


def test_dice_draws_another_seed(visit):
    app = visit("generate", noise="4294967295")
    app.button(key="dice").click().run()
    assert 0 <= app.number_input(key="noise").value < 10_000
    assert not app.exception


def test_example_fills_the_sentence(visit):
    app = visit("generate")
    group = app.button_group(key="example")
    group.set_value(group.options[1]).run()
    assert app.text_input(key="prompt").value == group.options[1]
    assert len(addresses(app)) == 4


@pytest.mark.parametrize("mapping", ["least-squares", "ridge", "procrustes", "nearest-sentences"])
def test_a_mapping_of_the_sidebar_draws(visit, few_seeds, mapping):
    app = visit("generate", seeds=few_seeds, count="1")
    assert app.selectbox(key="mapping").options == [spec.label for spec in MAPPINGS.values()]
    app.selectbox(key="mapping").set_value(mapping).run()
    assert app.selectbox(key="mapping").value == mapping
    assert len(addresses(app)) == 1 and not app.error


@pytest.mark.parametrize(("layer", "pooling"), [("0", "mean"), ("3", "cls"), ("Last", "word"), ("Last", "lexical")])
def test_every_reading_of_the_encoder_draws(visit, few_seeds, layer, pooling):
    app = visit("generate", seeds=few_seeds, layer=layer, pooling=pooling, count="1")
    assert len(addresses(app)) == 1 and not app.error


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("", "empty"),
        (" \t ", "empty"),
        ("x" * 100_000, "10,000 characters; the limit is 2,000"),
        ("🙂🙂🙂", "none of the words"),
        ("a\x00cat", "control character"),
    ],
)
def test_a_sentence_that_cannot_be_drawn_is_refused_in_place(visit, prompt, said):
    app = visit("generate")
    app.text_input(key="prompt").set_value(prompt).run()
    assert [said in error.value.replace("\\", "") for error in app.error] == [True]
    assert not app.exception and not addresses(app)
    app.text_input(key="prompt").set_value("a dog").run()
    assert len(addresses(app)) == 4 and not app.error


def test_blanks_around_a_sentence_are_no_part_of_it(visit):
    app = visit("generate")
    app.text_input(key="prompt").set_value("  a dog" + 2500 * " ").run()
    assert not app.error and all('alt="a dog, picture 4 of 4"' in html for html in html_of(app, "pictures"))


@pytest.mark.parametrize(
    "prompt", ["<script>alert(1)</script> a cat", "![x](http://example.org/x.png) cat", "$x$ :red[cat]"]
)
def test_markup_in_a_sentence_is_text(visit, prompt):
    app = visit("generate")
    app.text_input(key="prompt").set_value(prompt).run()
    assert not app.exception and not app.error
    assert all(f'alt="{escape(prompt)}, picture 4 of 4"' in html for html in html_of(app, "pictures"))
    assert not any("<script>alert" in html.value or "<b>" in html.value for html in app.get("html"))
    assert not any(prompt in markdown.value for markdown in app.markdown)


def test_a_bare_matrix_names_classes_without_pictures(visit, few_seeds, tmp_path):
    path = tmp_path / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(1000, 16)).astype(np.float32))
    app = visit("generate", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path))
    assert nearest_html(app).count("<li") == 5
    assert not addresses(app) and not app.error
    keys = {widget.key for kind in ("slider", "number_input", "button") for widget in app.get(kind)}
    assert "snap" in keys and not keys & {"count", "truncation", "noise", "dice"}
    far = visit(
        "generate", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path), prompt="Xyzzy qq"
    )
    assert [each.value for each in far.warning if "so the nearest class is a guess" in each.value]


@pytest.mark.parametrize(
    ("prompt", "far"), [("asdkjh qwoeiu", True), ("The stock market fell", True), ("A dog", False)]
)
def test_a_sentence_unlike_all_seeds_is_said_to_be_a_guess(visit, prompt, far):
    app = visit("generate", prompt=prompt)
    assert [True for warning in app.warning if "a guess" in warning.value] == [True] * far


def test_a_sentence_unlike_all_seeds_whose_confidence_is_not_low_is_no_guess(visit):
    app = visit("generate", prompt="The snake coiled around the branch of a lamp stand")
    assert [True for info in app.info if "but the confidence in the picture is not low" in info.value] == [True]
    assert not any("a guess" in warning.value for warning in app.warning)
    assert len(addresses(app)) == 4


@pytest.mark.parametrize("tab", ["Picture", "Compare", "Word by word", "Steer", "List"])
def test_a_bare_matrix_is_said_to_draw_nothing_in_every_tab(visit, few_seeds, tmp_path, tab):
    path = tmp_path / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(1000, 16)).astype(np.float32))
    app = visit("generate", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path), tab=tab)
    assert ["bare matrix" in info.value for info in app.info] == [True]
    assert not addresses(app) and not app.error


@pytest.mark.parametrize(("tab", "said"), [("Compare", "Both gauges"), ("Word by word", "Here each is mapped as if")])
def test_of_a_bare_matrix_nothing_speaks_of_pictures(visit, few_seeds, tmp_path, tab, said):
    path = tmp_path / "space.npy"
    np.save(path, np.random.default_rng(0).normal(size=(1000, 16)).astype(np.float32))
    app = visit("generate", seeds=few_seeds, pair="Own models", encoder="minilm", generator=str(path), tab=tab)
    (caption,) = (each.value for each in app.caption if said in each.value)
    told = " ".join([caption, *(html.value for html in app.get("html") if 'class="cards' in html.value)])
    assert not re.search("picture|draw|noise|generator|blurred|washed", told)


@pytest.mark.parametrize("tab", ["Picture", "Compare", "Word by word", "Steer"])
def test_a_sentence_that_cannot_be_drawn_is_refused_in_every_tab_that_draws_it(visit, tab):
    app = visit("generate", prompt="🙂🙂", tab=tab)
    assert ["none of the words" in error.value for error in app.error] == [True]


def test_page_and_command_line_draw_the_same_pixels(visit, tmp_path):
    app = visit("generate", prompt="A lemon on the table", noise="3", truncation="0.6", count="1")
    command = ["generate", "A lemon on the table", "--seed", "3", "--truncation", "0.6"]
    assert main([*command, "--output", str(tmp_path / "picture.png")]) == 0
    assert addresses(app)[0] == picture_uri(np.asarray(Image.open(tmp_path / "picture.png")))


def test_a_link_reproduces_the_pictures(visit):
    link = {"prompt": "My dog is barking", "count": "2", "truncation": "0.6", "noise": "5"}
    assert addresses(visit("generate", **link)) == addresses(visit("generate", **link))


@pytest.fixture
def encoded(monkeypatch):
    """Every sentence that the encoder was given."""
    sentences, encode = [], TextEncoder.encode
    monkeypatch.setattr(
        TextEncoder, "encode", lambda self, given, **rest: (sentences.extend(given), encode(self, given, **rest))[1]
    )
    return sentences


@pytest.mark.parametrize(
    ("link", "count"),
    [
        ({"prompt": "A pond with seven quiet ducks"}, 1),
        ({"prompt": "A pond with eight quiet ducks", "tab": "Compare"}, 1),
        (
            {"prompt": "A pond with nine quiet ducks", "tab": "Compare", "compare": "Sentences", "others": "Ducks"},
            2,
        ),
        ({"prompt": "A pond with eleven quiet ducks", "tab": "Steer", "negative": "Twelve ducks"}, 2),
    ],
)
def test_a_sentence_is_encoded_once(visit, encoded, link, count):
    app = visit("generate", **link)
    assert not app.error and len(encoded) == len(set(encoded)) == count
    app.session_state["tab"] = "Picture"
    app.run()
    app.number_input(key="noise").set_value(12).run()
    assert len(encoded) == count


def test_low_confidence_offers_the_word_that_may_have_been_meant(visit):
    app = visit("generate", prompt="There is a crocodlle in the rivver, said the qwertz")
    assert any(warning.value.startswith("Confidence 0\\.") for warning in app.warning)
    app.button(key="did_you_mean").click().run()
    assert app.text_input(key="prompt").value.startswith("There is a crocodile in the r")
    assert not app.exception


def test_a_sentence_in_another_language_is_said_with_an_encoder_that_reads_it(visit):
    app = visit("generate", prompt="Une photo d'un chien")
    said = " ".join(warning.value.replace("\\", "") for warning in app.warning)
    assert "looks like French, which the text encoder was not trained on" in said
    assert "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2" in said
    assert not app.exception and len(app.warning) == 1
    captions = " ".join(caption.value.replace("\\", "") for caption in app.caption)
    assert "this looks like French, not English" in captions


def test_a_spelling_of_a_surer_class_is_offered_beside_a_confident_answer(visit):
    app = visit("generate", prompt="Hand me the screwdiver please")
    assert any(caption.value.startswith("Confidence 0\\.") for caption in app.caption)
    app.button(key="did_you_mean").click().run()
    assert app.text_input(key="prompt").value == "Hand me the screwdriver please"
    assert "did_you_mean" not in [button.key for button in app.button] and not app.exception


def test_confidence_stands_beside_the_nearest_classes(visit):
    captions = [caption.value for caption in visit("generate", prompt="I have a cat").caption]
    assert any(caption.startswith("Confidence 0\\.") for caption in captions)


def test_a_seed_that_comes_out_as_another_class_is_said(visit, study):
    seeds = study.seeds.frame[study.seeds.frame["kind"] == "description"].head(300)
    found = study.nearest(seeds["sentence"].tolist(), "ridge", top=1).set_index(seeds.index)
    wrong = [index not in named for index, named in zip(found["index"], seeds["classes"], strict=True)]
    missed, met = seeds[wrong].iloc[0], seeds[~np.array(wrong)].iloc[0]
    captions = [
        caption.value for caption in visit("generate", mapping="Ridge", prompt=missed["sentence"].upper()).caption
    ]
    assert any("This sentence is a seed, for: " in caption for caption in captions)
    captions = [caption.value for caption in visit("generate", mapping="Ridge", prompt=met["sentence"]).caption]
    assert not any("This sentence is a seed" in caption for caption in captions)
