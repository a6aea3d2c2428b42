"""Tables of the classes nearest to many prompts."""

import pytest

from alignment.mappings import DEFAULT_MAPPING
from alignment.study.prompt_lists.prompt_shards import nearest_table


def test_prompts_are_encoded_once_for_their_classes_and_the_confidence_in_these(study, monkeypatch):
    prompts, encode, encoded = ["a lemon", "My dog sleeps."], study.encode, []
    monkeypatch.setattr(study, "encode", lambda given: encoded.append(given) or encode(given), raising=False)
    table = nearest_table(study, prompts, DEFAULT_MAPPING, 2)
    assert encoded == [prompts]
    assert table["name_2"].tolist() == study.nearest(prompts, top=2)["name"].tolist()[1::2]
    assert table["confidence_1"].tolist() == pytest.approx(study.confidence.of(prompts)["confidence"], abs=6e-4)
