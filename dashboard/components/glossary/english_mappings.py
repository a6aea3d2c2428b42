"""The terms of how a mapping is learned."""

from dashboard.components.glossary.terms import Term

MAPPINGS = (
    Term(
        "linear mapping",
        "A mapping in which every number of class space is a weighted sum of the numbers of text space, with the same "
        "weights for all sentences. Ridge regression is one that is kept from having large weights.",
        "Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634; Mikolov et al. 2013, arXiv:1309.4168",
        r"\min_{W, b}\; \sum_i \lVert W x_i + b - z_i\rVert^2 + \lambda \lVert W\rVert^2",
        "x: sentence; z: its class; λ: how strongly large weights are held back",
        ("ridge", "least squares"),
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
        "seed pair",
        "A sentence together with the class that it is about. Such pairs are all that a mapping learns from.",
        "Mikolov, Le and Sutskever 2013, arXiv:1309.4168",
        r"(x_i, z_i), \qquad i = 1, \dots, n",
        "x: the sentence in text space; z: its class in class space",
        ("seed sentence", "seed dictionary"),
    ),
)
