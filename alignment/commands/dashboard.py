"""The command dashboard, for those who have installed it."""

from __future__ import annotations

import importlib.util
from argparse import Namespace

from alignment.errors import InputError


def dashboard(arguments: Namespace) -> None:
    if importlib.util.find_spec("streamlit") is None:
        raise InputError("The dashboard needs Streamlit; install latent-alignment[dashboard].")
    importlib.import_module("dashboard.__main__").main(arguments.rest)  # by name: the library does not depend on it
