"""What the exported file keeps out."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from dashboard.components.linked_scatter import Colour, Pane, Pin, to_html

HOSTILE = "</script><img src=x onerror=alert(1)><!--"


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)


def test_text_of_users_is_only_data_in_the_exported_file(scene):
    hostile = replace(
        scene,
        names=[HOSTILE, "dog", "fox"],
        groups=[HOSTILE] * 3,
        colour=Colour(HOSTILE, [HOSTILE] * 3),
        pins=[Pin(HOSTILE, 1, {}, [HOSTILE])],
        details={HOSTILE: [HOSTILE] * 3},
        panes=[Pane("text", HOSTILE, HOSTILE, HOSTILE), Pane("class", HOSTILE, "", HOSTILE)],
    )
    page = to_html(hostile, HOSTILE, HOSTILE)
    assert Tags(page).found == Tags(to_html(scene, "t", "s")).found
    assert "img" not in Tags(page).found
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert json.loads(data["scene"])["names"][0] == HOSTILE
    assert data["selection"] == {"token": "file", "selected": [0, 2], "focused": 2}


def test_the_exported_file_names_its_pins_and_settings(scene):
    page = to_html(scene, "t", "PCA & <more>")
    assert (
        '<li value="1">my cat<br><small>nearest once mapped: cat</small></li>' in page
        and "<p>PCA &amp; &lt;more&gt;</p>" in page
    )
    assert "<li" not in to_html(replace(scene, pins=[]), "t", "s")


def test_the_exported_file_runs_its_own_script_and_fetches_nothing(scene):
    page = to_html(scene, "t", "s")
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)[1]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        text = re.search(rf"<{tag}(?: type=\"module\")?>(.*?)</{tag}>", page, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
