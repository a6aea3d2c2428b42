"""Waits for a page's background jobs in a test without a browser, where fragments do not rerun by themselves."""

import time

PATIENCE_SECONDS = 240


def until_measured(app):
    """Rerun a page until it has no stop button any more."""
    end = time.monotonic() + PATIENCE_SECONDS
    while any(str(button.key).startswith("stop ") for button in app.button):
        assert time.monotonic() < end, "it never ends"
        time.sleep(0.2)
        app.run()
