"""Waiting for what a page does in the background, in a test without a browser that would ask again by itself."""

import time

PATIENCE_SECONDS = 240


def until_measured(app):
    """Run a page again until nothing on it can be stopped any more."""
    end = time.monotonic() + PATIENCE_SECONDS
    while any(str(button.key).startswith("stop ") for button in app.button):
        assert time.monotonic() < end, "it never ends"
        time.sleep(0.2)
        app.run()
