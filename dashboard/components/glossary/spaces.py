"""Glossary terms of encoder and generator, their spaces, and projections."""

from dashboard.components.glossary.terms import Term

TERMS = (
    Term(
        "class embedding",
        "The numbers by which the generator knows a class; each class has its own list. BigGAN learns it in "
        "training; those of the bundled generator were laid out along WordNet before it.",
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
        "decoder",
        "A language model that learned to continue a text, and so reads it from left to right. Only its last token "
        "has seen the whole sentence.",
        "Radford et al. 2019, “Language models are unsupervised multitask learners” (GPT-2); Touvron et al. 2023, "
        "arXiv:2302.13971 (Llama)",
        r"p(t_1, \dots, t_T) = \prod_{i=1}^{T} p\left(t_i \mid t_1, \dots, t_{i-1}\right)",
        "t: token; T: number of tokens",
        ("GPT-2", "Llama"),
    ),
    Term(
        "encoder",
        "A language model that reads a sentence and gives a list of numbers. One that was trained for it gives "
        "similar lists to sentences of similar meaning.",
        "Wang et al. 2020, arXiv:2002.10957 (MiniLM); Sanh et al. 2019, arXiv:1910.01108 (DistilBERT)",
        r"x = \mathrm{pool}\left(h_1, \dots, h_T\right) \in \mathbb{R}^{d}",
        "h: hidden states of the T tokens",
        ("text encoder", "language model"),
    ),
    Term(
        "generator",
        "A network that draws a picture from a point of class space and from noise. It learned from pictures of "
        "known classes, BigGAN from photographs and the bundled one from drawings, and never reads a word.",
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
        "hypernym",
        "A word above another in WordNet, which stands for all that is below it: “animal” is a hypernym of “dog”. A "
        "sentence that says it is about all classes below it.",
        "Miller 1995, doi:10.1145/219717.219748",
    ),
    Term(
        "ImageNet",
        "A collection of photographs, each sorted into a class; BigGAN learned from those of a thousand classes. "
        "The index of a class is its number among them, from 0 to 999.",
        "Deng et al. 2009, doi:10.1109/CVPR.2009.5206848; Russakovsky et al. 2015, arXiv:1409.0575",
        also=("ImageNet index",),
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
        "PCA",
        "A way to draw a space of many numbers flat: it is looked at from the side from which its points lie as far "
        "apart as possible. Straight lines stay straight, but points that lie behind one another are drawn together.",
        "Pearson 1901, doi:10.1080/14786440109462720",
        r"\max_{\lVert u\rVert = 1}\; \sum_i \left(u \cdot (x_i - \bar x)\right)^2",
        "u: a direction to draw along; x̄: average of all points",
        ("principal component analysis", "principal direction"),
    ),
    Term(
        "pooling",
        "How one list of numbers is made of the hidden states of all tokens of a sentence. The mean is usual; the "
        "bundled encoder adds its vocabulary's vectors and gives weight to the words that a sentence is about "
        "(“subject”).",
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
        "spherical interpolation",
        "A way from one point to another that turns the direction evenly, while the length changes evenly. On a "
        "straight line between ends of one length, the points between are shorter.",
        "Shoemake 1985, doi:10.1145/325165.325242",
        r"p(t) = \frac{\sin((1 - t)\,\omega)}{\sin \omega}\,a + \frac{\sin(t\,\omega)}{\sin \omega}\,b",
        "a, b: the two ends, of one length; ω: the angle between them",
        ("spherical",),
    ),
    Term(
        "t-SNE",
        "A way to draw a space of many numbers flat, such that every point keeps its nearest neighbours if it "
        "can. The "
        "perplexity is about how many neighbours that is; distances between groups mean little.",
        "van der Maaten and Hinton 2008, JMLR 9:2579-2605",
        r"\min_y \sum_{i \ne j} p_{ij} \log\frac{p_{ij}}{q_{ij}(y)}",
        "p, q: how much i and j are neighbours in the space and in the picture; y: places in the picture",
        ("perplexity",),
    ),
    Term(
        "text space",
        "The latent space of the encoder: every sentence is one of its points. Sentences of similar meaning lie close "
        "together, even where their words differ.",
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
    Term(
        "vector",
        "A list of numbers that stands for something, such as a sentence or a class. It is a point of its space, and "
        "as an arrow that leads there it has a direction and a length.",
        "Salton, Wong and Yang 1975, doi:10.1145/361219.361220",
        r"x = (x_1, \dots, x_d) \in \mathbb{R}^{d}, \qquad \lVert x\rVert = \sqrt{x_1^2 + \dots + x_d^2}",
        "d: how many numbers; ‖x‖: length",
        ("norm",),
    ),
    Term(
        "vocabulary",
        "All words and pieces of words that a language model knows, frequent ones first. For each it holds a vector, "
        "which is the same in every sentence.",
        "Wu et al. 2016, arXiv:1609.08144",
    ),
    Term(
        "WordNet",
        "A dictionary that sorts the meanings of English nouns into a tree, from the most general at its top down to "
        "single kinds of dogs. The fewer steps there are between two meanings in the tree, the closer they are.",
        "Miller 1995, doi:10.1145/219717.219748",
        also=("WordNet id",),
    ),
)
