"""Splits: sentences about held-out classes alone, and near-copies of uneven numbers."""

import numpy as np
from scipy.sparse import csr_array

from alignment.evaluation.splits import splits


def test_a_sentence_about_held_out_classes_alone_is_not_learned():
    members = np.eye(6, dtype=bool)[np.repeat(np.arange(6), 2)]
    membership = csr_array(np.vstack([members, [[1, 1, 0, 0, 0, 0]] * 2]).astype(bool))
    left_out = []
    for seed in range(5):
        for fold in splits("classes", membership, n_splits=2, random_state=seed):
            assert membership[fold.train].toarray()[:, fold.known].any(axis=1).all()
            left_out.append(12 not in fold.train)
            assert left_out[-1] == (not fold.known[:2].any())
    assert any(left_out)


def test_near_copies_of_uneven_numbers_are_divided_evenly():
    templates = ["one"] * 20 + [f"template {row}" for row in range(20)]
    membership = csr_array(np.ones((40, 1), bool))
    folds = splits("sentences", membership, templates=templates, n_splits=4)
    assert sorted(len(fold.test) for fold in folds) == [6, 7, 7, 20]
