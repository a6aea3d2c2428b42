"""``python -m dashboard``: serves the dashboard, and loads the bundled models while the browser opens.

Takes the options of ``streamlit run``, such as ``--server.port 8501``.
"""

import sys
import threading
from pathlib import Path

from streamlit.web import cli


def prepare() -> None:
    """Have the default study ready before the first visitor asks for it."""
    from alignment.errors import InputError
    from alignment.mappings import DEFAULT_MAPPING
    from alignment.study import Settings
    from dashboard.state import studies

    try:
        study = studies.workplace(Settings()).study(DEFAULT_MAPPING, show=lambda *_: None)
        study.draw(study.class_vectors[:1])  # the generator first: sentences to begin with are encoded already
        study.encoder.encode(["Any sentence"])
    except InputError:
        pass  # the page meets it too, and says so to the visitor


def main(options: list[str]) -> None:
    """Serve until interrupted, with the options of ``streamlit run``."""
    threading.Thread(target=prepare, daemon=True).start()
    cli.main(["run", str(Path(__file__).with_name("app.py")), *options])


if __name__ == "__main__":
    main(sys.argv[1:])
