"""Glossary terms of evaluation: metrics, splits, baselines."""

from alignment.evaluation.baselines import BELOW_GUESSING
from dashboard.components.glossary.terms import Term

TERMS = (
    Term(
        "AUROC",
        "How well a number tells two kinds of sentences apart: how often, of one sentence of each kind taken at "
        "random, the right one has the higher number. Always is 1, chance is 0.5.",
        "Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747",
        r"\mathrm{AUROC} = P\left(c(x^{+}) > c(x^{-})\right)",
        "c: the number, here the confidence; x⁺, x⁻: a sentence of either kind",
        ("area under the ROC curve",),
    ),
    Term(
        "baseline",
        "A rule that knows nothing of the matter, such as always answering with the average of all classes. A figure "
        "says something only beside the figure that a baseline gets.",
        "Here the mean class vector and shuffled pairs; see alignment/evaluation/baselines.py",
    ),
    Term(
        "bootstrap interval",
        "A range around a figure, made so that about 95 of 100 such ranges hold the true one. It is found by drawing "
        "the measured classes anew, with repeats, many times over.",
        "Efron 1979, doi:10.1214/aos/1176344552",
        r"\left[\,q_{2.5\,\%}(\theta^*),\; q_{97.5\,\%}(\theta^*)\,\right]",
        "θ*: the figure on a drawn sample; q: quantiles over all samples",
        ("confidence interval",),
    ),
    Term(
        "calibration error",
        "How far confidence is from the share of answers that are right, on average over groups of answers with about "
        "the same confidence. If it is 0, eight in ten of all answers with a confidence of 0.8 are right.",
        "Guo et al. 2017, arXiv:1706.04599",
        r"\sum_b \frac{n_b}{n}\; \lvert \mathrm{right}(b) - \mathrm{confidence}(b) \rvert",
        "b: a group of answers; n: number of answers",
        ("expected calibration error", "calibration"),
    ),
    Term(
        "confidence",
        "How probable it is that the class named for a sentence is right, from 0 to 1. It is learned from sentences "
        "with known answers, many of them about things that cannot be drawn, so that of all answers with a confidence "
        "of 0.8 about eight in ten are right.",
        "Platt 1999, Probabilistic outputs for support vector machines",
        r"c = \frac{1}{1 + e^{-(w \cdot e + b)}}",
        "e: similarity, the group's share of the rating, distance to the seeds, names and unknown words; w, b: learned "
        "weights",
        ("calibrated confidence", "probability"),
    ),
    Term(
        "conformal set",
        "The answers that a sentence may have, as many as it takes for a right one to be among them for nine sentences "
        "in ten. One of the answers is that nothing which can be drawn is right.",
        "Vovk, Gammerman and Shafer 2005; Angelopoulos and Bates 2021, arXiv:2107.07511",
        r"C(x) = \{\, k : p_k(x) \ge t \,\}",
        "p: probability of an answer; t: what nine in ten right answers reach, on sentences that no mapping learned "
        "from",
        ("set of answers", "set size", "coverage"),
    ),
    Term(
        "correlation",
        "How far two figures rise and fall together: 1 is always, 0 not at all, and -1 that one falls as the other "
        "rises. Rank correlation compares their places in the order, not the figures themselves.",
        "Pearson 1895, doi:10.1098/rspl.1895.0041; Spearman 1904, doi:10.2307/1412159",
        r"r = \frac{\sum_i (a_i - \bar a)(b_i - \bar b)}{\sqrt{\sum_i (a_i - \bar a)^2 \, \sum_i (b_i - \bar b)^2}}",
        "a, b: the two figures; ā, b̄: their averages",
        ("rank correlation",),
    ),
    Term(
        "cosine",
        "How far two lists of numbers point the same way: 1 is the same direction, 0 nothing in common, -1 opposite. "
        "It is no percentage and no probability; between a mapped sentence and a class it is taken as seen from the "
        "average of all classes.",
        "Salton, Wong and Yang 1975, doi:10.1145/361219.361220",
        r"\cos(a, b) = \frac{a \cdot b}{\lVert a\rVert\,\lVert b\rVert}, \qquad s(p, c) = \cos(p - \bar c, c - \bar c)",
        "a, b: lists of numbers; p: mapped sentence; c: class; c̄: average of all classes",
        ("similarity", "cosine similarity"),
    ),
    Term(
        "CSLS",
        "A cosine, less how similar the sentence and the class are to their own neighbours in the other space. Classes "
        "that are near to everything are held back in this way, so that others can be found.",
        "Conneau et al. 2018, arXiv:1710.04087",
        r"\mathrm{CSLS}(p, c) = 2\cos(p, c) - r(p) - r(c)",
        "r: mean cosine with the k nearest neighbours in the other space",
        ("cross-domain similarity local scaling",),
    ),
    Term(
        "held out",
        "Kept back while the mapping learns, and asked for afterwards. Only such classes or sentences show what it can "
        "do with what it has not seen.",
        "Xian et al. 2018, arXiv:1707.00600",
        also=("zero-shot", "cross-validation"),
    ),
    Term(
        "hubness",
        "How unevenly the role of a nearest neighbour is spread. In spaces of many numbers, a few classes come out "
        "nearest to very many sentences, and others to none.",
        "Radovanović, Nanopoulos and Ivanović 2010, JMLR 11:2487-2531",
        r"\mathrm{skew}_c\; N_k(c)",
        "N: number of sentences that have class c among their k nearest",
        ("hub",),
    ),
    Term(
        "Mahalanobis distance",
        "How far a point is from the average of all classes, where a step counts the less, the more the classes differ "
        "along it. A class itself is about 1 away, less where there are few classes; a point further away than every "
        "class is unlike all of them.",
        "Mahalanobis 1936; Ledoit and Wolf 2004, doi:10.1016/S0047-259X(03)00096-4 (the covariance)",
        r"\sqrt{\tfrac{1}{d}\,(p - \bar c)^{\top} \Sigma^{-1} (p - \bar c)}",
        "p: point; c̄: average of all classes; Σ: their covariance; d: number of dimensions",
        ("off the classes",),
    ),
    Term(
        "P@k",
        "The share of questions whose right class is among the k nearest; blind guessing gets k divided by the number "
        "of classes. About held-out classes a question is the average of what is predicted for a class's sentences.",
        "Conneau et al. 2018, arXiv:1710.04087",
        r"\mathrm{P@}k = \frac{1}{n}\sum_{i=1}^{n} \left[\mathrm{rank}_i \le k\right]",
        "n: number of questions; held-out sentences about one class count as one, their mean",
        ("P@1", "P@10", "precision at k", "hit at k"),
    ),
    Term(
        "p-value",
        "How probable a difference at least as large as the measured one would be, if two mappings were equally good. "
        "It is found by exchanging the two at random, class by class, many times over.",
        "Fisher 1935, The design of experiments; Dror et al. 2018, doi:10.18653/v1/P18-1128",
        r"p = 2 \min\left(P(d^* \ge d),\; P(d^* \le d)\right)",
        "d: the measured difference; d*: that after a random exchange",
        ("permutation test",),
    ),
    Term(
        "random space",
        "The class space with its vectors shuffled among the classes, where the same mapping learns and is asked anew: "
        "what it reaches there, it reaches by its seed sentences alone, and only what goes beyond it is alignment. "
        f"{BELOW_GUESSING}",
        "Hewitt and Liang 2019, arXiv:1909.03368 (control tasks)",
    ),
    Term(
        "rank",
        "The place of the right class when all classes are sorted by similarity: 1 is the nearest. MRR is the average "
        "of one over the rank.",
        "Voorhees 1999, “The TREC-8 question answering track report”",
        r"\mathrm{MRR} = \frac{1}{n}\sum_{i=1}^{n} \frac{1}{\mathrm{rank}_i}",
        "n: number of questions; held-out sentences about one class count as one, their mean",
        ("MRR", "median rank"),
    ),
    Term(
        "shuffled pairs",
        "A baseline: ridge, whatever the mapping, learned from class vectors that are shuffled among the classes, and "
        "asked for the right ones. It gets about what chance gives, since only a few classes keep their own vector; in "
        "a random space the mapping itself is also asked for the shuffled ones.",
        "See alignment/evaluation/baselines.py",
    ),
    Term(
        "trustworthiness",
        "How far neighbours in a flat picture of a space are neighbours in the space itself: 1 is always. It falls "
        "when points stand together that are apart in the space.",
        "Venna and Kaski 2001, doi:10.1007/3-540-44668-0_68",
        r"1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in N_k(i)} \max\left(0,\; r(i, j) - k\right)",
        "N: the k neighbours of point i in the picture; r: the rank of j among the neighbours of i in the space",
    ),
)
