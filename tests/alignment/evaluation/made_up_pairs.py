"""Seed pairs of random vectors: a linear map with noise, and four sentences that name three classes at once."""

import numpy as np
from scipy.sparse import csr_array

from alignment.evaluation.seed_pairs import SeedPairs

K, PER_CLASS, D_TEXT, D_CLASS = 24, 6, 10, 5
RNG = np.random.default_rng(0)
CLASS_VECTORS = RNG.normal(size=(K, D_CLASS)).astype(np.float32)
OWNERS = np.repeat(np.arange(K), PER_CLASS)
N = len(OWNERS) + 4  # four more sentences name classes 0, 1 and 2 at once
X = np.vstack(
    [
        np.repeat(CLASS_VECTORS @ RNG.normal(size=(D_CLASS, D_TEXT)), PER_CLASS, axis=0)
        + 0.3 * RNG.normal(size=(N - 4, D_TEXT)),
        RNG.normal(size=(4, D_TEXT)),
    ]
).astype(np.float32)
MEMBERSHIP = np.zeros((N, K), bool)
MEMBERSHIP[np.arange(N - 4), OWNERS] = True
MEMBERSHIP[N - 4 :, :3] = True
MEMBERSHIP = csr_array(MEMBERSHIP)
TEMPLATES = np.array([f"template {i % PER_CLASS}" for i in range(N - 4)] + ["several"] * 4)
KINDS = np.array([["label", "description"][i % 2] for i in range(N - 4)] + ["hypernym"] * 4)
PAIRS = SeedPairs(X, MEMBERSHIP, CLASS_VECTORS, KINDS, TEMPLATES)
