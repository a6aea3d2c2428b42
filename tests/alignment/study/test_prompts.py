"""What a study says of the prompts it is asked about."""

import pytest

from alignment.errors import InputError
from alignment.study import Study


@pytest.mark.parametrize(
    "ask",
    [Study.encode, Study.map, Study.nearest, Study.generate, lambda study, prompts: study.confidence.of(prompts)],
    ids=["encode", "map", "nearest", "generate", "confidence"],
)
def test_without_a_prompt_every_question_says_that_one_is_needed(study, ask):
    with pytest.raises(InputError, match="There are no prompts; give at least one"):
        ask(study, [])
