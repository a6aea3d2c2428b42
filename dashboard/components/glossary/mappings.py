"""Glossary terms of mappings and how they are learned."""

from dashboard.components.glossary.terms import Term

TERMS = (
    Term(
        "canonical correlation",
        "How far two spaces can be made to agree: a direction is chosen in each, such that what is paired rises and "
        "falls together along them. Further pairs of directions follow, each uncorrelated with those before.",
        "Hotelling 1936, doi:10.1093/biomet/28.3-4.321",
        r"\max_{u, v}\; \mathrm{corr}_i\left(u \cdot x_i,\; v \cdot z_i\right)",
        "x: sentence; z: its class; u, v: directions of text space and of class space",
    ),
    Term(
        "canonical similarity",
        "How alike a sentence and a class are along the directions of canonical correlation. A direction counts for "
        "more, the more closely the two spaces agree on it.",
        "Li et al. 2025, arXiv:2410.07610",
        r"s(x, z) = \sum_j r_j\, a_j\, b_j",
        "a, b: sentence and class along the j-th pair of directions, each list of length 1; r: its correlation",
    ),
    Term(
        "contrastive learning",
        "Training in which the right answer has to come out nearer than the wrong ones. Where exactly it lies does not "
        "matter.",
        "van den Oord, Li and Vinyals 2018, arXiv:1807.03748",
        r"\min_f\; -\sum_i \log \frac{e^{\cos(f(x_i),\, z_i) / \tau}}{\sum_k e^{\cos(f(x_i),\, z_k) / \tau}}",
        "x: sentence; z: class; τ: temperature",
        ("contrastive",),
    ),
    Term(
        "kernel ridge",
        "A mapping that is no straight line: what it gives for a sentence is a weighted sum over the sentences that it "
        "learned from. The kernel is the rule that says how similar two sentences are, and so how much each counts.",
        "Saunders, Gammerman and Vovk 1998, “Ridge regression learning algorithm in dual variables”",
        r"f(x) = \sum_i k(x, x_i)\, a_i",
        "k: kernel; a: learned weights",
        ("kernel",),
    ),
    Term(
        "late fusion",
        "Several ways to score the classes for a sentence, of which only the scores are added up. What one of them "
        "gets wrong, the others may put right.",
        "Snoek, Worring and Smeulders 2005, doi:10.1145/1101149.1101236",
        r"s_k(x) = \sum_m w_m\, s_{mk}(x)",
        "s: score of class k; m: a way to score; w: its weight",
    ),
    Term(
        "linear mapping",
        "A mapping in which every number of class space is a weighted sum of the numbers of text space, with the same "
        "weights for all sentences. Ridge is one that is kept from having large weights.",
        "Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634; Mikolov et al. 2013, arXiv:1309.4168",
        r"\min_{W, b}\; \sum_i \lVert W x_i + b - z_i\rVert^2 + \lambda \lVert W\rVert^2",
        "x: sentence; z: its class; λ: how strongly large weights are held back",
        ("ridge", "ridge regression", "least squares"),
    ),
    Term(
        "mapping",
        "What carries a point of text space to a point of class space. It is learned from seed pairs, while encoder "
        "and generator stay as they are.",
        "Mikolov, Le and Sutskever 2013, arXiv:1309.4168",
        r"z = f(x)",
        "x: point of text space; z: point of class space",
        ("alignment",),
    ),
    Term(
        "optimal transport",
        "The cheapest way to carry one cloud of points to another, where a long way costs more than a short one. "
        "Gromov-Wasserstein compares only the distances inside each cloud, so that no pairs are needed.",
        "Mémoli 2011, doi:10.1007/s10208-011-9093-5; Peyré and Cuturi 2019, arXiv:1803.00567",
        r"\min_{T \ge 0,\; T 1 = 1/n,\; T^\top 1 = 1/m}\; "
        r"\sum_{i, j, k, l} \left(d_{ik} - d'_{jl}\right)^2 T_{ij}\, T_{kl}",
        "T: how much of point i is carried to point j; d, d': distances in the one cloud, of n points, and in the "
        "other, of m",
        ("Gromov-Wasserstein",),
    ),
    Term(
        "Procrustes",
        "The rotation, with one scale for all directions, that brings sentences as near to their classes as it can. "
        "Where text space has more directions than class space, the rest is dropped.",
        "Schönemann 1966, doi:10.1007/BF02289451",
        r"R = \operatorname*{argmax}_{R R^\top = I} \sum_i z_i \cdot R x_i, \qquad f(x) = s\, R x",
        "x: sentence; z: its class, both seen from their averages; R: rotation; s: the scale that fits best",
        ("rotation",),
    ),
    Term(
        "prototype",
        "A point that stands for a whole class, such as the average of its sentences. A new sentence is compared with "
        "these points alone.",
        "Snell, Swersky and Zemel 2017, arXiv:1703.05175",
        r"\bar x_k = \frac{1}{n_k} \sum_{i\,:\,k_i = k} x_i",
        "x: sentence; k: class; n: number of its sentences",
    ),
    Term(
        "retrieval",
        "Looking something up by how near it is: here the class that is nearest to a mapped sentence. A mapping can be "
        "trained for just this, that the right class comes before the others.",
        "Joulin et al. 2018, arXiv:1804.07745",
        r"\operatorname{argmax}_k\; s(f(x), z_k)",
        "x: sentence; z: class; s: similarity, such as the cosine",
    ),
    Term(
        "kind of sentence",
        "What a seed sentence is made of: a class's name alone (label) or in a frame (template), another name in "
        "WordNet (synonym), an everyday word (everyday), a word above it (hypernym), or what it is and looks like "
        "(description). Pairs that were added are a kind too (own).",
        "This project",
        also=("kind of seed", "synonym"),
    ),
    Term(
        "seed pair",
        "A sentence together with the class that it is about. Such pairs are all that a mapping learns from.",
        "Mikolov, Le and Sutskever 2013, arXiv:1309.4168",
        r"(x_i, z_i), \qquad i = 1, \dots, n",
        "x: the sentence in text space; z: its class in class space",
        ("seed sentence", "seed dictionary"),
    ),
    Term(
        "softmax",
        "A rule that turns scores into shares which add up to 1, a higher score into a larger share. The temperature "
        "says how much larger: when it is low, the highest score takes nearly all.",
        "Bridle 1990, doi:10.1007/978-3-642-76153-9_28",
        r"p_k = \frac{e^{s_k / \tau}}{\sum_j e^{s_j / \tau}}",
        "s: score; τ: temperature",
        ("temperature",),
    ),
    Term(
        "template",
        "A sentence with a gap that the name of any class fits, such as “a photo of a …”. Seed pairs are made with "
        "many of them, so that the mapping learns from the name and not from the words around it.",
        "Radford et al. 2021, arXiv:2103.00020 (prompt templates)",
    ),
    Term(
        "whitening",
        "Stretching a space until its points spread alike in all directions. Then no direction counts for more merely "
        "because sentences differ more along it.",
        "Kessy, Lewin and Strimmer 2018, arXiv:1512.00809",
        r"x' = \Sigma^{-1/2}\,(x - \bar x)",
        "x̄: average of all points; Σ: how they spread about it, their covariance",
        ("whitened",),
    ),
)
