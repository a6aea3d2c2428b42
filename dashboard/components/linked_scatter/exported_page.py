"""Export of linked scatter plots as one HTML file."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from pathlib import Path

from dashboard.components.es_modules import join_modules
from dashboard.components.linked_scatter.scene import Pin, Scene, as_json

HERE = Path(__file__).parent
PANE_HEIGHT = 460  # pixels


def to_html(scene: Scene, title: str, settings: str) -> str:
    """HTML file with the plots and a table of the selected classes; it opens without server or network.

    Its content security policy forbids all requests and other scripts, and no text of the scene is parsed as HTML.

    Parameters
    ----------
    settings : str
        Description of the plots' settings in one line.
    """
    selection = {"token": "file", "selected": list(map(int, scene.selected)), "focused": scene.focused}
    data = {"key": "file", "id": "file", "scene": as_json(scene), "height": PANE_HEIGHT, "selection": selection}
    script = join_modules(HERE / "js/exported_page.js")
    style = "".join((HERE / name).read_text(encoding="utf-8") for name in ("exported_page.css", "linked_scatter.css"))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_content_security_policy(script, style)}">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
<p>{html.escape(settings)}</p>
<div id="scatter"></div>
{_legend(scene.pins)}
<div class="wide"><table id="selected"></table></div>
<script type="application/json" id="data">{json.dumps(data).replace("<", chr(92) + "u003c")}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def _legend(pins: Sequence[Pin]) -> str:
    """List of the pinned sentences, each with the number in its marker and its nearest classes."""
    items = "".join(
        f'<li value="{pin.mark}">{html.escape(pin.label)}<br>'
        f"<small>nearest once mapped: {html.escape(', '.join(pin.nearest))}</small></li>"
        for pin in pins
    )
    return f"<h2>Pinned sentences</h2><ol>{items}</ol>" if pins else ""


def _content_security_policy(script: str, style: str) -> str:
    """Policy that allows only this script and this style, by their hashes, and images within the file."""
    return f"default-src 'none'; script-src {_hash_source(script)}; style-src {_hash_source(style)}; img-src data:"


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
