"""``python -m dashboard``: serve the dashboard and, in the background, prepare the results that first visits need.

Takes the options of ``streamlit run``, such as ``--server.port 8501``, and those of :func:`parse_options`.
"""

import argparse
import os
import re
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from alignment.commands.parser import CommandParser
from alignment.errors import did_you_mean
from alignment.files.folders import give_home
from dashboard.state import limits

CLOSING_SECONDS = 2  # for background jobs to end
ITSELF = ("localhost", "127.0.0.1")  # the server's own names, used by its health check
HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*")
MAX_PORT = 65_535
ASK_AGAIN_SECONDS = 0.2
PREPARED = "What first visits of the pages need is prepared."
PUBLIC_OPTIONS = ["--server.maxUploadSize", "5", "--client.showErrorDetails", "none"]


def prepare() -> None:
    """Load the default study before the first visitor comes, then compute what first visits of pages need.

    Results are cached, so that after an interruption the next start continues from there.
    """
    from alignment.errors import InputError
    from alignment.mappings import DEFAULT_MAPPING
    from alignment.study import Settings
    from dashboard.first_visits import prepare_pages
    from dashboard.state import studies
    from dashboard.state.background_jobs import JobCancelled

    try:
        study = studies.shared(Settings()).study(DEFAULT_MAPPING, show=lambda *_: None)
        study.pictures.draw(study.class_vectors[:1])  # the generator first: example sentences are encoded already
        study.encoder.encode(["Any sentence"])
        prepare_pages(study)
        print(PREPARED, flush=True)
    except (InputError, JobCancelled):
        pass  # the page gets the same error and shows it; or the server is closing


def main(options: list[str]) -> None:
    """Serve until interrupted, with the options of ``streamlit run`` and of :func:`parse_options`."""
    allowed, options = parse_options(options)
    limits.allow(allowed)
    if notice := give_home():
        print(notice, file=sys.stderr)
    from streamlit.web import cli  # takes seconds, during which Ctrl-C may come

    served = [str(Path(__file__).with_name("app.py")), *options]
    refuse_unknown(served)
    from dashboard import server

    server.set_up()
    threading.Thread(target=prepare, daemon=True).start()
    if hasattr(signal, "SIGHUP"):  # on Windows there is none
        signal.signal(signal.SIGTERM, _ask_again)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as by nohup
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        cli.main(["run", *served])
    finally:
        close()


def _ask_again(number: int, _: FrameType | None) -> None:
    """Send a signal again, until Streamlit, which closes the server at it, listens for it: once it serves."""
    later = threading.Timer(ASK_AGAIN_SECONDS, os.kill, (os.getpid(), number))
    later.daemon = True
    later.start()


def parse_options(options: list[str]) -> tuple[limits.Limits, list[str]]:
    """Parse the options: limits for visitors, and the options of ``streamlit run``.

    Wrong options end the program with one sentence.
    """
    parser = _parser()
    given, rest = parser.parse_known_args(options)
    if given.public is None:
        if given.own_models or given.downloads:
            parser.error("--own-models and --downloads go with --public; without it both are allowed")
        return limits.LOCAL, rest
    hosts = [option for host in (*ITSELF, *given.public) for option in ("--server.allowedHosts", host)]
    allowed = replace(limits.PUBLIC, own_models=given.own_models, downloads=given.downloads)
    return allowed, [*hosts, *PUBLIC_OPTIONS, *rest]


def refuse_unknown(served: list[str]) -> None:
    """End the program with one sentence for options that ``streamlit run`` does not take, or cannot serve with.

    Parameters
    ----------
    served : list of str
        The script, and the options for Streamlit.
    """
    import click
    from streamlit.web.cli import main_run

    parser = _parser()
    try:
        given = main_run.make_context("run", served.copy()).params
    except click.NoSuchOption as error:
        taken = [*parser.option_names, *(name for each in main_run.params for name in each.opts)]
        parser.error(f"there is no option {error.option_name}{did_you_mean(error.option_name, taken)}")
    except click.ClickException as error:
        parser.error(error.format_message())
    if given["args"]:
        parser.error(f"the dashboard takes options alone, and no {given['args'][0]!r:.80}")
    faults = _port_fault(given["server_port"]), _address_fault(given["server_address"]), _certificate_fault(given)
    if any(faults):
        parser.error(next(filter(None, faults)))


def _port_fault(port: int | None) -> str:
    return "" if port is None or 0 <= port <= MAX_PORT else f"--server.port is 0 to {MAX_PORT}, and not {port}"


def _address_fault(address: str | None) -> str:
    """Why the server cannot listen there; "" where it can, or at its default."""
    if not address:
        return ""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as tried:
            tried.bind((address, 0))
    except (OSError, ValueError):  # ValueError for what is no name of a host
        return f"--server.address {address!r:.80} is no address of this machine; 0.0.0.0 are all it has"
    return ""


def _certificate_fault(given: Mapping[str, Any]) -> str:
    """Why certificate and key cannot be used; "" where they can, or where there are none."""
    certificate, key = given["server_sslCertFile"], given["server_sslKeyFile"]
    if not certificate or not key:  # the other may stand in a file of settings
        return ""
    for path in (certificate, key):
        try:
            Path(path).read_bytes()
        except (OSError, ValueError) as error:
            return f"cannot read {path}: {getattr(error, 'strerror', None) or error}"
    has_password = False

    def password() -> str:
        nonlocal has_password
        has_password = True  # which the server will ask for
        return ""

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password)
    except ssl.SSLError:
        return "" if has_password else f"{certificate} and {key} are no certificate and its key in PEM"
    return ""


def _parser() -> CommandParser:
    parser = CommandParser(
        "latent-alignment dashboard",
        description="Serve the dashboard.",
        epilog="Other options are those of streamlit run, such as --server.port 8501: streamlit run --help.",
        allow_abbrev=False,
    )
    hosts = "serve others, within limits, who reach the server under these names: docs/serving.md"
    parser.add_argument("--public", nargs="*", type=_host, metavar="HOST", help=hosts)
    own = "with --public: let visitors name models, folders and files of this machine"
    parser.add_argument("--own-models", action="store_true", help=own)
    parser.add_argument("--downloads", action="store_true", help="with --public: let visitors download known models")
    return parser


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no host; name it without https:// and port: gallery.example.org")
    return text


def close() -> None:
    """Cancel background jobs; exit the process at once if one does not end in time."""
    from dashboard.state import studies

    if not studies.close(CLOSING_SECONDS):
        sys.stdout.flush()
        os._exit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
