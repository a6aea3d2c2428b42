"""Seed sentences as other programs write them."""

import json

from alignment.dictionary.seed_files import read_seeds


def test_what_an_annotator_rejected_is_not_learned():
    """Prodigy keeps rejected and skipped sentences, with the class that was suggested."""
    answers = {"A cat naps": "accept", "A dog naps": "reject", "A fox naps": "ignore", "A cat sits": None}
    lines = [json.dumps({"text": text, "label": "tabby", "answer": answer}) for text, answer in answers.items()]
    seeds, refused, notes = read_seeds("\n".join(lines).encode(), called="mine.jsonl")
    assert seeds.sentences == ["A cat naps", "A cat sits"] and [one.line for one in refused] == [2, 3]
    assert str(refused[0]) == "line 2: its answer is 'reject'; only what was accepted is learned from."
    assert not any("answer" in note for note in notes)


def test_other_answers_are_passed_over():
    seeds, refused, notes = read_seeds(
        b"text,label,answer\nA cat naps,tabby,yes\nA dog,207,ignore\n", called="mine.csv"
    )
    assert len(seeds) == 2 and not refused and "mine.csv: the column 'answer' is passed over." in notes


def test_texts_that_excel_is_kept_from_computing():
    seeds, refused, _ = read_seeds(b'sentence,class\nA tench,"=""0"""\nA cat,="281"\n')
    assert not refused and seeds.frame["classes"].tolist() == [(0,), (281,)]
