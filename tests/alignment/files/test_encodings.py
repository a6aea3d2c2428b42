"""Encodings of tables that are not in UTF-8, each with two captions of a language that was written in it."""
# ruff: noqa: RUF001

import io
import pickle

import pytest
from PIL import Image

from alignment.errors import InputError
from alignment.files.encodings import decode

CAPTIONS = [
    ("cp1252", "Windows-1252", "A woman with a “big” umbrella", "A café by the harbour, 20 °C"),
    ("cp1252", "Windows-1252", "It’s a cat", "A “dog”"),
    ("cp1252", "Windows-1252", "She’s got a dog", "½ cup of sugar"),
    ("cp1252", "Windows-1252", "En igelkott i gräset", "Tåget vid stationen"),
    ("cp1252", "Windows-1252", "Un ouriço não dorme", "Uma mulher à noite"),
    ("cp1252", "Windows-1252", "A cat—tabby, I think", "A cat – asleep"),
    ("mac_roman", "Mac Roman", "El niño come una manzana", "Señora con paraguas"),
    ("mac_roman", "Mac Roman", "Toget kører", "Æblet er rødt"),
    ("cp850", "DOS code page 850", "Die Katze schläft", "Zwei Männer trinken Bier"),
    ("mac_roman", "Mac Roman", "The hedgehog’s lawn", "Two children — eating ice-cream — laugh"),
    ("mac_roman", "Mac Roman", "Eine Frau hält einen Schirm", "Ein Zug fährt über die Brücke"),
    ("cp850", "DOS code page 850", "Deux enfants à la plage", "Un train en gare de Besançon"),
    ("cp1250", "Windows-1250", "Ježek v trávě", "Dvě děti jedí zmrzlinu"),
    ("cp1250", "Windows-1250", "Jeż w trawie", "Pociąg na stacji, ludzie czekają"),
    ("cp1250", "Windows-1250", "Sündisznó a fűben", "Két gyerek fagylaltot eszik"),
    ("iso8859_2", "Latin-2", "Jeż śpi w trawie", "Pociąg na stacji, ludzie czekają"),
    ("cp1251", "Windows-1251", "Женщина держит зонт", "Ёжик в траве"),
    ("cp1251", "Windows-1251", "кошка спит на диване", "собака лает"),
    ("cp1251", "Windows-1251", "Їжак у траві", "Потяг на станції"),
    ("koi8_r", "KOI8-R", "Женщина держит зонт", "Ёжик в траве"),
    ("cp1253", "Windows-1253", "Σκαντζόχοιρος στο γρασίδι", "Τρένο στον σταθμό"),
    ("cp1254", "Windows-1254", "Çimlerde bir kirpi", "İki çocuk dondurma yiyor"),
    ("cp1255", "Windows-1255", "קיפוד בדשא", "רכבת בתחנה"),
    ("cp1256", "Windows-1256", "قنفذ في العشب", "قطار في المحطة"),
    ("cp1257", "Windows-1257", "Ežys žolėje", "Du vaikai valgo ledus šaltą dieną"),
    ("cp949", "EUC-KR", "풀밭의 고슴도치", "두 아이가 아이스크림을 먹는다"),
    ("cp932", "Shift JIS", "草の中のハリネズミ", "二人の子供がアイスを食べる"),
    ("euc_jp", "EUC-JP", "草の中のハリネズミ", "二人の子供がアイスを食べる"),
    ("gb18030", "GB 18030", "草地上的刺猬", "两个孩子在吃冰淇淋"),
    ("big5", "Big5", "草地上的刺蝟", "兩個孩子在吃冰淇淋"),
]


@pytest.mark.parametrize(("encoding", "named", "first", "second"), CAPTIONS)
def test_the_encoding_is_that_of_the_language(encoding, named, first, second):
    written = f"text;label\r\n{first};281\r\n{second};2\r\n"
    text, notes = decode(written.encode(encoding), "mine.csv")
    assert text == written
    assert notes == [
        f"mine.csv is not in UTF-8 and is read as {named}; save it as CSV UTF-8 if letters come out wrong."
    ]


def test_an_encoding_must_suit_the_whole_file():
    lines = ["caption", *["A café by the sea"] * 60]  # more lines than tell the encoding
    text, notes = decode("\n".join(lines).encode("cp1252") + b"\n\x81 and \x8d", "mine.csv")
    assert "\ufffd" not in text and "Windows-1252" not in notes[0]


def picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((32, 32), 50).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [picture(), pickle.dumps({"caption": ["été"] * 3})],
    ids=["picture", "pickle"],
)
def test_what_is_no_text_is_refused(content):
    with pytest.raises(InputError, match=r"^mine\.csv cannot be read as text; save it as CSV in UTF-8\.$"):
        decode(content, "mine.csv")
