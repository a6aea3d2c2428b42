"""Seed pairs of the toy problem of the mapping tests, with four more sentences about three classes each."""

import numpy as np
from scipy.sparse import csr_array, vstack

from alignment.evaluation.seed_pairs import SeedPairs
from tests.alignment.mappings import toy

N = len(toy.X) + 4
CLASS_VECTORS = toy.CLASS_VECTORS.astype(np.float32)
X = np.vstack([toy.X, np.random.default_rng(1).normal(size=(4, toy.D_TEXT))]).astype(np.float32)
SEVERAL = csr_array(np.arange(toy.K) < np.full((4, 1), 3))
MEMBERSHIP = vstack([csr_array(np.eye(toy.K, dtype=bool)[toy.LABELS]), SEVERAL], format="csr")
TEMPLATES = np.array([f"template {i % toy.PER_CLASS}" for i in range(N - 4)] + ["several"] * 4)
KINDS = np.array([["label", "description"][i % 2] for i in range(N - 4)] + ["hypernym"] * 4)
PAIRS = SeedPairs(X, MEMBERSHIP, CLASS_VECTORS, KINDS, TEMPLATES)
