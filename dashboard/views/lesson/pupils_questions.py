"""Ten questions of pupils, with answers."""

from dataclasses import dataclass

HEADING = "Ten questions that pupils ask"


@dataclass(frozen=True)
class PupilsQuestion:
    """A question and its answer: Markdown, with placeholders of figures in braces."""

    question: str
    answer: str


QUESTIONS = (
    PupilsQuestion(
        "What can it draw?",
        "{classes} kinds of things, and mixtures of them. The page Classes shows each with its picture.",
    ),
    PupilsQuestion(
        "Is 0.83 a percentage?",
        "That depends on what it is. A *similarity* of 0.83 is not: it is a cosine, which says how far two lists of "
        "numbers point the same way, here with an angle of about 34° between them; use it to compare, not to grade. A "
        "*confidence* of 0.83 is meant as a probability: of 100 such answers, about 83 should be right. The page "
        "Mapping error shows, under Confidence, how nearly they are.",
    ),
    PupilsQuestion(
        "What is one of the {text_dim} numbers?",
        "A coordinate, as longitude is one on a map with {text_dim} directions. They came about in training; "
        "a single one has no meaning that we could name, only all together.",
    ),
    PupilsQuestion(
        "Why does “a unicorn” come out as “{unicorn}”?",
        "Because there is no unicorn among the {classes} classes. The mapping blends the classes whose sentences are "
        "like “a unicorn”, such as bulls and horses, and the picture comes from the class nearest to that blend. Some "
        "class is always nearest, right or not; the confidence, on the page Generate and in step 9, says how far to "
        "trust it.",
    ),
    PupilsQuestion(
        "Why is “I” a tabby cat?",
        "In “I have a cat” the encoder reads every word together with the others, so what it keeps for “I” holds "
        "some of the cat as well. By itself “I” names nothing to draw, and the pages say so instead of drawing.",
    ),
    PupilsQuestion(
        "Who drew these?",
        "A small network that was fitted to scenes made from this project's own drawings and from free emoji and "
        "icons: Fluent Emoji (Microsoft), Noto Emoji (Google), Twemoji and Game-icons.net. The file "
        "NOTICE in this project's folder credits them.",
    ),
    PupilsQuestion(
        "What did it learn from?",
        "Three main parts, three sources: the language model from large amounts of English text, the generator from "
        "drawn scenes, the mapping from this project's {seeds} seed sentences. It does not learn from the sentences "
        "that you try; only what you change on the page Seed pairs changes what the mapping learns from.",
    ),
    PupilsQuestion(
        "Is this how DALL-E works?",
        "In part: there too, a text encoder turns the sentence into numbers, and DALL-E 2 learned a mapping from these "
        "to the numbers of a picture, as is done here. But such systems learned from hundreds of millions of pictures "
        "with captions, so that they are not bound to a list of classes; they turn noise into a picture in many small "
        "steps (diffusion), and most of them look at every word while they draw.",
    ),
    PupilsQuestion(
        "Can it count?",
        "No. “{count_sentence}” lands on “{counted}”, and the number is lost: a class says what a thing is, "
        "not how many there are.",
    ),
    PupilsQuestion(
        "Why two spaces?",
        "Because the two models were trained apart: neither has seen the numbers of the other, and no place in one "
        "belongs to a place in the other until a mapping learns it from pairs. Both do sort things by meaning, the "
        "toy generator because its classes were laid out along WordNet, a family tree of words. Joining ready models "
        "is cheaper than training one for everything, and one sees better what each part does.",
    ),
)
