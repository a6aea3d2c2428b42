"""Texts of the nine steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StepTexts:
    """Texts of one step: Markdown, with placeholders of computed figures in braces.

    Attributes
    ----------
    text : three sentences
    look : what to do or see there before the question, for the worksheet: completes "In step 1 of the lesson, ..."
    labels : labels of its picture and its control, by key
    """

    title: str
    text: str
    look: str
    question: str
    answer: str
    explore: str
    labels: Mapping[str, str]


STEPS = (
    StepTexts(
        title="A sentence becomes numbers",
        text="What a language model makes of a sentence is a list of {text_dim} numbers: a point in **text space**. No "
        "single number stands for anything we could name, such as *furry*; what counts is how whole lists compare. "
        "The **cosine** says how far two lists point the same way: 1 is the same direction, 0 is nothing in "
        "common, and it is not a percentage.",
        look="compare the cosines of two sentences",
        question="Change the second sentence: which one gets the highest cosine without using a word of the first? "
        "Then change the first one too.",
        answer="Sentences that *mean* something similar come close even if they share no word (try “A kitten lives "
        "with us”), though shared words help. The model has read huge amounts of text, where words of similar meaning "
        "stand in similar company, and was then trained on pairs of sentences that belong together.",
        explore="See both on the map",
        labels={
            "first": "First sentence",
            "second": "Second sentence",
            "cosine": "Cosine",
            "number": "number",
            "rows": "All numbers of both: the first sentence above, the second below; green is positive, red negative, "
            "and the stronger the colour, the larger the number.",
        },
    ),
    StepTexts(
        title="A picture comes out of numbers",
        text="The picture generator, built like BigGAN, never reads a word: it knows each of its {classes} classes as "
        "{class_dim} numbers, a point in **class space**. Other numbers give another picture, and one point can be "
        "drawn in many ways, because a second list, the **noise**, decides place, size and light. Drag one of the "
        "numbers, the one in which the classes differ most, and watch.",
        look="drag one of the numbers of the {class_name} and watch its picture",
        question="How far can you drag before the {class_name} is no {class_name} any more?",
        answer="Quite far: what a thing is, is spread over all {class_dim} numbers, so one of them alone changes "
        "little, and far away from all classes the picture falls apart. No single number was given a meaning; only "
        "the whole was laid out, such that classes of one kind lie close together.",
        explore="Mix this class with others",
        labels={
            "control": "Change of one number",
            "bar": "number",
            "number": "The numbers of the {class_name}; number {number}, in orange, is the one that moves. A change of "
            "1 is how far this number typically lies from its average over all classes (one standard deviation).",
        },
    ),
    StepTexts(
        title="Pairs say what belongs together",
        text="The two models were trained apart, and nothing says which place of one space belongs to which of the "
        "other. Therefore this project has {seeds} **seed sentences**, each about classes that are known: a point in "
        "text space, paired with a point in class space. This dictionary is all that the mapping learns from; both "
        "models stay as they are.",
        look="read some of the sentences about a class",
        question="Why many sentences for a class, and not only its name?",
        answer="People write “Look, it has a bushy tail!” more often than “Red fox.” From many wordings the mapping "
        "learns which differences between sentences matter and which do not.",
        explore="Read all its sentences",
        labels={
            "control": "Class",
            "sentences": "{count} sentences, {shared} of them about other classes too; among them",
            "picture": "are paired with",
        },
    ),
    StepTexts(
        title="One straight rule is not enough",
        text="The simplest mapping is **linear**: every number of class space is a weighted sum of the numbers of text "
        "space, with one set of weights for all sentences. Such a rule is chosen to be as little wrong as possible on "
        "average, so wherever it is unsure it answers close to the middle of all classes. This point is {length} as "
        "far from the middle as a typical class, and its picture is a mixture of many things.",
        look="a linear mapping, wherever it is unsure, answers close to the middle of all classes",
        question="Why does a careful guesser end up in the middle?",
        answer="If it may be a fox or a wolf, the point halfway between has the smallest expected squared error, even "
        "though nothing lives there. The best guess by squared error is always the average of what is possible.",
        explore="Compare with one that bends",
        labels={"control": "Sentence", "linear": "Linear mapping", "class": "Its nearest class: {name}"},
    ),
    StepTexts(
        title="Watch it learn",
        text="Drag from a few seed sentences to all of them: for every stop of the slider a mapping is "
        "learned anew, {mapping}, since it is quick to fit. The crosses are four sentences that it never learns from, "
        "and a line leads from each to a class that would be right. After {seeds} sentences about {known} classes, "
        "{right} of {prompts} test sentences are right.",
        look="drag the slider from a few seed sentences to all of them",
        question="What helps more: more sentences about the same classes, or more classes?",
        answer="At first more classes: this mapping blends the classes that it knows, so a class without sentences is "
        "out of reach. Once all classes are there, more sentences sharpen the choice between them, each a little less "
        "than the one before.",
        explore="Measure a learning curve, under Encoder and seeds",
        labels={
            "control": "Seed sentences",
            "stop": "{classes} classes, {sentences} of each",
            "stop_all": "all classes, all sentences",
            "all": "all",
            "learning": "Learning",
            "known": "class with seed sentences",
            "unknown": "class without",
            "sentence": "sentence, mapped",
            "map": "Map of class space: the two directions in which the classes differ most. Distances on it are "
            "only rough.",
        },
    ),
    StepTexts(
        title="Mappings that bend",
        text="A mapping need not be one straight rule: it can first look which seed sentences yours resembles, and "
        "then blend their classes. Where the seeds agree on a class, the point lies near it and the picture is clear; "
        "choose Ridge, the straight rule of step 4, to see the difference. {mapping} finds a right class for {right} "
        "of {prompts} test sentences.",
        look="compare a mapping that bends with Ridge, the straight rule",
        question="Why not always take a mapping that bends?",
        answer="One that only blends known classes lands between them: a class without sentences is hardly ever its "
        "first answer, though it may be among the ten nearest. A linear mapping is less sure of everything, but it "
        "can point to places where it has never been. Which is better depends on what you ask, and has to be "
        "measured: the next step.",
        explore="Compare more mappings",
        labels={"control": "Mapping"},
    ),
    StepTexts(
        title="Measure honestly",
        text="A mapping that is asked only what it has learned proves nothing, like an exam made of the homework. We "
        "hide a fifth of the classes, learn from the rest, and ask for the **held-out** classes; five rounds, until "
        "every class was hidden once. Guess first: out of 100 hidden classes, how many are among the 10 nearest of "
        "all {classes}?",
        look="bars show how many of 100 hidden classes were found among the 10 nearest",
        question="Guess, then show what was measured. Two of the bars, *shuffled pairs* and *mean class vector*, are "
        "of rules that know nothing: what are they there for, and why are they so short?",
        answer="They are **baselines**: a figure says something only beside what one gets without knowing anything. "
        "Picking ten classes blindly finds {chance} of 100, and ridge that has learned from *shuffled pairs*, the "
        "numbers of the classes dealt out among them at random (a few keep their own), does about as well. A rule "
        "that always answers with the average of all classes finds none, fewer than blind picking: the average is "
        "like no class more than another, so it names no ten. The *random space* on the page Mapping error is "
        "something else: there the chosen mapping both learns and is asked with numbers that are dealt out so.",
        explore="See every class",
        labels={
            "control": "Your guess, of 100 classes",
            "reveal": "Show what was measured",
            "guess": "your guess",
            "axis": "of 100, found among the 10 nearest",
            "caption": "Bars: the linear mapping (ridge) and the default one, {mapping}, which is given the numbers of "
            "the hidden classes too, though no sentence about them: an easier task; below, the two baselines, of "
            "which shuffled pairs is ridge too.",
        },
    ),
    StepTexts(
        title="Between two sentences",
        text="Any point between two sentences is a point too, so we can go from one to the other in small steps and "
        "draw every point: this is **interpolation**. In class space it mixes the two classes evenly. In text space "
        "every point still passes through the mapping, which bends: the picture stays one thing for long and then "
        "turns quickly into the other.",
        look="go from one sentence to the other in small steps",
        question="Where do the pictures by way of text space and by way of class space differ most, and why "
        "not at the ends?",
        answer="Around the place where the one turns: just before and just after, it still shows one thing, while the "
        "other already shows a mixture. At both ends the two paths are at the same two sentences, so they draw the "
        "same two pictures.",
        explore="Play both as films, and try your own sentences",
        labels={
            "control": "From “{first}” (0) to “{last}” (1)",
            "text": "In text space",
            "class": "In class space",
            "wait": "Drawing the points between",
        },
    ),
    StepTexts(
        title="Where it breaks",
        text="Here one point stands for the whole sentence, and the generator knows {classes} classes and nothing "
        "else. So *not*, numbers and “a thing beside another” get lost, and whatever the sentence, some class is "
        "nearest and a picture comes. The **confidence**, from 0 to 1, says how far to trust that class: it is mostly "
        "low for what cannot be drawn; a number or a *not* may move it down or up, but not because of what the word "
        "means, and the picture stays a lemon or a dog.",
        look="see what goes wrong with some sentences, and try your own",
        question="Find a sentence that fails for a reason other than *not*, counting, two things or another language.",
        answer="For example words with two meanings (“a bat”), names of people, figures of speech (“It is raining cats "
        "and dogs”), or who does what to whom. Today's text-to-image systems learn from hundreds of millions of "
        "pictures with captions and look at every word again and again while they draw; even so, counting and *not* "
        "often go wrong there too.",
        explore="Look word by word",
        labels={
            "control": "What goes wrong",
            "own": "Or a sentence of your own",
            "negation": "not",
            "counting": "counting",
            "two_things": "two things",
            "language": "another language",
            "unknown": "no such class",
            "feeling": "nothing to draw",
            "sentence": "“{sentence}”",
            "far": "The nearest sentence that it has learned from: “{sentence}”",
        },
    ),
)
