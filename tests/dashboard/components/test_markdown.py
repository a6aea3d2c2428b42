"""Text of visitors in Markdown."""

import pytest

from dashboard.components.markdown import NOTHING, plain


@pytest.mark.parametrize("text", ["*a* _b_ `c` [d](e) ![f](g) <b>h</b> $i$ :red[j] # k", "a\n- b\n\n> c"])
def test_plain_escapes_every_mark(text):
    escaped = plain(text)
    assert escaped.replace("\\", "") == " ".join(text.split())
    for mark in "*_`[]()<>$:#!->":
        assert escaped.count(mark) == escaped.count(f"\\{mark}")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("log in: https://evil.example", "https|://evil.example"),
        ("HTTP://evil.example", "HTTP|://evil.example"),
        ("Www.evil.example", "Www|.evil.example"),
        ("mailto:evil@example.org", "evil|@example.org"),
        ("a :material_add: b", ":|material_add:"),
        (":smile: :+1:", ":|smile: :|+1:"),
        ("a <-> b -- c", "<|-|> b -|- c"),
    ],
)
def test_plain_text_is_no_link_icon_or_arrow(text, apart):
    assert apart in plain(text).replace("\\", "").replace(NOTHING, "|")
    assert plain(text).replace("\\", "").replace(NOTHING, "") == text
