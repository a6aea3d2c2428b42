"""Text of visitors in Markdown."""

import pytest

from dashboard.components.markdown import plain


@pytest.mark.parametrize("text", ["*a* _b_ `c` [d](e) ![f](g) <b>h</b> $i$ :red[j] # k", "a\n- b\n\n> c"])
def test_plain_escapes_every_mark(text):
    escaped = plain(text)
    assert escaped.replace("\\", "") == " ".join(text.split())
    for mark in "*_`[]()<>$:#!->":
        assert escaped.count(mark) == escaped.count(f"\\{mark}")
