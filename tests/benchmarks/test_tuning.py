"""An encoder tuned on some sentences: what it starts from, what it learns, and that it forgets between two folds."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.vectors.class_means import unit_rows
from benchmarks.tuning import TunableEncoder

SENTENCES = ["I have a cat", "Look, a cat!", "I have a dog", "Look at the dog over there", "A lemon", "Two lemons"]
LEARNED = np.array([0, 1, 2, 3])
ANIMALS = csr_array(np.eye(2, dtype=bool)[[0, 0, 1, 1]])  # cat, dog


@pytest.fixture(scope="module")
def tunable(encoder):
    return TunableEncoder(encoder, SENTENCES, blocks=1)


def test_it_starts_from_the_published_vectors(tunable, encoder):
    cosines = (unit_rows(tunable.encode()) * unit_rows(encoder.encode(SENTENCES))).sum(axis=1)
    assert (cosines > 0.9999).all()  # the encoder itself may multiply in bfloat16


def test_sentences_of_a_class_draw_together_and_the_next_fold_starts_anew(tunable):
    published = tunable.encode()
    tuned = tunable.tuned(LEARNED, ANIMALS, epochs=5, label="")

    def lead(X):
        """How much more alike sentences of one class are than of two, as a cosine."""
        cosines = unit_rows(X[LEARNED]) @ unit_rows(X[LEARNED]).T
        return cosines[[0, 2], [1, 3]].mean() - cosines[:2, 2:].mean()

    assert lead(tuned) > lead(published) + 0.05
    np.testing.assert_array_equal(tunable.encode(), published)
    np.testing.assert_array_equal(tunable.tuned(LEARNED, ANIMALS, epochs=5, label=""), tuned)
