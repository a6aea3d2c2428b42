# ruff: noqa: RUF001 - letters of many alphabets
"""Captions: every script that prompts are written in has its letters, and a line ends where the picture does."""

import numpy as np
import pytest

from alignment.images.captions import EAST_ASIAN, FONTS, draw_caption

TEXTS = {
    "Latin": "é ö ñ ł ž ğ ș ở Ünal façade “ ” – … €",
    "Greek and Cyrillic": "Έχω μια γάτα У меня есть кошка її ђ",
    "Chinese": "我有一只猫 我有一隻貓 海滩上的狗",
    "Japanese": "猫を飼っています カメラ、犬。",
    "Korean": "나는 고양이가 있다 강아지",
}


def drawn(text, *, width=400, size=16):
    from PIL import Image, ImageDraw

    picture = Image.new("L", (420, 24), "white")
    draw_caption(ImageDraw.Draw(picture), (1, 0), text, "black", width=width, size=size)
    return np.asarray(picture)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_letter_has_a_glyph_of_its_own(text):
    missing = drawn("\ue000")  # for private use: no font has it
    assert missing.min() < 128
    letters = sorted(set(text) - {" "})
    pictures = [drawn(letter).tobytes() for letter in letters]
    assert missing.tobytes() not in pictures and drawn("\u2fff").tobytes() not in pictures
    assert len(set(pictures)) >= len(letters) - 3  # one letter may look like that of another alphabet


def test_an_accent_that_is_a_character_of_its_own_is_drawn_on_its_letter():
    assert drawn("cafe\u0301").tobytes() == drawn("café").tobytes()


@pytest.mark.parametrize("text", [*TEXTS.values(), "W" * 100, "猫" * 100])
def test_a_line_is_cut_where_it_is_too_wide(text):
    cut = drawn(text * 3, width=120)
    assert (cut[:, 122:] == 255).all() and cut.min() < 128
    assert (cut[:, 60:] < 128).any()  # no more of it than that


def test_letters_of_both_fonts_stand_on_one_line():
    rows = [np.flatnonzero((drawn(letter) < 128).any(axis=1)).max() for letter in ("H", "н", "口")]
    assert max(rows) - min(rows) <= 2


def test_the_fonts_are_small_and_their_licence_is_with_them():
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 6_000_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text() and (FONTS / EAST_ASIAN).is_file()
