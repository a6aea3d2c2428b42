"""What a study is asked for by mistake is refused in one sentence that says what it takes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from pandas.testing import assert_frame_equal
from sklearn.linear_model import Ridge

from alignment.class_embeddings.class_space import EmbeddingMatrix
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.evaluation.confusions import confusions
from alignment.evaluation.encoder_sweep import sweep_layers
from alignment.evaluation.point_diagnosis import diagnose
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.images.generator import ImageGenerator
from alignment.interpolation.paths import InterpolationSettings
from alignment.mappings import make_mapping
from alignment.projection.layouts import LayoutSettings
from alignment.study import Settings, Study
from alignment.study.prompt_lists.drawn_prompts import draw_prompts
from alignment.study.prompt_lists.prompt_lists import new_list
from alignment.study.runs.measure import runs_over
from alignment.text.encoder import TextEncoder

POINT = np.ones((1, 8))


@pytest.mark.parametrize(
    "points", [POINT * np.nan, POINT * np.inf, POINT[0], POINT[:, :5], POINT[..., None], np.array([["a"] * 8])]
)
def test_points_that_are_not_rows_of_finite_numbers(small_study, points):
    message = "^Points of class space are rows of 8 finite numbers each; got .* of shape "
    with pytest.raises(InputError, match=message):
        small_study.nearest_to(points, ["a"])
    with pytest.raises(InputError, match=message):
        small_study.nearest_sentence(points)
    with pytest.raises(InputError, match=message):
        small_study.steer(points, amounts=[1.0])
    with pytest.raises(InputError, match=message):
        small_study.snap_to_nearest_class(points, 0.5)


def test_tensors_and_tables_of_points_are_read_as_their_numbers(small_study):
    texts = small_study.encode(["a cat", "a dog"])
    mapped = small_study.map_vectors(texts)
    for given in (torch.tensor(texts, requires_grad=True), pd.DataFrame(texts, index=[5, 3]), texts.tolist()):
        np.testing.assert_allclose(small_study.map_vectors(given), mapped, rtol=1e-5)
        assert small_study.nearest_in_text(given) == small_study.nearest_in_text(texts)
        found, expected = (small_study.out_of_distribution(each) for each in (given, texts))
        assert_frame_equal(found, expected, check_dtype=False, atol=1e-4)
    half = torch.tensor(texts, dtype=torch.bfloat16)
    np.testing.assert_allclose(small_study.map_vectors(half), mapped, atol=0.1)
    points = torch.tensor(mapped, requires_grad=True)
    assert_frame_equal(small_study.nearest_to(points, ["a", "b"]), small_study.nearest_to(mapped, ["a", "b"]))
    message = "^Points of text space are rows of 1,536 finite numbers each; got "
    for call in (small_study.out_of_distribution, small_study.nearest_in_text):
        with pytest.raises(InputError, match=message):
            call(mapped)
    with pytest.raises(InputError, match="wanted in 1 row; there are 2"):
        small_study.confidence.of_vectors(texts, ["a cat"])


def test_an_unknown_split(small_study):
    for call in (
        lambda: small_study.evaluations.compare(["ridge"], split="class"),
        lambda: small_study.evaluations.random_space_result("ridge", split="class"),
        lambda: small_study.pairs.folds("class"),
        lambda: runs_over([small_study.settings], ["ridge"], split="class"),
    ):
        with pytest.raises(InputError, match=r"^split is 'class'; it can be classes, sentences, kinds\.$"):
            call()


def test_a_label_for_every_point_and_one_point_for_a_sentence(small_study):
    with pytest.raises(InputError, match="there are 1 points and 2 labels"):
        small_study.nearest_to(POINT, ["a", "b"])
    with pytest.raises(InputError, match="for one point, an array of one row; there are 2 rows"):
        small_study.nearest_sentence(np.ones((2, 8)))


@pytest.mark.parametrize("top", [0, -1, 1.5])
def test_fewer_classes_than_one(small_study, top):
    with pytest.raises(InputError, match=f"^top must be a whole number of at least 1; got {top}"):
        small_study.nearest_to(POINT, ["a"], top=top)
    with pytest.raises(InputError, match=f"^top must be a whole number of at least 1; got {top}"):
        small_study.nearest(["a cat"], top=top)


def test_texts_of_another_size_or_number(small_study):
    settings = InterpolationSettings(("a cat", "a dog"))
    for texts in (np.zeros((2, 5)), np.full((2, small_study.encoder.dim), np.nan)):
        with pytest.raises(InputError, match=r"^Points of text space are rows of 1,536 finite numbers each; got "):
            small_study.interpolate(settings, texts=texts)
        with pytest.raises(InputError, match=r"^Points of text space are rows of 1,536 finite numbers each; got "):
            small_study.map_vectors(texts)
    with pytest.raises(InputError, match=r"^Points of text space are wanted in 2 rows; there are 3"):
        small_study.interpolate(settings, texts=np.zeros((3, small_study.encoder.dim)))


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        (["a cat", " "], "^Prompt 2 of 2, ' ': The sentence is empty"),
        (["a cat", "a dog", "🦄"], "^Prompt 3 of 3, '🦄': The text encoder knows none"),
        (["  "], "^The sentence is empty"),
    ],
)
def test_the_one_of_several_prompts_that_cannot_be_read_is_named(small_study, prompts, message):
    with pytest.raises(InputError, match=message):
        small_study.nearest(prompts)


def test_several_prompts_are_answered_as_each_by_itself(small_study):
    prompts = ["a cat", " a dog", "a cat", "a horse in a field"]
    table = small_study.nearest(prompts, top=2)
    assert table["prompt"].tolist() == [prompt for prompt in prompts for _ in range(2)]
    alone = [small_study.nearest([prompt], top=2)["name"].tolist() for prompt in prompts]
    assert table["name"].tolist() == [name for names in alone for name in names]


def test_one_text_where_a_list_of_them_is_wanted(small_study, tmp_path):
    """Its letters would be taken for sentences, mappings or labels."""
    evaluations, reader, ridge = small_study.evaluations, small_study.prompt_reader, make_mapping("ridge")
    result = evaluations.evaluate("ridge")
    for call, message in [
        (lambda: small_study.nearest("a cat"), "Prompts are a list of sentences, such as .* and not 'a cat'"),
        (lambda: reader.notices("a cat"), "Prompts are a list"),
        (lambda: reader.unread_parts("a cat"), "Prompts are a list"),
        (lambda: draw_prompts(small_study, "a cat", "ridge"), "Prompts are a list"),
        (lambda: new_list(small_study, "a cat", {}, tmp_path), "Prompts are a list"),
        (lambda: small_study.encoder.encode("a cat"), "Sentences are a list"),
        (lambda: evaluations.compare("ridge"), r"Mappings are a list of keys, such as \['ridge'\], and not 'ridge'"),
        (lambda: runs_over([small_study.settings], "ridge"), "Mappings are a list of keys"),
        (lambda: runs_over(small_study.settings, ["ridge"]), "a list of Settings, and not over one alone"),
        (lambda: sweep_layers(None, [0], "mean", ridge, small_study.pairs), "Poolings are a list of keys"),
        (lambda: InterpolationSettings("a cat"), "Prompts are a list of sentences"),
        (lambda: InterpolationSettings(("a cat", "a dog"), through="oak"), "goes through are a list"),
        (lambda: InterpolationSettings(("a cat", "a dog"), even="no"), "even is True or False, and not 'no'"),
        (lambda: small_study.nearest_to(POINT, "a"), "Labels are a list, one for each point, and not 'a'"),
        (lambda: result.per_class(names="catty"), "names is a list of labels, one for each of the 5 classes, and not"),
        (lambda: result.per_class(groups=["pet"]), "groups needs one label for each of the 5 classes; there are 1"),
        (lambda: result.group_intervals("catty"), "groups is a list of labels, one for each of the 5 classes"),
        (lambda: result.per_kind("label"), "kinds are a list of labels, one for each seed sentence, and not 'label'"),
        (lambda: replace(small_study.pairs, kinds="label"), "kinds is a list of labels, one for each of the"),
        (lambda: replace(small_study.pairs, terms=["cat"]), "terms needs one label for each of the .* there are 1"),
    ]:
        with pytest.raises(InputError, match=message):
            call()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (pd.DataFrame({"prompt": ["a cat", "a dog"]}), r"and not a table; pass the one column .* df\['prompt'\]\.$"),
        ({"prompt": "a cat", "other": "a dog"}, r"and not a dictionary; pass list\(it.values\(\)\)"),
        ({"a cat", "a dog"}, "and not a set, which has no order"),
    ],
)
def test_what_has_titles_or_keys_or_no_order(small_study, tmp_path, given, message):
    """Its titles or keys would be taken for sentences, mappings or labels."""
    encoder, reader = small_study.encoder, small_study.prompt_reader
    result = small_study.evaluations.evaluate("ridge")
    for call in (
        lambda: small_study.nearest(given),
        lambda: small_study.map(given),
        lambda: small_study.generate(given),
        lambda: small_study.kept_vectors(given),
        lambda: small_study.confidence.of(given),
        lambda: small_study.nearest_to(np.ones((2, 8)), given),
        lambda: reader.notices(given),
        lambda: draw_prompts(small_study, given, "ridge"),
        lambda: new_list(small_study, given, {}, tmp_path),
        lambda: InterpolationSettings(given),
        lambda: encoder.encode(given),
        lambda: encoder.name_pieces(given),
        lambda: encoder.read_sentences(given),
        lambda: small_study.evaluations.compare(given),
        lambda: result.per_class(names=given),
        lambda: result.per_kind(given),
    ):
        with pytest.raises(InputError, match=message):
            call()


def test_a_value_of_another_type(small_study, tmp_path):
    """What is wanted is said, with an example, where Python would say what the value lacks."""
    evaluations, pictures, confidence = small_study.evaluations, small_study.pictures, small_study.confidence
    several = ["a cat", "a dog"]
    for call, message in [
        (lambda: Study(encoder="minilm"), r"pass Settings\(encoder='minilm'\)\), and not 'minilm'\.$"),
        (lambda: Study({"encoder": "minilm"}), r"A study is made of Settings, such as .* and not a dict\.$"),
        (lambda: Study(cache=None), "cache is the folder .* and not None"),
        (lambda: Study(progress=True), "progress is called with .* such as print; got True"),
        (lambda: Settings(encoder=None), "encoder is the name of a model, .* and not a NoneType"),
        (lambda: TextEncoder(None), "An encoder is named, such as 'minilm', or a folder, and not None"),
        (lambda: TextEncoder(layer="last"), "layer must be a whole number; got 'last'"),
        (lambda: ImageGenerator(None), "A generator is named, such as 'bundled', or a folder, and not None"),
        (lambda: ImageGenerator(classes=several), "Classes are a ClassTable, .* and not a list"),
        (lambda: EmbeddingMatrix(POINT), r"read from a file; np.save makes one of an array, and not a ndarray"),
        (lambda: small_study.generate(several, drawing=0.4), r"drawing is DrawingSettings, such as .* and not 0\.4"),
        (lambda: pictures.draw(POINT, drawing={"snap": 0}), "drawing is DrawingSettings, such as .* and not a dict"),
        (lambda: pictures.vary(POINT, drawing=None), "drawing is DrawingSettings, such as .* and not None"),
        (
            lambda: small_study.interpolate(several),
            "An interpolation is made of InterpolationSettings, .* and not a list",
        ),
        (lambda: small_study.interpolate_grid(several), "An interpolation is made of InterpolationSettings"),
        (lambda: small_study.nearest(several, Ridge()), "A mapping is named by a key .* and not a Ridge"),
        (lambda: small_study.nearest(several, ["ridge"]), "A mapping is named by a key .* and not a list"),
        (lambda: confidence.of(several, ["ridge"]), "A mapping is named by a key .* and not a list"),
        (lambda: make_mapping(["ridge"]), r"There is no mapping \['ridge'\]; did you mean ridge\?"),
        (lambda: small_study.nearest_in_text(small_study.encode(several), top=0), "top must be a whole number"),
        (lambda: small_study.map_words(several), "A prompt is one sentence, such as 'I have a cat', and not a list"),
        (lambda: confidence.table(several), "Sentences are a table with the columns prompt and classes"),
        (
            lambda: evaluations.compare(["ridge"], executor=4),
            r"executor is an Executor, such as ThisProcess\(.*; got 4",
        ),
        (lambda: evaluations.compare(["ridge"], progress=True), "progress is called with"),
        (lambda: small_study.projections.layout("pca"), r"such as LayoutSettings\(method='pca'\), and not 'pca'"),
        (lambda: evaluations.evaluate_prompts("ridge", prompts=several), "prompts are as from study.prompt_reader"),
        (lambda: SeedDictionary(several), "A seed dictionary is made of a table with the columns sentence, classes,"),
        (lambda: SeedDictionary(pd.DataFrame({"sentence": several})), "table with the columns sentence, classes,"),
    ]:
        with pytest.raises(InputError, match=message):
            call()


@pytest.mark.parametrize("named", ["281|282", 281, np.nan, ("281", "282"), np.array(281)])
def test_classes_of_sentences_that_are_no_lists(small_study, named):
    """The letters of a text, as pandas reads a file, named no class: no seed had any, and every answer was wrong."""
    table = pd.DataFrame({"prompt": ["a cat"], "sentence": ["a cat"], "classes": [named]})
    table = table.assign(kind="own", term="cat", template="a cat")
    for call in (SeedDictionary, small_study.confidence.table):
        with pytest.raises(
            InputError, match=r"classes of a sentence are a tuple of indices, such as \(281, 282\); got"
        ):
            call(table)


def test_arrays_that_do_not_fit_one_another():
    """They would be paired by chance, or fail where nobody sees why."""
    membership, Z = np.eye(4, dtype=bool), np.zeros((4, 2))
    for call, message in [
        (
            lambda: SeedPairs(np.zeros((3, 5)), membership, Z),
            "X has one row per sentence of membership, 4 x 4; got 3 x 5",
        ),
        (lambda: SeedPairs(np.zeros(4), membership, Z), "X has one row per sentence of membership, 4 x 4; got 4"),
        (lambda: SeedPairs(np.zeros((4, 5)), membership, Z[:3]), "class_vectors has one row per class of membership"),
        (lambda: EvaluationResult(Z, [0, 1, 2], [0, 1, 2], Z, split="classes"), "4 predictions has a row and a class"),
        (lambda: EvaluationResult(Z, range(4), range(4), Z[:, :1], split="classes"), "are rows of one size"),
        (lambda: EvaluationResult(Z, range(4), range(4), Z, split="class"), "split is 'class'; it can be classes"),
    ]:
        with pytest.raises(InputError, match=message):
            call()


def test_columns_are_read_by_their_positions(small_study):
    """[i] of a pandas Series is a look-up by label: rows of a sorted column would change places."""
    prompts, order = ["a cat", "a dog", "an oak"], [2, 0, 1]
    column = pd.Series(prompts).iloc[order]
    table = small_study.nearest(column, top=1)
    assert table["prompt"].tolist() == column.tolist()
    every = small_study.nearest(prompts, top=1)["name"].tolist()
    assert table["name"].tolist() == [every[row] for row in order]
    result, names = small_study.evaluations.evaluate("ridge"), small_study.classes.names
    paths = [f"entity > {name}" for name in names]
    moved = [pd.Series(each, index=range(10, 10 + len(names))) for each in (names, paths)]
    expected = result.per_class(names=names, groups=names, paths=paths)
    assert_frame_equal(result.per_class(names=moved[0], groups=moved[0], paths=moved[1]), expected)
    assert_frame_equal(confusions(result, *moved[:1] * 2, moved[1]), confusions(result, names, names, paths))
    vectors = small_study.class_vectors[:2]
    assert_frame_equal(
        diagnose(vectors, small_study.class_vectors, moved[0]), diagnose(vectors, small_study.class_vectors, names)
    )
    pairs = small_study.pairs
    labels = {name: getattr(pairs, name) for name in ("kinds", "templates", "texts", "terms", "groups")}
    columns = {name: pd.Series(values, index=range(7, 7 + len(pairs))) for name, values in labels.items()}
    part = replace(pairs, **columns).subset(np.array([3, 0]))
    assert part.texts == (pairs.texts[3], pairs.texts[0])
    assert part.groups.tolist() == [pairs.groups[3], pairs.groups[0]]


def test_no_points(small_study):
    with pytest.raises(InputError, match="There are no points of class space; give at least one"):
        small_study.nearest_to(np.empty((0, 8)), [])
    with pytest.raises(InputError, match="There are no points of text space; give at least one"):
        small_study.map_vectors(np.empty((0, small_study.encoder.dim)))


@pytest.mark.parametrize(
    ("make", "wrong", "taken"),
    [
        (lambda value: InterpolationSettings(("a", "b"), steps=value).steps, [2.5, 1, 501, "3"], 9),
        (lambda value: LayoutSettings(n_neighbors=value).n_neighbors, [2.5, 1, 201], 9),
        (lambda value: LayoutSettings(dimensions=value).dimensions, [2.0, 4], 3),
        (lambda value: LayoutSettings(random_state=value).random_state, [0.5, -1], 7),
        (lambda value: Settings(layer=value).layer, [2.0, True], 3),
    ],
)
def test_whole_numbers_are_checked_and_those_of_numpy_become_pythons_own(make, wrong, taken):
    for value in wrong:
        with pytest.raises(InputError, match=f"must be a whole number.*; got {value!r}"):
            make(value)
    assert type(make(np.int64(taken))) is int and make(np.int64(taken)) == taken
