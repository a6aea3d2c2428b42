"""Keys of the cache: they change with the code, inputs and libraries of an artifact, and with nothing else."""

import ast
import gc
import importlib
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from alignment.mappings import make_mapping
from alignment.mappings.linear import CrossValidatedRidge
from alignment.study import artifacts
from alignment.study.cache import keys
from alignment.study.cache.keys import artifact_key, source_digest, source_files
from alignment.study.confidence.evidence import EvidenceReader
from alignment.vectors.class_means import first_classes, unit_rows


@pytest.fixture
def threads_change_places():
    """Python runs code while a syntax tree is made, as Dask does, and another thread goes on."""

    def pause(phase, info):
        time.sleep(1e-4)

    before = gc.get_threshold()
    gc.callbacks.append(pause)
    gc.set_threshold(200)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(pause)


def test_threads_that_ask_at_once_get_the_same_key(threads_change_places):
    def found(_):
        keys._imported_modules.cache_clear()
        keys._source_digest.cache_clear()
        return keys.source_digest(artifacts.sentence_vectors)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(found, range(8)))) == 1


def test_code_is_parsed_again_where_another_thread_has_upset_the_count(monkeypatch):
    answers = iter([SystemError("AST constructor recursion depth mismatch"), ast.parse("x = 1")])

    def parse(source):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(keys, "ast", SimpleNamespace(parse=parse))
    assert ast.unparse(keys._parsed("x = 1")) == "x = 1"


ARTIFACTS = (
    artifacts.sentence_vectors,
    artifacts.fitted_mapping,
    artifacts.mapping_evaluation,
    artifacts.class_pictures,
    artifacts.space_layout,
    artifacts.seed_table,
)


@pytest.mark.parametrize(
    ("edited", "touched"),
    [
        ("evaluation/metrics.py", {artifacts.mapping_evaluation}),
        ("vectors/similarity.py", {artifacts.fitted_mapping, artifacts.mapping_evaluation, artifacts.space_layout}),
        ("execution/packed_linear.py", {artifacts.sentence_vectors, artifacts.class_pictures}),
        ("images/checkpoints.py", {artifacts.class_pictures}),
        ("projection/aligned_umap.py", {artifacts.space_layout}),
        ("dictionary/data/templates.csv", {artifacts.seed_table}),
        ("dictionary/data/descriptions.csv", {artifacts.seed_table}),
        ("text/data/subject_attention.safetensors", {artifacts.sentence_vectors}),
        ("commands/prompts.py", set()),
        ("study/study.py", set()),
    ],
)
def test_a_key_changes_with_the_code_its_artifact_runs_through(tmp_path, edited, touched):
    package = tmp_path / "alignment"
    shutil.copytree(keys.PACKAGE, package, ignore=shutil.ignore_patterns("bundled", "__pycache__"))
    before = {compute: source_digest(compute, package) for compute in ARTIFACTS}
    with open(package / edited, "a", encoding="utf-8") as file:
        file.write("\n")
    keys._source_digest.cache_clear()
    after = {compute: source_digest(compute, package) for compute in ARTIFACTS}
    assert touched <= {compute for compute in ARTIFACTS if before[compute] != after[compute]}
    if not touched:
        assert before == after


def test_a_key_changes_with_a_constant_beside_the_function(tmp_path):
    found = []
    for limit in (1, 2):
        package = tmp_path / str(limit) / "alignment"
        package.mkdir(parents=True)
        (package / "one.py").write_text(
            f"LIMIT, OTHER = {limit}, 0\nDOUBLE: int = 2 * LIMIT\nUNUSED = {limit}\n"
            "def used():\n    return DOUBLE\n\ndef free():\n    return 3\n"
        )
        found.append([source_files("alignment.one", name, package)[0] for name in ("used", "free")])
    (used, free), (used_after, free_after) = found
    assert used != used_after and free == free_after


def test_a_key_is_that_of_the_code_which_the_process_started_with(monkeypatch):
    digest = source_digest(artifacts.mapping_evaluation)
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"edited since")
    keys._source_digest.cache_clear()
    assert source_digest(artifacts.mapping_evaluation) == digest


def test_every_module_an_artifact_runs_through_is_found():
    names = {
        path.relative_to(keys.PACKAGE).as_posix() for path in source_files(artifacts.__name__, "mapping_evaluation")[1]
    }
    assert {"evaluation/result.py", "evaluation/splits.py", "evaluation/resampling.py", "mappings/kernel.py"} <= names
    assert not [name for name in names if name.startswith(("study/", "text/", "projection/"))]
    own = "".join(source_files(artifacts.__name__, "class_pictures")[0])
    assert "LANCZOS" in own and "fit_pairs" not in own


def test_every_module_that_gathers_evidence_for_confidence_is_found():
    module, name = EvidenceReader.__module__, EvidenceReader.__name__
    names = {path.relative_to(keys.PACKAGE).as_posix() for path in source_files(module, name)[1]}
    study = {
        "confidence/dictionary_terms",
        "paired_spaces",
        "prompt_reader",
        "seed_reader",
        "sentence_vectors",
        "foreign_sentences",
    }
    assert {f"study/{name}.py" for name in study} | {"evaluation/calibration.py", "text/words.py"} <= names
    assert not names & {"study/confidence/confidence.py", "study/study.py", "study/evaluations.py", "study/pictures.py"}


def test_a_key_depends_on_inputs_and_libraries(monkeypatch):
    key = artifact_key(artifacts.seed_table, [1, 2], about="this")
    assert key == artifact_key(artifacts.seed_table, [1, 2], about="this")
    others = [artifact_key(artifacts.seed_table, [2, 1]), artifact_key(artifacts.neighbour_distances, [1, 2])]
    monkeypatch.setattr(keys, "library_versions", lambda: {"numpy": "9.9"})
    others.append(artifact_key(artifacts.seed_table, [1, 2]))
    assert len({key.digest, *(other.digest for other in others)}) == 4


def test_code_that_a_caller_registers_is_part_of_the_key(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    identities = []
    for number in (1, 2):
        (tmp_path / f"own{number}.py").write_text(
            f"from sklearn.linear_model import LinearRegression\nclass Own(LinearRegression):\n    number = {number}\n"
        )
        own = importlib.import_module(f"own{number}").Own()
        assert keys.estimator_identity(own) == keys.estimator_identity(own)
        identities.append(keys.estimator_identity(own))
    assert identities[0][0] == identities[1][0] and identities[0] != identities[1]
    assert keys.estimator_identity(make_mapping("ridge"))[1] == []
    assert keys.callers_code(artifacts.seed_table, LinearRegression) == []


def test_every_number_of_a_long_parameter_is_part_of_the_key():
    """The repr of an estimator shows 30 numbers of a list."""
    few, many = np.arange(1, 61) / 10, np.append(np.arange(1, 31) / 10, np.full(30, 99.0))
    identities = [keys.estimator_identity(CrossValidatedRidge(alphas=list(alphas))) for alphas in (few, many)]
    assert identities[0] != identities[1]
    steps = [
        Pipeline([("scale", FunctionTransformer(function)), ("fit", Ridge())])
        for function in (unit_rows, first_classes)
    ]
    assert keys.estimator_identity(steps[0]) != keys.estimator_identity(steps[1])
    assert keys.estimator_identity(steps[0]) == keys.estimator_identity(clone(steps[0]))
    generator = Ridge(random_state=np.random.RandomState(0))  # what it will give next is not known
    assert keys.estimator_identity(generator) != keys.estimator_identity(generator)


def test_installed_versions_are_those_of_the_libraries():
    versions = keys.library_versions()
    assert versions["numpy"] == np.__version__ and all(versions.values())
