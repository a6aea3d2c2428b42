"""``python -m dashboard``: serves the dashboard, and loads the bundled models while the browser opens.

Takes the options of ``streamlit run``, such as ``--server.port 8501``.
"""

import os
import sys
import threading
from pathlib import Path

from streamlit.web import cli

CLOSING_SECONDS = 2  # for jobs in the background to end


def prepare() -> None:
    """Have the default study ready before the first visitor asks for it."""
    from alignment.errors import InputError
    from alignment.mappings import DEFAULT_MAPPING
    from alignment.study import Settings
    from dashboard.state import studies

    try:
        study = studies.shared(Settings()).study(DEFAULT_MAPPING, show=lambda *_: None)
        study.draw(study.class_vectors[:1])  # the generator first: sentences to begin with are encoded already
        study.encoder.encode(["Any sentence"])
    except InputError:
        pass  # the page meets it too, and says so to the visitor


def main(options: list[str]) -> None:
    """Serve until interrupted, with the options of ``streamlit run``."""
    threading.Thread(target=prepare, daemon=True).start()
    try:
        cli.main(["run", str(Path(__file__).with_name("app.py")), *options])
    finally:
        close()


def close() -> None:
    """End what runs in the background; a job that does not end in time must not hold up the server's end."""
    from dashboard.state import studies

    if not studies.close(CLOSING_SECONDS):
        sys.stdout.flush()
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
