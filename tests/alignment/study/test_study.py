from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from alignment.dictionary.prompts import EXAMPLES
from alignment.errors import InputError
from alignment.evaluation.baselines import BASELINES
from alignment.images.drawing_settings import DrawingSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.mappings.linear import CrossValidatedRidge
from alignment.study import Settings, Study
from alignment.study.shared_encoding import encode_for_every_pooling
from alignment.text.encoder import TextEncoder
from alignment.text.pooling import POOLINGS


@pytest.fixture
def encoded(monkeypatch):
    """How many sentences each call of the encoder was given."""
    counts = []
    encode = TextEncoder.encode
    monkeypatch.setattr(
        TextEncoder,
        "encode",
        lambda self, sentences, **rest: (counts.append(len(sentences)), encode(self, sentences, **rest))[1],
    )
    return counts


def test_shapes_of_the_seed_pairs(tiny):
    study = Study(**tiny)
    n = len(study.seeds)
    assert study.X.shape == (n, 4 * 384) and study.pairs.targets.shape == (n, 128) and study.membership.shape == (n, 5)
    assert study.X.dtype == study.pairs.targets.dtype == np.float32
    row = study.seeds.frame.index[study.seeds.frame["classes"].map(len) == 1][0]
    assert_allclose(
        study.pairs.targets[row],
        study.class_vectors[study.classes.row(study.seeds.frame["classes"][row][0])],
        rtol=1e-5,
    )


def test_a_sentence_about_several_classes_stands_for_their_mean(tiny):
    study = Study(**tiny)
    row = study.seeds.frame["classes"].map(len).idxmax()
    rows = study.classes.rows(study.seeds.frame["classes"][row])
    assert len(rows) > 1
    assert_allclose(study.pairs.targets[row], study.class_vectors[rows].mean(axis=0), atol=1e-6)


def test_a_second_study_encodes_nothing_again(tiny, encoded, monkeypatch):
    first = Study(**tiny)
    first.build()
    assert encoded == [len(first.seeds)] + [1] * len(EXAMPLES)
    monkeypatch.setattr(TextEncoder, "_tokenizer", property(lambda self: pytest.fail("transformers is not needed")))
    second = Study(**tiny)
    second.build()
    assert_array_equal(second.X, first.X)
    assert_array_equal(second.encode([f" {EXAMPLES[1]} "]), first.encode([EXAMPLES[1]]))
    assert len(encoded) == 1 + len(EXAMPLES)


def test_one_pass_of_the_encoder_serves_every_pooling_of_a_layer(tiny, monkeypatch):
    settings, cache = replace(tiny["settings"], layer=3), tiny["cache"]
    study = Study(settings, cache=cache)
    encode_for_every_pooling(study, progress=lambda *_: None)
    expected = TextEncoder(layer=3, pooling="cls").encode(study.seeds.sentences)
    monkeypatch.setattr(TextEncoder, "_compute_batches", lambda *_: pytest.fail("sentences are encoded again"))
    found = {pooling: Study(replace(settings, pooling=pooling), cache=cache).X for pooling in POOLINGS}
    assert_array_equal(found["cls"], expected)


@pytest.mark.parametrize("pooling", ["mean", "word"])
def test_sentences_to_begin_with_are_encoded_as_any_other(tiny, pooling):
    study = Study(replace(tiny["settings"], pooling=pooling), cache=tiny["cache"])
    example = "I have a cat"
    words = [study.seeds.named_term(example)] if pooling == "word" else None
    assert_array_equal(study.encode([example]), study.encoder.encode([example], words=words))


def test_another_mapping_or_generator_encodes_nothing_again_but_another_layer_does(tiny, tiny_folder, encoded):
    study = Study(**tiny)
    study.mapping("ridge")
    study.mapping("procrustes")
    assert len(encoded) == 1
    other = Study(Settings(generator=str(tiny_folder), layer=2), cache=tiny["cache"])
    assert not np.allclose(other.X, study.X)
    assert len(encoded) == 2


def test_the_last_layer_by_its_number_encodes_nothing_again(tiny, encoded):
    Study(**tiny).build(mapping=None)
    del encoded[:]
    Study(**{**tiny, "settings": replace(tiny["settings"], layer=6)}).build(mapping=None)
    assert not encoded


def test_a_damaged_cache_is_recomputed(tiny, encoded):
    first = np.array(Study(**tiny).X)
    for path in (tiny["cache"] / "artifacts").rglob("*.entry"):
        path.write_bytes(path.read_bytes()[:100])
    assert_array_equal(Study(**tiny).X, first)
    assert len(encoded) == 2
    assert_array_equal(Study(**tiny).X, first)
    assert len(encoded) == 2


def test_a_cache_that_cannot_be_written_keeps_no_answer_back(tiny, caplog):
    tiny["cache"].write_text("a file in the folder's place")
    study = Study(**tiny)
    assert study.nearest(["I have a lemon"], top=1).loc[0, "name"] == "lemon"
    assert study.evaluations.evaluate("ridge").summary()["p_at_5"] == 1
    assert caplog.text.count("cannot be written") == 1
    assert tiny["cache"].read_text() == "a file in the folder's place"


def test_a_refused_prompt_harms_nothing_cached(tiny, encoded):
    study = Study(**tiny)
    study.build()
    for prompt in ("", "🐱", "x" * 100_000):
        with pytest.raises(InputError):
            study.nearest([prompt])
    Study(**tiny).build()
    assert len(encoded) == 1 + len(EXAMPLES)


def test_a_mapping_that_cannot_be_used_is_refused_before_anything_is_encoded(tiny, tmp_path, encoded):
    path = tmp_path / "ridge.npz"
    path.write_bytes(Study(**tiny).export_mapping("ridge", path.suffix))
    encoded.clear()
    other = {**tiny, "settings": replace(tiny["settings"], pooling="mean")}
    for mapping, message in ((str(path), "learned for the pooling 'subject'"), ("rigde", "rigde")):
        with pytest.raises(InputError, match=message):
            Study(**other).build(mapping=mapping)
    assert not encoded
    study = Study(**tiny)
    study.build(mapping=str(path))
    assert not study.cache.has(study.mapping_key(DEFAULT_MAPPING))  # which nobody asked for


def test_unknown_mapping(tiny):
    with pytest.raises(InputError, match="'magic'"):
        Study(**tiny).mapping("magic")


def test_pictures_are_the_same_for_the_same_seed_and_share_noise_between_prompts(tiny):
    study, drawing = Study(**tiny), DrawingSettings(truncation=0.6, noise_seed=5)
    pictures = study.generate(["a cat", "a lemon"], count=3, drawing=drawing)
    assert pictures.shape == (2, 3, 8, 8, 3)
    assert_array_equal(pictures[1], study.generate(["a lemon"], count=3, drawing=drawing)[0])
    assert_array_equal(pictures[:, :2], study.generate(["a cat", "a lemon"], count=2, drawing=drawing))


def test_snap_moves_a_point_along_the_line_to_its_nearest_class(tiny):
    study = Study(**tiny)
    z = study.map(["a cat and a dog"])
    nearest = study.class_vectors[study.nearest_to(z, ["z"], top=1).loc[0, "class"]]
    assert_allclose(study.snap_to_nearest_class(z, 0.25)[0], 0.75 * z[0] + 0.25 * nearest, rtol=1e-5)
    assert_allclose(study.snap_to_nearest_class(z, 0), z)
    assert_allclose(study.snap_to_nearest_class(z, 1)[0], nearest, rtol=1e-6)
    unsnapped = study.generate(["a cat and a dog"], drawing=DrawingSettings(snap=0))
    assert_array_equal(unsnapped[0], study.pictures.draw(z)[0])


@pytest.mark.parametrize("count", [0, -1, 65, 1.5, "2", True])
def test_too_many_or_too_few_pictures(tiny, count):
    with pytest.raises(InputError, match="number of pictures must be a whole number from 1 to 64; got"):
        Study(**tiny).generate(["a cat"], count=count)


def test_nearest_is_ordered_and_complete(tiny):
    table = Study(**tiny).nearest(["I have a lemon", "a volcano"], top=99)
    assert table["rank"].tolist() == [1, 2, 3, 4, 5] * 2
    assert table.groupby("prompt", sort=False)["similarity"].apply(lambda s: s.is_monotonic_decreasing).all()
    assert table.groupby("prompt", sort=False).first()["index"].tolist() == [951, 980]
    assert table.loc[0, ["class", "index", "name"]].tolist() == [2, 951, "lemon"]


def test_a_sentence_is_mapped_from_its_vector(tiny):
    study = Study(**tiny)
    vectors = study.encode(["I have a lemon"])
    assert_array_equal(study.map_vectors(vectors, "ridge"), study.map(["I have a lemon"], "ridge"))


def test_word_pooling_finds_the_class_word_in_a_prompt(tiny, tiny_folder):
    study = Study(Settings(generator=str(tiny_folder), pooling="word"), cache=tiny["cache"])
    assert study.seeds.named_term("My Golden Retriever, a dog, sleeps") == "Golden Retriever"
    assert study.seeds.named_term("Nothing here") == ""
    assert study.nearest(["We saw a volcano on the island"], top=1).loc[0, "index"] == 980
    for prompt, term in (  # words that stand apart otherwise than in the seeds
        ("A golden. Retriever asleep", "golden. Retriever"),
        ("Two golden\nretriever puppies", "golden\nretriever"),
    ):
        assert study.seeds.named_term(prompt) == term
        assert_array_equal(study.encode([prompt]), study.encoder.encode([prompt], words=[term]))


def test_seeds_of_ones_own(tiny, tiny_folder, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("sentence,class\nzorblax of the marsh,980\nbad,unicorn\nno such class here,1\n")
    instead = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tiny["cache"])
    besides = Study(Settings(generator=str(tiny_folder), added_seeds=str(path)), cache=tiny["cache"])
    assert instead.seeds.sentences == ["zorblax of the marsh"] and len(instead.notices) == 3
    assert "1 of 2 sentences" in instead.notices[0] and "line 3: No ImageNet class" in instead.notices[1]
    assert len(besides.seeds) == len(Study(**tiny).seeds) + 1


def test_what_the_encoder_does_not_read_of_ones_own_seeds_is_counted_and_named(tiny, tiny_folder, tmp_path):
    path = tmp_path / "own.csv"
    long = "tabby " * 80
    path.write_text(f"sentence,class\nA volcano,980\n🌋🌋,980\n{long},281\n", encoding="utf-8")
    study = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tiny["cache"])
    study.encoder._tokenizer.model_max_length = 64
    assert study.seeds.sentences == ["A volcano", long.strip()]
    unread, cut = study.notices
    assert unread == (f"left out, because the encoder knows no word of them: 1 of 3 sentences of {path}: '🌋🌋'")
    assert cut.startswith("read only in part") and "1 of 3 sentences" in cut and "'tabby tabby" in cut
    assert "longer than the encoder's limit: 'tabby" in study.prompt_reader.notices(["a cat", long])[0]
    path.write_text("sentence,class\n🌋,980\n", encoding="utf-8")
    with pytest.raises(InputError, match="knows no word in any of the 1 sentence of"):
        Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tiny["cache"]).build()


def test_a_pooling_that_gives_every_sentence_one_vector_is_refused(tiny, tiny_folder):
    settings = Settings(generator=str(tiny_folder), layer=0, pooling="cls")
    with pytest.raises(InputError, match="same vector at layer 0 with the pooling 'cls'"):
        Study(settings, cache=tiny["cache"]).build()


def test_names_that_the_encoder_cannot_read_are_no_seeds(tmp_path):
    np.save(tmp_path / "m.npy", np.eye(3))
    (tmp_path / "c.csv").write_text("name\ncat\ndog\n🌋\n", encoding="utf-8")
    settings = Settings(class_embeddings=str(tmp_path / "m.npy"), classes=str(tmp_path / "c.csv"))
    study = Study(settings, cache=tmp_path / "cache")
    study.build()
    assert study.nearest(["a dog"], top=1).loc[0, "name"] == "dog"
    assert study.seeds.counts(study.classes)["total"].tolist()[0] > 5


def test_an_edited_dictionary_encodes_only_what_is_new(tiny, tiny_folder, tmp_path, encoded):
    study = Study(**tiny)
    n = len(study.X)
    edited = study.seeds.frame.drop(index=[3, 7])["sentence"].tolist()
    path = tmp_path / "edited.csv"
    path.write_text("sentence,class\n" + "\n".join(f'"{s}",281' for s in ["zorblax of the marsh", *edited[::-1]]))
    other = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tiny["cache"])
    assert encoded == [n] and other.X.shape == (n - 1, 4 * 384)
    assert encoded == [n, 1]
    assert_array_equal(other.X[1:], np.delete(study.X, [3, 7], axis=0)[::-1])
    assert_allclose(other.X[0], study.encoder.encode(["zorblax of the marsh"])[0], atol=1e-5)


@pytest.mark.parametrize(("named", "said"), [("0", "one class"), ("0|1", "the same 2 classes")])
def test_seeds_from_which_nothing_can_be_learned_are_said(tiny_folder, tmp_path, named, said):
    (tiny_folder / "classes.csv").write_text("class,index\n0,0\n1,1\n2,2\n3,3\n4,4\n")
    path = tmp_path / "own.csv"
    path.write_text(f"sentence,class\na fish,{named}\nanother fish,{named}\n")
    study = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tmp_path / "c")
    assert len(study.seeds) == 2
    (notice,) = study.notices
    assert notice.startswith(f"all seed sentences are about {said}, so that no mapping learns to tell prompts apart;")
    path.write_text("sentence,class\na fish,0\na shark,1\n")
    study = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tmp_path / "c")
    assert len(study.seeds) == 2 and not study.notices


def test_seeds_for_other_classes_only(tiny_folder, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("sentence,class\na goose,99\n")
    with pytest.raises(InputError, match=r"None of the 1 sentence of .* is about a class of this class space"):
        _ = Study(Settings(generator=str(tiny_folder), seeds=str(path)), cache=tmp_path / "c").seeds


def test_a_bare_matrix_does_everything_but_pictures(tmp_path):
    np.save(tmp_path / "space.npy", np.random.default_rng(0).normal(size=(4, 11)))
    study = Study(Settings(class_embeddings=str(tmp_path / "space.npy")), cache=tmp_path / "cache")
    assert study.nearest(["a great white shark"], top=2).loc[0, "index"] == 2
    assert study.map(["a shark"]).shape == (1, 11)
    with pytest.raises(InputError, match="draws no pictures"):
        study.generate(["a shark"])


def test_progress_counts_to_the_end(tiny):
    seen = []
    study = Study(**tiny)
    study.build(lambda stage, done, total: seen.append((stage, done, total)))
    last = {stage: (done, total) for stage, done, total in seen}
    assert last == {"Encoding sentences": (len(study.seeds),) * 2, "Fitting Late fusion": (1, 1)}


def test_comparison_and_test_prompts(tiny, encoded):
    study = Study(**tiny)
    results = study.evaluations.compare(["ridge", "prototypes"], split="sentences")
    assert list(results)[:2] == ["ridge", "prototypes"] and len(results) == 5
    assert results["prototypes"].summary()["p_at_1"] > 0.8
    hits = study.evaluations.evaluate_prompts("prototypes")
    assert hits.loc["all", "hit_at_1"] > 0.8 and hits.loc["all", "prompts"] == hits.drop(index="all")["prompts"].sum()


def test_a_comparison_computes_only_mappings_it_has_not_seen(tiny, monkeypatch):
    fitted = []
    fit = CrossValidatedRidge.fit
    monkeypatch.setattr(CrossValidatedRidge, "fit", lambda self, X, y: (fitted.append(len(X)), fit(self, X, y))[1])
    study, seen = Study(**tiny), []
    first = study.evaluations.compare(["ridge"])
    assert len(fitted) == 10  # five folds, and five of the shuffled pairs
    again = study.evaluations.compare(["prototypes", "ridge"], progress=lambda *step: seen.append(step))
    assert len(fitted) == 10
    assert seen[-1][1:] == (5, 5)  # the new mapping's folds
    assert list(again) == ["prototypes", "ridge", *BASELINES]
    assert again["ridge"].summary() == first["ridge"].summary()
    study.evaluations.compare(["ridge"], split="sentences")
    assert len(fitted) == 20


def test_sweep_reads_the_sentences_once_and_agrees_with_the_studies_of_its_rows(tiny):
    table = Study(**tiny).evaluations.encoder_sweep().set_index(["layer", "pooling"])
    assert len(table) == 7 * len(POOLINGS)
    for layer, pooling in ((6, "mean"), (2, "word"), (3, "lexical")):
        settings = replace(tiny["settings"], layer=layer, pooling=pooling)
        alone = Study(settings, cache=tiny["cache"]).evaluations.evaluate("ridge").summary()
        for figure in ("p_at_1", "mrr", "csls_mrr", "cka"):
            assert table.loc[(layer, pooling), figure] == pytest.approx(alone[figure], abs=1e-4)


def test_seed_kinds_and_learning_curve(tiny):
    study = Study(**tiny)
    kinds = study.evaluations.seed_kinds("ridge")
    everything = study.evaluations.evaluate("ridge").summary()
    assert kinds.loc[("all", "all"), "mrr"] == everything["mrr"]
    assert kinds.loc[("description", "without"), "seeds"] + kinds.loc[
        ("description", "alone"), "seeds"
    ] == pytest.approx(kinds.loc[("all", "all"), "seeds"])
    curve = study.evaluations.learning_curve("ridge")
    assert curve.iloc[-1]["mrr"] == everything["mrr"]
    assert curve["seeds"].iloc[0] < curve["seeds"].iloc[-1]


def test_class_traits(tiny):
    traits = Study(**tiny).evaluations.class_traits()
    assert len(traits) == 5 and (traits["seeds"] >= 25).all()
    kinds = [column for column in traits if column.endswith(" seeds")]
    assert (traits[kinds].sum(axis=1) == traits["seeds"]).all()
