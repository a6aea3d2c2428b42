"""Class prototypes: softmax attention over one mean direction per class."""

from __future__ import annotations

from alignment.mappings.base import MappingRegressor, blended
from alignment.mappings.hyperparameters import ABOVE_0, constraints
from alignment.vectors.class_means import classes_of, group_means, unit_rows


class Prototypes(MappingRegressor):
    """Softmax attention over class prototypes.

    A class's prototype ``p_k`` is the mean of its sentences' unit vectors, rescaled to length 1.
    ``predict`` gives ``sum_k softmax_k(x·p_k / (|x| T)) z_k``: a weighted mean of known class vectors, so a
    prediction never leaves their convex hull.

    Sentences that name several classes, such as "I have a cat", have a separate prototype, whose vector is the mean of
    those classes' vectors.

    Parameters
    ----------
    temperature : float, default=0.05
        T. Low: the prediction is the vector of the nearest class alone, at its full length. High: many classes blend,
        and the prediction shrinks towards the mean.

    Attributes
    ----------
    prototypes_ : ndarray of shape (K, d_text)
    vectors_ : ndarray of shape (K, d_class)

    References
    ----------
    Snell, Swersky and Zemel (2017), Prototypical networks, arXiv:1703.05175; the weighting is that of
    Nadaraya (1964), doi:10.1137/1109020, with a von Mises-Fisher kernel.

    Examples
    --------
    >>> Prototypes(temperature=0.01).fit([[1., 0.], [0., 1.]], [[5.], [7.]]).predict([[2., 0.1]])
    array([[5.]])
    """

    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(temperature=ABOVE_0)

    def __init__(self, temperature=0.05):
        self.temperature = temperature

    def _fit(self, X, Z):
        self.vectors_, labels = classes_of(Z)
        self.prototypes_ = unit_rows(group_means(unit_rows(X), labels))

    def _predict(self, X):
        return blended(lambda rows: unit_rows(rows) @ self.prototypes_.T / self.temperature, X, self.vectors_)
