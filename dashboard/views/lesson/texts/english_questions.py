"""Ten questions that pupils ask, answered in English."""

from dashboard.views.lesson.texts.texts import PupilsQuestion

QUESTIONS = (
    PupilsQuestion(
        "What can it draw?",
        "{classes} kinds of things, and mixtures of them. The page Classes shows each with its picture.",
    ),
    PupilsQuestion(
        "Is 0.83 a percentage?",
        "No. It is a cosine: how far two lists of numbers point the same way, from -1 to 1. 0.83 is an angle of "
        "about 34°. It is neither “83 % right” nor a probability; use it to compare, not to grade.",
    ),
    PupilsQuestion(
        "What is one of the {text_dim} numbers?",
        "A coordinate, as longitude is one on a map with {text_dim} directions. Training found the directions; "
        "a single one has no meaning that we could name, only all together.",
    ),
    PupilsQuestion(
        "Why is a unicorn “{unicorn}”?",
        "Because there is no unicorn among the {classes} classes, and the picture comes from the nearest one: that "
        "whose sentences are most like “a unicorn”. Some class is always nearest, right or not; the confidence, on the "
        "page Generate and in step 9, says how far to trust it.",
    ),
    PupilsQuestion(
        "Why is “I” a tabby cat?",
        "In “I have a cat” the encoder reads every word together with the others, so what it keeps for “I” holds "
        "some of the cat as well. By itself “I” names nothing to draw, and the pages say so instead of drawing.",
    ),
    PupilsQuestion(
        "Who drew these?",
        "A small network that was fitted to scenes made from this project's own drawings and from free emoji and "
        "icons: Fluent Emoji (Microsoft), Noto Emoji (Google), Twemoji and Game-icons.net. So people drew the "
        "originals; the file NOTICE in this project's folder credits them.",
    ),
    PupilsQuestion(
        "What did it learn from?",
        "Three parts, three sources: the language model from large amounts of English text, the generator from "
        "drawn scenes, the mapping from this project's {seeds} seed sentences. It learns nothing from what you type.",
    ),
    PupilsQuestion(
        "Is this how DALL-E works?",
        "In part: there too, a text encoder turns the sentence into numbers, and a generator draws from numbers. But "
        "those systems are trained on hundreds of millions of pictures with captions, look at all words while they "
        "draw (cross-attention), and mostly turn noise into a picture in many small steps (diffusion).",
    ),
    PupilsQuestion(
        "Can it count?",
        "No. “{count_sentence}” lands on “{counted}”, and the number is lost: a class says what a thing is, "
        "not how many there are.",
    ),
    PupilsQuestion(
        "Why two spaces?",
        "Because the two models were trained apart, by different people on different data. Nothing ties a place in "
        "one to a place in the other, until a mapping learns it from pairs. Joining ready models is cheaper than "
        "training one for everything, and one sees better what each part does.",
    ),
)
