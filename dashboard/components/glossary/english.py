"""The terms in English, in alphabetical order."""

from dashboard.components.glossary.terms import Term

TERMS = (
    Term(
        "baseline",
        "A rule that knows nothing of the matter, such as always answering with the average of all classes. A figure "
        "says something only beside the figure that a baseline gets.",
        "Here the mean class vector and shuffled pairs; see alignment/evaluation/baselines.py",
    ),
    Term(
        "bootstrap interval",
        "The range in which a figure would probably lie if it were measured on other classes of the same sort. It is "
        "found by drawing the measured classes anew, with repeats, many times over.",
        "Efron 1979, doi:10.1214/aos/1176344552",
        r"\left[\,q_{2.5\,\%}(\theta^*),\; q_{97.5\,\%}(\theta^*)\,\right]",
        "θ*: the figure on a drawn sample; q: quantiles over all samples",
        ("confidence interval",),
    ),
    Term(
        "class embedding",
        "The numbers by which the generator knows a class; each class has its own list, learned in training. As a "
        "point it is the class's place in class space.",
        "Brock, Donahue and Simonyan 2019, arXiv:1809.11096",
        r"z_k = W e_k \in \mathbb{R}^{d}",
        "k: class; e: its unit vector; W: learned matrix",
        ("embedding", "class vector"),
    ),
    Term(
        "class space",
        "The latent space of the generator: every point is a list of numbers that it can draw. The classes are some "
        "of its points, and the points between them give mixtures.",
        "Brock, Donahue and Simonyan 2019, arXiv:1809.11096",
        also=("target space",),
    ),
    Term(
        "confidence",
        "How probable it is that the class named for a sentence is right, from 0 to 1. It is learned from sentences "
        "with known answers, many of them about things that cannot be drawn, so that of all answers with a confidence "
        "of 0.8 about eight in ten are right.",
        "Platt 1999, Probabilistic outputs for support vector machines",
        r"c = \frac{1}{1 + e^{-(w \cdot e + b)}}",
        "e: similarity, lead over other groups, distance to the seeds, names and unknown words; w, b: learned weights",
        ("calibrated confidence", "probability"),
    ),
    Term(
        "conformal set",
        "The answers that a sentence may have, as many as it takes for a right one to be among them for nine sentences "
        "in ten. One of the answers is that nothing which can be drawn is right.",
        "Vovk, Gammerman and Shafer 2005; Angelopoulos and Bates 2021, arXiv:2107.07511",
        r"C(x) = \{\, k : p_k(x) \ge t \,\}",
        "p: probability of an answer; t: what nine in ten right answers reach on sentences kept apart",
        ("set of answers",),
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
        "that are near to everything are thereby held back, so that others can be found.",
        "Conneau et al. 2018, arXiv:1710.04087",
        r"\mathrm{CSLS}(p, c) = 2\cos(p, c) - r(p) - r(c)",
        "r: mean cosine with the k nearest neighbours in the other space",
        ("cross-domain similarity local scaling",),
    ),
    Term(
        "encoder",
        "A language model that reads a sentence and gives a list of numbers. Sentences of similar meaning get similar "
        "lists.",
        "Wang et al. 2020, arXiv:2002.10957 (MiniLM); Sanh et al. 2019, arXiv:1910.01108 (DistilBERT)",
        r"x = \mathrm{pool}\left(h_1, \dots, h_T\right) \in \mathbb{R}^{d}",
        "h: hidden states of the T tokens",
        ("text encoder", "language model"),
    ),
    Term(
        "generator",
        "A network that draws a picture from a point of class space and from noise. It was trained on pictures of "
        "known classes and never reads a word.",
        "Brock, Donahue and Simonyan 2019, arXiv:1809.11096 (BigGAN)",
        r"\mathrm{picture} = G(n, z)",
        "n: noise; z: point of class space",
        ("BigGAN",),
    ),
    Term(
        "held out",
        "Kept back while the mapping learns, and asked for afterwards. Only such classes or sentences show what it can "
        "do with what it has not seen.",
        "Xian et al. 2018, arXiv:1707.00600",
        also=("zero-shot", "cross-validation"),
    ),
    Term(
        "hidden state",
        "The numbers that a layer of the encoder holds for one token. They depend on the whole sentence, so the same "
        "word has other numbers in another sentence.",
        "Vaswani et al. 2017, arXiv:1706.03762",
        r"h^{(l)}_t = f_l\left(h^{(l-1)}_1, \dots, h^{(l-1)}_T\right)_t",
        "l: layer; t: token; T: number of tokens",
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
        "interpolation",
        "Points on the way from one to another, in small steps. It can take place before the mapping, in text space, "
        "or after it, in class space, and the pictures differ.",
        "White 2016, arXiv:1609.04468",
        r"p(t) = (1 - t)\,a + t\,b, \qquad 0 \le t \le 1",
        "a, b: the two ends",
    ),
    Term(
        "latent space",
        "All lists of numbers that a model can hold inside, seen as points. What the model treats as similar lies "
        "close together.",
        "Bengio, Courville and Vincent 2013, arXiv:1206.5538",
    ),
    Term(
        "layer",
        "One of the steps in which the encoder works a sentence over. Early ones are closer to the words, late ones "
        "closer to what the sentence means.",
        "Tenney, Das and Pavlick 2019, arXiv:1905.05950",
    ),
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
        "noise",
        "A second list of random numbers that the generator is given beside the class. It decides what the class "
        "leaves open, such as place, size and light; the same noise seed gives the same noise.",
        "Goodfellow et al. 2014, arXiv:1406.2661",
        r"n \sim \mathcal{N}(0, 1)\ \text{truncated, scaled by the truncation}",
        also=("noise vector", "noise seed"),
    ),
    Term(
        "P@k",
        "The share of questions whose right class is among the k nearest: P@1 asks for the nearest alone, P@10 for one "
        "of ten. By chance it would be k divided by the number of classes.",
        "Conneau et al. 2018, arXiv:1710.04087",
        r"\mathrm{P@}k = \frac{1}{n}\sum_{i=1}^{n} \left[\mathrm{rank}_i \le k\right]",
        "n: number of questions",
        ("P@1", "P@10", "precision at k", "hit at k"),
    ),
    Term(
        "pooling",
        "How one list of numbers is made of the hidden states of all tokens of a sentence. The mean is usual; one can "
        "also take the first token, or only the words that name the class.",
        "Reimers and Gurevych 2019, arXiv:1908.10084",
        r"x = \frac{1}{T}\sum_{t=1}^{T} h_t",
        "h: hidden states of the T tokens; this is the mean",
    ),
    Term(
        "rank",
        "The place of the right class when all classes are sorted by similarity: 1 is the nearest. MRR is the average "
        "of one over the rank.",
        "Voorhees 1999, “The TREC-8 question answering track report”",
        r"\mathrm{MRR} = \frac{1}{n}\sum_{i=1}^{n} \frac{1}{\mathrm{rank}_i}",
        "n: number of questions",
        ("MRR", "median rank"),
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
        "snap to the nearest class",
        "Moving a mapped point towards the class nearest to it, before it is drawn. Points between classes give "
        "blurred pictures, points at a class clear ones.",
        "This project",
        r"z' = z + s\,(c - z), \qquad 0 \le s \le 1",
        "z: mapped point; c: nearest class; s: the share that is set",
        ("snap",),
    ),
    Term(
        "text space",
        "The latent space of the encoder: every sentence is one of its points. Sentences of similar meaning lie close "
        "together, whatever their words.",
        "Reimers and Gurevych 2019, arXiv:1908.10084",
        also=("source space",),
    ),
    Term(
        "token",
        "A word or a piece of a word, as the encoder reads it. Rare words fall into several pieces.",
        "Wu et al. 2016, arXiv:1609.08144 (WordPiece)",
    ),
    Term(
        "truncation",
        "How far the noise may spread. Low values give the typical picture of a class, high values more variety.",
        "Brock, Donahue and Simonyan 2019, arXiv:1809.11096",
        r"n = \tau\, \epsilon, \qquad \epsilon \sim \mathcal{N}(0, 1)\ \text{truncated to}\ [-2, 2]",
        "τ: the truncation",
    ),
    Term(
        "trustworthiness",
        "How far neighbours in a flat picture of a space are neighbours in the space itself: 1 is always. It falls "
        "when points stand together that are apart in the space.",
        "Venna and Kaski 2001, doi:10.1007/3-540-44668-0_68",
        r"1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in N_k(i)} \max\left(0,\; r(i, j) - k\right)",
        "N: the k neighbours of point i in the picture; r: the rank of j among the neighbours of i in the space",
    ),
    Term(
        "UMAP",
        "A way to draw a space of many numbers flat, such that neighbours stay neighbours as far as possible. "
        "Distances between far groups, and the directions on the page, mean little.",
        "McInnes, Healy and Melville 2018, arXiv:1802.03426",
        r"\min_y \sum_{i \ne j} v_{ij} \log\frac{v_{ij}}{w_{ij}(y)} "
        r"+ (1 - v_{ij}) \log\frac{1 - v_{ij}}{1 - w_{ij}(y)}",
        "v, w: how much i and j are neighbours in the space and in the picture; y: places in the picture",
    ),
)
