"""Registry of mappings: ``MAPPINGS`` lists all; :func:`make_mapping` builds one by its key.

The grid of an entry has hyper-parameter values worth trying, for scikit-learn's model selection:

>>> import numpy as np
>>> from sklearn.model_selection import GridSearchCV
>>> X = np.random.default_rng(0).normal(size=(40, 3))
>>> search = GridSearchCV(make_mapping("prototypes"), MAPPINGS["prototypes"].grid, cv=4).fit(X, X[:, :2])
>>> search.best_params_
{'temperature': 0.1}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from alignment.errors import InputError, no_such_name
from alignment.mappings.correlation import CanonicalCorrelation, CanonicalSimilarity, PartialLeastSquares
from alignment.mappings.ensemble import Ensemble
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.late_fusion import LateFusion
from alignment.mappings.learned_attention import LearnedAttention
from alignment.mappings.linear import CrossValidatedRidge, LeastSquares
from alignment.mappings.linear_softmax import whitened_linear_softmax
from alignment.mappings.nearest_sentences import whitened_nearest_sentences
from alignment.mappings.neural import NeuralMapping
from alignment.mappings.norm_restoration import NormRestoration
from alignment.mappings.procrustes import Procrustes
from alignment.mappings.prototypes import Prototypes
from alignment.mappings.rcsls import RCSLS
from alignment.mappings.refinement import IterativeRefinement
from alignment.mappings.relative import relative_ridge
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.mappings.transport import GromovWasserstein
from alignment.mappings.vecmap import WhitenedRotation

MAPPINGS_WANTED = "Mappings are a list of keys, such as ['ridge']"
LINEAR_MAPPINGS = (  # z = (x - x0) W + z0; a test holds them, and no others, to that
    *("least-squares", "ridge", "procrustes", "refined-procrustes", "whitened-rotation", "cca", "pls"),
    "gromov-wasserstein",
)
DEFAULT_MAPPING = "late-fusion"  # the best on development sentences; see benchmarks/scores.md


@dataclass(frozen=True)
class MappingSpec:
    """An entry of the registry.

    Parameters
    ----------
    key, label : str
        Name in code and display name.
    explanation : str
        One sentence in plain language.
    factory : callable
        Returns an unfitted regressor when called without arguments.
    grid : dict
        Hyper-parameter name -> values worth trying, as GridSearchCV takes it.
    reference : str
        Publication of the method.
    blends : bool
        Whether predictions are weighted means of class vectors in which classes with seeds dominate, so that a class
        without seeds is hardly ever the nearest.
    knows_candidates : bool
        Whether ``fit`` gets the class vectors of all candidates, including classes without seeds.
    best_for : str
        Where it is the best mapping in the tables of benchmarks/scores.md; "" for most.
    seconds : float
        Duration of an evaluation on held-out classes of the bundled pair, on two cores; measured by ``compare``.
    """

    key: str
    label: str
    explanation: str
    factory: Callable[[], BaseEstimator]
    grid: dict[str, list]
    reference: str
    blends: bool = False
    knows_candidates: bool = False
    best_for: str = ""
    seconds: float = 2.0


_SPECS = (
    MappingSpec(
        "least-squares",
        "Least squares",
        "The linear mapping with the smallest squared error; simple, and unreliable with few sentences.",
        LeastSquares,
        {"fit_on": ["classes", "sentences"]},
        "Mikolov et al. 2013, arXiv:1309.4168",
        seconds=4.0,
    ),
    MappingSpec(
        "ridge",
        "Ridge",
        "Least squares with a penalty on large weights, which makes it more reliable on new words.",
        CrossValidatedRidge,
        {"alphas": [0.01, 0.1, 1.0], "fit_on": ["classes", "sentences"]},
        "Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634",
        seconds=5.0,
    ),
    MappingSpec(
        "procrustes",
        "Procrustes",
        "Rotates text space onto class space, with one scale for all directions.",
        Procrustes,
        {"n_components": [None, 64, 128], "whiten": [False, True]},
        "Schönemann 1966, doi:10.1007/BF02289451",
        seconds=2.5,
    ),
    MappingSpec(
        "refined-procrustes",
        "Procrustes, refined",
        "Procrustes fitted repeatedly, on the pairs that are each other's nearest neighbours.",
        IterativeRefinement,
        {"n_iter": [1, 3, 5]},
        "Conneau et al. 2018, arXiv:1710.04087",
    ),
    MappingSpec(
        "whitened-rotation",
        "Whitened rotation",
        "Whitens both spaces, rotates one onto the other, and weights directions by how strongly they correlate.",
        WhitenedRotation,
        {"reweight": [0.0, 0.5, 1.0], "shrinkage": [0.3, 1.0, 3.0]},
        "Artetxe et al. 2018, doi:10.1609/aaai.v32i1.11992",
    ),
    MappingSpec(
        "cca",
        "Canonical correlation",
        "Keeps the directions in which the two spaces are most correlated.",
        CanonicalCorrelation,
        {"n_components": [16, 32, 64], "pca_components": [64, 96, 128]},
        "Faruqui and Dyer 2014, doi:10.3115/v1/E14-1049",
    ),
    MappingSpec(
        "csa",
        "Canonical similarity",
        "Compares sentence and class along the directions in which the spaces correlate, each weighted by correlation.",
        CanonicalSimilarity,
        {"n_components": [32, 64, 128], "pca_components": [96, 192, 384], "scale": [10.0, 20.0, 40.0]},
        "Li et al. 2025, arXiv:2410.07610",
        knows_candidates=True,
    ),
    MappingSpec(
        "pls",
        "Partial least squares",
        "Keeps the directions in which the two spaces vary most together.",
        PartialLeastSquares,
        {"n_components": [16, 32, 64]},
        "Wold et al. 2001, doi:10.1016/S0169-7439(01)00155-1",
    ),
    MappingSpec(
        "rcsls",
        "Retrieval-trained rotation",
        "Starts from Procrustes and learns to rank each class above its nearest rivals.",
        RCSLS,
        {"n_neighbors": [5, 10, 20], "learning_rate": [1.0, 10.0]},
        "Joulin et al. 2018, arXiv:1804.07745",
        seconds=12.0,
    ),
    MappingSpec(
        "linear-softmax",
        "Linear, softmax",
        "The linear mapping trained to rank the right class first, however a sentence is worded.",
        whitened_linear_softmax,
        {
            "whitening__shrinkage": [0.3, 1.0, 3.0],
            "mapping__noise": [0.0, 1.0, 1.5],
            "mapping__temperature": [0.05, 0.1, 0.2],
        },
        "Frome et al. 2013; Wang et al. 2019, arXiv:1909.12220",
        best_for="those who want a linear mapping",
        seconds=40.0,
    ),
    MappingSpec(
        "kernel-ridge",
        "Kernel ridge",
        "A non-linear mapping: the more similar two sentences, the more similar their predictions.",
        KernelRidgeMapping,
        {"kernel": ["rbf", "arc-cosine"], "gamma": [0.5, 0.7, 1.0], "alphas": [0.03, 0.1, 0.3]},
        "Saunders et al. 1998",
        seconds=2.5,
    ),
    MappingSpec(
        "reverse-kernel-ridge",
        "Reverse kernel ridge",
        "Predicts text from class vectors and finds the class whose predicted text is most like the sentence.",
        ReverseKernelRidge,
        {"gamma": [3.0, 4.0, 6.0], "alpha": [0.03, 0.1, 0.3], "scale": [20.0, 40.0, 80.0], "unseen_bonus": [0.0, 0.03]},
        "Shigeto et al. 2015, arXiv:1507.00825",
        knows_candidates=True,
        best_for="classes without sentences",
        seconds=2.5,
    ),
    MappingSpec(
        "prototypes",
        "Prototypes",
        "Blends the vectors of the classes whose sentences are most like yours; stays among known classes.",
        Prototypes,
        {"temperature": [0.02, 0.05, 0.1]},
        "Snell et al. 2017, arXiv:1703.05175",
        blends=True,
    ),
    MappingSpec(
        "nearest-sentences",
        "Nearest sentences",
        "Blends the classes of the seed sentences most like yours, however they are worded.",
        whitened_nearest_sentences,
        {
            "whitening__shrinkage": [0.3, 1.0, 3.0],
            "mapping__n_neighbors": [5, 20, 50],
            "mapping__temperature": [0.02, 0.05, 0.1],
        },
        "Cover and Hart 1967, doi:10.1109/TIT.1967.1053964",
        blends=True,
        seconds=17.0,
    ),
    MappingSpec(
        "learned-attention",
        "Learned attention",
        "Learns which differences between sentences distinguish classes, and a few prototypes of each class.",
        LearnedAttention,
        {"n_prototypes": [1, 3, 5], "temperature": [0.03, 0.05, 0.07], "margin": [0.0, 0.1]},
        "Goldberger et al. 2005; Qian et al. 2019, arXiv:1909.05235",
        blends=True,
        seconds=100.0,
    ),
    MappingSpec(
        "late-fusion",
        "Late fusion",
        "Scores each class by its most similar sentence, by the mean of all of them and by the text predicted for it.",
        LateFusion,
        {"mean_weight": [0.25, 0.5, 1.0], "predicted_weight": [0.25, 0.5, 1.0], "scale": [15.0, 20.0, 30.0]},
        "Snoek et al. 2005, doi:10.1145/1101149.1101236",
        blends=True,
        knows_candidates=True,
        seconds=20.0,
    ),
    MappingSpec(
        "mlp-squared",
        "Network, squared error",
        "A small network trained to predict the class vector itself.",
        partial(NeuralMapping, loss="squared", penalty=0.001),
        {"hidden": [0, 256], "penalty": [0.0003, 0.001, 0.01]},
        "Rumelhart et al. 1986, doi:10.1038/323533a0",
        seconds=20.0,
    ),
    MappingSpec(
        "mlp-contrastive",
        "Network, contrastive",
        "A small network trained to rank the right class above all others.",
        NeuralMapping,
        {"hidden": [0, 256], "temperature": [0.05, 0.1, 0.2]},
        "van den Oord et al. 2018, arXiv:1807.03748",
        seconds=20.0,
    ),
    MappingSpec(
        "structure",
        "Linear, keeping structure",
        "A linear mapping trained to rank the right class first, while sentences keep their neighbours.",
        partial(NeuralMapping, hidden=0, penalty=0.0, structure=10.0),
        {"structure": [1.0, 10.0, 100.0], "levels": [1, 3], "temperature": [0.05, 0.1, 0.2]},
        "Gröger et al. 2025, arXiv:2506.16895",
        seconds=8.0,
    ),
    MappingSpec(
        "gromov-wasserstein",
        "Optimal transport",
        "Does not use which class vector belongs to which sentences; matches the two spaces by distances alone.",
        GromovWasserstein,
        {"epsilon": [0.002, 0.005, 0.02]},
        "Peyré et al. 2016; Alvarez-Melis and Jaakkola 2018",
        seconds=10.0,
    ),
    MappingSpec(
        "relative-ridge",
        "Relative representations",
        "Describes a sentence by its similarity to fixed examples, then applies ridge.",
        relative_ridge,
        {"representation__n_anchors": [128, 512]},
        "Moschella et al. 2023, arXiv:2209.15430",
    ),
    MappingSpec(
        "ensemble",
        "Ensemble",
        "The mean of kernel ridge and the retrieval-trained rotation; good on classes whose vectors it was not given.",
        Ensemble,
        {"weights": [[1, 1], [1, 2], [2, 1]]},
        "Perrone and Cooper 1993",
        seconds=12.0,
    ),
    MappingSpec(
        "kernel-ridge-restored",
        "Kernel ridge, full strength",
        "Kernel ridge with predictions scaled to the length of class vectors, so that pictures keep their contrast.",
        NormRestoration,
        {"each": [True, False]},
        "This project",
        seconds=3.0,
    ),
)

MAPPINGS: dict[str, MappingSpec] = {spec.key: spec for spec in _SPECS}


def make_mapping(key: str, **params) -> BaseEstimator:
    """Build an unfitted mapping.

    Parameters
    ----------
    key : str
        A key of ``MAPPINGS``.
    **params
        Hyper-parameters; the others keep the mapping's defaults. Those of a pipeline's steps are spelled
        ``step__name``.

    Raises
    ------
    InputError
        When no mapping has that key, or it has no such hyper-parameter.

    Examples
    --------
    >>> make_mapping("kernel-ridge", alphas=0.3)
    KernelRidgeMapping(alphas=0.3)
    >>> make_mapping("nearest-sentences", mapping__n_neighbors=5)["mapping"]
    NearestSentences(n_neighbors=5)
    """
    if not isinstance(key, str) or key not in MAPPINGS:
        raise InputError(no_such_name("mapping", key, MAPPINGS))
    mapping = MAPPINGS[key].factory()
    unknown = sorted(set(params) - set(mapping.get_params()))
    if unknown:
        raise InputError(f"Mapping {key!r} has no setting {unknown[0]!r}; it has {', '.join(_settings(mapping))}.")
    return mapping.set_params(**params)


def _settings(mapping: BaseEstimator) -> list[str]:
    """Names of the hyper-parameters, without estimators; of a pipeline only those of its steps."""
    params = {name: value for name, value in mapping.get_params().items() if not hasattr(value, "get_params")}
    return [name for name in params if "__" in name or not isinstance(mapping, Pipeline)]
