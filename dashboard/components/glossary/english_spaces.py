"""The terms of the two models, of their spaces, and of how spaces are drawn."""

from dashboard.components.glossary.terms import Term

SPACES = (
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
        "hidden state",
        "The numbers that a layer of the encoder holds for one token. They depend on the whole sentence, so the same "
        "word has other numbers in another sentence.",
        "Vaswani et al. 2017, arXiv:1706.03762",
        r"h^{(l)}_t = f_l\left(h^{(l-1)}_1, \dots, h^{(l-1)}_T\right)_t",
        "l: layer; t: token; T: number of tokens",
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
        "noise",
        "A second list of random numbers that the generator is given beside the class. It decides what the class "
        "leaves open, such as place, size and light; the same noise seed gives the same noise.",
        "Goodfellow et al. 2014, arXiv:1406.2661",
        r"n \sim \mathcal{N}(0, 1)\ \text{truncated, scaled by the truncation}",
        also=("noise vector", "noise seed"),
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
        "UMAP",
        "A way to draw a space of many numbers flat, such that neighbours stay neighbours as far as possible. "
        "Distances between far groups, and the directions on the page, mean little.",
        "McInnes, Healy and Melville 2018, arXiv:1802.03426",
        r"\min_y \sum_{i \ne j} v_{ij} \log\frac{v_{ij}}{w_{ij}(y)} "
        r"+ (1 - v_{ij}) \log\frac{1 - v_{ij}}{1 - w_{ij}(y)}",
        "v, w: how much i and j are neighbours in the space and in the picture; y: places in the picture",
    ),
)
