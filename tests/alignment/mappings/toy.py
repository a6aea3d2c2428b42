"""Toy problem for all mappings: 30 classes, four sentences each, nearly linear."""

import numpy as np

K, PER_CLASS, D_TEXT, D_CLASS = 30, 4, 8, 5
_rng = np.random.default_rng(0)
CLASS_VECTORS = _rng.normal(size=(K, D_CLASS)) + 1.0
LABELS = np.repeat(np.arange(K), PER_CLASS)
Z = CLASS_VECTORS[LABELS]
X = Z @ _rng.normal(size=(D_CLASS, D_TEXT)) + 0.5 * _rng.normal(size=(len(Z), D_TEXT)) - 2.0
MEANS = np.array([X[k == LABELS].mean(axis=0) for k in range(K)])
NEW = _rng.normal(size=(7, D_TEXT))
